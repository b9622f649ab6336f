package session

import (
	"context"
	"slices"
	"strings"

	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/exec"
	"github.com/s3db-sql/s3db-sql/sql/parser"
	"github.com/s3db-sql/s3db-sql/sql/plan"
	"github.com/s3db-sql/s3db-sql/sql/planner/bind"
	"github.com/s3db-sql/s3db-sql/sql/types"
	"github.com/s3db-sql/s3db-sql/sql/vec"
)

// foreignChecks is what a statement of the open transaction will owe to foreign
// keys.
func (s *Session) foreignChecks(env *exec.Env) *exec.ForeignChecks {
	q := &exec.ForeignChecks{
		Catalog: s.catalog(), Tables: env.Tables, Types: env.Types, Buffered: s.tx.writes.Buffered(),
		IsDeferred: func(fk catalog.ForeignKey) bool {
			return s.tx.constraints.isDeferred(fk.OID, fk.Deferrable, fk.Deferred)
		},
		Later: func(c *exec.ForeignCheck) { s.tx.deferred = append(s.tx.deferred, c) },
	}
	q.Query = func(ctx context.Context, text string, params []any) error {
		err := s.act(ctx, q, env.Triggers, text, params)
		if e := pgerr.As(err); e != nil && e.Where == "" {
			e.Where = "SQL statement \"" + text + "\""
		}
		return err
	}
	return q
}

// act runs a referential action as a part of the statement that q is of.
func (s *Session) act(ctx context.Context, q *exec.ForeignChecks, triggers *exec.AfterTriggers, text string, params []any) error {
	stmts, err := parser.Parse(text)
	if err != nil {
		return err
	}
	p := &prepared{stmt: stmts[0], noRules: true}
	if err := s.bind(p); err != nil {
		return displaced(err)
	}
	planned, err := s.optimize(p.bound.(*plan.Query))
	if err != nil {
		return err
	}
	run, err := s.start(planned, nil, params)
	if err != nil {
		return err
	}
	run.foreign, run.triggers = q, triggers
	_, err = run.Fetch(ctx, 0, unseen{})
	return displaced(firstError(err, run.Close()))
}

// checkDeferred makes the checks that wait for COMMIT, over what was written;
// those that look for others' doing come last, after what the transaction did.
func (t *transaction) checkDeferred(ctx context.Context, env *types.Env) error {
	checks := t.deferred
	t.deferred = nil
	for _, acted := range []bool{false, true} {
		for _, c := range checks {
			if c.Acted() != acted {
				continue
			}
			if err := c.AtCommit(ctx, t.reader(), t.writes, env); err != nil {
				return err
			}
		}
	}
	return nil
}

// validateForeign is 23503 for rows that do not satisfy a new foreign key
// (RI_Initial_Check).
func (s *Session) validateForeign(ctx context.Context, fk catalog.ForeignKey) error {
	child, parent := onlyRows(fk.Child), onlyRows(fk.Parent)
	columns, refs := keyColumns("fk", fk.Child, fk.Columns), keyColumns("pk", fk.Parent, fk.RefColumns)
	present := make([]string, len(columns))
	for i, c := range columns {
		present[i] = c + " IS NOT NULL"
	}
	glue := " AND "
	if fk.MatchFull {
		glue = " OR "
	}
	text := "SELECT " + strings.Join(columns, ", ") + " FROM " + child + " fk LEFT OUTER JOIN " + parent + " pk ON (" +
		joined(refs, columns) + ") WHERE " + refs[0] + " IS NULL AND (" + strings.Join(present, glue) + ") LIMIT 1"
	row, err := s.firstRow(ctx, text)
	if row == nil || err != nil {
		return err
	}
	e := pgerr.New(pgerr.ForeignKeyViolation, "insert or update on table \"%s\" violates foreign key constraint \"%s\"", fk.Child.Name, fk.Name).
		WithRelation(fk.Child.Schema, fk.Child.Name, "", fk.Name)
	if slices.Contains(row, nil) {
		return e.WithDetail("MATCH FULL does not allow mixing of null and nonnull key values.")
	}
	return e.WithDetail("Key %s is not present in table \"%s\".", s.keyText(fk.Child, fk.Columns, row), fk.Parent.Name)
}

