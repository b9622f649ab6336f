package session

import (
	"cmp"
	"context"
	"slices"

	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/parser"
	"github.com/s3db-sql/s3db-sql/sql/plan"
	"github.com/s3db-sql/s3db-sql/sql/planner/bind"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

func createTypeTag(d *plan.CreateType) string {
	if d.Def.Kind == 'd' {
		return "CREATE DOMAIN"
	}
	return "CREATE TYPE"
}

func (s *Session) createType(ctx context.Context, d *plan.CreateType, out Output) error {
	for _, n := range d.Notices {
		if err := s.notice(out, n); err != nil {
			return err
		}
	}
	if _, err := s.tx.catalogTx().CreateType(ctx, d.Def); err != nil {
		return err
	}
	s.tx.changed()
	return nil
}

func (s *Session) alterType(ctx context.Context, d *plan.AlterType, out Output) error {
	if d.Skipped != nil {
		if err := s.notice(out, d.Skipped); err != nil {
			return err
		}
	}
	if len(d.Actions) == 0 {
		return nil
	}
	t := s.catalog().Types().ByOID(d.Type)
	for _, a := range d.Actions {
		if err := s.prepareType(ctx, t, a); err != nil {
			return err
		}
	}
	var before map[string]error
	alter := func() error {
		return s.restating(t, d.Actions, func() error { return s.changeCatalog(s.tx.catalogTx().AlterType(ctx, d.Type, d.Actions)) })
	}
	if slices.ContainsFunc(d.Actions, renames) {
		before = s.unbound()
		if err := s.following(ctx, alter); err != nil {
			return err
		}
	} else if err := alter(); err != nil {
		return err
	}
	for _, table := range d.Tables {
		if err := s.alterMember(ctx, table, nil, nil, out); err != nil {
			return err
		}
	}
	for _, a := range d.Actions {
		if !renames(a) {
			continue
		}
		if err := s.checkTexts(before, t, a); err != nil {
			return err
		}
	}
	return nil
}

// restating has the rows that wait for COMMIT follow a change of an enum's labels.
func (s *Session) restating(t *types.Type, actions []catalog.TypeAction, change func() error) error {
	renamed := slices.ContainsFunc(actions, func(a catalog.TypeAction) bool { _, ok := a.(catalog.RenameLabel); return ok })
	users := map[types.OID]map[int16]*types.Type{}
	if renamed {
		_ = s.eachUse(t, func(rel *catalog.Relation, c *catalog.Column) error {
			if users[rel.OID] == nil {
				users[rel.OID] = map[int16]*types.Type{}
			}
			users[rel.OID][c.Num] = c.Type
			return nil
		})
	}
	if err := change(); err != nil {
		return err
	}
	for oid, columns := range users {
		err := s.tx.writes.Restate(oid, func(num int16, v any) any {
			if columns[num] == nil {
				return v
			}
			return types.Relabelled(v, columns[num], s.catalog().Types().ByOID)
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// prepareType checks the rows that hold values of a type against what it is to
// become.
func (s *Session) prepareType(ctx context.Context, t *types.Type, a catalog.TypeAction) error {
	switch a := a.(type) {
	case catalog.SetDomainNotNull:
		if a.NotNull {
			return s.validateDomain(ctx, t, "value IS NULL", pgerr.NotNullViolation, "contains null values")
		}
	case catalog.AddDomainCheck:
		if !a.NotValid {
			return s.validateCheck(ctx, t, a.Check.Expr)
		}
	case catalog.ValidateDomainCheck:
		for _, k := range t.Domain.Checks {
			if k.Name == a.Name {
				return s.validateCheck(ctx, t, k.Expr)
			}
		}
	case catalog.RetypeAttribute:
		return s.checkUnused(t)
	}
	return nil
}

func (s *Session) validateCheck(ctx context.Context, t *types.Type, expr string) error {
	return s.validateDomain(ctx, t, "NOT ("+expr+")", pgerr.CheckViolation, "contains values that violate the new constraint")
}

// validateDomain looks for values of a domain that meet a condition over VALUE
// (validateDomainConstraint).
func (s *Session) validateDomain(ctx context.Context, t *types.Type, condition string, code pgerr.Code, complaint string) error {
	err := s.eachUse(t, func(rel *catalog.Relation, c *catalog.Column) error {
		if isOver(c.Type, t) {
			return nil
		}
		return pgerr.New(pgerr.FeatureNotSupported, "cannot alter type \"%s\" because column \"%s.%s\" uses it", t.Name, rel.Name, c.Name)
	})
	if err != nil {
		return err
	}
	return s.eachUse(t, func(rel *catalog.Relation, c *catalog.Column) error {
		from := parser.QuoteIdent(rel.Schema) + "." + parser.QuoteIdent(rel.Name)
		n, err := s.internally(ctx, "SELECT 1 FROM (SELECT "+parser.QuoteIdent(c.Name)+" AS value FROM "+from+") v WHERE "+condition+" LIMIT 1")
		if err != nil || n == 0 {
			return err
		}
		return pgerr.New(code, "column \"%s\" of table \"%s\" %s", c.Name, rel.Name, complaint).
			WithRelation(rel.Schema, rel.Name, c.Name, "")
	})
}

// isOver says whether t is the domain, or a domain over it.
func isOver(t, domain *types.Type) bool {
	for t.OID != domain.OID {
		if t.Domain == nil {
			return false
		}
		t = t.Domain.Base
	}
	return true
}

// checkRowType is find_composite_type_dependencies for a table whose rows an
// action rewrites: 0A000 where columns of other tables hold such rows.
func (s *Session) checkRowType(rel *catalog.Relation, actions []catalog.AlterAction) error {
	rewrites := slices.ContainsFunc(actions, func(a catalog.AlterAction) bool {
		switch c := a.(type) {
		case catalog.AddColumn:
			return c.Column.Default != "" || c.Fill != ""
		case catalog.AlterType:
			return true
		}
		return false
	})
	t := s.catalog().Types().ByOID(rel.Type)
	if !rewrites || t == nil {
		return nil
	}
	return s.eachUse(t, func(user *catalog.Relation, c *catalog.Column) error {
		return pgerr.New(pgerr.FeatureNotSupported, "cannot alter table \"%s\" because column \"%s.%s\" uses its row type", rel.Name, user.Name, c.Name)
	})
}

// checkUnused is find_composite_type_dependencies: 0A000.
func (s *Session) checkUnused(t *types.Type) error {
	return s.eachUse(t, func(rel *catalog.Relation, c *catalog.Column) error {
		return pgerr.New(pgerr.FeatureNotSupported, "cannot alter type \"%s\" because column \"%s.%s\" uses it", t.Name, rel.Name, c.Name)
	})
}

// eachUse calls f for the columns of tables whose values hold values of a type.
func (s *Session) eachUse(t *types.Type, f func(*catalog.Relation, *catalog.Column) error) error {
	for _, rel := range s.catalog().Relations() {
		if rel.Resource == nil {
			continue
		}
		for _, c := range rel.Columns {
			if c.Num < 1 || !s.contains(c.Type, t) {
				continue
			}
			if err := f(rel, c); err != nil {
				return err
			}
		}
	}
	return nil
}

// contains says whether values of whole hold values of part.
func (s *Session) contains(whole, part *types.Type) bool {
	switch {
	case whole.OID == part.OID:
		return true
	case whole.OID < types.FirstNormalOID:
		return false
	case whole.Domain != nil:
		return s.contains(whole.Domain.Base, part)
	case whole.ElemType() != nil:
		return s.contains(whole.ElemType(), part)
	case whole.Range != nil:
		return s.contains(whole.Range.Subtype, part)
	}
	return slices.ContainsFunc(whole.Columns, func(c types.Column) bool { return s.contains(c.Type, part) })
}

// schemaTypes are the types that were created in a schema.
func (s *Session) schemaTypes(schema string) []*types.Type {
	return slices.DeleteFunc(s.catalog().Types().All(), func(t *types.Type) bool {
		return t.Namespace != schema || t.OID < types.FirstNormalOID || t.ElemType() != nil || t.Kind == 'm'
	})
}

func (s *Session) dropType(ctx context.Context, oid types.OID) error {
	if s.catalog().Types().ByOID(oid) == nil {
		return nil // dropped with another one
	}
	if err := s.tx.catalogTx().DropType(ctx, oid); err != nil {
		return err
	}
	s.tx.changed()
	return nil
}

// dropTypeDependents deals with what uses a type that is dropped: CASCADE drops
// it too, otherwise it is 2BP01. Types that the same statement drops don't count.
func (s *Session) dropTypeDependents(ctx context.Context, d *plan.Drop, t *types.Type, out Output) error {
	if t == nil {
		return nil
	}
	deps := s.typeDependents(t, d.Objects)
	return s.dropAll(ctx, d.Cascade, deps, "type "+t.SQLName(), "type "+t.SQLName(), out)
}

// dropRowTypeUses deals with what uses the row type of a table or view.
func (s *Session) dropRowTypeUses(ctx context.Context, d *plan.Drop, rel *catalog.Relation, out Output) error {
	t := s.catalog().Types().ByOID(rel.Type)
	if t == nil {
		return nil
	}
	deps := s.typeDependents(t, append(slices.Clip(d.Objects), plan.DropObject{OID: rel.OID}))
	return s.dropAll(ctx, d.Cascade, deps, s.described(rel), "type "+t.SQLName(), out)
}

// typeDependents are the columns, attributes, domains, views, functions,
// operators and casts that use a type or its array type.
func (s *Session) typeDependents(t *types.Type, dropped []plan.DropObject) []dependent {
	family := typeFamily(t)
	uses := func(u *types.Type) bool { return u != nil && slices.Contains(family, u.OID) }
	var deps []dependent
	gone := func(oid types.OID) bool {
		return slices.ContainsFunc(dropped, func(o plan.DropObject) bool { return o.OID == oid })
	}
	for _, u := range s.catalog().Types().All() {
		if u.OID < types.FirstNormalOID || gone(u.OID) {
			continue
		}
		if u.Domain != nil && uses(u.Domain.Base) || u.Kind == 'r' && uses(u.Range.Subtype) {
			deps = append(deps, s.dependentType(u)...)
		}
		for _, c := range u.Columns {
			if uses(c.Type) {
				deps = append(deps, s.dependentAttribute(u, c))
			}
		}
	}
	for _, rel := range s.catalog().Relations() {
		if rel.OfType == t.OID && !gone(rel.OID) {
			deps = append(deps, s.dependentView(rel))
			continue
		}
		if rel.IsTable() && !rel.Virtual && !gone(rel.OID) {
			deps = append(deps, s.dependentColumns(rel, uses)...)
		}
	}
	deps = append(deps, s.dependentViews(t, uses, gone)...)
	deps = append(s.typeOpClasses(t), deps...)
	if t.Shell || t.BaseDef != nil { // its functions were there before it
		return append(s.typeRoutines(t), deps...)
	}
	return append(deps, s.typeRoutines(t)...)
}

// typeFamily are a type's oid and those of the types that go with it: its array, a
// range's multirange.
func typeFamily(t *types.Type) []types.OID {
	family := []types.OID{t.OID, t.Array}
	if t.Kind == 'r' {
		family = append(family, t.Range.Multirange.OID, t.Range.Multirange.Array)
	}
	return family
}

// typeRoutines are the casts, functions and operators that take, return or, in an
// SQL-standard body, name a type, with what uses those.
func (s *Session) typeRoutines(t *types.Type) []dependent {
	var deps []dependent
	var direct []plan.RoutineObject
	seen := map[types.OID]bool{}
	for _, used := range []struct {
		oid  types.OID
		name string
	}{{t.Array, "type " + t.SQLName() + "[]"}, {t.OID, "type " + t.SQLName()}} {
		if used.oid == 0 {
			continue
		}
		for _, o := range s.routinesWith(used.oid) {
			if !seen[o.OID] {
				seen[o.OID], direct = true, append(direct, o)
				deps = append(deps, s.dependentRoutine(o, used.name))
			}
		}
	}
	for _, o := range direct {
		deps = append(deps, s.routineDependents(o, seen)...)
	}
	return deps
}

// routinesWith lists the routines that have to do with a type, its own functions
// first.
func (s *Session) routinesWith(oid types.OID) []plan.RoutineObject {
	var out []plan.RoutineObject
	env, r := s.bindEnv(nil), s.catalog().Routines()
	for _, f := range s.ownProcsFirst(oid, r.Functions()) {
		if f.Of == 0 && slices.Contains(s.functionTypes(f), oid) {
			out = append(out, plan.RoutineObject{OID: f.OID, Description: bind.DescribeFunction(env, f)})
		}
	}
	for _, op := range r.AllOperators() {
		if op.Left == oid || op.Right == oid || op.Result == oid {
			out = append(out, plan.RoutineObject{OID: op.OID, Class: plan.OperatorObject, Description: bind.DescribeOperator(env, op)})
		}
	}
	for _, c := range r.Casts() {
		if f := r.Function(c.Func); (f == nil || f.Of == 0) && (c.From == oid || c.To == oid) {
			out = append(out, plan.RoutineObject{OID: c.OID, Class: plan.CastObject, Description: bind.DescribeCast(env, c)})
		}
	}
	return out
}

// ownProcsFirst puts the functions that a base type is made of before others.
func (s *Session) ownProcsFirst(oid types.OID, fs []*catalog.Function) []*catalog.Function {
	t := s.catalog().Types().ByOID(oid)
	if t == nil || t.BaseDef == nil {
		return fs
	}
	rank := func(f *catalog.Function) int {
		if i := slices.Index(t.BaseDef.Procs.List(), f.OID); i >= 0 {
			return i
		}
		return len(fs) + 1
	}
	fs = slices.Clone(fs)
	slices.SortStableFunc(fs, func(a, b *catalog.Function) int { return cmp.Compare(rank(a), rank(b)) })
	return fs
}

// functionTypes are the types of a function's parameters and result, and those
// that its SQL-standard body names.
func (s *Session) functionTypes(f *catalog.Function) []types.OID {
	oids := []types.OID{f.Result}
	for _, p := range f.Params {
		oids = append(oids, p.Type)
	}
	if f.Aggregate != nil {
		oids = append(oids, f.Aggregate.State, f.Aggregate.MovingState)
	}
	for _, text := range f.Body {
		if named, err := bind.Types(s.bindEnv(nil), text); err == nil {
			oids = append(oids, named...)
		}
	}
	return oids
}

func (s *Session) dependentRoutine(o plan.RoutineObject, on string) dependent {
	return dependent{text: o.Description, oid: o.OID, on: on, drop: func(ctx context.Context) error { return s.dropRoutine(ctx, o) }}
}

// routineDependents is what uses a routine, directly or not, but for what was
// seen.
func (s *Session) routineDependents(o plan.RoutineObject, seen map[types.OID]bool) []dependent {
	if o.Class != plan.FunctionObject {
		return nil
	}
	var deps []dependent
	for _, u := range s.functionUsers(o.OID) {
		if !seen[u.OID] {
			seen[u.OID] = true
			deps = append(deps, s.dependentRoutine(u, o.Description))
			deps = append(deps, s.routineDependents(u, seen)...)
		}
	}
	for _, u := range s.relationUsers(o.OID) {
		u.on = o.Description
		deps = append(deps, u)
	}
	return deps
}

// dependentType is a domain over the type, with what depends on the domain.
func (s *Session) dependentType(u *types.Type) []dependent {
	deps := s.typeDependents(u, nil)
	return append(deps, dependent{text: "type " + u.SQLName(), drop: func(ctx context.Context) error { return s.dropType(ctx, u.OID) }})
}

func (s *Session) dependentAttribute(u *types.Type, c types.Column) dependent {
	return dependent{text: "column " + c.Name + " of composite type " + u.SQLName(), drop: func(ctx context.Context) error {
		if err := s.tx.catalogTx().AlterType(ctx, u.OID, []catalog.TypeAction{catalog.DropAttribute{Name: c.Name}}); err != nil {
			return err
		}
		s.tx.changed()
		return nil
	}}
}

func (s *Session) dependentColumns(rel *catalog.Relation, uses func(*types.Type) bool) []dependent {
	switch {
	case s.goesAbove(rel, uses):
		return nil
	case s.keyUses(rel, uses):
		return []dependent{s.dependentView(rel)}
	}
	var deps []dependent
	for _, c := range slices.Backward(rel.Columns) {
		if c.Num >= 1 && uses(c.Type) {
			deps = append(deps, s.dependentColumn(rel, c))
		}
	}
	return deps
}

// keyUses says whether the key of a partitioned table has a type, of a column or in an
// expression: the table can't be without it.
func (s *Session) keyUses(rel *catalog.Relation, uses func(*types.Type) bool) bool {
	if rel.Partitioning == nil {
		return false
	}
	return slices.ContainsFunc(rel.Columns, func(c *catalog.Column) bool {
		return uses(c.Type) && bind.InPartitionKey(rel, c.Name)
	})
}

// goesAbove says whether a partition goes with its table, whose key has the type.
func (s *Session) goesAbove(rel *catalog.Relation, uses func(*types.Type) bool) bool {
	return rel.Bound != nil && slices.ContainsFunc(rel.Parents, func(oid types.OID) bool {
		parent := s.catalog().RelationByOID(oid)
		return parent != nil && (s.keyUses(parent, uses) || s.goesAbove(parent, uses))
	})
}

func (s *Session) dependentColumn(rel *catalog.Relation, c *catalog.Column) dependent {
	return dependent{text: s.describedColumn(rel, c.Name), drop: func(ctx context.Context) error {
		if s.catalog().RelationByOID(rel.OID) == nil {
			return nil // it went with an operator class
		}
		return s.alterTable(ctx, &plan.AlterTable{Relation: rel.OID, Name: rel.Name,
			Actions: []catalog.AlterAction{catalog.DropColumn{Name: c.Name, Cascade: true}}}, nil)
	}}
}

func (s *Session) dependentViews(t *types.Type, uses func(*types.Type) bool, gone func(types.OID) bool) []dependent {
	var deps []dependent
	for _, rel := range s.catalog().Relations() {
		if rel.Kind != catalog.View || rel.Virtual || gone(rel.OID) || !s.viewUses(rel, t, uses) {
			continue
		}
		deps = append(deps, s.dependentView(rel))
	}
	return deps
}

// viewUses says whether a view has a column of the type, or names it.
func (s *Session) viewUses(view *catalog.Relation, t *types.Type, uses func(*types.Type) bool) bool {
	if slices.ContainsFunc(view.Columns, func(c *catalog.Column) bool { return uses(c.Type) }) {
		return true
	}
	named, err := bind.Types(s.bindEnv(nil), view.Definition)
	return err == nil && (slices.Contains(named, t.OID) || slices.Contains(named, t.Array))
}
