package store

import (
	"context"
	"slices"

	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

// ownSequence is a sequence's definition; its counter is an object of its own
// (storage/sequences).
type ownSequence struct {
	OID         types.OID `json:"oid"`
	Schema      string    `json:"schema"`
	Name        string    `json:"name"`
	Type        types.OID `json:"type"`
	Start       int64     `json:"start"`
	Increment   int64     `json:"increment"`
	Min         int64     `json:"min"`
	Max         int64     `json:"max"`
	Cache       int64     `json:"cache"`
	Cycle       bool      `json:"cycle,omitempty"`
	Counter     string    `json:"counter"`
	Owner       types.OID `json:"owner,omitempty"`
	OwnerColumn int16     `json:"ownerColumn,omitempty"`
	Identity    bool      `json:"identity,omitempty"`
	Unlogged    bool      `json:"unlogged,omitempty"`
	Comment     string    `json:"comment,omitempty"`
	Changed     uint64    `json:"changed,omitempty"`
}

func (s *ownSequence) set(info catalog.SequenceInfo) {
	s.Type, s.Start, s.Increment, s.Min, s.Max = info.Type, info.Start, info.Increment, info.Min, info.Max
	s.Cache, s.Cycle, s.Counter = info.Cache, info.Cycle, info.Counter
	s.Owner, s.OwnerColumn, s.Identity, s.Unlogged = info.Owner, info.OwnerColumn, info.Identity, info.Unlogged
}

func (s *ownSequence) info() *catalog.SequenceInfo {
	return &catalog.SequenceInfo{Type: s.Type, Start: s.Start, Increment: s.Increment, Min: s.Min, Max: s.Max,
		Cache: s.Cache, Cycle: s.Cycle, Counter: s.Counter, Owner: s.Owner, OwnerColumn: s.OwnerColumn, Identity: s.Identity, Unlogged: s.Unlogged}
}

// sequenceOf finds a sequence by oid; its key is "" if there is none.
func (st *state) sequenceOf(oid types.OID) (key string, s *ownSequence) {
	for key, s := range st.own.Sequences {
		if s.OID == oid {
			return key, s
		}
	}
	return "", nil
}

// CreateSequence implements catalog.Tx.
func (t *tx) CreateSequence(_ context.Context, def *catalog.SequenceDef) (*catalog.Relation, error) {
	err := t.apply(func(st *state) error {
		if err := st.free(def.Schema, def.Name); err != nil {
			return err
		}
		key := def.Schema + "." + def.Name
		s := &ownSequence{OID: st.assigned().of("sequence", key), Schema: def.Schema, Name: def.Name, Changed: st.own.Changes + 1}
		s.set(def.SequenceInfo)
		st.own.Sequences[key] = s
		return nil
	})
	if err != nil {
		return nil, err
	}
	return t.Relation(def.Schema, def.Name), nil
}

// AlterSequence implements catalog.Tx.
func (t *tx) AlterSequence(_ context.Context, oid types.OID, info catalog.SequenceInfo) (*catalog.Relation, error) {
	err := t.apply(func(st *state) error {
		_, s := st.sequenceOf(oid)
		if s == nil {
			return pgerr.New(pgerr.UndefinedTable, "relation with OID %d does not exist", oid)
		}
		c := *s
		c.set(info)
		c.Changed = st.own.Changes + 1
		st.own.Sequences[c.Schema+"."+c.Name] = &c
		return nil
	})
	if err != nil {
		return nil, err
	}
	return t.RelationByOID(oid), nil
}

// alterSequence applies an action of ALTER TABLE that sequences know too.
func (st *state) alterSequence(key string, action catalog.AlterAction) error {
	c := *st.own.Sequences[key]
	switch to := action.(type) {
	case catalog.RenameTable:
		c.Name = to.To
	case catalog.SetSchema:
		c.Schema = to.Schema
	default:
		return pgerr.Unsupported("this form of ALTER SEQUENCE")
	}
	if err := st.free(c.Schema, c.Name); err != nil {
		return err
	}
	delete(st.own.Sequences, key)
	c.Changed = st.own.Changes + 1
	st.own.Sequences[c.Schema+"."+c.Name] = &c
	return nil
}

// sequenceRelation is the descriptor of a sequence.
func sequenceRelation(s *ownSequence, namespace types.OID) *catalog.Relation {
	column := func(num int16, name string, oid types.OID) *catalog.Column {
		return &catalog.Column{Num: num, Name: name, Type: types.ByOID(oid), Typmod: -1, NotNull: true}
	}
	return &catalog.Relation{
		OID: s.OID, Namespace: namespace, Schema: s.Schema, Name: s.Name, Kind: catalog.Sequence,
		Comment: s.Comment, Version: s.Changed, Sequence: s.info(),
		Columns: []*catalog.Column{
			column(1, "last_value", types.Int8OID), column(2, "log_cnt", types.Int8OID), column(3, "is_called", types.BoolOID),
		},
	}
}

// Sequences implements catalog.Reader.
func (s *snapshot) Sequences() []*catalog.Relation {
	var out []*catalog.Relation
	for _, q := range s.state.own.Sequences {
		out = append(out, s.RelationByOID(q.OID))
	}
	slices.SortFunc(out, func(a, b *catalog.Relation) int { return int(int64(a.OID) - int64(b.OID)) })
	return out
}

func (t *tx) Sequences() []*catalog.Relation { return t.view.Sequences() }
