package catalog

// SequenceInfo is pg_sequence's row, and what else a sequence is: whose it is,
// and where it counts.
type SequenceInfo struct {
	Type      OID // int2, int4 or int8
	Start     int64
	Increment int64
	Min, Max  int64
	Cache     int64
	Cycle     bool
	// Counter names the object that the numbers are taken from; RESTART begins
	// another one.
	Counter string
	// Owner and OwnerColumn are the column that the sequence goes with, 0 for none
	// (OWNED BY).
	Owner       OID
	OwnerColumn int16
	// Identity: it is an identity column's, and can't be dropped without it.
	Identity bool
	// Unlogged: CREATE UNLOGGED SEQUENCE. It counts as any other; one that a column owns
	// shows what its table is, too.
	Unlogged bool
}

// SequenceDef is CREATE SEQUENCE after binding.
type SequenceDef struct {
	Schema string
	Name   string
	SequenceInfo
}

// OwnedSequences are the sequences that go with a relation, by oid.
func OwnedSequences(r Reader, rel OID) []*Relation {
	var out []*Relation
	for _, s := range r.Sequences() {
		if s.Sequence.Owner == rel {
			out = append(out, s)
		}
	}
	return out
}

// ColumnSequence is the sequence of an identity column, or, where identity is
// false, any that the column owns; nil for none.
func ColumnSequence(r Reader, rel OID, num int16, identity bool) *Relation {
	for _, s := range OwnedSequences(r, rel) {
		if s.Sequence.OwnerColumn == num && (s.Sequence.Identity || !identity) {
			return s
		}
	}
	return nil
}
