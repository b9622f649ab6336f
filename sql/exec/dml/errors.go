package dml

import (
	"slices"
	"sort"
	"strings"
	"unicode/utf8"

	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/plan"
	"github.com/s3db-sql/s3db-sql/sql/vec"
	"github.com/s3db-sql/s3db-sql/storage"
)

// maxFieldLen is where PostgreSQL cuts a value in "Failing row contains"
// (ExecBuildSlotValueDescription).
const maxFieldLen = 64

func (t *Target) notNull(col *catalog.Column, r row) error {
	return pgerr.New(pgerr.NotNullViolation, "null value in column \"%s\" of relation \"%s\" violates not-null constraint", col.Name, t.Rel.Name).
		WithDetail("%s", t.failingRow(r)).
		WithRelation(t.Rel.Schema, t.Rel.Name, col.Name, "")
}

func (t *Target) checkViolation(c Check, r row) error {
	if c.Policy != plan.NoPolicy {
		return policyViolation(c)
	}
	if c.View {
		return pgerr.New(pgerr.WithCheckOptionViolation, "new row violates check option for view \"%s\"", c.Name).
			WithDetail("%s", t.failingRow(r))
	}
	return pgerr.New(pgerr.CheckViolation, "new row for relation \"%s\" violates check constraint \"%s\"", t.Rel.Name, c.Name).
		WithDetail("%s", t.failingRow(r)).
		WithRelation(t.Rel.Schema, t.Rel.Name, "", c.Name)
}

// withRow adds what an integrity error of the storage does not know: the failing row, unless it
// has a detail of its own, and the table's schema.
func (t *Target) withRow(err error, r row) error {
	e := pgerr.As(err)
	if e == nil || e.Detail != "" || e.Code.Class() != "23" {
		return err
	}
	if e.Table == t.Rel.Name && e.Schema == "" {
		e = e.WithRelation(t.Rel.Schema, e.Table, e.Column, e.Constraint)
	}
	return e.WithDetail("%s", t.failingRow(r))
}

// secured says that policies hide rows of the table from who changes it: errors must not
// show what is in them (ExecBuildSlotValueDescription, BuildIndexValueDescription).
func (t *Target) secured() bool {
	return slices.ContainsFunc(t.Checks, func(c Check) bool { return c.Policy != plan.NoPolicy })
}

// failingRow shows the visible columns in order, secrets left out, with their names where
// the client may not see all; "" where it may see none.
func (t *Target) failingRow(r row) string {
	if t.secured() {
		return ""
	}
	cols := t.shownColumns()
	names, texts := make([]string, len(cols)), make([]string, len(cols))
	for i, c := range cols {
		names[i], texts[i] = c.Name, t.fieldText(c, r[c.Num])
	}
	list := "(" + strings.Join(texts, ", ") + ")."
	switch {
	case t.Shown == nil || t.Shown.All:
		return "Failing row contains " + list
	case len(cols) == 0:
		return ""
	}
	return "Failing row contains (" + strings.Join(names, ", ") + ") = " + list
}

// shownColumns are the visible columns in their order: those of the root for a table
// of a tree, of which the statement speaks.
func (t *Target) shownColumns() (out []*catalog.Column) {
	root := t.root()
	cols := root.VisibleColumns()
	sort.Slice(cols, func(i, j int) bool { return cols[i].Num < cols[j].Num })
	for _, c := range cols {
		if s := t.Shown; s == nil || s.All || s.Read[c.Num] || s.Modified[c.Num] {
			out = append(out, catalog.MemberColumn(root, t.Rel, c.Num))
		}
	}
	return out
}

func (t *Target) root() *catalog.Relation {
	if t.Root != nil {
		return t.Root
	}
	return t.Rel
}

// showsKey says whether the client may see the values of an index's key.
func (t *Target) showsKey(ix *catalog.Index) bool {
	if t.secured() {
		return false
	}
	if t.Shown == nil || t.Shown.All {
		return true
	}
	root := t.root()
	shown := map[int16]bool{}
	for num := range t.Shown.Read {
		if c := catalog.MemberColumn(root, t.Rel, num); c != nil {
			shown[c.Num] = true
		}
	}
	return !slices.ContainsFunc(ix.Columns, func(c catalog.IndexColumn) bool { return !shown[c.Num] })
}

