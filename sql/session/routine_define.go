package session

import (
	"cmp"
	"context"
	"slices"

	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/plan"
	"github.com/s3db-sql/s3db-sql/sql/planner/bind"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

// changeCatalog tells the transaction that its catalog changed, unless err.
func (s *Session) changeCatalog(err error) error {
	if err == nil {
		s.tx.changed()
	}
	return err
}

// createFunction is CREATE and ALTER FUNCTION.
func (s *Session) createFunction(ctx context.Context, d *plan.CreateFunction, out Output) error {
	for _, n := range d.Notices {
		if err := s.notice(out, n); err != nil {
			return err
		}
	}
	if err := s.makeShell(ctx, d); err != nil {
		return err
	}
	if err := s.putFunction(ctx, d.Function); err != nil {
		return err
	}
	return s.validateRoutine(ctx, d.Function, d.BodyAt)
}

// makeShell makes the shell type that a function is to return.
func (s *Session) makeShell(ctx context.Context, d *plan.CreateFunction) error {
	if d.Shell == nil {
		return nil
	}
	t, err := s.tx.catalogTx().CreateType(ctx, d.Shell)
	if err == nil {
		d.Function.Result = t.OID
	}
	return s.changeCatalog(err)
}

// putFunction stores a function that CREATE or ALTER made.
func (s *Session) putFunction(ctx context.Context, f *catalog.Function) error {
	put := func() error { return s.changeCatalog(s.tx.catalogTx().PutFunction(ctx, f)) }
	if old := s.catalog().Routines().Function(f.OID); old != nil && (old.Name != f.Name || old.Schema != f.Schema) {
		return s.following(ctx, put)
	}
	return put()
}

// putOperator stores an operator and has its commutator and negator point back.
func (s *Session) putOperator(ctx context.Context, d *plan.CreateOperator) error {
	tx := s.tx.catalogTx()
	put := func() error { return s.changeCatalog(tx.PutOperator(ctx, d.Operator)) }
	if old := s.catalog().Routines().Operator(d.Operator.OID); old != nil && old.Schema != d.Operator.Schema {
		return s.following(ctx, put)
	}
	if err := put(); err != nil {
		return err
	}
	made := slices.IndexFunc(tx.Routines().Operators(d.Operator.Name), func(o *catalog.Operator) bool {
		return o.Signature() == d.Operator.Signature()
	})
	oid := tx.Routines().Operators(d.Operator.Name)[made].OID
	if d.SelfCommutator {
		c := *d.Operator
		c.OID, c.Commutator = oid, oid
		if err := tx.PutOperator(ctx, &c); err != nil {
			return err
		}
	}
	if c := d.Commutator; c != nil {
		c.Commutator = oid
		if err := tx.PutOperator(ctx, c); err != nil {
			return err
		}
	}
	if n := d.Negator; n != nil {
		n.Negator = oid
		if err := tx.PutOperator(ctx, n); err != nil {
			return err
		}
	}
	return s.changeCatalog(nil)
}

// dropRoutines is DROP FUNCTION and its kin: 2BP01 where something uses one.
func (s *Session) dropRoutines(ctx context.Context, d *plan.DropRoutines, out Output) error {
	for _, notice := range d.Missing {
		if err := s.skipped(out, pgerr.UndefinedFunction, "%s", notice); err != nil {
			return err
		}
	}
	for _, o := range d.Objects {
		if err := s.notMember(o.OID, o.Description); err != nil {
			return err
		}
		if err := s.dropRoutineUsers(ctx, o, d, out); err != nil {
			return err
		}
		if err := s.dropRoutine(ctx, o); err != nil {
			return err
		}
	}
	return nil
}

func (s *Session) dropRoutine(ctx context.Context, o plan.RoutineObject) error {
	tx := s.tx.catalogTx()
	switch o.Class {
	case plan.OperatorObject:
		return s.changeCatalog(tx.DropOperator(ctx, o.OID))
	case plan.CastObject:
		return s.changeCatalog(tx.DropCast(ctx, o.OID))
	case plan.CollationObject:
		return s.changeCatalog(tx.DropCollation(ctx, o.OID))
	case plan.OpClassObject, plan.OpFamilyObject:
		return s.dropOpClass(ctx, o)
	}
	return s.changeCatalog(tx.DropFunction(ctx, o.OID))
}

// dropRoutineUsers drops what uses o with CASCADE, and refuses otherwise.
func (s *Session) dropRoutineUsers(ctx context.Context, o plan.RoutineObject, d *plan.DropRoutines, out Output) error {
	return s.dropAll(ctx, d.Cascade, s.routineUsers(o, d.Objects), o.Description, o.Description, out)
}

// routineUsers lists what uses o and is not dropped by the same statement.
func (s *Session) routineUsers(o plan.RoutineObject, dropped []plan.RoutineObject) []dependent {
	switch o.Class {
	case plan.FunctionObject:
	case plan.CollationObject:
		return s.collationUsers(o.OID)
	case plan.OpClassObject:
		return s.opClassUsers(o.OID)
	case plan.OpFamilyObject:
		return s.opFamilyUsers(o.OID)
	default:
		return nil
	}
	var users []dependent
	going := func(oid types.OID) bool {
		return slices.ContainsFunc(dropped, func(d plan.RoutineObject) bool { return d.OID == oid })
	}
	for _, u := range s.functionUsers(o.OID) {
		if !going(u.OID) {
			users = append(users, dependent{text: u.Description, drop: func(ctx context.Context) error { return s.dropRoutine(ctx, u) }})
		}
	}
	users = append(users, s.typeUsers(o, going)...)
	users = append(users, s.memberUsers(o.OID)...)
	return append(users, s.relationUsers(o.OID)...)
}

// typeUsers are the base types that read or write their values by a function, with
// what depends on those.
func (s *Session) typeUsers(o plan.RoutineObject, going func(types.OID) bool) []dependent {
	var users []dependent
	for _, t := range s.catalog().Types().All() {
		if t.BaseDef == nil || !slices.Contains(t.BaseDef.Procs.List(), o.OID) {
			continue
		}
		name := "type " + t.SQLName()
		users = append(users, dependent{text: name, late: true, drop: func(ctx context.Context) error { return s.dropType(ctx, t.OID) }})
		for _, dep := range s.typeDependents(t, nil) {
			if dep.oid != o.OID && !going(dep.oid) {
				dep.on = cmp.Or(dep.on, name)
				users = append(users, dep)
			}
		}
	}
	return users
}

// relationUsers lists the views, defaults, CHECKs and triggers that call a
// function.
func (s *Session) relationUsers(oid types.OID) []dependent {
	var users []dependent
	for _, v := range s.viewsUsing(oid) {
		users = append(users, s.dependentView(v))
	}
	for _, rel := range s.catalog().Relations() {
		users = append(users, s.columnUsers(rel, oid)...)
		users = append(users, s.triggerUsers(rel, oid)...)
	}
	users = append(users, s.rulesOver(&catalog.Relation{OID: oid}, nil)...)
	return append(users, s.domainUsers(oid)...)
}

// domainUsers are the CHECKs of domains that call a function.
func (s *Session) domainUsers(oid types.OID) []dependent {
	var users []dependent
	for _, t := range s.catalog().Types().All() {
		if t.OID < types.FirstNormalOID || t.Domain == nil {
			continue
		}
		for _, k := range t.Domain.Checks {
			found, err := bind.DomainCheckUses(s.bindEnv(nil), t.Domain, k)
			if err != nil || !slices.Contains(found, oid) {
				continue
			}
			users = append(users, dependent{text: "constraint " + k.Name, drop: func(ctx context.Context) error {
				if s.catalog().Types().ByOID(t.OID) == nil {
					return nil
				}
				return s.changeCatalog(s.tx.catalogTx().AlterType(ctx, t.OID, []catalog.TypeAction{catalog.DropDomainCheck{Name: k.Name}}))
			}})
		}
	}
	return users
}

// functionUsers are the operators, casts, aggregates, and functions with an
// SQL-standard body that use a function.
func (s *Session) functionUsers(oid types.OID) []plan.RoutineObject {
	var out []plan.RoutineObject
	r := s.catalog().Routines()
	for _, op := range r.AllOperators() {
		if op.Func == oid || op.Restrict == oid || op.Join == oid {
			out = append(out, plan.RoutineObject{OID: op.OID, Class: plan.OperatorObject, Description: bind.DescribeOperator(s.bindEnv(nil), op)})
		}
	}
	for _, c := range r.Casts() {
		if c.Func == oid {
			out = append(out, plan.RoutineObject{OID: c.OID, Class: plan.CastObject, Description: bind.DescribeCast(s.bindEnv(nil), c)})
		}
	}
	for _, f := range r.Functions() {
		if f.OID != oid && s.functionUses(f, oid) {
			out = append(out, plan.RoutineObject{OID: f.OID, Description: bind.DescribeFunction(s.bindEnv(nil), f)})
		}
	}
	return out
}

func (s *Session) functionUses(f *catalog.Function, oid types.OID) bool {
	if a := f.Aggregate; a != nil {
		return slices.Contains([]types.OID{a.Transition, a.Final, a.Combine, a.MovingTransition, a.MovingInverse, a.MovingFinal}, oid)
	}
	uses, err := bind.RoutineUses(s.bindEnv(nil), f)
	return err == nil && slices.Contains(uses, oid)
}

// viewsUsing lists the views whose query calls a function.
func (s *Session) viewsUsing(oid types.OID) []*catalog.Relation {
	return s.viewsOver(&catalog.Relation{OID: oid}, nil)
}

// columnUsers are the columns, defaults and CHECKs of a table that call a function: the
// table itself, where the key of its partitions does.
func (s *Session) columnUsers(rel *catalog.Relation, oid types.OID) []dependent {
	var users []dependent
	if rel.Virtual || !rel.IsTable() {
		return nil
	}
	uses := func(text string) bool {
		found, err := bind.ExprUses(s.bindEnv(nil), text, rel)
		return err == nil && slices.Contains(found, oid)
	}
	if p := rel.Partitioning; p != nil && slices.ContainsFunc(p.Keys, func(k catalog.PartitionKey) bool { return k.Hash == oid || k.Expr != "" && uses(k.Expr) }) {
		return []dependent{s.dependentView(rel)}
	}
	for _, c := range rel.Columns {
		if c.Default == "" || !uses(c.Default) {
			continue
		}
		if c.Generated != 0 {
			users = append(users, s.dependentColumn(rel, c))
		} else {
			users = append(users, dependent{text: s.describedDefault(rel, c.Name), drop: func(ctx context.Context) error {
				return s.dropDefault(ctx, rel.OID, c.Name)
			}})
		}
	}
	for _, k := range rel.Constraints {
		if k.Kind == catalog.CheckConstraint && uses(k.Expr) {
			users = append(users, dependent{text: s.describedPart("constraint", k.Name, rel), drop: func(ctx context.Context) error {
				return s.dropConstraint(ctx, rel.OID, k.Name)
			}})
		}
	}
	return users
}

// dropDefault takes a column's default away, unless the column went before it.
func (s *Session) dropDefault(ctx context.Context, table types.OID, column string) error {
	rel := s.catalog().RelationByOID(table)
	if rel == nil || !slices.ContainsFunc(rel.Columns, func(c *catalog.Column) bool { return c.Name == column }) {
		return nil
	}
	_, err := s.tx.catalogTx().AlterTable(ctx, table, []catalog.AlterAction{catalog.SetDefault{Name: column}})
	return s.changeCatalog(err)
}

// dropConstraint drops a constraint, unless it went with a column.
func (s *Session) dropConstraint(ctx context.Context, table types.OID, name string) error {
	rel := s.catalog().RelationByOID(table)
	if rel == nil || !slices.ContainsFunc(rel.Constraints, func(c *catalog.Constraint) bool { return c.Name == name }) {
		return nil
	}
	_, err := s.tx.catalogTx().AlterTable(ctx, table, []catalog.AlterAction{catalog.DropConstraint{Name: name}})
	return s.changeCatalog(err)
}

// routinesOf lists the functions and operators of a schema.
func (s *Session) routinesOf(schema string) []plan.RoutineObject {
	var out []plan.RoutineObject
	for _, f := range s.catalog().Routines().Functions() {
		if f.Schema == schema {
			out = append(out, plan.RoutineObject{OID: f.OID, Description: bind.DescribeFunction(s.bindEnv(nil), f)})
		}
	}
	for _, o := range s.catalog().Routines().AllOperators() {
		if o.Schema == schema {
			out = append(out, plan.RoutineObject{OID: o.OID, Class: plan.OperatorObject, Description: bind.DescribeOperator(s.bindEnv(nil), o)})
		}
	}
	return append(out, s.opClassesOf(schema)...)
}

// warn sends the warnings about options that are not known.
func (s *Session) warn(out Output, warnings []string) error {
	for _, w := range warnings {
		if err := s.notice(out, pgerr.Notice(pgerr.SeverityWarning, pgerr.SyntaxError, "%s", w)); err != nil {
			return err
		}
	}
	return nil
}
