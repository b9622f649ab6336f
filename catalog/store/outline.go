package store

import (
	"slices"

	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

// Outlines lists the relations by oid without reading any definition: what names
// them, and the oids and names of their indexes and constraints, but for the key
// of a table made without one (pgcatalog's Outliner). Catalog queries over a thousand resources need no more.
func (s *snapshot) Outlines() []*catalog.Relation {
	s.outlineOnce.Do(s.outline)
	return s.outlines
}

// NumRelations is how many there are, the virtual ones included.
func (s *snapshot) NumRelations() int { return len(s.entries) }

// Outline finds the relation that has the oid, or one of whose parts has it, or nil.
func (s *snapshot) Outline(oid types.OID) *catalog.Relation {
	s.outlineOnce.Do(s.outline)
	return s.outlineOf[oid]
}

func (s *snapshot) outline() {
	s.outlineOf = map[types.OID]*catalog.Relation{}
	for _, e := range s.entries {
		var rel *catalog.Relation
		if e.own != nil {
			rel = s.outlineTable(e.own)
		} else {
			rel = s.relation(e)
		}
		s.outlines = append(s.outlines, rel)
		s.outlineOf[rel.OID] = rel
		rel.Parts(func(oid types.OID) { s.outlineOf[oid] = rel })
	}
	slices.SortFunc(s.outlines, func(a, b *catalog.Relation) int { return int(int64(a.OID) - int64(b.OID)) })
}

func (s *snapshot) outlineTable(t *ownTable) *catalog.Relation {
	rel := &catalog.Relation{
		OID: t.OID, Namespace: s.namespace(t.Schema), Schema: t.Schema, Name: t.Name, Kind: t.kind(),
		Type: t.TypeOID, TypeArray: t.TypeArray, Comment: t.Comment, Version: t.Changed,
		Temporary: s.env.Temporary != "", OnCommit: t.OnCommit, Unlogged: t.Unlogged, Parents: t.Parents, Partitioning: t.Partitioning, Bound: t.Bound, OfType: t.OfType, Definition: t.Query, Populated: t.Populated,
	}
	if !t.HiddenID {
		rel.Indexes = append(rel.Indexes, &catalog.Index{OID: t.KeyOID, Name: t.KeyName, Kind: catalog.PrimaryIndex, Unique: true, Primary: true, Complete: true})
		rel.Constraints = append(rel.Constraints, &catalog.Constraint{OID: t.KeyConstraint, Name: t.KeyName, Kind: catalog.PrimaryConstraint, Index: t.KeyOID})
	}
	for _, ix := range t.Indexes {
		rel.Indexes = append(rel.Indexes, &catalog.Index{OID: ix.OID, Name: ix.Name, Unique: ix.Unique, Complete: ix.Complete})
		if ix.Constraint != 0 {
			rel.Constraints = append(rel.Constraints, &catalog.Constraint{OID: ix.Constraint, Name: ix.Name, Kind: ix.constraintKind(), Index: ix.OID, Deferrable: ix.Deferrable, Deferred: ix.Deferred})
		}
	}
	for _, c := range t.Checks {
		rel.Constraints = append(rel.Constraints, &catalog.Constraint{OID: c.OID, Name: c.Name, Kind: catalog.CheckConstraint})
	}
	for _, f := range t.Foreign {
		rel.Constraints = append(rel.Constraints, &catalog.Constraint{OID: f.OID, Name: f.Name, Kind: catalog.ForeignConstraint})
	}
	t.showTriggers(rel)
	rel.Rules = t.Rules
	t.ownPolicies.show(rel)
	rel.ClusteredOn, rel.ReplicaIdentity, rel.ReplicaIndex = t.Clustered, t.ReplicaIdentity, t.ReplicaIndex
	s.state.own.show(rel)
	return rel
}

// The outlines of a transaction are its view's.

func (t *tx) NumRelations() int                       { return t.view.NumRelations() }
func (t *tx) Outlines() []*catalog.Relation           { return t.view.Outlines() }
func (t *tx) Outline(oid types.OID) *catalog.Relation { return t.view.Outline(oid) }
