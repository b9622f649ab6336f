package session

import (
	"context"
	"slices"
	"strings"

	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/plan"
	"github.com/s3db-sql/s3db-sql/sql/planner/bind"
)

var relationNouns = map[catalog.RelKind]string{catalog.Table: "table", catalog.View: "view", catalog.Sequence: "sequence"}

// dropDependents deals with the views that read a relation that is dropped:
// CASCADE drops them too, otherwise they are 2BP01. Views that are dropped by the
// same statement do not count.
func (s *Session) dropDependents(ctx context.Context, d *plan.Drop, o plan.DropObject, out Output) error {
	rel := s.catalog().RelationByOID(o.OID)
	if d.Kind == plan.DropSequence {
		return s.dropSequenceUses(ctx, rel, d.Cascade, out)
	}
	if rel == nil || d.Kind != plan.DropTable && d.Kind != plan.DropView {
		return nil
	}
	views := s.viewsOver(rel, d.Objects)
	if len(views) == 0 {
		return nil
	}
	if !d.Cascade {
		return dependentsExist(rel, views)
	}
	for _, v := range views {
		if err := s.skipped(out, pgerr.SuccessfulCompletion, "drop cascades to view %s", v.Name); err != nil {
			return err
		}
		if err := s.dropRelation(ctx, v.OID); err != nil {
			return err
		}
	}
	return nil
}

// viewsOver lists the views whose query reads rel. A view that can't be bound
// any more reads nothing.
func (s *Session) viewsOver(rel *catalog.Relation, dropped []plan.DropObject) []*catalog.Relation {
	var views []*catalog.Relation
	for _, v := range s.catalog().Relations() {
		if v.Kind != catalog.View || v.Virtual || v.OID == rel.OID ||
			slices.ContainsFunc(dropped, func(o plan.DropObject) bool { return o.OID == v.OID }) {
			continue
		}
		reads, err := bind.Relations(s.bindEnv(nil), v.Definition)
		if err == nil && slices.Contains(reads, rel.OID) {
			views = append(views, v)
		}
	}
	return views
}

func dependentsExist(rel *catalog.Relation, views []*catalog.Relation) error {
	noun := relationNouns[rel.Kind]
	details := make([]string, len(views))
	for i, v := range views {
		details[i] = "view " + v.Name + " depends on " + noun + " " + rel.Name
	}
	return pgerr.New(pgerr.DependentObjectsStillExist, "cannot drop %s %s because other objects depend on it", noun, rel.Name).
		WithDetail("%s", strings.Join(details, "\n")).
		WithHint("Use DROP ... CASCADE to drop the dependent objects too.")
}

// schemaNotEmpty is 2BP01 for a schema with relations.
func schemaNotEmpty(cat catalog.Reader, name string) error {
	var details []string
	for _, rel := range cat.Relations() {
		if rel.Schema == name {
			details = append(details, relationNouns[rel.Kind]+" "+name+"."+rel.Name+" depends on schema "+name)
		}
	}
	slices.Sort(details)
	return pgerr.New(pgerr.DependentObjectsStillExist, "cannot drop schema %s because other objects depend on it", name).
		WithDetail("%s", strings.Join(details, "\n")).
		WithHint("Use DROP ... CASCADE to drop the dependent objects too.")
}