func (t *Target) fieldText(c *catalog.Column, v any) string {
	switch {
	case v == nil:
		return "null"
	case c.Secret || c.HoldsSecret:
		return "***"
	}
	return clipped(string(c.Type.Out(t.Types, nil, v)))
}

// clipped is a value as messages about a row show it.
func clipped(s string) string {
	if len(s) <= maxFieldLen {
		return s
	}
	cut := maxFieldLen
	for cut > 0 && !utf8.RuneStart(s[cut]) {
		cut--
	}
	return s[:cut] + "..."
}

// duplicate is 23505 for a row whose index columns are taken.
func (t *Target) duplicate(ix *catalog.Index, r row) error {
	names, values := make([]string, len(ix.Columns)), make([]string, len(ix.Columns))
	for i, c := range ix.Columns {
		names[i] = c.Name
		if col := t.Rel.Column(c.Num); col != nil {
			names[i], values[i] = col.Name, t.keyFieldText(col, r[c.Num])
		}
	}
	e := pgerr.New(pgerr.UniqueViolation, "duplicate key value violates unique constraint \"%s\"", ix.Name).
		WithRelation(t.Rel.Schema, t.Rel.Name, "", ix.Name)
	if !t.showsKey(ix) {
		return e
	}
	return e.WithDetail("Key (%s)=(%s) already exists.", strings.Join(names, ", "), strings.Join(values, ", "))
}

func (t *Target) keyFieldText(c *catalog.Column, v any) string {
	switch {
	case v == nil:
		return "null"
	case c.Secret || c.HoldsSecret:
		return "***"
	}
	return string(c.Type.Out(t.Types, nil, v))
}

func concurrentUpdate() error {
	return pgerr.New(pgerr.SerializationFailure, "could not serialize access due to concurrent update")
}

func secondTime() error {
	return pgerr.New(pgerr.CardinalityViolation, "ON CONFLICT DO UPDATE command cannot affect row a second time").
		WithHint("Ensure that no rows proposed for insertion within the same command have duplicate constrained values.")
}

// failure is the error of a result that is neither applied nor for the caller
// to resolve. The storage does not know in which schema a relation is.
func (t *Target) failure(res storage.Result) error {
	if e := pgerr.As(res.Err); e != nil && e.Table == t.Rel.Name && e.Schema == "" {
		e = e.WithRelation(t.Rel.Schema, e.Table, e.Column, e.Constraint)
		if ix := t.violatedIndex(res.Err); t.secured() || ix != nil && !t.showsKey(ix) {
			e = e.WithDetail("")
		}
		return e
	}
	if res.Err != nil {
		return res.Err
	}
	return pgerr.Internal("a change was not written (outcome %d)", res.Outcome)
}

func (t *Target) violatedIndex(err error) *catalog.Index {
	e := pgerr.As(err)
	if e == nil {
		return nil
	}
	for _, ix := range t.Rel.Indexes {
		if ix.Kind == catalog.PrimaryIndex {
			continue // a clash of ids is no violation (storage.Exists)
		}
		if ix.Name == e.Constraint || ix.Partition == e.Constraint && ix.Kind == catalog.UniqueIndex {
			return ix
		}
	}
	return nil
}

// CheckPolicies makes checks of row-level security of the rows of a batch.
func CheckPolicies(checks []Check, b *vec.Batch) error {
	for _, c := range checks {
		v, err := c.Cond.Eval(b, b.Sel)
		if err != nil {
			return err
		}
		ok := vec.Of[bool](v)
		for k := range b.Rows() {
			if !ok.At(b.Row(k)) {
				return policyViolation(c)
			}
		}
	}
	return nil
}

// policyRows are the rows that policies are checked of, as messages call them.
var policyRows = map[plan.PolicyCheck]struct{ row, using string }{
	plan.PolicyInserts: {"new", ""}, plan.PolicyUpdates: {"new", ""},
	plan.PolicyExists: {"new", " (USING expression)"}, plan.PolicyMerges: {"target", " (USING expression)"},
}

// policyViolation is ExecWithCheckOptions' 42501.
func policyViolation(c Check) error {
	policy, words := "", policyRows[c.Policy]
	if c.Name != "" {
		policy = " \"" + c.Name + "\""
	}
	return pgerr.New(pgerr.InsufficientPrivilege, "%s row violates row-level security policy%s%s for table \"%s\"",
		words.row, policy, words.using, c.Table)
}
