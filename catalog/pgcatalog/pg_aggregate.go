package pgcatalog

import (
	"strconv"
	"sync"

	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/catalog/virtual"
	"github.com/s3db-sql/s3db-sql/sql/funcs"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

func init() { registry.Declare(pgAggregate) }

// aggregate is an aggregate with PostgreSQL's names for its parts: ours are
// written otherwise, but sort operators and initial values say the same.
type aggregate struct {
	f     *funcs.Func
	parts []string // of aggregates.tsv, nil for one that PostgreSQL does not have
	user  *catalog.Aggregate
}

// userAggregate is the row of an aggregate that the database defines.
func userAggregate(f *catalog.Function) aggregate {
	a := f.Aggregate
	oid := func(o types.OID) string { return strconv.FormatUint(uint64(o), 10) }
	text := func(s *string) string {
		if s == nil {
			return `\N`
		}
		return *s
	}
	return aggregate{user: a, f: &funcs.Func{OID: f.OID, Kind: funcs.Aggregate}, parts: []string{
		oid(f.OID), oid(a.Transition), oid(a.Final), oid(a.Combine), "0", "0", oid(a.MovingTransition), oid(a.MovingInverse),
		oid(a.MovingFinal), oid(a.SortOp), oid(a.State), text(a.Init), text(a.MovingInit),
	}}
}

var aggregateParts = sync.OnceValue(func() map[types.OID][]string {
	m := map[types.OID][]string{}
	for _, f := range fields(aggregatesTSV) {
		m[number(f[0])] = f
	}
	return m
})

var pgAggregate = virtual.Rel[aggregate]{
	Of:   "pg_aggregate",
	Size: virtual.Size{Fixed: 160},
	Rows: func(v View, yield func(aggregate)) {
		for _, f := range funcs.All() {
			if f.Kind == funcs.Aggregate {
				yield(aggregate{f: f, parts: aggregateParts()[f.OID]})
			}
		}
		for _, f := range v.Catalog().Routines().Functions() {
			if f.Aggregate != nil {
				yield(userAggregate(f))
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
		"aggfinalextra":    ofUser(func(p []string) any { return p[13] == "t" }, func(a *catalog.Aggregate) any { return a.FinalExtra }),
		"aggmfinalextra":   ofUser(func(p []string) any { return p[14] == "t" }, func(a *catalog.Aggregate) any { return a.MovingFinalExtra }),
		"aggfinalmodify":   ofUser(func(p []string) any { return p[15] }, func(a *catalog.Aggregate) any { return letter(a.FinalModify) }),
		"aggmfinalmodify":  ofUser(func(p []string) any { return p[16] }, func(a *catalog.Aggregate) any { return letter(a.MovingFinalModify) }),
		"aggmtranstype":    ofUser(func(p []string) any { return number(p[17]) }, func(a *catalog.Aggregate) any { return a.MovingState }),
		"aggtransspace":    ofUser(func(p []string) any { return int32(number(p[18])) }, func(a *catalog.Aggregate) any { return a.Space }),
		"aggmtransspace":   ofUser(func(p []string) any { return int32(number(p[19])) }, func(a *catalog.Aggregate) any { return a.MovingSpace }),
		"aggsortop":        aggregatePart(9),
		"aggtranstype":     aggregatePart(10),
		"agginitval":       aggregateValue(11),
		"aggminitval":      aggregateValue(12),
	},
}

// unknownParts stand for those of an aggregate that PostgreSQL does not have.
var unknownParts = []string{"", "0", "0", "0", "0", "0", "0", "0", "0", "0", "0", `\N`, `\N`, "f", "f", "r", "r", "0", "0", "0"}

// ofUser is a column that aggregates of the database's own have elsewhere.
func ofUser(builtin func(parts []string) any, get func(*catalog.Aggregate) any) func(aggregate) any {
	return func(a aggregate) any {
		switch {
		case a.user != nil:
			return get(a.user)
		case a.parts == nil:
			return builtin(unknownParts)
		}
		return builtin(a.parts)
	}
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
