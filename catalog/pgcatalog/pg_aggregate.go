package pgcatalog

import (
	"sync"

	"github.com/s3db-sql/s3db-sql/catalog/virtual"
	"github.com/s3db-sql/s3db-sql/sql/funcs"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

// aggregate is an aggregate with PostgreSQL's names for its parts: ours are
// written otherwise, but sort operators and initial values say the same.
type aggregate struct {
	f     *funcs.Func
	parts []string // of aggregates.tsv, nil for one that PostgreSQL does not have
}

var aggregateParts = sync.OnceValue(func() map[types.OID][]string {
	m := map[types.OID][]string{}
	for _, f := range fields(aggregatesTSV) {
		m[number(f[0])] = f
	}
	return m
})

var pgAggregate = virtual.Rel[aggregate]{
	Of: "pg_aggregate",
	Rows: func(_ View, yield func(aggregate)) {
		for _, f := range funcs.All() {
			if f.Kind == funcs.Aggregate {
				yield(aggregate{f, aggregateParts()[f.OID]})
			}
		}
	},
	Columns: virtual.Columns[aggregate]{
		"aggfnoid":         func(a aggregate) any { return a.f.OID },
		"aggkind":          func(a aggregate) any { return a.kind() },
		"aggnumdirectargs": func(a aggregate) any { return int16(a.f.Agg.NumDirect) },
		"aggtransfn":       aggregatePart(1),
		"aggfinalfn":       aggregatePart(2),
		"aggcombinefn":     aggregatePart(3),
		"aggserialfn":      aggregatePart(4),
		"aggdeserialfn":    aggregatePart(5),
		"aggmtransfn":      aggregatePart(6),
		"aggminvtransfn":   aggregatePart(7),
		"aggmfinalfn":      aggregatePart(8),
		"aggfinalmodify":   is[aggregate]("r"),
		"aggmfinalmodify":  is[aggregate]("r"),
		"aggsortop":        aggregatePart(9),
		"aggtranstype":     aggregatePart(10),
		"agginitval":       aggregateValue(11),
		"aggminitval":      aggregateValue(12),
	},
}

func (a aggregate) kind() any {
	if a.f.Agg.OrderedSet == 0 {
		return "n"
	}
	return letter(a.f.Agg.OrderedSet)
}

func aggregatePart(i int) func(aggregate) any {
	return func(a aggregate) any {
		if a.parts == nil {
			return types.OID(0)
		}
		return number(a.parts[i])
	}
}

func aggregateValue(i int) func(aggregate) any {
	return func(a aggregate) any {
		if a.parts == nil || a.parts[i] == `\N` {
			return nil
		}
		return a.parts[i]
	}
}

// orderedSets are the ordered-set aggregates with their number of direct
// arguments.
var orderedSets = sync.OnceValue(func() map[types.OID]int {
	m := map[types.OID]int{}
	for _, f := range funcs.All() {
		if f.Agg.OrderedSet == 'o' || f.Agg.OrderedSet == 'h' {
			m[f.OID] = f.Agg.NumDirect
		}
	}
	return m
})