// checkDetached is 23503 for a partition that is detached while rows refer to its own
// through a key to the table above (RI_PartitionRemove_Check).
func (s *Session) checkDetached(ctx context.Context, rel *catalog.Relation, actions []catalog.AlterAction) error {
	if !slices.ContainsFunc(actions, func(a catalog.AlterAction) bool { b, ok := a.(catalog.SetBound); return ok && b.Bound == nil }) {
		return nil
	}
	for _, fk := range catalog.ForeignKeysTo(s.catalog(), rel) {
		if fk.Root.OID == rel.OID {
			continue
		}
		refs := keyColumns("pk", rel, fk.RefColumns)
		row, err := s.firstRow(ctx, "SELECT "+strings.Join(refs, ", ")+" FROM "+onlyRows(fk.Child)+" fk JOIN "+onlyRows(rel)+" pk ON ("+
			joined(refs, keyColumns("fk", fk.Child, fk.Columns))+") LIMIT 1")
		if err != nil {
			return err
		}
		if row == nil {
			continue
		}
		return pgerr.New(pgerr.ForeignKeyViolation, "removing partition \"%s\" violates foreign key constraint \"%s\"", rel.Name, fk.Name).
			WithRelation(fk.Child.Schema, fk.Child.Name, "", fk.Name).
			WithDetail("Key %s is still referenced from table \"%s\".", s.keyText(rel, fk.RefColumns, row), fk.Child.Name)
	}
	return nil
}

// keyColumns are columns of a table as SQL, behind its alias.
func keyColumns(alias string, rel *catalog.Relation, nums []int16) []string {
	out := make([]string, len(nums))
	for i, num := range nums {
		out[i] = alias + "." + parser.QuoteIdent(rel.Column(num).Name)
	}
	return out
}

// joined is the condition that two keys are equal.
func joined(a, b []string) string {
	terms := make([]string, len(a))
	for i := range a {
		terms[i] = a[i] + " = " + b[i]
	}
	return strings.Join(terms, " AND ")
}

// keyText is a key as the details of errors show it: (columns)=(values).
func (s *Session) keyText(rel *catalog.Relation, nums []int16, row []any) string {
	names, values := make([]string, len(nums)), make([]string, len(nums))
	for i, num := range nums {
		c := rel.Column(num)
		names[i], values[i] = c.Name, string(c.Type.Out(s.Env(), nil, row[i]))
	}
	return "(" + strings.Join(names, ", ") + ")=(" + strings.Join(values, ", ") + ")"
}

// onlyRows names a table whose own rows are meant, a partitioned one for those of its
// partitions.
func onlyRows(rel *catalog.Relation) string {
	if rel.Kind == catalog.PartitionedTable {
		return qualifiedName(rel)
	}
	return "ONLY " + qualifiedName(rel)
}

func qualifiedName(rel *catalog.Relation) string {
	return parser.QuoteIdent(rel.Schema) + "." + parser.QuoteIdent(rel.Name)
}

// firstRow runs a query of the session's own and returns its first row, boxed.
func (s *Session) firstRow(ctx context.Context, text string) ([]any, error) {
	var out rowOutput
	_, err := s.internallyTo(ctx, text, &out)
	return out.row, err
}

// rowOutput keeps the first row of a result.
type rowOutput struct {
	unseen
	row []any
}

// Rows implements Output.
func (o *rowOutput) Rows(b *vec.Batch) error {
	if o.row == nil && b.Rows() > 0 {
		for _, c := range b.Cols {
			o.row = append(o.row, c.Value(b.Row(0)))
		}
	}
	return nil
}

