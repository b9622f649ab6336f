package access

import (
	"fmt"
	"math"

	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/sql/plan"
	"github.com/s3db-sql/s3db-sql/sql/planner/cost"
	"github.com/s3db-sql/s3db-sql/storage"
)

// Env is what path selection may ask for.
type Env struct {
	Stats func(rel *catalog.Relation) storage.Stats
	// Distinct and Share are those of planner.Env.
	Distinct func(rel *catalog.Relation, num int16) (n float64, ok bool)
	Share    func(s *plan.Scan, cond plan.Expr) (share float64, ok bool)
	// Evaluate computes a constant expression.
	Evaluate func(e plan.Expr) (any, error)
	// TrustPartitions is s3db.trust_partitions: unverified partitions may be
	// used, and references alone may answer.
	TrustPartitions bool
}

// Candidate is one complete way to read a table.
type Candidate struct {
	Path plan.AccessPath
	Rows float64 // that the path yields before the filter
	Cost plan.Cost
}

// Choose returns the cheapest path for s, and why each partition that was not
// chosen was not.
func Choose(s *plan.Scan, env *Env) (best Candidate, rejected []string) {
	m := match(s, env)
	stats := env.Stats(s.Rel)
	candidates, rejected := enumerate(s, m, stats, env)
	combined := combinations(s, candidates, stats, env)
	boundByKey(s, m, candidates, stats)
	candidates = append(candidates, combined...)
	best = candidates[0]
	for _, c := range candidates[1:] {
		if c.Cost.Total < best.Cost.Total {
			best = c
		}
	}
	if best.Path.Kind == storage.PointGet || best.Path.Kind == storage.UniqueGet {
		return best, nil // nobody would expect another path
	}
	for _, c := range candidates {
		if usesPartition(c.Path.Kind) && !leads(best.Path, c.Path.Index) {
			rejected = append(rejected, c.Path.Index.Partition+" (costs more)")
		}
	}
	return best, rejected
}

func enumerate(s *plan.Scan, m *matcher, stats storage.Stats, env *Env) ([]Candidate, []string) {
	out := []Candidate{fullScan(s, m, stats)}
	if c, ok := pointGet(s, m, stats); ok {
		out = append(out, c)
	}
	out = append(out, uniqueGets(s, m, stats)...)
	if c, ok := keptKey(s, m, stats, env, out); ok {
		out = append(out, c)
	}
	var rejected []string
	for _, ix := range s.Rel.Indexes {
		if ix.Kind != catalog.PartitionIndex {
			continue
		}
		c, why := partition(s, m, ix, stats, env)
		if why != "" && !m.mentions(ix) {
			continue // the query has nothing to do with it: no need to say why not
		}
		if why != "" {
			rejected = append(rejected, ix.Partition+" ("+why+")")
			continue
		}
		out = append(out, c)
	}
	return out, rejected
}

// fullScan lists everything: keys only where those hold all that is asked.
func fullScan(s *plan.Scan, m *matcher, stats storage.Stats) Candidate {
	rows := cost.Rows(stats)
	c := Candidate{Rows: rows}
	c.Path.Kind = storage.FullScan
	if pk := s.Rel.PrimaryKey(); pk != nil {
		if t := m.byNum[pk.Columns[0].Num]; t != nil && pk.Columns[0].Ordered {
			c.Path.KeyLow, c.Path.KeyHigh = t.low, t.high
			c.Path.Used = append(c.Path.Used, t.ranges...)
			c.Rows *= rangeShare(t.low, t.high)
		}
		c.Path.Index = pk
		if onlyKeys(s, keyColumns(pk)) {
			c.Path.Kind = storage.KeyOnly
		}
	}
	if InMemory(stats, s.Nums) {
		c.Cost.CPU = rows * cost.KeptScan(s.Filter)
		cost.Fold(&c.Cost, 0)
		return c
	}
	c.Cost = cost.List(limited(c.Rows, s), stats)
	if c.Path.Kind == storage.FullScan && !stats.ScanYieldsRows {
		c.Cost = cost.Add(c.Cost, cost.Fetch(limited(c.Rows, s), stats))
	}
	cost.Fold(&c.Cost, cost.RoundTrip(stats))
	if stats.Keeps && c.Path.Kind == storage.FullScan && rows > cost.PageRows(stats) {
		c.Cost.Total *= cost.FirstOfMany
	}
	return c
}

