package session

import (
	"context"
	"io"
	"slices"
	"strings"

	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/parser"
	"github.com/s3db-sql/s3db-sql/sql/plan"
	"github.com/s3db-sql/s3db-sql/sql/planner/bind"
	"github.com/s3db-sql/s3db-sql/sql/types"
	"github.com/s3db-sql/s3db-sql/sql/vec"
)

// rewrite is the part of ALTER TABLE that concerns the rows that are there: they
// get the defaults of new columns, and must satisfy new constraints (PostgreSQL
// documentation, ALTER TABLE, Notes). There is no lock against other writers: a
// row that one of them adds before the new definition is committed is as the old
// definition has it.
type rewrite struct {
	s             *Session
	before, after *catalog.Relation
}

// relaxed are the actions without the constraints that rows must be prepared
// for, with as many versions of the definition as the actions make. CHECKs that are
// NOT VALID are dropped: rows that are there need not meet them.
func relaxed(before *catalog.Relation, actions []catalog.AlterAction) []catalog.AlterAction {
	var out []catalog.AlterAction
	for _, k := range before.Constraints {
		if k.Kind == catalog.CheckConstraint && k.NotValid && !dropsConstraint(actions, k.Name) {
			out = append(out, catalog.DropConstraint{Name: k.Name})
		}
	}
	for _, a := range actions {
		switch c := a.(type) {
		case catalog.AddColumn:
			c.Foreign = nil
			c.Column.NotNull, c.Check, c.Unique, c.Primary, c.Column.Generated = false, nil, false, false, ""
			a = c
		case catalog.SetNotNull:
			if c.NotNull {
				continue
			}
		case catalog.AddConstraint, catalog.ValidateConstraint, catalog.AlterConstraint, catalog.SetInheritance:
			continue
		case catalog.AlterType:
			if c.InKey {
				continue
			}
			c.Interim = !c.Relabel
			a = c
		case catalog.DropConstraint:
			c.Interim = c.Key
			a = c
		}
		out = append(out, a)
	}
	return out
}

// concernsRows says whether an action needs the rows to be looked at.
func concernsRows(a catalog.AlterAction) bool {
	switch c := a.(type) {
	case catalog.AddColumn:
		return c.Column.Default != "" || c.Fill != "" || c.Column.Generated != "" || c.Column.NotNull || len(c.Check) > 0
	case catalog.SetNotNull:
		return c.NotNull
	case catalog.AlterType:
		return !c.Relabel
	case catalog.DropConstraint:
		return c.Key
	case catalog.AddConstraint:
		return c.Kind == catalog.CheckConstraint && !c.Check.NotValid
	case catalog.ValidateConstraint:
		return c.Expr != ""
	}
	return false
}

// prepareRows applies the relaxed actions, brings the rows into the state that
// the constraints need, and takes the actions back: the caller applies them in
// full. What was written stays, by the definition that is returned, nil for none.
func (s *Session) prepareRows(ctx context.Context, before *catalog.Relation, actions []catalog.AlterAction) (interim *catalog.Relation, err error) {
	if err := s.checkRetypedViews(before, actions); err != nil {
		return nil, err
	}
	if !slices.ContainsFunc(actions, concernsRows) {
		return nil, nil
	}
	tx := s.tx.catalogTx()
	mark := tx.Save()
	after, err := tx.AlterTable(ctx, before.OID, relaxed(before, actions))
	if err != nil {
		return nil, err
	}
	s.tx.changed()
	err = (&rewrite{s: s, before: before, after: after}).run(ctx, actions)
	tx.RollbackTo(mark)
	s.tx.changed()
	return after, err
}

// renumbered are the columns that have another number than by the interim definition,
// by that: those of converted values have taken the place of the old ones.
func renumbered(interim, after *catalog.Relation) map[int16]int16 {
	moved := map[int16]int16{}
	if interim == nil {
		return moved
	}
	for _, c := range after.Columns {
		from := interim.ColumnByName(catalog.InterimName(c.Name))
		if from == nil {
			from = interim.ColumnByName(c.Name)
		}
		if from != nil && from.Num != c.Num {
			moved[from.Num] = c.Num
		}
	}
	return moved
}

