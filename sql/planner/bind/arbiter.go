package bind

import (
	"slices"

	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/catalog/opclass"
	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/parser"
	"github.com/s3db-sql/s3db-sql/sql/plan"
)

// inference is the target of ON CONFLICT, bound over a row of the table
// (infer_arbiter_indexes).
type inference struct {
	in *insertion
	// item is a row of the table, shown as the statement sees it.
	item, shown *nsItem
	// ids are the numbers of the row's columns by their ids.
	ids map[plan.ColumnID]int16
	// constraint is the index of ON CONSTRAINT, which leaves nothing to infer.
	constraint *catalog.Index
	// elems in their order; where are the conditions of WHERE.
	elems []inferElem
	where []plan.Expr
}

// inferElem is InferenceElem.
type inferElem struct {
	keyPart
	collation catalog.OID
	class     *opclass.Class
}

// keyPart is a part of the target or of an index's key: a column of the table, or an
// expression over its row, as its plan.Key.
type keyPart struct {
	column int16
	expr   string
}

// whole says whether every partition has the index: one that some lack is not valid.
func (f *inference) whole(ix *catalog.Index) bool {
	return f.in.table.Partitioning == nil || catalog.IndexWhole(f.in.b.env.Catalog, f.in.table, ix)
}

// arbiters are the unique indexes that the target means, those of a constraint
// too: 42P10 if there is none.
func (f *inference) arbiters() []*catalog.Index {
	if f.constraint != nil {
		return []*catalog.Index{f.constraint}
	}
	var out []*catalog.Index
	for _, ix := range f.in.table.Indexes {
		if ix.Unique && f.matches(ix) && f.whole(ix) {
			out = append(out, ix)
		}
	}
	if len(out) == 0 {
		failAt(-1, pgerr.InvalidColumnReference, "there is no unique or exclusion constraint matching the ON CONFLICT specification")
	}
	return out
}

// inference binds the target (transformOnConflictArbiter).
func (in *insertion) inference(inf *parser.InferClause, name string) *inference {
	f := &inference{in: in, ids: map[plan.ColumnID]int16{}}
	if inf.Conname != "" {
		f.constraint = in.constraintIndex(inf)
		return f
	}
	var cols []plan.Col
	var nums []int16
	cols, nums, f.item = in.rowOf(in.table, name)
	in.own(f.item)
	f.shown = in.item(in.scope, f.item, name)
	for i, c := range cols {
		f.ids[c.ID] = nums[i]
	}
	s := in.b.newScope(nil)
	s.items, s.all = []*nsItem{f.shown}, []*nsItem{f.shown}
	for _, n := range inf.IndexElems {
		f.elems = append(f.elems, f.elem(s, n.GetIndexElem(), in.b.at(inf.Location)))
	}
	if inf.WhereClause != nil {
		f.where = conjuncts(in.b.boolean(s.bind(inf.WhereClause, kindIndexPredicate), "WHERE"))
	}
	return f
}

// elem is one element of resolve_unique_index_expr.
func (f *inference) elem(s *scope, el *parser.IndexElem, pos int) inferElem {
	if el.Ordering != parser.SortByDir_SORTBY_DEFAULT {
		failAt(pos, pgerr.InvalidColumnReference, "ASC/DESC is not allowed in ON CONFLICT clause")
	}
	if el.NullsOrdering != parser.SortByNulls_SORTBY_NULLS_DEFAULT {
		failAt(pos, pgerr.InvalidColumnReference, "NULLS FIRST/LAST is not allowed in ON CONFLICT clause")
	}
	e := inferElem{keyPart: f.elemPart(s, el, pos)}
	if len(el.Collation) > 0 {
		e.collation = f.in.b.collation(nameParts(el.Collation), pos).OID
	}
	if len(el.Opclass) > 0 {
		e.class = f.in.b.operatorClass(opclass.FindMethod(opclass.BTree), nameParts(el.Opclass))
	}
	return e
}

func (f *inference) elemPart(s *scope, el *parser.IndexElem, pos int) keyPart {
	if el.Expr != nil {
		return f.part(s.b.textIfUnknown(s.bind(el.Expr, kindIndexExpression)))
	}
	c := findWritable(f.in.named, el.Name)
	if c == nil {
		f.in.missingColumn("", el.Name, pos)
	}
	if col := f.shown.findColumn(c.Name, false, -1); col != nil {
		return f.part(s.b.use(col).expr)
	}
	return f.hiddenPart(f.shown, c)
}

func (f *inference) part(e plan.Expr) keyPart {
	if c, ok := e.(*plan.Column); ok && f.ids[c.ID] != 0 {
		return keyPart{column: f.ids[c.ID]}
	}
	return keyPart{expr: plan.Key(e)}
}

// hiddenPart is a nested leaf, or a column that * does not show.
func (f *inference) hiddenPart(it *nsItem, c *catalog.Column) keyPart {
	if leaf := it.hidden(c.Name, false); c.Path != nil && leaf != nil {
		return keyPart{expr: plan.Key(leaf.expr)}
	}
	return keyPart{column: c.Num}
}

// parts are those of an index's key.
func (f *inference) parts(ix *catalog.Index) []keyPart {
	out := make([]keyPart, len(ix.Keys))
	for i := range ix.Keys {
		k := &ix.Keys[i]
		c := f.in.table.Column(k.Num)
		switch {
		case k.Expr != "":
			out[i] = f.part(f.in.b.indexText(f.in.table, k.Expr, f.item, kindIndexExpression))
		case c != nil && c.Hidden:
			out[i] = f.hiddenPart(f.item, c)
		default:
			out[i] = keyPart{column: k.Num}
		}
	}
	return out
}

// matches says whether an index is one that the target means.
func (f *inference) matches(ix *catalog.Index) bool {
	parts := f.parts(ix)
	for _, p := range parts {
		if !slices.ContainsFunc(f.elems, func(e inferElem) bool { return e.keyPart == p }) {
			return false
		}
	}
	for _, e := range f.elems {
		if !slices.Contains(parts, e.keyPart) || !e.classMatches(f.in.b.opclasses(), ix, parts) {
			return false
		}
	}
	return ix.Predicate == "" || implied(f.where, f.in.b.indexPredicate(f.in.table, ix, f.item))
}

// classMatches is infer_collation_opclass_match: some part of the key is the
// element and has its collation and operator family.
func (e *inferElem) classMatches(classes opclass.Set, ix *catalog.Index, parts []keyPart) bool {
	if e.class == nil && e.collation == 0 {
		return true
	}
	for i := range ix.Keys {
		k := &ix.Keys[i]
		class := classes.ByOID(k.OpClass)
		if class == nil {
			class = classes.Default(opclass.FindMethod(ix.Method), k.Type)
		}
		switch {
		case e.class != nil && (class == nil || class.Family != e.class.Family || class.In != e.class.In):
		case e.collation != 0 && e.collation != k.Collation:
		case parts[i] == e.keyPart:
			return true
		}
	}
	return false
}