// limited is the number of rows read before a limit on an unfiltered scan stops
// it.
func limited(rows float64, s *plan.Scan) float64 {
	if s.Limit >= 0 && s.Filter == nil {
		return math.Min(rows, float64(s.Limit))
	}
	return rows
}

func rangeShare(low, high *plan.Bound) float64 {
	switch {
	case low == nil && high == nil:
		return 1
	case low != nil && low.Prefix:
		return cost.LikeSelectivity
	case low != nil && high != nil:
		return cost.RangeSelectivity * cost.RangeSelectivity
	}
	return cost.RangeSelectivity
}

// keyColumns are the columns that a listed data key yields.
func keyColumns(pk *catalog.Index) map[int16]bool {
	cols := map[int16]bool{catalog.ColLastModified: true, catalog.ColTableOID: true}
	for _, c := range pk.Columns {
		if c.Lossless {
			cols[c.Num] = true
		}
	}
	return cols
}

func onlyKeys(s *plan.Scan, have map[int16]bool) bool {
	for _, n := range s.Nums {
		if !have[n] {
			return false
		}
	}
	return true
}

// pointGet reads rows by id where every column of the primary key is fixed.
func pointGet(s *plan.Scan, m *matcher, stats storage.Stats) (Candidate, bool) {
	pk := s.Rel.PrimaryKey()
	if pk == nil {
		return Candidate{}, false
	}
	c, ok := wholeKey(storage.PointGet, pk, m)
	c.Cost = cost.Fetch(c.Rows, stats)
	cost.Fold(&c.Cost, cost.RoundTrip(stats))
	return c, ok
}

// wholeKey is a path by the values of all columns of an index; false if one of
// them is not fixed.
func wholeKey(kind storage.PathKind, ix *catalog.Index, m *matcher) (Candidate, bool) {
	c := Candidate{Rows: 1}
	c.Path.Kind, c.Path.Index = kind, ix
	for _, col := range ix.Columns {
		t := m.byNum[col.Num]
		if t == nil || t.equal == nil {
			return Candidate{}, false
		}
		c.Path.Key = append(c.Path.Key, *t.equal)
		c.Path.Used = append(c.Path.Used, t.equalFrom)
		c.Rows *= float64(alternatives(t.equal))
	}
	return c, len(ix.Columns) > 0
}

// uniqueGets reads rows by the values of each unique index that the predicate
// fixes. NULL has no key, and equals nothing.
func uniqueGets(s *plan.Scan, m *matcher, stats storage.Stats) []Candidate {
	var out []Candidate
	for _, ix := range s.Rel.Indexes {
		if ix.Kind != catalog.UniqueIndex || !ix.Complete || ix.Deferrable {
			continue
		}
		c, ok := wholeKey(storage.UniqueGet, ix, m)
		if !ok {
			continue
		}
		c.Cost = uniqueCost(c.Rows, stats)
		cost.Fold(&c.Cost, cost.RoundTrip(stats))
		out = append(out, c)
	}
	return out
}

// uniqueCost is the fetch of n key objects, then of the rows that they name.
func uniqueCost(n float64, stats storage.Stats) plan.Cost {
	return cost.Add(cost.Fetch(n, stats), cost.Fetch(n, stats))
}

