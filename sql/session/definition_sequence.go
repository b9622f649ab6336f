package session

import (
	"context"
	"encoding/hex"
	"slices"
	"strconv"

	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/parser"
	"github.com/s3db-sql/s3db-sql/sql/plan"
	"github.com/s3db-sql/s3db-sql/sql/planner/bind"
	"github.com/s3db-sql/s3db-sql/sql/types"
	"github.com/s3db-sql/s3db-sql/storage"
)

func (s *Session) createSequence(ctx context.Context, d *plan.CreateSequence, out Output) error {
	if d.IfNotExists && s.catalog().Relation(d.Def.Schema, d.Def.Name) != nil {
		return s.skipped(out, pgerr.DuplicateTable, "relation \"%s\" already exists, skipping", d.Def.Name)
	}
	_, err := s.newSequence(ctx, d.Def)
	return err
}

// newSequence defines a sequence and makes its counter. The counter of one whose
// transaction is rolled back stays behind; no other sequence takes its name.
func (s *Session) newSequence(ctx context.Context, def *catalog.SequenceDef) (*catalog.Relation, error) {
	own := *def
	own.Counter = s.newCounter()
	rel, err := s.tx.catalogTx().CreateSequence(ctx, &own)
	if err != nil {
		return nil, err
	}
	s.tx.changed()
	return rel, s.counters(rel.OID).Create(ctx, counterOf(rel), storage.SequenceState{Last: own.Start})
}

func (s *Session) newCounter() string {
	var id [8]byte
	s.db.Rand.Read(id[:])
	return hex.EncodeToString(id[:])
}

// alterSequence gives a sequence another definition; with RESTART a counter that
// starts there takes the place of its old one when the transaction commits.
func (s *Session) alterSequence(ctx context.Context, d *plan.AlterSequence, out Output) error {
	if d.Relation == 0 {
		return s.skipped(out, pgerr.UndefinedTable, "relation \"%s\" does not exist, skipping", d.Name)
	}
	rel := s.catalog().RelationByOID(d.Relation)
	if d.Restart != nil {
		return s.restartSequence(ctx, rel, d.Info, *d.Restart)
	}
	st, err := s.counters(rel.OID).State(ctx, counterOf(rel))
	if err != nil {
		return err
	}
	if err := bind.SequenceValueOutOfRange("RESTART value", st.Last, d.Info); err != nil {
		return err
	}
	if countsAlike(*rel.Sequence, d.Info) {
		return s.redefineSequence(ctx, rel, d.Info)
	}
	// Numbers that were claimed ahead are of the old definition.
	return s.replaceCounter(ctx, rel, d.Info, storage.SequenceState{Last: st.Last, Called: st.Called})
}

// countsAlike says that a definition goes through the same numbers.
func countsAlike(a, b catalog.SequenceInfo) bool {
	return a.Increment == b.Increment && a.Min == b.Min && a.Max == b.Max && a.Cycle == b.Cycle
}

func (s *Session) restartSequence(ctx context.Context, rel *catalog.Relation, info catalog.SequenceInfo, start int64) error {
	return s.replaceCounter(ctx, rel, info, storage.SequenceState{Last: start})
}

// replaceCounter makes a new counter, which a rollback leaves unused.
func (s *Session) replaceCounter(ctx context.Context, rel *catalog.Relation, info catalog.SequenceInfo, st storage.SequenceState) error {
	old := counterOf(rel)
	info.Counter = baseCounter(old.Object) + "." + s.newCounter()
	if err := s.redefineSequence(ctx, rel, info); err != nil {
		return err
	}
	s.tx.after = append(s.tx.after, func(ctx context.Context) error { return s.counters(rel.OID).Drop(ctx, old) })
	return s.counters(rel.OID).Create(ctx, counterOf(s.catalog().RelationByOID(rel.OID)), st)
}

func (s *Session) redefineSequence(ctx context.Context, rel *catalog.Relation, info catalog.SequenceInfo) error {
	_, err := s.tx.catalogTx().AlterSequence(ctx, rel.OID, info)
	s.tx.changed()
	return err
}

