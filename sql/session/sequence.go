package session

import (
	"context"
	"strings"

	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/exec"
	"github.com/s3db-sql/s3db-sql/sql/funcs"
	"github.com/s3db-sql/s3db-sql/sql/types"
	"github.com/s3db-sql/s3db-sql/sql/vec"
	"github.com/s3db-sql/s3db-sql/storage"
)

// seqCache is what a session knows of the sequences it used (sequence.c,
// SeqTable): what currval says, and the numbers that CACHE took for it.
type seqCache struct {
	sequences map[types.OID]*usedSequence
	last      types.OID // of lastval
}

type usedSequence struct {
	counter string
	defined bool // last is what currval says
	last    int64
	// cached is the last number that the session holds, increment the step to it.
	cached, increment int64
}

func (s *Session) forgetSequences() { s.used = seqCache{} }

var _ funcs.Sequences = (*facts)(nil)

// sequence finds a sequence: 42P01, 42809.
func (f *facts) sequence(oid types.OID) (*catalog.Relation, error) {
	rel := f.catalog().RelationByOID(oid)
	if rel == nil {
		return nil, pgerr.New(pgerr.UndefinedTable, "could not open relation with OID %d", oid)
	}
	if rel.Kind != catalog.Sequence {
		return nil, pgerr.New(pgerr.WrongObjectType, "\"%s\" is not a sequence", rel.Name)
	}
	return rel, nil
}

// counterOf is how the storage counts for a sequence.
func counterOf(rel *catalog.Relation) storage.Counter {
	q := rel.Sequence
	return storage.Counter{Object: q.Counter, Name: rel.Name, Increment: q.Increment, Min: q.Min, Max: q.Max, Cycle: q.Cycle, Cache: q.Cache}
}

// counters keeps the counter of a sequence: a temporary one's in memory.
func (s *Session) counters(seq types.OID) storage.Sequences {
	if !catalog.IsTemporary(seq) {
		return s.db.Sequences
	}
	if s.tempCounters == nil {
		s.tempCounters = s.db.TemporarySequences()
	}
	return s.tempCounters
}

// mayCount is 25006 in a read-only transaction, but for temporary sequences.
func (s *Session) mayCount(seq *catalog.Relation, function string) error {
	if catalog.IsTemporary(seq.OID) {
		return nil
	}
	return s.mayWrite(function)
}

// use returns what the session knows of a sequence. Cached numbers of an earlier
// definition are dropped; another sequence of the same name starts anew.
func (c *seqCache) use(rel *catalog.Relation) *usedSequence {
	u := c.sequences[rel.OID]
	if u == nil || baseCounter(u.counter) != baseCounter(rel.Sequence.Counter) {
		u = &usedSequence{}
		if c.sequences == nil {
			c.sequences = map[types.OID]*usedSequence{}
		}
		c.sequences[rel.OID] = u
	}
	if u.counter != rel.Sequence.Counter {
		u.counter, u.cached = rel.Sequence.Counter, u.last
	}
	return u
}

// A counter's name is that of the sequence's first one, and behind a dot what
// RESTART added.
func baseCounter(name string) string { base, _, _ := strings.Cut(name, "."); return base }

// NextVal implements funcs.Sequences (nextval_internal).
func (f *facts) NextVal(ctx context.Context, oid types.OID) (int64, error) {
	rel, err := f.sequence(oid)
	if err != nil {
		return 0, err
	}
	if err := f.mayUse(rel, catalog.ACLUsage|catalog.ACLUpdate); err != nil && !rel.Sequence.Identity { // NextValueExpr asks nothing
		return 0, err
	}
	if err := f.mayCount(rel, "nextval()"); err != nil {
		return 0, err
	}
	u := f.used.use(rel)
	f.used.last = oid
	if u.defined && u.last != u.cached {
		u.last += u.increment
		return u.last, nil
	}
	r, err := f.counters(oid).Next(ctx, counterOf(rel))
	if err != nil {
		return 0, err
	}
	u.defined, u.last, u.cached, u.increment = true, r.First, r.Last, rel.Sequence.Increment
	return u.last, nil
}

// CurrVal implements funcs.Sequences.
func (f *facts) CurrVal(oid types.OID) (int64, error) {
	rel, err := f.sequence(oid)
	if err != nil {
		return 0, err
	}
	if err := f.mayUse(rel, catalog.ACLUsage|catalog.ACLSelect); err != nil {
		return 0, err
	}
	u := f.used.use(rel)
	if !u.defined {
		return 0, pgerr.New(pgerr.ObjectNotInPrerequisiteState, "currval of sequence \"%s\" is not yet defined in this session", rel.Name)
	}
	return u.last, nil
}

