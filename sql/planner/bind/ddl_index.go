package bind

import (
	"strings"

	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/parser"
	"github.com/s3db-sql/s3db-sql/sql/plan"
)

// indexMethods are the access methods that a partition can stand for.
var indexMethods = map[string]bool{"btree": true, "hash": true, "brin": true}

// createIndex is CREATE INDEX: a partition over columns or nested leaves.
func (b *binder) createIndex(ix *parser.IndexStmt) plan.Statement {
	rel := b.definedRelation(ix.Relation)
	b.checkStored(rel)
	b.checkIndex(ix)
	def := &catalog.IndexDef{Name: ix.Idxname, Unique: ix.Unique, IfNotExists: ix.IfNotExists}
	var names []string
	for _, n := range ix.IndexParams {
		name := b.indexField(rel, n.GetIndexElem())
		names = append(names, strings.ReplaceAll(name, ".", "_"))
		def.Fields = append(def.Fields, catalog.IndexField{Name: name})
	}
	if opts := b.options(ix.Options); len(opts) > 0 {
		def.Covering = opts["covering"] == "true"
	}
	out := &plan.CreateIndex{Relation: rel.OID, Def: def}
	if def.Name == "" {
		def.Name = freeName(rel.Name, columnsPart(names), "idx", func(n string) bool { return b.relationTaken(rel.Schema, n) })
		return out
	}
	if b.relationTaken(rel.Schema, def.Name) {
		if !ix.IfNotExists {
			failAt(-1, pgerr.DuplicateTable, "relation \"%s\" already exists", def.Name)
		}
		out.Skip = true
	}
	return out
}

func (b *binder) checkIndex(ix *parser.IndexStmt) {
	if !indexMethods[ix.AccessMethod] {
		if knownMethods[ix.AccessMethod] {
			unsupported(-1, "access method %s", ix.AccessMethod)
		}
		failAt(-1, pgerr.UndefinedObject, "access method \"%s\" does not exist", ix.AccessMethod)
	}
	if ix.AccessMethod != "btree" && ix.Unique {
		failAt(-1, pgerr.FeatureNotSupported, "access method \"%s\" does not support unique indexes", ix.AccessMethod)
	}
	faults := []struct {
		present bool
		what    string
	}{
		{ix.WhereClause != nil, "a partial index"},
		{len(ix.IndexIncludingParams) > 0, "INCLUDE"},
		{ix.NullsNotDistinct, "NULLS NOT DISTINCT"},
		{ix.TableSpace != "", "TABLESPACE"},
	}
	for _, f := range faults {
		if f.present {
			unsupported(-1, "%s", f.what)
		}
	}
}

var knownMethods = map[string]bool{"gin": true, "gist": true, "spgist": true}

// indexField is the dotted name of an index's column: a plain one, or an
// expression that means a nested leaf.
func (b *binder) indexField(rel *catalog.Relation, el *parser.IndexElem) string {
	if el.Expr == nil {
		c := findWritable(rel, el.Name)
		if c == nil || c.Num < 0 && c.Num != catalog.ColVersion {
			failAt(-1, pgerr.UndefinedColumn, "column \"%s\" does not exist", el.Name)
		}
		return c.Name
	}
	s := b.newScope(nil)
	it, _ := s.relationItem(rel, nil)
	it.relVisible, it.colsVisible = true, true
	s.items, s.all = []*nsItem{it}, []*nsItem{it}
	e := s.bind(el.Expr, kindIndexExpression)
	col, ok := e.(*plan.Column)
	if !ok {
		unsupported(b.at(nodeLocation(el.Expr)), "an index on an expression")
	}
	return rel.Column(b.columns[col.ID].num).Name
}
