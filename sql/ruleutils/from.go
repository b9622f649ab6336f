package ruleutils

import (
	"bytes"

	"github.com/s3db-sql/s3db-sql/sql/plan"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

// fromClause is get_from_clause.
func (d *deparser) fromClause(items []plan.TreeFrom) { d.fromList(" FROM ", items) }

func (d *deparser) fromList(prefix string, items []plan.TreeFrom) {
	for i, f := range items {
		if i == 0 {
			d.clause(prefix, 2)
			d.fromItem(f)
			continue
		}
		d.put(", ")
		text := d.captured(func() { d.fromItem(f) })
		d.wrapItem(text)
		d.buf = append(d.buf, text...)
	}
}

func (d *deparser) wrapItem(text []byte) {
	if !d.Indent || d.Wrap < 0 {
		return
	}
	if bytes.HasPrefix(text, []byte("\n")) {
		d.trimSpaces()
	} else if d.lineLength()+len(text) > d.Wrap {
		d.keyword("", -prettyIndentStd, prettyIndentStd, prettyIndentVar)
	}
}

// fromItem is get_from_clause_item.
func (d *deparser) fromItem(f plan.TreeFrom) {
	switch f := f.(type) {
	case *plan.TreeJoin:
		d.join(f)
	case *plan.TreeEntry:
		d.entry(f)
	}
}

func (d *deparser) entry(e *plan.TreeEntry) {
	d.putIf(e.Lateral, "LATERAL ")
	var defs []types.Column
	switch {
	case e.Rel != nil:
		d.putIf(e.Only, "ONLY ")
		d.put(d.relationName(d.today(e.Rel)))
	case e.Query != nil:
		d.put("(")
		d.getQueryDef(e.Query, nil, true)
		d.put(")")
	case e.Calls != nil:
		defs = d.calls(e)
	case e.Values != nil:
		d.put("(")
		d.values(e.Values)
		d.put(")")
	default:
		d.put(quoteIdent(e.CTE))
	}
	alias, columns := d.aliases(e)
	d.putIf(alias != "", " "+quoteIdent(alias))
	if defs != nil {
		d.columnDefs(defs)
	} else {
		d.columnList(columns)
	}
	d.sample(e.Sample)
}

func (d *deparser) columnDefs(defs []types.Column) {
	d.put("(")
	d.list(len(defs), func(i int) {
		d.put(quoteIdent(defs[i].Name) + " " + d.TypeName(defs[i].Type, defs[i].Typmod))
	})
	d.put(")")
}

// calls writes functions in FROM; what it returns is the column definition list that
// follows the alias.
func (d *deparser) calls(e *plan.TreeEntry) (defs []types.Column) {
	first := e.Defs[0]
	switch {
	case len(e.Calls) == 1 && (first == nil || !e.Ordinality):
		d.funcCall(e.Calls[0])
		defs = first
	case allUnnest(e):
		d.put("UNNEST(")
		d.list(len(e.Calls), func(i int) { d.getRuleExpr(e.Calls[i].(*plan.Call).Args[0], true) })
		d.put(")")
	default:
		d.put("ROWS FROM(")
		d.list(len(e.Calls), func(i int) {
			d.funcCall(e.Calls[i])
			if e.Defs[i] != nil {
				d.put(" AS ")
				d.columnDefs(e.Defs[i])
			}
		})
		d.put(")")
	}
	d.putIf(e.Ordinality, " WITH ORDINALITY")
	return defs
}

// unnestArray is the oid of unnest(anyarray).
const unnestArray = 2331

func allUnnest(e *plan.TreeEntry) bool {
	for i, c := range e.Calls {
		call, ok := c.(*plan.Call)
		if !ok || call.Func.OID != unnestArray || e.Defs[i] != nil {
			return false
		}
	}
	return true
}

// funcCall is get_rule_expr_funccall: what is no call in the text is a CAST.
func (d *deparser) funcCall(e plan.Expr) {
	switch tag := d.tagOf(e); e.(type) {
	case *plan.Coalesce, *plan.NullIf, *plan.MinMax:
		d.getRuleExpr(e, true)
		return
	case *plan.Call:
		if tag == tagCall || e.(*plan.Call).Display == plan.DisplaySQLSyntax {
			d.getRuleExpr(e, true)
			return
		}
	}
	d.put("CAST(")
	d.getRuleExpr(e, false)
	d.put(" AS " + d.TypeName(e.Type(), e.Typmod()) + ")")
}

// sample is get_tablesample_def.
func (d *deparser) sample(s *plan.TreeSample) {
	if s == nil {
		return
	}
	d.put(" TABLESAMPLE " + quoteIdent(s.Method) + " (")
	d.getRuleExpr(s.Arg, false)
	d.put(")")
	if s.Repeatable != nil {
		d.put(" REPEATABLE (")
		d.getRuleExpr(s.Repeatable, false)
		d.put(")")
	}
}

var joinWords = map[plan.JoinKind]string{
	plan.LeftJoin: " LEFT JOIN ", plan.FullJoin: " FULL JOIN ", plan.RightJoin: " RIGHT JOIN ",
}

func (d *deparser) join(j *plan.TreeJoin) {
	named := j.Names != nil
	outer := !d.Paren || named
	right, rightJoin := j.Right.(*plan.TreeJoin)
	parenRight := d.Paren && rightJoin && right.Names == nil
	d.putIf(outer, "(")
	d.fromItem(j.Left)
	word := joinWords[j.Kind]
	switch {
	case word != "":
	case j.On != nil || len(j.Using) > 0:
		word = " JOIN "
	default:
		word = " CROSS JOIN "
	}
	d.keyword(word, -prettyIndentStd, prettyIndentStd, prettyIndentJoin)
	d.putIf(parenRight, "(")
	d.fromItem(j.Right)
	d.putIf(parenRight, ")")
	d.joinCondition(j)
	d.putIf(outer, ")")
	if named {
		d.put(" " + quoteIdent(d.entryName(j.Names)))
		d.columnList(d.joinColumns(j))
	}
}

// columnList writes the names behind an alias, if there are any.
func (d *deparser) columnList(names []string) {
	if len(names) > 0 {
		d.put("(")
		d.identifiers(names)
		d.put(")")
	}
}

func (d *deparser) joinCondition(j *plan.TreeJoin) {
	switch {
	case len(j.Using) > 0:
		d.put(" USING (")
		d.identifiers(d.usingNames(j))
		d.put(")")
		if j.UsingNames != nil {
			d.put(" AS " + quoteIdent(d.entryName(j.UsingNames)))
		}
	case j.On != nil:
		d.put(" ON ")
		d.open()
		d.getRuleExpr(j.On, false)
		d.shut()
	case j.Kind != plan.InnerJoin:
		d.put(" ON TRUE")
	}
}
