package infoschema

import (
	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/catalog/virtual"
)

func init() { registry.Declare(sequences) }

type sequence struct {
	v   View
	rel *catalog.Relation
}

// sequences leaves out those of identity columns, as the standard has it.
var sequences = virtual.Rel[sequence]{
	Of: "sequences",
	Rows: func(v View, yield func(sequence)) {
		for _, rel := range v.Catalog().Sequences() {
			if !rel.Sequence.Identity {
				yield(sequence{v, rel})
			}
		}
	},
	Columns: virtual.Columns[sequence]{
		"sequence_catalog":        func(s sequence) any { return s.v.Database() },
		"sequence_schema":         func(s sequence) any { return s.rel.Schema },
		"sequence_name":           func(s sequence) any { return s.rel.Name },
		"data_type":               func(s sequence) any { return s.v.Catalog().Types().ByOID(s.rel.Sequence.Type).SQLName() },
		"numeric_precision":       func(s sequence) any { return binaryPrecision[s.rel.Sequence.Type] },
		"numeric_precision_radix": is[sequence](int32(2)),
		"numeric_scale":           is[sequence](int32(0)),
		"start_value":             func(s sequence) any { return decimal(int(s.rel.Sequence.Start)) },
		"minimum_value":           func(s sequence) any { return decimal(int(s.rel.Sequence.Min)) },
		"maximum_value":           func(s sequence) any { return decimal(int(s.rel.Sequence.Max)) },
		"increment":               func(s sequence) any { return decimal(int(s.rel.Sequence.Increment)) },
		"cycle_option":            func(s sequence) any { return yesNo(s.rel.Sequence.Cycle) },
	},
}
