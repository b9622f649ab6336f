package bind

import (
	"slices"

	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/catalog/updatable"
	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/parser"
	"github.com/s3db-sql/s3db-sql/sql/plan"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

// writeTarget is what a statement writes: a table, or a view through which a
// table is written.
type writeTarget struct {
	table *catalog.Relation
	// named has the columns as the statement names them, with the table's numbers;
	// those of a view that can't be written have numbers of fixed.
	named *catalog.Relation
	view  *updatable.View // nil for a table
	// tree: without ONLY; merges: MERGE decides row by row what becomes of it.
	tree   bool
	merges bool
	verb   writeVerb
	fixed  map[int16]*updatable.Refusal
	// instead: table is a view whose INSTEAD OF triggers do what is asked for.
	instead bool
	// entry is what the statement needs of the relation that it names, base of the table
	// below, views of the views on the way.
	entry, base *rangeEntry
	views       map[*updatable.View]*rangeEntry
}

// firstFixed begins the numbers of a view's columns that can't be written.
const firstFixed int16 = 20000

// writeTarget is setTargetTable, and for a view rewriteTargetView: 55000 for one
// that can't be written through.
func (b *binder) writeTarget(rv *parser.RangeVar, verb writeVerb) *writeTarget {
	b.checkTransitionTarget(rv)
	rel := b.relation(rv)
	b.freezeTarget(rv, rel)
	entry := b.rangeEntry(rel, targetPrivileges[verb.event])
	if rel.Kind != catalog.View || rel.Virtual {
		b.checkTarget(rel, rv)
		return &writeTarget{table: rel, named: rel, verb: verb, entry: entry, base: entry}
	}
	if b.ruleDefinition { // another rule may make the view one that can be written
		return &writeTarget{table: rel, named: rel, verb: verb, entry: entry, base: entry}
	}
	if rel.HasTrigger(catalog.TriggerInsteadOf | catalog.TriggerRow | verb.event) {
		return &writeTarget{table: rel, named: rel, verb: verb, instead: true, entry: entry, base: entry}
	}
	view, refused, err := updatable.OpenTo(b.env.Catalog, rel, verb.event)
	if err != nil {
		fail(err)
	}
	if refused == nil && verb.columns != "" {
		refused = view.WithoutColumns()
	}
	if refused != nil {
		fail(pgerr.New(pgerr.ObjectNotInPrerequisiteState, "cannot %s view \"%s\"", verb.verb, refused.View.Name).
			WithDetail("%s", refused.Detail).WithHint("To enable %s.", verb.using))
	}
	for v := view; v != nil; v = v.Inner {
		b.relations[v.Rel.OID] = true
		if v != view {
			b.refuseRulesBelow(v.Rel, verb)
		}
	}
	b.refuseRulesBelow(view.Table, verb)
	b.relations[view.Table.OID] = true
	b.checkTarget(view.Table, rv)
	t := &writeTarget{table: view.Table, view: view, verb: verb, instead: view.Table.Kind == catalog.View, fixed: map[int16]*updatable.Refusal{}, entry: entry}
	t.nameColumns()
	t.enter(b)
	return t
}

// enter notes what the write needs of the relations below the view, for the owners of
// the views.
func (t *writeTarget) enter(b *binder) {
	saved := b.viewOwner
	t.views = map[*updatable.View]*rangeEntry{}
	above := t.entry
	for v := t.view; v != nil; v = v.Inner {
		t.views[v] = above
		b.asOwnerOf(v.Rel)
		next := v.Table
		if v.Inner != nil {
			next = v.Inner.Rel
		}
		below := b.rangeEntry(next, 0)
		below.through = above
		above = below
	}
	t.base, b.viewOwner = above, saved
}

// needs adds to what the write needs.
func (t *writeTarget) needs(right catalog.Privilege) {
	if t.entry != nil {
		t.entry.required |= right
	}
}

// writes marks a column, by its number in the table, as inserted or updated, in the
// views above it too.
func (t *writeTarget) writes(right catalog.Privilege, num int16) {
	mark := func(e *rangeEntry, att int16) {
		switch {
		case e == nil:
		case right == catalog.ACLInsert:
			e.inserted[att] = true
		default:
			e.updated[att] = true
		}
	}
	mark(t.base, num)
	for v := t.view; v != nil; v = v.Inner {
		for i, c := range v.Columns {
			if c.Column != nil && c.Column.Num == num {
				mark(t.views[v], v.Rel.VisibleColumns()[i].Num)
			}
		}
	}
}

// own gives the columns of a row of the table what reading them needs.
func (t *writeTarget) own(row *nsItem) {
	row.needs = t.base
	for _, c := range row.cols {
		c.needs, c.att = t.base, c.num
	}
}

// relation is the table or view that the statement names.
func (t *writeTarget) relation() *catalog.Relation {
	if t.view != nil {
		return t.view.Rel
	}
	return t.table
}

// nameColumns makes named of a view.
func (t *writeTarget) nameColumns() {
	named := *t.table
	named.Name, named.Schema, named.Columns = t.view.Rel.Name, t.view.Rel.Schema, nil
	for i, shown := range t.view.Rel.VisibleColumns() {
		c := t.view.Columns[i]
		if c.Column == nil {
			fixed := *shown
			fixed.Num = firstFixed + int16(i)
			c.Column = &fixed
			t.fixed[fixed.Num] = c.Refused
		}
		named.Columns = append(named.Columns, c.Column)
	}
	t.named = &named
}

// readsTree says whether the rows of those that inherit from the table are changed,
// too: no ONLY stands before its name.
func (t *writeTarget) readsTree(rv *parser.RangeVar) bool {
	for v := t.view; v != nil; v = v.Inner {
		rv = v.From
	}
	return rv.Inh
}

// checkWritable is 0A000 for a column of a view that can't be written.
func (t *writeTarget) checkWritable(num int16) {
	if r := t.fixed[num]; r != nil {
		fail(pgerr.New(pgerr.FeatureNotSupported, "cannot %s column \"%s\" of view \"%s\"", t.verb.columns, r.Column, r.View.Name).
			WithDetail("%s", r.Detail))
	}
}

// defaultOf is the column that says what the table's column c gets without a
// value: the view's, if it shows the column.
func (t *writeTarget) defaultOf(c *catalog.Column) *catalog.Column {
	if named := t.named.Column(c.Num); named != nil {
		return named
	}
	return c
}

// item is what the statement calls name, over a row of the table.
func (t *writeTarget) item(s *scope, row *nsItem, name string) *nsItem {
	if t.view == nil {
		return row
	}
	it := t.viewOverRow(s, t.view, row)
	it.name, it.aliased = name, name != t.view.Rel.Name
	if !it.aliased {
		it.rel = t.view.Rel
	}
	for i, c := range it.cols {
		c.num = t.named.Columns[i].Num
		c.needs = t.entry
	}
	it.needs = t.entry
	return it
}

// levelScope is the scope of a view's query over a row of the table below it.
func (t *writeTarget) levelScope(s *scope, v *updatable.View, row *nsItem) *scope {
	from := *row
	if v.Inner != nil {
		from = *t.viewOverRow(s, v.Inner, row)
		for _, c := range from.cols {
			c.needs = t.views[v.Inner]
		}
	}
	from.name = v.From.Relname
	if v.From.Alias != nil {
		from.name = v.From.Alias.Aliasname
		from.cols = cloneCols(from.cols)
		for i, name := range nameParts(v.From.Alias.Colnames) {
			from.cols[i].name = name
		}
	}
	from.relVisible, from.colsVisible, from.lateralOnly, from.lateralOK = true, true, false, true
	out := s.b.newScope(nil)
	out.items, out.all = []*nsItem{&from}, []*nsItem{&from}
	return out
}

// viewOverRow is the row that a view shows of a row of the table.
func (t *writeTarget) viewOverRow(s *scope, v *updatable.View, row *nsItem) *nsItem {
	defer s.b.inView()()
	defer s.b.asOwnerOf(v.Rel)()
	targets := t.levelScope(s, v, row).targetList(v.Query.TargetList, kindSelectTarget)
	it := &nsItem{name: v.Rel.Name, source: v.Rel, relVisible: true, colsVisible: true}
	for i, c := range v.Rel.VisibleColumns() {
		it.cols = append(it.cols, &nsCol{name: c.Name, expr: s.b.textIfUnknown(targets[i].expr), rel: v.Rel.OID, num: c.Num, att: c.Num})
	}
	return it
}

// inView begins binding a view's text; the result ends it.
func (b *binder) inView() func() {
	saved := b.inlined
	b.inlined = true
	return func() { b.inlined = saved }
}

// viewCondition is the WHERE of one level over a row of the table; nil for none.
func (t *writeTarget) viewCondition(s *scope, v *updatable.View, row *nsItem) plan.Expr {
	if v.Query.WhereClause == nil {
		return nil
	}
	defer s.b.inView()()
	defer s.b.asOwnerOf(v.Rel)()
	return t.levelScope(s, v, row).condition(v.Query.WhereClause, kindWhere, "WHERE")
}

// shown keeps the rows of a table that the view shows.
func (t *writeTarget) shown(s *scope, row *nsItem, node plan.Node) plan.Node {
	for v := t.view; v != nil; v = v.Inner {
		if cond := t.viewCondition(s, v, row); cond != nil {
			node = &plan.Filter{Input: node, Cond: cond}
		}
	}
	return node
}

// checks are the table's constraints, then what WITH CHECK OPTION demands of a
// new row, from the bottom up: a cascaded option holds for the views below too.
func (t *writeTarget) checks(s *scope, row *nsItem) []plan.Check {
	return append(s.checks(t.table, row), t.checkOptions(s, row)...)
}

func (t *writeTarget) checkOptions(s *scope, row *nsItem) []plan.Check {
	var options []plan.Check
	cascaded := false
	for v := t.view; v != nil; v = v.Inner {
		option := v.Rel.Option(checkOption)
		cascaded = cascaded || option == "cascaded"
		if option == "" && !cascaded {
			continue
		}
		if cond := t.viewCondition(s, v, row); cond != nil {
			is := &plan.BoolTest{Meta: plan.M(s.b.typ(types.BoolOID), -1), Arg: cond, Test: plan.IsTrue}
			options = append(options, plan.Check{Name: v.Rel.Name, Cond: is, View: true})
		}
	}
	slices.Reverse(options)
	return options
}

// updating is the target as ON CONFLICT DO UPDATE writes it.
func (t *writeTarget) updating() *writeTarget {
	out := *t
	out.verb = updating
	return &out
}
