package session

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/plan"
	"github.com/s3db-sql/s3db-sql/sql/planner/bind"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

var relationNouns = map[catalog.RelKind]string{catalog.Table: "table", catalog.PartitionedTable: "table", catalog.View: "view", catalog.MaterializedView: "materialized view", catalog.Sequence: "sequence"}

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
	var deps []dependent
	if d.Kind == plan.DropTable {
		deps = s.foreignDependents(s.foreignKeysFrom(rel, d.Objects))
	}
	for _, f := range s.bodiesOver(rel.OID) {
		deps = append(deps, dependent{text: f.Description, drop: func(ctx context.Context) error { return s.dropRoutine(ctx, f) }})
	}
	deps = append(deps, s.rulesOver(rel, d.Objects)...)
	views := s.viewsOver(rel, d.Objects)
	for _, v := range views {
		dep := s.dependentView(v)
		dep.on = s.parentOf(v, rel, views)
		deps = append(deps, dep)
	}
	what := s.described(rel)
	return s.dropAll(ctx, d.Cascade, deps, what, what, out)
}

var dropsRelation = map[plan.DropKind]bool{plan.DropTable: true, plan.DropView: true, plan.DropMaterializedView: true}

// dependent is an object that can't be without another one.
type dependent struct {
	text string      // "column c of table t"
	oid  catalog.OID // of a routine
	on   string      // what it depends on, if not on the dropped object itself
	drop func(ctx context.Context) error
	// late: it goes after the others, which depend on it in their turn.
	late bool
}

// dependentView is a view, materialized view or inheriting table, which may be gone
// already with another one.
func (s *Session) dependentView(v *catalog.Relation) dependent {
	return dependent{text: s.described(v), drop: func(ctx context.Context) error {
		if s.catalog().RelationByOID(v.OID) == nil {
			return nil
		}
		return s.dropRelation(ctx, v.OID)
	}}
}

// dropAll drops what depends on an object (what), or refuses to: 2BP01. on is
// what they depend on, which may be a part of it: a table's row type.
func (s *Session) dropAll(ctx context.Context, cascade bool, deps []dependent, what, on string, out Output) error {
	listed := map[string]bool{}
	deps = slices.DeleteFunc(deps, func(dep dependent) bool {
		again := listed[dep.text]
		listed[dep.text] = true
		return again
	})
	if len(deps) == 0 {
		return nil
	}
	if !cascade {
		return dependentsExist(deps, what, on)
	}
	if on != what {
		for i := range deps {
			deps[i].on = cmp.Or(deps[i].on, on)
		}
	}
	if err := s.noticeCascade(deps, out); err != nil {
		return err
	}
	for _, late := range []bool{false, true} {
		for _, dep := range deps {
			if dep.late != late {
				continue
			}
			if err := dep.drop(ctx); err != nil {
				return err
			}
		}
	}
	return nil
}

// dependentsExist is 2BP01 for an object (what) that others depend on, on where they do not
// say on which part of it.
func dependentsExist(deps []dependent, what, on string) error {
	details := make([]string, len(deps))
	for i, dep := range deps {
		details[i] = dep.text + " depends on " + cmp.Or(dep.on, on)
	}
	return pgerr.New(pgerr.DependentObjectsStillExist, "cannot drop %s because other objects depend on it", what).
		WithDetail("%s", strings.Join(details, "\n")).
		WithHint("Use DROP ... CASCADE to drop the dependent objects too.")
}

// noticeCascade is reportDependentObjects' notice.
func (s *Session) noticeCascade(deps []dependent, out Output) error {
	if s.cascade != nil { // of a part of what is dropped
		*s.cascade = append(*s.cascade, deps...)
		return nil
	}
	if len(deps) == 1 {
		return s.skipped(out, pgerr.SuccessfulCompletion, "drop cascades to %s", deps[0].text)
	}
	lines := make([]string, len(deps))
	for i, dep := range deps {
		lines[i] = "drop cascades to " + dep.text
	}
	n := pgerr.Notice(pgerr.SeverityNotice, pgerr.SuccessfulCompletion, "drop cascades to %d other objects", len(deps))
	return s.notice(out, n.WithDetail("%s", strings.Join(lines, "\n")))
}

// viewsOver lists the tables that inherit from rel and the views whose query reads
// it, and those over tables and materialized views among them, and over rel's
// partitions. A view that can't be bound any more reads nothing.
func (s *Session) viewsOver(rel *catalog.Relation, dropped []plan.DropObject) []*catalog.Relation {
	var views []*catalog.Relation
	sources := []types.OID{rel.OID}
	known := func(oid types.OID) bool {
		return slices.Contains(sources, oid) || slices.ContainsFunc(views, func(v *catalog.Relation) bool { return v.OID == oid }) ||
			slices.ContainsFunc(dropped, func(o plan.DropObject) bool { return o.OID == oid })
	}
	for i := 0; i < len(sources); i++ {
		for _, child := range s.catalog().Inheriting(sources[i]) {
			switch {
			case known(child.OID):
			case child.Bound != nil: // it goes without being asked
				sources = append(sources, child.OID)
			default:
				views, sources = append(views, child), append(sources, child.OID)
			}
		}
		for _, v := range s.viewsReading(sources[i], known) {
			views = append(views, v)
			if v.Kind == catalog.MaterializedView {
				sources = append(sources, v.OID)
			}
		}
	}
	return views
}

// viewsReading lists the views whose own query names a relation, but for those to skip.
func (s *Session) viewsReading(rel types.OID, skip func(types.OID) bool) []*catalog.Relation {
	var views []*catalog.Relation
	for _, v := range s.catalog().Relations() {
		if v.Definition == "" || v.Virtual || skip(v.OID) {
			continue
		}
		if reads, err := bind.Relations(s.bindEnv(nil), v.Definition); err == nil && slices.Contains(reads, rel) {
			views = append(views, v)
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

// parentOf names the table that v inherits from where that is not rel itself but
// goes with it, "" for everything else.
func (s *Session) parentOf(v, rel *catalog.Relation, others []*catalog.Relation) string {
	for _, o := range others {
		if slices.Contains(v.Parents, o.OID) && !slices.Contains(v.Parents, rel.OID) {
			return s.described(o)
		}
	}
	return ""
}