// partition reads through one partition; why says why it can't.
func partition(s *plan.Scan, m *matcher, ix *catalog.Index, stats storage.Stats, env *Env) (Candidate, string) {
	c := Candidate{}
	c.Path.Kind, c.Path.Index = storage.Partition, ix
	share, used := leadingRun(&c.Path, m, ix)
	covering := covers(s, ix) && (ix.Covering || env.TrustPartitions)
	if !used && !covering {
		return Candidate{}, "no condition on " + ix.Columns[0].Name + " that a key can answer"
	}
	if f := nullableField(s.Rel, m, ix); f != "" {
		return Candidate{}, fmt.Sprintf("%s may be null, and the condition does not exclude it", f)
	}
	if !ix.Complete && !env.TrustPartitions {
		return Candidate{}, "not verified: VERIFY RESOURCE " + s.Rel.Name + ", or SET s3db.trust_partitions = on"
	}
	c.Rows = math.Max(1, cost.Rows(stats)*share)
	if per, ok := stats.RowsPerValue[ix.Partition]; ok && len(c.Path.Prefix) == len(ix.Columns) && !byVersion(ix) {
		c.Rows = math.Max(1, per*prefixes(c.Path.Prefix))
	}
	c.Path.Kind = kindOf(ix, covering, env)
	c.Cost = pathCost(c, stats)
	cost.Fold(&c.Cost, cost.RoundTrip(stats))
	return c, ""
}

// byVersion: how many rows a version has says nothing of another one, since almost
// all of them have today's.
func byVersion(ix *catalog.Index) bool { return ix.Columns[0].Num == catalog.ColVersion }

// nullableField returns a field of the partition that may be NULL in a row that
// the predicate wants: such rows have no reference.
func nullableField(rel *catalog.Relation, m *matcher, ix *catalog.Index) string {
	for _, f := range ix.Columns {
		col := rel.Column(f.Num)
		t := m.byNum[f.Num]
		if (col == nil || !col.NotNull) && (t == nil || !t.strict) {
			return f.Name
		}
	}
	return ""
}

// leadingRun fills the path's prefix and bounds; share is the estimated part of
// the table behind them.
func leadingRun(p *plan.AccessPath, m *matcher, ix *catalog.Index) (share float64, used bool) {
	share = 1
	for _, f := range ix.Columns {
		t := m.byNum[f.Num]
		if t == nil || f.Opaque {
			break
		}
		if t.equal != nil {
			p.Prefix = append(p.Prefix, *t.equal)
			p.Used = append(p.Used, t.equalFrom)
			share *= math.Min(1, cost.EqSelectivity*float64(alternatives(t.equal)))
			used = true
			continue
		}
		if f.Ordered && (t.low != nil || t.high != nil) {
			p.Low, p.High = t.low, t.high
			p.Used = append(p.Used, t.ranges...)
			share *= rangeShare(t.low, t.high)
			used = true
		}
		break
	}
	return share, used
}

// covers says whether the references hold every column that the scan needs.
func covers(s *plan.Scan, ix *catalog.Index) bool {
	have := map[int16]bool{catalog.ColTableOID: true}
	for _, f := range ix.Columns {
		have[f.Num] = f.Lossless
	}
	if pk := s.Rel.PrimaryKey(); pk != nil {
		for _, c := range pk.Columns {
			have[c.Num] = c.Lossless
		}
	}
	return onlyKeys(s, have)
}

func kindOf(ix *catalog.Index, covering bool, env *Env) storage.PathKind {
	switch {
	case covering && ix.Covering && ix.Complete:
		return storage.Covering
	case covering && env.TrustPartitions:
		return storage.TrustedPartition
	}
	return storage.Partition
}

func prefixes(terms []plan.KeyTerm) float64 {
	n := 1.0
	for _, t := range terms {
		n *= float64(alternatives(&t))
	}
	return n
}

// listing is the cost of listing the references of a partition path.
func listing(c Candidate, stats storage.Stats) plan.Cost {
	n := math.Max(1, prefixes(c.Path.Prefix))
	list := cost.List(c.Rows/n, stats)
	list.List *= n // prefixes are listed side by side: more requests, no more waves
	return list
}

func pathCost(c Candidate, stats storage.Stats) plan.Cost {
	list := listing(c, stats)
	switch c.Path.Kind {
	case storage.TrustedPartition:
		return list
	case storage.Covering:
		return cost.Add(list, cost.List(cost.Rows(stats), stats))
	}
	return cost.Add(list, cost.Fetch(c.Rows, stats))
}