// keysRetyped are the columns of the rows' key that get another type.
func keysRetyped(rel *catalog.Relation, actions []catalog.AlterAction) []int16 {
	var out []int16
	for _, a := range actions {
		if c, ok := a.(catalog.AlterType); ok && c.InKey {
			out = append(out, rel.ColumnByName(c.Name).Num)
		}
	}
	return out
}

// keysOver are the foreign keys, valid so far, of columns whose values were converted.
func (s *Session) keysOver(rel *catalog.Relation, actions []catalog.AlterAction) []catalog.ForeignKey {
	retyped := func(of *catalog.Relation, num int16) bool {
		return slices.ContainsFunc(actions, func(a catalog.AlterAction) bool {
			c, ok := a.(catalog.AlterType)
			return ok && !c.Relabel && !c.InKey && of.OID == rel.OID && of.Column(num).Name == c.Name
		})
	}
	now := s.catalog().RelationByOID(rel.OID)
	var out []catalog.ForeignKey
	for _, fk := range append(catalog.ForeignKeys(s.catalog(), now), catalog.ForeignKeysTo(s.catalog(), now)...) {
		concerned := slices.ContainsFunc(fk.Columns, func(num int16) bool { return retyped(fk.Child, num) }) ||
			slices.ContainsFunc(fk.RefColumns, func(num int16) bool { return retyped(fk.Parent, num) })
		if concerned && !fk.NotValid {
			out = append(out, fk)
		}
	}
	return out
}

// checkRetypedViews refuses a new type of a column that a view reads (RememberAllDependentForRebuilding).
func (s *Session) checkRetypedViews(rel *catalog.Relation, actions []catalog.AlterAction) error {
	for _, a := range actions {
		c, ok := a.(catalog.AlterType)
		if !ok {
			continue
		}
		column := catalog.Reference{Class: catalog.ClassRelation, OID: rel.OID, Column: rel.ColumnByName(c.Name).Num}
		for _, v := range s.viewsReading(rel.OID, func(types.OID) bool { return false }) {
			if refs, err := bind.ViewReferences(s.bindEnv(nil), v.Definition); err == nil && slices.Contains(refs, column) {
				return pgerr.New(pgerr.FeatureNotSupported, "cannot alter type of a column used by a view or rule").
					WithDetail("%s depends on column \"%s\"", s.describedPart("rule", "_RETURN", v), c.Name)
			}
		}
	}
	return nil
}

// run fills first and checks then, whatever the order of the actions. A new type must
// suit the CHECKs that are there.
func (r *rewrite) run(ctx context.Context, actions []catalog.AlterAction) error {
	if err := r.checkRetyped(ctx, actions, "false AND "); err != nil {
		return err
	}
	for _, step := range []func(context.Context, catalog.AlterAction) error{r.fill, r.checkNulls, r.check} {
		for _, a := range actions {
			if c, ok := a.(catalog.AddColumn); ok && c.IfNotExists && r.before.ColumnByName(columnName(c)) != nil {
				continue // IF NOT EXISTS
			}
			if err := step(ctx, a); err != nil {
				return err
			}
		}
	}
	return r.checkRetyped(ctx, actions, "")
}

// checkRetyped looks whether the converted values meet the CHECKs that name their
// columns: 23514, or that the expression does not know the new type. first stands
// before the condition: where it is false, only the expression is looked at.
func (r *rewrite) checkRetyped(ctx context.Context, actions []catalog.AlterAction, first string) error {
	for _, k := range r.before.Constraints {
		if k.Kind != catalog.CheckConstraint || dropsConstraint(actions, k.Name) {
			continue
		}
		text, named, err := retyped(understood(k.Expr, actions), actions)
		if err != nil {
			return err
		}
		if !named {
			continue
		}
		found, err := r.any(ctx, first+"NOT ("+text+")")
		if err != nil {
			return err
		}
		if found && !k.NotValid {
			return r.violated(k.Name)
		}
	}
	return nil
}

// understood is a text as the types of before have it understood.
func understood(text string, actions []catalog.AlterAction) string {
	for _, a := range actions {
		if c, ok := a.(catalog.AlterType); ok && c.Texts[text] != "" {
			text = c.Texts[text]
		}
	}
	return text
}

