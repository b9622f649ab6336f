package pgcatalog

import (
	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/catalog/virtual"
)

func init() { registry.Declare(pgSequence, pgSequences) }

// sequence is a sequence of the session's catalog.
type sequence struct {
	v   View
	rel *catalog.Relation
}

func sequencesOf(v View, yield func(sequence)) {
	for _, rel := range v.Catalog().Sequences() {
		yield(sequence{v, rel})
	}
}

var pgSequence = virtual.Rel[sequence]{
	Of:   "pg_sequence",
	Size: virtual.Size{PerRelation: 0.5},
	Rows: sequencesOf,
	Columns: virtual.Columns[sequence]{
		"seqrelid":     func(s sequence) any { return s.rel.OID },
		"seqtypid":     func(s sequence) any { return s.rel.Sequence.Type },
		"seqstart":     func(s sequence) any { return s.rel.Sequence.Start },
		"seqincrement": func(s sequence) any { return s.rel.Sequence.Increment },
		"seqmax":       func(s sequence) any { return s.rel.Sequence.Max },
		"seqmin":       func(s sequence) any { return s.rel.Sequence.Min },
		"seqcache":     func(s sequence) any { return s.rel.Sequence.Cache },
		"seqcycle":     func(s sequence) any { return s.rel.Sequence.Cycle },
	},
	Lookups: []virtual.Lookup[sequence]{
		{By: []string{"seqrelid"}, Find: func(v View, keys []any, yield func(sequence)) {
			byOID(v, keys[0].(catalog.OID), func(rel *catalog.Relation) {
				if rel.Kind == catalog.Sequence {
					yield(sequence{v, rel})
				}
			})
		}},
	},
}

var pgSequences = virtual.Rel[sequence]{
	Of:   "pg_sequences",
	Rows: sequencesOf,
	Columns: virtual.Columns[sequence]{
		"schemaname":    func(s sequence) any { return s.rel.Schema },
		"sequencename":  func(s sequence) any { return s.rel.Name },
		"sequenceowner": func(s sequence) any { return RoleName(s.v, s.rel.Owner) },
		"data_type":     func(s sequence) any { return s.rel.Sequence.Type },
		"start_value":   func(s sequence) any { return s.rel.Sequence.Start },
		"min_value":     func(s sequence) any { return s.rel.Sequence.Min },
		"max_value":     func(s sequence) any { return s.rel.Sequence.Max },
		"increment_by":  func(s sequence) any { return s.rel.Sequence.Increment },
		"cycle":         func(s sequence) any { return s.rel.Sequence.Cycle },
		"cache_size":    func(s sequence) any { return s.rel.Sequence.Cache },
		"last_value":    func(s sequence) any { return s.lastValue() },
	},
}

// lastValue is NULL before the first number, as in PostgreSQL, and where the
// counter can't be read.
func (s sequence) lastValue() any {
	if last, ok := s.v.SequenceLastValue(s.rel); ok {
		return last
	}
	return nil
}
