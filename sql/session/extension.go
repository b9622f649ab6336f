package session

import (
	"cmp"
	"context"
	"slices"

	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/ext"
	"github.com/s3db-sql/s3db-sql/sql/parser"
	"github.com/s3db-sql/s3db-sql/sql/plan"
	"github.com/s3db-sql/s3db-sql/sql/planner/bind"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

// createExtension runs the extension's script; what it made are the members.
func (s *Session) createExtension(ctx context.Context, d *plan.CreateExtension) error {
	e := ext.Named(d.Name)
	before := map[types.OID]bool{}
	for _, o := range s.ownObjects() {
		before[o.OID] = true
	}
	if err := s.runScript(ctx, e.SQL(), d.Schema); err != nil {
		return err
	}
	made := slices.DeleteFunc(s.ownObjects(), func(o catalog.Object) bool { return before[o.OID] })
	return s.changeCatalog(s.tx.catalogTx().PutExtension(ctx, &catalog.Extension{Name: e.Name, Schema: d.Schema, Version: e.Version,
		Owner: d.Owner, Comment: e.Comment, Members: made}))
}

// ownObjects are the functions, types, operators, casts and operator classes of the
// database's own, without those that are parts of one of them.
func (s *Session) ownObjects() []catalog.Object {
	var out []catalog.Object
	r := s.catalog().Routines()
	for _, f := range r.Functions() {
		out = append(out, catalog.Object{Class: catalog.ClassProc, OID: f.OID})
	}
	for _, t := range s.catalog().Types().All() {
		if t.OID >= types.FirstNormalOID && t.Elem == 0 {
			out = append(out, catalog.Object{Class: catalog.ClassType, OID: t.OID})
		}
	}
	for _, o := range r.AllOperators() {
		out = append(out, catalog.Object{Class: catalog.ClassOperator, OID: o.OID})
	}
	for _, c := range r.Casts() {
		out = append(out, catalog.Object{Class: catalog.ClassCast, OID: c.OID})
	}
	for _, f := range r.OpClasses().Families {
		out = append(out, catalog.Object{Class: catalog.ClassOpfamily, OID: f.OID})
	}
	for _, c := range r.OpClasses().Classes {
		out = append(out, catalog.Object{Class: catalog.ClassOpclass, OID: c.OID})
	}
	return out
}

// runScript defines what a script says, as the bootstrap superuser and with names found
// in one schema. Its notices are nobody's.
func (s *Session) runScript(ctx context.Context, text, schema string) error {
	stmts, err := parser.Parse(text)
	if err != nil {
		return err
	}
	for _, stmt := range stmts {
		env := s.bindEnv(nil)
		env.SearchPath, env.User = []string{schema}, ""
		bound, err := bind.Bind(env, stmt)
		if err != nil {
			return err
		}
		if _, err := s.define(ctx, bound, unheard{}); err != nil {
			return err
		}
	}
	return nil
}

// unheard is the output of statements that nobody listens to.
type unheard struct{ unseen }

// Complete implements Output.
func (unheard) Complete(string) error { return nil }

// Notice implements Output.
func (unheard) Notice(*pgerr.Error) error { return nil }

// dropExtensions is DROP EXTENSION: 2BP01 where something beside the members uses one.
func (s *Session) dropExtensions(ctx context.Context, d *plan.DropExtension, out Output) error {
	for _, name := range d.Missing {
		if err := s.skipped(out, pgerr.UndefinedObject, "extension \"%s\" does not exist, skipping", name); err != nil {
			return err
		}
	}
	for _, e := range d.Extensions {
		what := "extension " + e.Name
		if err := s.dropAll(ctx, d.Cascade, s.extensionUsers(e), what, what, out); err != nil {
			return err
		}
		if err := s.dropMembers(ctx, e); err != nil {
			return err
		}
		if err := s.changeCatalog(s.tx.catalogTx().DropExtension(ctx, e.OID)); err != nil {
			return err
		}
	}
	return nil
}

func (s *Session) extensionsIn(schema string) (out []*catalog.Extension) {
	for _, e := range s.catalog().Routines().Extensions() {
		if e.Schema == schema {
			out = append(out, e)
		}
	}
	return out
}

// dropSchemaExtensions drops the extensions whose objects are in a schema that goes.
func (s *Session) dropSchemaExtensions(ctx context.Context, schema string) error {
	for _, e := range s.extensionsIn(schema) {
		if err := s.dropExtensions(ctx, &plan.DropExtension{Extensions: []*catalog.Extension{e}, Cascade: true}, unheard{}); err != nil {
			return err
		}
	}
	return nil
}

// extensionUsers are what uses a member and is none.
func (s *Session) extensionUsers(e *catalog.Extension) []dependent {
	objects, ts := s.membersOf(e)
	own := map[string]bool{}
	for _, o := range objects {
		own[o.Description] = true
	}
	for _, t := range ts {
		own["type "+t.SQLName()] = true
	}
	var users []dependent
	add := func(deps []dependent, on string) {
		for _, dep := range deps {
			if !own[dep.text] {
				dep.on = cmp.Or(dep.on, on)
				users = append(users, dep)
			}
		}
	}
	for _, t := range ts {
		add(s.typeDependents(t, nil), "type "+t.SQLName())
	}
	for _, o := range objects {
		add(s.routineUsers(o, objects), o.Description)
	}
	return users
}

// membersOf are the members that are still there: routines and their kin, and types.
func (s *Session) membersOf(e *catalog.Extension) (objects []plan.RoutineObject, ts []*types.Type) {
	r, env := s.catalog().Routines(), s.bindEnv(nil)
	for _, f := range r.Functions() {
		if e.Has(f.OID) {
			objects = append(objects, plan.RoutineObject{OID: f.OID, Class: plan.FunctionObject, Description: bind.DescribeFunction(env, f)})
		}
	}
	for _, o := range r.AllOperators() {
		if e.Has(o.OID) {
			objects = append(objects, plan.RoutineObject{OID: o.OID, Class: plan.OperatorObject, Description: bind.DescribeOperator(env, o)})
		}
	}
	for _, c := range r.Casts() {
		if e.Has(c.OID) {
			objects = append(objects, plan.RoutineObject{OID: c.OID, Class: plan.CastObject, Description: bind.DescribeCast(env, c)})
		}
	}
	for _, c := range r.OpClasses().Classes {
		if e.Has(c.OID) {
			objects = append(objects, plan.RoutineObject{OID: c.OID, Class: plan.OpClassObject, Description: bind.DescribeOpClass(c)})
		}
	}
	for _, f := range r.OpClasses().Families {
		if e.Has(f.OID) {
			objects = append(objects, plan.RoutineObject{OID: f.OID, Class: plan.OpFamilyObject, Description: bind.DescribeOpFamily(f)})
		}
	}
	for _, t := range s.catalog().Types().All() {
		if e.Has(t.OID) {
			ts = append(ts, t)
		}
	}
	return objects, ts
}

// dropMembers drops those first that others are made of last.
func (s *Session) dropMembers(ctx context.Context, e *catalog.Extension) error {
	objects, ts := s.membersOf(e)
	order := []plan.RoutineClass{plan.OpClassObject, plan.OpFamilyObject, plan.CastObject, plan.OperatorObject}
	for _, class := range order {
		if err := s.dropRoutinesOf(ctx, objects, class); err != nil {
			return err
		}
	}
	for _, t := range ts {
		if err := s.dropType(ctx, t.OID); err != nil {
			return err
		}
	}
	return s.dropRoutinesOf(ctx, objects, plan.FunctionObject)
}

func (s *Session) dropRoutinesOf(ctx context.Context, objects []plan.RoutineObject, class plan.RoutineClass) error {
	for _, o := range objects {
		if o.Class != class {
			continue
		}
		if err := s.dropRoutine(ctx, o); err != nil {
			return err
		}
	}
	return nil
}

// notMember is 2BP01 for a member of an extension, which is dropped with that alone.
func (s *Session) notMember(oid types.OID, what string) error {
	e := s.catalog().Routines().ExtensionOf(oid)
	if e == nil {
		return nil
	}
	return pgerr.New(pgerr.DependentObjectsStillExist, "cannot drop %s because extension %s requires it", what, e.Name).
		WithHint("You can drop extension %s instead.", e.Name)
}