// foreignKeysToValidate are the valid ones that after has and before had not, or
// had as NOT VALID.
func foreignKeysToValidate(cat catalog.Reader, before, after *catalog.Relation) []catalog.ForeignKey {
	var out []catalog.ForeignKey
	for _, fk := range catalog.ForeignKeys(cat, after) {
		valid := func(c *catalog.Constraint) bool { return c.OID == fk.OID && !c.NotValid }
		if !fk.NotValid && (before == nil || !slices.ContainsFunc(before.Constraints, valid)) {
			out = append(out, fk)
		}
	}
	return out
}

// foreignDependents are foreign keys as what depends on something.
func (s *Session) foreignDependents(fks []catalog.ForeignKey) []dependent {
	deps := make([]dependent, len(fks))
	for i, fk := range fks {
		deps[i] = dependent{text: s.describedPart("constraint", fk.Name, fk.Child), drop: func(ctx context.Context) error {
			return s.dropConstraint(ctx, fk.Child.OID, fk.Name)
		}}
	}
	return deps
}

// foreignKeysFrom are the foreign keys to a table, or to partitions that go with it, of
// other tables than those that the statement drops as well.
func (s *Session) foreignKeysFrom(rel *catalog.Relation, dropped []plan.DropObject) []catalog.ForeignKey {
	tree := []*catalog.Relation{rel}
	if rel.Partitioning != nil {
		tree = catalog.Tree(s.catalog(), rel)
	}
	var out []catalog.ForeignKey
	for _, member := range tree {
		for _, fk := range catalog.ForeignKeysTo(s.catalog(), member) {
			goes := slices.ContainsFunc(tree, func(t *catalog.Relation) bool { return t.OID == fk.Child.OID }) ||
				slices.ContainsFunc(dropped, func(o plan.DropObject) bool { return o.OID == fk.Child.OID })
			if !goes && !slices.ContainsFunc(out, func(have catalog.ForeignKey) bool { return have.OID == fk.OID }) {
				out = append(out, fk)
			}
		}
	}
	return out
}

// dropKeys deals with the foreign keys to the keys of a table that an ALTER
// TABLE drops, and with the views that group by such a key.
func (s *Session) dropKeys(ctx context.Context, before *catalog.Relation, actions []catalog.AlterAction, out Output) error {
	for _, a := range actions {
		d, ok := a.(catalog.DropConstraint)
		if !ok {
			continue
		}
		key := constraintNamed(before, d.Name)
		if key == nil {
			continue
		}
		var fks []catalog.ForeignKey
		for _, fk := range catalog.ForeignKeysTo(s.catalog(), before) {
			if referred := fk.ReferencedKey(before); referred != nil && referred.Name == d.Name {
				fks = append(fks, fk)
			}
		}
		what := s.describedPart("constraint", d.Name, before)
		if err := s.dropAll(ctx, d.Cascade, s.foreignDependents(fks), what, s.describedIndex(before, key.Name, key.Index), out); err != nil {
			return err
		}
		if err := s.dropAll(ctx, d.Cascade, s.viewsGroupedBy(before, key), what, what, out); err != nil {
			return err
		}
	}
	return nil
}

func constraintNamed(rel *catalog.Relation, name string) *catalog.Constraint {
	for _, c := range rel.DeclaredConstraints() {
		if c.Name == name {
			return c
		}
	}
	return nil
}

// viewsGroupedBy are the views whose columns have one value per group by a primary key.
func (s *Session) viewsGroupedBy(rel *catalog.Relation, key *catalog.Constraint) []dependent {
	var out []dependent
	for _, v := range s.viewsReading(rel.OID, func(types.OID) bool { return false }) {
		refs, err := bind.ViewReferences(s.bindEnv(nil), v.Definition)
		if err == nil && slices.Contains(refs, catalog.Reference{Class: catalog.ClassConstraint, OID: key.OID}) {
			out = append(out, s.dependentView(v))
		}
	}
	return out
}
