package session

import (
	"context"
	"slices"
	"strings"

	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/parser"
	"github.com/s3db-sql/s3db-sql/sql/plan"
	"github.com/s3db-sql/s3db-sql/sql/planner/bind"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

var relationNouns = map[catalog.RelKind]string{catalog.Table: "table", catalog.View: "view", catalog.MaterializedView: "materialized view", catalog.Sequence: "sequence"}

// dropDependents deals with the views that read a relation that is dropped:
// CASCADE drops them too, otherwise they are 2BP01. Views that are dropped by the
// same statement do not count.
func (s *Session) dropDependents(ctx context.Context, d *plan.Drop, o plan.DropObject, out Output) error {
	if d.Kind == plan.DropType || d.Kind == plan.DropDomain {
		return s.dropTypeDependents(ctx, d, s.catalog().Types().ByOID(o.OID), out)
	}
	rel := s.catalog().RelationByOID(o.OID)
	if d.Kind == plan.DropSequence {
		return s.dropSequenceUses(ctx, rel, d.Cascade, out)
	}
	if rel == nil || !dropsRelation[d.Kind] {
		return nil
	}
	if err := s.dropRowTypeUses(ctx, d, rel, out); err != nil {
		return err
	}
	if fks := s.foreignKeysFrom(rel, d.Objects); d.Kind == plan.DropTable && len(fks) > 0 {
		what := "table " + parser.QuoteIdent(rel.Name)
		if err := s.dropForeign(ctx, fks, what, what, d.Cascade, out); err != nil {
			return err
		}
	}
	views, bodies := s.viewsOver(rel, d.Objects), s.bodiesOver(rel.OID)
	if len(views)+len(bodies) == 0 {
		return nil
	}
	if !d.Cascade {
		return dependentsExist(rel, views, bodies)
	}
	for _, f := range bodies {
		if err := s.skipped(out, pgerr.SuccessfulCompletion, "drop cascades to %s", f.Description); err != nil {
			return err
		}
		if err := s.dropRoutine(ctx, f); err != nil {
			return err
		}
	}
	if len(views) > 0 {
		if err := s.notice(out, cascades(views)); err != nil {
			return err
		}
	}
	for _, v := range views {
		if err := s.dropRelation(ctx, v.OID); err != nil {
			return err
		}
	}
	return nil
}

var dropsRelation = map[plan.DropKind]bool{plan.DropTable: true, plan.DropView: true, plan.DropMaterializedView: true}

// cascades tells what goes with a relation (reportDependentObjects).
func cascades(views []*catalog.Relation) *pgerr.Error {
	lines := make([]string, len(views))
	for i, v := range views {
		lines[i] = "drop cascades to " + relationNouns[v.Kind] + " " + v.Name
	}
	if len(lines) == 1 {
		return pgerr.Notice(pgerr.SeverityNotice, pgerr.SuccessfulCompletion, "%s", lines[0])
	}
	return pgerr.Notice(pgerr.SeverityNotice, pgerr.SuccessfulCompletion, "drop cascades to %d other objects", len(lines)).
		WithDetail("%s", strings.Join(lines, "\n"))
}

// viewsOver lists the views whose query reads rel, and those over materialized
// ones among them. A view that can't be bound any more reads nothing.
func (s *Session) viewsOver(rel *catalog.Relation, dropped []plan.DropObject) []*catalog.Relation {
	var views []*catalog.Relation
	sources := []types.OID{rel.OID}
	known := func(oid types.OID) bool {
		return slices.Contains(sources, oid) || slices.ContainsFunc(views, func(v *catalog.Relation) bool { return v.OID == oid }) ||
			slices.ContainsFunc(dropped, func(o plan.DropObject) bool { return o.OID == oid })
	}
	for i := 0; i < len(sources); i++ {
		for _, v := range s.catalog().Relations() {
			if v.Definition == "" || v.Virtual || known(v.OID) {
				continue
			}
			reads, err := bind.Relations(s.bindEnv(nil), v.Definition)
			if err != nil || !slices.Contains(reads, sources[i]) {
				continue
			}
			views = append(views, v)
			if v.Kind == catalog.MaterializedView {
				sources = append(sources, v.OID)
			}
		}
	}
	return views
}

// bodiesOver lists the functions with an SQL-standard body that uses a relation.
func (s *Session) bodiesOver(oid catalog.OID) []plan.RoutineObject {
	var out []plan.RoutineObject
	for _, f := range s.catalog().Routines().Functions() {
		if f.Body != nil && s.functionUses(f, oid) {
			out = append(out, plan.RoutineObject{OID: f.OID, Description: bind.DescribeFunction(s.bindEnv(nil), f)})
		}
	}
	return out
}

func dependentsExist(rel *catalog.Relation, views []*catalog.Relation, bodies []plan.RoutineObject) error {
	noun := relationNouns[rel.Kind]
	var details []string
	for _, f := range bodies {
		details = append(details, f.Description+" depends on "+noun+" "+rel.Name)
	}
	for _, v := range views {
		details = append(details, relationNouns[v.Kind]+" "+v.Name+" depends on "+noun+" "+rel.Name)
	}
	return pgerr.New(pgerr.DependentObjectsStillExist, "cannot drop %s %s because other objects depend on it", noun, rel.Name).
		WithDetail("%s", strings.Join(details, "\n")).
		WithHint("Use DROP ... CASCADE to drop the dependent objects too.")
}

// schemaNotEmpty is 2BP01 for a schema with relations, types, functions or operators.
func (s *Session) schemaNotEmpty(name string) error {
	var details []string
	for _, t := range s.schemaTypes(name) {
		details = append(details, "type "+t.SQLName()+" depends on schema "+name)
	}
	for _, o := range s.routinesOf(name) {
		details = append(details, o.Description+" depends on schema "+name)
	}
	for _, rel := range s.catalog().Relations() {
		if rel.Schema == name && rel.Kind != catalog.CompositeType {
			details = append(details, relationNouns[rel.Kind]+" "+name+"."+rel.Name+" depends on schema "+name)
		}
	}
	slices.Sort(details)
	return pgerr.New(pgerr.DependentObjectsStillExist, "cannot drop schema %s because other objects depend on it", name).
		WithDetail("%s", strings.Join(details, "\n")).
		WithHint("Use DROP ... CASCADE to drop the dependent objects too.")
}
