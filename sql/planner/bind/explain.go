package bind

import (
	"strings"

	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/parser"
	"github.com/s3db-sql/s3db-sql/sql/plan"
)

// explain is transformExplainStmt with the options of ExplainQuery.
func (b *binder) explain(ex *parser.ExplainStmt) plan.Statement {
	out := &plan.Explain{Costs: true}
	given := map[string]bool{}
	for _, n := range ex.Options {
		b.explainOption(out, n.GetDefElem(), given)
	}
	if !given["timing"] {
		out.Timing = out.Analyze
	}
	if !given["summary"] {
		out.Summary = out.Analyze
	}
	if given["timing"] && out.Timing && !out.Analyze {
		failAt(-1, pgerr.InvalidParameterValue, "EXPLAIN option TIMING requires ANALYZE")
	}
	if given["wal"] && !out.Analyze {
		failAt(-1, pgerr.InvalidParameterValue, "EXPLAIN option WAL requires ANALYZE")
	}
	b.explained(out, ex.Query)
	return out
}

// explained binds the query of a statement (ExplainOneUtility): a cursor's, of
// which none is made, or that of CREATE TABLE AS, whose table ANALYZE makes.
func (b *binder) explained(out *plan.Explain, n *parser.Node) {
	switch v := n.GetNode().(type) {
	case *parser.Node_SelectStmt:
		if _, into := parser.Into(n); into != nil {
			b.explainedTable(out, &parser.CreateTableAsStmt{Query: n, Into: into})
			return
		}
		out.Query = b.topQuery(n)
	case *parser.Node_InsertStmt, *parser.Node_UpdateStmt, *parser.Node_DeleteStmt, *parser.Node_MergeStmt:
		out.Query = b.topQuery(n)
	case *parser.Node_DeclareCursorStmt:
		out.Query = b.topQuery(v.DeclareCursorStmt.Query)
	case *parser.Node_CreateTableAsStmt:
		b.explainedTable(out, v.CreateTableAsStmt)
	default:
		unsupported(-1, "EXPLAIN of this statement")
	}
}

// explainedTable is EXPLAIN of CREATE TABLE AS and its kin. A table that exists is
// 42P07, or with IF NOT EXISTS there is nothing to explain (CreateTableAsRelExists).
func (b *binder) explainedTable(out *plan.Explain, stmt *parser.CreateTableAsStmt) {
	rv := stmt.Into.Rel
	if schema := b.creationSchema(rv); b.relationTaken(schema, rv.Relname) {
		if !stmt.IfNotExists {
			failAt(-1, pgerr.DuplicateTable, "relation \"%s\" already exists", rv.Relname)
		}
		out.Skipped = pgerr.Notice(pgerr.SeverityNotice, pgerr.DuplicateTable, "relation \"%s\" already exists, skipping", rv.Relname)
		return
	}
	out.NoData = stmt.Into.SkipData
	c := parser.Clone(stmt)
	c.Into.SkipData = false // the plan is told all the same
	if _, into := parser.Into(c.Query); into != nil {
		out.Makes = b.selectInto(c.Query)
	} else {
		out.Makes = b.createTableAs(c)
	}
	out.Query = out.Makes.As
}

func (b *binder) explainOption(out *plan.Explain, d *parser.DefElem, given map[string]bool) {
	flags := map[string]*bool{
		"analyze": &out.Analyze, "verbose": &out.Verbose, "costs": &out.Costs, "buffers": &out.Buffers,
		"timing": &out.Timing, "summary": &out.Summary, "settings": new(bool), "generic_plan": nil, "wal": new(bool),
	}
	pos := b.at(d.Location)
	if d.Defname == "format" {
		out.Format = b.explainFormat(d, pos)
		return
	}
	f := flags[d.Defname]
	if f == nil {
		failAt(pos, pgerr.SyntaxError, "unrecognized EXPLAIN option \"%s\"", d.Defname)
	}
	*f = b.defBool(d)
	given[d.Defname] = d.Defname != "wal" || *f
}

var explainFormats = map[string]plan.ExplainFormat{
	"text": plan.ExplainText, "json": plan.ExplainJSON, "yaml": plan.ExplainYAML, "xml": plan.ExplainXML,
}

func (b *binder) explainFormat(d *parser.DefElem, pos int) plan.ExplainFormat {
	text := defText(d)
	f, ok := explainFormats[text]
	if !ok {
		failAt(pos, pgerr.InvalidParameterValue, "unrecognized value for EXPLAIN option \"%s\": \"%s\"", d.Defname, text)
	}
	return f
}

// defText is defGetString: "" where the option has no value.
func defText(d *parser.DefElem) string {
	switch v := d.Arg.GetNode().(type) {
	case nil:
		return ""
	case *parser.Node_String_:
		return v.String_.Sval
	case *parser.Node_Integer:
		return itoa(int(v.Integer.Ival))
	case *parser.Node_Float:
		return v.Float.Fval
	case *parser.Node_Boolean:
		if v.Boolean.Boolval {
			return "true"
		}
		return "false"
	case *parser.Node_TypeName:
		return dotted(nameParts(v.TypeName.Names))
	case *parser.Node_List:
		return dotted(nameParts(v.List.Items))
	}
	return ""
}

// defBool is defGetBoolean: 42601.
func (b *binder) defBool(d *parser.DefElem) bool {
	if d.Arg == nil {
		return true
	}
	switch strings.ToLower(defText(d)) {
	case "true", "on", "1":
		return true
	case "false", "off", "0":
		return false
	}
	failAt(-1, pgerr.SyntaxError, "%s requires a Boolean value", d.Defname)
	return false
}