// columnSequences makes the sequences of columns that are about to be made and
// returns what ties them to their columns once those exist.
func (s *Session) columnSequences(ctx context.Context, seqs []plan.ColumnSequence) ([]*catalog.Relation, error) {
	out := make([]*catalog.Relation, len(seqs))
	for i, q := range seqs {
		var err error
		if out[i], err = s.newSequence(ctx, q.Def); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// ownSequences makes the sequences those of their columns.
func (s *Session) ownSequences(ctx context.Context, rel types.OID, seqs []plan.ColumnSequence, made []*catalog.Relation) error {
	for i, q := range seqs {
		info := *made[i].Sequence
		info.Owner, info.OwnerColumn = rel, s.catalog().RelationByOID(rel).ColumnByName(q.Column).Num
		if err := s.redefineSequence(ctx, made[i], info); err != nil {
			return err
		}
	}
	return nil
}

// withNextVal gives a column the default of serial columns and, for the rows
// that are there already, identity ones.
func withNextVal(c catalog.ColumnDef, seqs []plan.ColumnSequence, made []*catalog.Relation) catalog.ColumnDef {
	for i, q := range seqs {
		if q.Column == c.Name && !q.Def.Identity {
			c.Default = nextValOf(made[i])
		}
	}
	return c
}

func nextValOf(seq *catalog.Relation) string {
	return "nextval('" + strconv.FormatUint(uint64(seq.OID), 10) + "'::regclass)"
}

// withSequences is a table's definition with the defaults of its serial columns.
func withSequences(def *catalog.TableDef, seqs []plan.ColumnSequence, made []*catalog.Relation) *catalog.TableDef {
	if len(seqs) == 0 {
		return def
	}
	out := *def
	out.Columns = slices.Clone(def.Columns)
	for i, c := range out.Columns {
		out.Columns[i] = withNextVal(c, seqs, made)
	}
	return &out
}

// sequenceDefaults are the actions of an ALTER TABLE with the defaults of the
// serial columns that it adds.
func sequenceDefaults(actions []catalog.AlterAction, seqs []plan.ColumnSequence, made []*catalog.Relation) []catalog.AlterAction {
	out := slices.Clone(actions)
	for i, a := range out {
		if add, ok := a.(catalog.AddColumn); ok {
			add.Column = withNextVal(add.Column, seqs, made)
			out[i] = add
		}
	}
	return out
}

// withIdentityValues adds identity columns with a default, for the rows that are
// there already.
func withIdentityValues(actions []catalog.AlterAction, seqs []plan.ColumnSequence, made []*catalog.Relation) []catalog.AlterAction {
	out := slices.Clone(actions)
	for i, a := range out {
		add, ok := a.(catalog.AddColumn)
		if !ok || add.Column.Identity == 0 {
			continue
		}
		for k, q := range seqs {
			if q.Column == add.Column.Name {
				add.Column.Identity, add.Column.Default = 0, nextValOf(made[k])
			}
		}
		out[i] = add
	}
	return out
}

// alterSequences changes the sequences of the altered table's identity columns, and
// drops those that lost their columns.
func (s *Session) alterSequences(ctx context.Context, d *plan.AlterTable, after *catalog.Relation, out Output) error {
	for _, a := range d.Alter {
		if err := s.alterSequence(ctx, a, out); err != nil {
			return err
		}
	}
	return s.dropOrphans(ctx, after)
}

// restartIdentity is TRUNCATE … RESTART IDENTITY.
func (s *Session) restartIdentity(ctx context.Context, rel types.OID) error {
	for _, q := range catalog.OwnedSequences(s.catalog(), rel) {
		if err := s.restartSequence(ctx, q, *q.Sequence, q.Sequence.Start); err != nil {
			return err
		}
	}
	return nil
}

// dropOrphans drops the sequences whose columns an ALTER TABLE took away, and
// those of columns that are identity columns no more.
func (s *Session) dropOrphans(ctx context.Context, rel *catalog.Relation) error {
	for _, q := range catalog.OwnedSequences(s.catalog(), rel.OID) {
		c := rel.Column(q.Sequence.OwnerColumn)
		if c != nil && (c.Identity != 0 || !q.Sequence.Identity) {
			continue
		}
		if err := s.dropRelation(ctx, q.OID); err != nil {
			return err
		}
	}
	return nil
}

// defaultUse is a column whose default takes numbers of a sequence.
type defaultUse struct {
	rel *catalog.Relation
	col *catalog.Column
}

// defaultsOver lists the columns whose defaults name a sequence.
func (s *Session) defaultsOver(seq types.OID) []defaultUse {
	var out []defaultUse
	for _, rel := range s.catalog().Relations() {
		if rel.Virtual || !rel.IsTable() {
			continue
		}
		for _, c := range rel.Columns {
			if c.Default != "" && slices.Contains(parser.RegclassOIDs(c.Default), seq) {
				out = append(out, defaultUse{rel, c})
			}
		}
	}
	return out
}

// dropSequenceUses deals with what depends on a sequence that is dropped: an
// identity column refuses, defaults are 2BP01 unless CASCADE drops them.
func (s *Session) dropSequenceUses(ctx context.Context, seq *catalog.Relation, cascade bool, out Output) error {
	if q := seq.Sequence; q.Identity {
		owner := s.catalog().RelationByOID(q.Owner)
		what := s.describedColumn(owner, owner.Column(q.OwnerColumn).Name)
		return pgerr.New(pgerr.DependentObjectsStillExist, "cannot drop %s because %s requires it", s.described(seq), what).
			WithHint("You can drop %s instead.", what)
	}
	var deps []dependent
	for _, u := range s.defaultsOver(seq.OID) {
		deps = append(deps, dependent{text: s.describedDefault(u.rel, u.col.Name), drop: func(ctx context.Context) error {
			return s.dropDefault(ctx, u.rel.OID, u.col.Name)
		}})
	}
	what := s.described(seq)
	return s.dropAll(ctx, cascade, deps, what, what, out)
}