// retyped is an expression over the columns that hold the converted values.
func retyped(text string, actions []catalog.AlterAction) (_ string, named bool, _ error) {
	for _, a := range actions {
		c, ok := a.(catalog.AlterType)
		if !ok || c.Relabel || c.InKey {
			continue
		}
		n, err := parser.ParseExpr(text)
		if err != nil {
			return "", false, err
		}
		if renamed, ok := parser.RenameColumn(n, c.Name, catalog.InterimName(c.Name)); ok {
			text, named = renamed, true
		}
	}
	return text, named, nil
}

func dropsConstraint(actions []catalog.AlterAction, name string) bool {
	return slices.ContainsFunc(actions, func(a catalog.AlterAction) bool {
		d, ok := a.(catalog.DropConstraint)
		return ok && d.Name == name
	})
}

func (r *rewrite) violated(check string) error {
	return pgerr.New(pgerr.CheckViolation, "check constraint \"%s\" of relation \"%s\" is violated by some row", check, r.after.Name).
		WithRelation(r.after.Schema, r.after.Name, "", check)
}

// noticeExisting tells of columns that ADD COLUMN IF NOT EXISTS need not add.
func (s *Session) noticeExisting(before *catalog.Relation, actions []catalog.AlterAction, out Output) error {
	for _, a := range actions {
		c, ok := a.(catalog.AddColumn)
		if !ok || !c.IfNotExists || before.ColumnByName(columnName(c)) == nil {
			continue
		}
		if err := s.skipped(out, pgerr.DuplicateColumn, "column \"%s\" of relation \"%s\" already exists, skipping", columnName(c), before.Name); err != nil {
			return err
		}
	}
	return nil
}

// columnName is the dotted name of a column that is added.
func columnName(c catalog.AddColumn) string {
	if c.Parent == "" {
		return c.Column.Name
	}
	return c.Parent + "." + c.Column.Name
}

// fill writes a new column's default into the rows, volatile ones evaluated for
// each, and converts the values of a column whose type changes.
func (r *rewrite) fill(ctx context.Context, a catalog.AlterAction) error {
	switch c := a.(type) {
	case catalog.AddColumn:
		if c.Column.Default != "" {
			return r.set(ctx, columnName(c), c.Column.Default)
		}
		if c.Fill != "" {
			return r.set(ctx, columnName(c), c.Fill)
		}
		if c.Column.Generated != "" {
			return r.set(ctx, columnName(c), c.Column.Generated)
		}
	case catalog.AlterType:
		if c.Relabel {
			return nil
		}
		if c.InKey {
			return r.fits(ctx, c)
		}
		value := c.Using
		if value == "" {
			value = parser.QuoteIdent(c.Name)
		}
		return r.set(ctx, catalog.InterimName(c.Name), value)
	case catalog.DropConstraint:
		if c.Key {
			return r.release(ctx)
		}
	}
	return nil
}

// release writes the values of the key that rows' ids are made of into columns of
// their own.
func (r *rewrite) release(ctx context.Context) error {
	var set []string
	for _, k := range r.before.PrimaryKey().Columns {
		set = append(set, parser.QuoteIdent(catalog.InterimName(k.Name))+" = "+parser.QuoteIdent(k.Name))
	}
	_, err := r.s.internally(ctx, "UPDATE ONLY "+r.table()+" SET "+strings.Join(set, ", "))
	return err
}

// fits is 22003 or 22001 for a value of the key that the new type can't have.
func (r *rewrite) fits(ctx context.Context, c catalog.AlterType) error {
	t := r.s.catalog().Types().ByOID(c.Type)
	_, err := r.any(ctx, "("+parser.QuoteIdent(c.Name)+")::"+types.FormatType(t, c.Typmod)+" IS NULL")
	return err
}

// set assigns an expression to a column of all rows.
func (r *rewrite) set(ctx context.Context, column, value string) error {
	_, err := r.s.internally(ctx, "UPDATE ONLY "+r.table()+" SET "+parser.QuoteIdent(column)+" = ("+value+")")
	return err
}

