package session

import (
	"cmp"
	"context"
	"slices"

	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/sql/plan"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

// member is something in a schema that is dropped.
type member struct {
	oid  types.OID
	text string
	drop func(ctx context.Context) error
	// there says whether it has not gone with another one.
	there func() bool
}

// dropSchema drops a schema; with CASCADE what is in it and what depends on that, wherever
// it is.
func (s *Session) dropSchema(ctx context.Context, name string, cascade bool, out Output) error {
	if !cascade {
		if err := s.schemaNotEmpty(ctx, name); err != nil {
			return err
		}
	}
	if err := s.dropSchemaExtensions(ctx, name); err != nil {
		return err
	}
	members := s.membersOfSchema(name)
	gone, err := s.dropContents(ctx, members)
	if err != nil {
		return err
	}
	if len(gone) > 0 {
		if err := s.noticeCascade(gone, out); err != nil {
			return err
		}
	}
	return s.changeCatalog(s.tx.catalogTx().DropSchema(ctx, name))
}

// schemaNotEmpty is 2BP01 with all that CASCADE would drop, nil for an empty schema. To
// find that it drops it: the error takes it back with its transaction, or with the part
// of it that the client can return to.
func (s *Session) schemaNotEmpty(ctx context.Context, name string) error {
	var all []dependent
	for _, e := range s.extensionsIn(name) {
		all = append(all, dependent{text: "extension " + e.Name})
	}
	if len(all) > 0 {
		if err := s.dropSchemaExtensions(ctx, name); err != nil {
			return err
		}
	}
	members := s.membersOfSchema(name)
	gone, err := s.dropContents(ctx, members)
	if err != nil { // one of them can't be dropped at all
		gone = nil
		for _, m := range members {
			gone = append(gone, dependent{text: m.text})
		}
	}
	if all = append(all, gone...); len(all) == 0 {
		return nil
	}
	schema := "schema " + name
	return dependentsExist(all, schema, schema)
}

// dropContents returns what has gone: each member, by oid, before what depended on it.
func (s *Session) dropContents(ctx context.Context, members []member) ([]dependent, error) {
	outer := s.cascade
	defer func() { s.cascade = outer }()
	gone := map[types.OID][]dependent{}
	for _, m := range members {
		if !m.there() {
			continue
		}
		with := []dependent{{text: m.text}}
		s.cascade = &with
		if err := m.drop(ctx); err != nil {
			return nil, err
		}
		for i := range with[1:] {
			with[i+1].on = cmp.Or(with[i+1].on, m.text)
		}
		gone[m.oid] = with
	}
	slices.SortFunc(members, func(a, b member) int { return cmp.Compare(a.oid, b.oid) })
	var out []dependent
	for _, m := range members {
		out = append(out, gone[m.oid]...)
	}
	return out, nil
}

// membersOfSchema are in an order in which few still depend on the next: views, tables,
// types, routines, and sequences, which tables may have taken along.
func (s *Session) membersOfSchema(schema string) []member {
	var views, tables, sequences []member
	var all []plan.DropObject
	for _, rel := range s.catalog().Relations() {
		if rel.Schema == schema {
			all = append(all, plan.DropObject{OID: rel.OID, Name: rel.Name})
		}
	}
	for _, o := range all {
		switch rel := s.catalog().RelationByOID(o.OID); rel.Kind {
		case catalog.View:
			views = append(views, s.relationMember(rel, plan.DropView, all))
		case catalog.MaterializedView:
			views = append(views, s.relationMember(rel, plan.DropMaterializedView, all))
		case catalog.Sequence:
			sequences = append(sequences, s.relationMember(rel, plan.DropSequence, all))
		case catalog.Table, catalog.PartitionedTable:
			if s.goesWithParent(rel) {
				continue
			}
			tables = append(tables, s.relationMember(rel, plan.DropTable, all))
		}
	}
	return slices.Concat(views, tables, s.typeMembers(schema), s.routineMembers(schema), sequences)
}

// goesWithParent says whether a relation is a partition of one in its own schema.
func (s *Session) goesWithParent(rel *catalog.Relation) bool {
	return rel.Bound != nil && slices.ContainsFunc(rel.Parents, func(oid types.OID) bool {
		parent := s.catalog().RelationByOID(oid)
		return parent != nil && parent.Schema == rel.Schema
	})
}

func (s *Session) relationMember(rel *catalog.Relation, kind plan.DropKind, all []plan.DropObject) member {
	d := &plan.Drop{Kind: kind, Cascade: true, Objects: all}
	return member{
		oid: rel.OID, text: s.described(rel),
		there: func() bool { return s.catalog().RelationByOID(rel.OID) != nil },
		drop: func(ctx context.Context) error {
			if err := s.dropDependents(ctx, d, plan.DropObject{OID: rel.OID, Name: rel.Name}, nil); err != nil {
				return err
			}
			return s.dropRelation(ctx, rel.OID)
		},
	}
}

func (s *Session) typeMembers(schema string) (out []member) {
	for _, t := range s.schemaTypes(schema) {
		out = append(out, member{
			oid: t.OID, text: "type " + t.SQLName(),
			there: func() bool { return s.catalog().Types().ByOID(t.OID) != nil },
			drop: func(ctx context.Context) error {
				if err := s.dropTypeDependents(ctx, &plan.Drop{Kind: plan.DropType, Cascade: true}, s.catalog().Types().ByOID(t.OID), nil); err != nil {
					return err
				}
				return s.dropType(ctx, t.OID)
			},
		})
	}
	return out
}

func (s *Session) routineMembers(schema string) (out []member) {
	all := s.routinesOf(schema)
	d := &plan.DropRoutines{Objects: all, Cascade: true}
	for _, o := range all {
		there := func() bool {
			return slices.ContainsFunc(s.routinesOf(schema), func(now plan.RoutineObject) bool { return now.OID == o.OID })
		}
		out = append(out, member{oid: o.OID, text: o.Description, there: there, drop: func(ctx context.Context) error {
			if err := s.dropRoutineUsers(ctx, o, d, nil); err != nil {
				return err
			}
			return s.dropRoutine(ctx, o)
		}})
	}
	return out
}