// LastVal implements funcs.Sequences.
func (f *facts) LastVal() (int64, error) {
	u, rel := f.used.sequences[f.used.last], f.catalog().RelationByOID(f.used.last)
	if u == nil || !u.defined || rel == nil {
		return 0, pgerr.New(pgerr.ObjectNotInPrerequisiteState, "lastval is not yet defined in this session")
	}
	return u.last, f.mayUse(rel, catalog.ACLUsage|catalog.ACLSelect)
}

// SetVal implements funcs.Sequences (do_setval).
func (f *facts) SetVal(ctx context.Context, oid types.OID, value int64, called bool) error {
	rel, err := f.sequence(oid)
	if err != nil {
		return err
	}
	if err := f.mayUse(rel, catalog.ACLUpdate); err != nil {
		return err
	}
	if err := f.mayCount(rel, "setval()"); err != nil {
		return err
	}
	if q := rel.Sequence; value < q.Min || value > q.Max {
		return pgerr.New(pgerr.NumericValueOutOfRange, "setval: value %d is out of bounds for sequence \"%s\" (%d..%d)",
			value, rel.Name, q.Min, q.Max)
	}
	u := f.used.use(rel)
	if err := f.counters(oid).Set(ctx, counterOf(rel), storage.SequenceState{Last: value, Called: called}); err != nil {
		return err
	}
	if called {
		u.defined, u.last = true, value
	}
	u.cached = u.last
	return nil
}

// SequenceLastValue implements funcs.Sequences.
func (f *facts) SequenceLastValue(ctx context.Context, oid types.OID) (int64, bool, error) {
	rel, err := f.sequence(oid)
	if err != nil {
		return 0, false, err
	}
	st, err := f.counters(oid).State(ctx, counterOf(rel))
	return st.Last, st.Called, err
}

// SequenceParameters implements funcs.Sequences.
func (f *facts) SequenceParameters(oid types.OID) (any, error) {
	rel, err := f.sequence(oid)
	if err != nil {
		return nil, err
	}
	q := rel.Sequence
	out := &types.Record{Type: types.ByOID(types.RecordOID)}
	add := func(oid types.OID, v any) {
		out.Types, out.Values = append(out.Types, types.ByOID(oid)), append(out.Values, v)
	}
	for _, n := range []int64{q.Start, q.Min, q.Max, q.Increment} {
		add(types.Int8OID, n)
	}
	add(types.BoolOID, q.Cycle)
	add(types.Int8OID, q.Cache)
	add(types.OidOID, q.Type)
	return out, nil
}

// sequenceSource reads sequences, as SELECT * FROM one does; everything else is
// the catalog's.
type sequenceSource struct {
	exec.VirtualSource
	facts *facts
}

// virtual fills the catalog's relations and sequences for a statement.
func (s *Session) virtual(out Output) exec.VirtualSource {
	return sequenceSource{s.db.Virtual(view{s}), s.facts(out)}
}

// Open implements exec.VirtualSource.
func (q sequenceSource) Open(ctx context.Context, rel *catalog.Relation, nums []int16, keys map[int16]any) (storage.Scanner, error) {
	if rows, err := q.facts.openLargeRows(ctx, rel, nums, keys); rows != nil || err != nil {
		return rows, err
	}
	if rel.Kind != catalog.Sequence {
		return q.VirtualSource.Open(ctx, rel, nums, keys)
	}
	st, err := q.facts.counters(rel.OID).State(ctx, counterOf(rel))
	if err != nil {
		return nil, err
	}
	values := map[int16]any{1: st.Last, 2: st.Logged, 3: st.Called, catalog.ColTableOID: rel.OID}
	cols := make([]vec.Vector, len(nums))
	for i, num := range nums {
		t := types.ByOID(types.OidOID)
		if c := rel.Column(num); c != nil {
			t = c.Type
		}
		b := vec.NewBuilder(t, 1)
		b.Append(values[num])
		cols[i] = b.Build()
	}
	return &oneBatch{vec.NewBatch(cols, 1)}, nil
}

// oneBatch is a Scanner of a single batch.
type oneBatch struct{ batch *vec.Batch }

// Next implements storage.Scanner.
func (o *oneBatch) Next(context.Context) (*vec.Batch, error) {
	b := o.batch
	o.batch = nil
	return b, nil
}

// Close implements storage.Scanner.
func (o *oneBatch) Close() {}