// checkNulls is 23502 for rows without a value where there must be one.
func (r *rewrite) checkNulls(ctx context.Context, a catalog.AlterAction) error {
	name, stored := "", ""
	switch c := a.(type) {
	case catalog.AddColumn:
		if c.Column.NotNull {
			name = columnName(c)
		}
	case catalog.SetNotNull:
		if c.NotNull {
			name = c.Name
		}
	case catalog.AlterType:
		if old := r.before.ColumnByName(c.Name); old != nil && old.NotNull && !c.Relabel && !c.InKey {
			name, stored = c.Name, catalog.InterimName(c.Name)
		}
	}
	if stored == "" {
		stored = name
	}
	if name == "" {
		return nil
	}
	found, err := r.any(ctx, parser.QuoteIdent(stored)+" IS NULL")
	if err != nil || !found {
		return err
	}
	return pgerr.New(pgerr.NotNullViolation, "column \"%s\" of relation \"%s\" contains null values", name, r.after.Name).
		WithRelation(r.after.Schema, r.after.Name, name, "")
}

// check is 23514 for rows that violate a new CHECK.
func (r *rewrite) check(ctx context.Context, a catalog.AlterAction) error {
	for _, k := range newChecks(a) {
		found, err := r.any(ctx, "NOT ("+k.Expr+")")
		if err != nil {
			return err
		}
		if found {
			return r.violated(k.Name)
		}
	}
	return nil
}

func newChecks(a catalog.AlterAction) []catalog.CheckDef {
	switch c := a.(type) {
	case catalog.AddColumn:
		return c.Check
	case catalog.AddConstraint:
		if c.Kind == catalog.CheckConstraint && !c.Check.NotValid {
			return []catalog.CheckDef{c.Check}
		}
	case catalog.ValidateConstraint:
		if c.Expr != "" {
			return []catalog.CheckDef{{Name: c.Name, Expr: c.Expr}}
		}
	}
	return nil
}

// table is the relation's name as SQL.
func (r *rewrite) table() string {
	return parser.QuoteIdent(r.after.Schema) + "." + parser.QuoteIdent(r.after.Name)
}

// any says whether some row meets a condition.
func (r *rewrite) any(ctx context.Context, condition string) (bool, error) {
	n, err := r.s.internally(ctx, "SELECT 1 FROM ONLY "+r.table()+" WHERE "+condition+" LIMIT 1")
	return n > 0, err
}

// internally runs a query of the session's own in the open transaction and
// returns how many rows it gave.
func (s *Session) internally(ctx context.Context, text string) (rows int64, err error) {
	return s.internallyTo(ctx, text, unseen{})
}

// internallyTo is internally with somebody who sees the rows.
func (s *Session) internallyTo(ctx context.Context, text string, out Output) (rows int64, err error) {
	stmts, err := parser.Parse(text)
	if err != nil {
		return 0, err
	}
	p := &prepared{stmt: stmts[0], noRules: true}
	if err := s.bind(p); err != nil {
		return 0, displaced(err)
	}
	q := p.bound.(*plan.Query)
	run, err := s.ownRun(q, p.fields, nil)
	if err != nil {
		return 0, err
	}
	_, err = run.Fetch(ctx, 0, out)
	return run.rows + run.affected, displaced(firstError(err, run.Close()))
}

// displaced takes away a place in a text that the client does not have.
func displaced(err error) error {
	if e := pgerr.As(err); e != nil {
		return e.Displaced()
	}
	return err
}

// unseen drops the results of a query of the session's own.
type unseen struct{}

// Describe implements Output.
func (unseen) Describe([]Field) error { return nil }

// Rows implements Output.
func (unseen) Rows(*vec.Batch) error { return nil }

// Complete implements Output.
func (unseen) Complete(string) error { return nil }

// Empty implements Output.
func (unseen) Empty() error { return nil }

// Suspended implements Output.
func (unseen) Suspended() error { return nil }

// Notice implements Output.
func (unseen) Notice(*pgerr.Error) error { return nil }

// CopyIn implements Output.
func (unseen) CopyIn(bool, int) (CopyReader, error) {
	return nil, pgerr.Internal("COPY in a query of the session's own")
}

// CopyOut implements Output.
func (unseen) CopyOut(bool, int) (io.WriteCloser, error) {
	return nil, pgerr.Internal("COPY in a query of the session's own")
}
