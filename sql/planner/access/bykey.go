package access

import (
	"math"

	"github.com/s3db-sql/s3db-sql/sql/plan"
	"github.com/s3db-sql/s3db-sql/sql/planner/cost"
	"github.com/s3db-sql/s3db-sql/storage"
)

// boundByKey has partition paths read only the references with ids in a range: below a value
// of all fields, references are listed by id. It is for scans; lookups have a value for each
// key of theirs.
func boundByKey(s *plan.Scan, m *matcher, candidates []Candidate, stats storage.Stats) {
	pk := s.Rel.PrimaryKey()
	if pk == nil || !pk.Columns[0].Ordered {
		return
	}
	t := m.byNum[pk.Columns[0].Num]
	if t == nil || t.low == nil && t.high == nil {
		return
	}
	for i := range candidates {
		c := &candidates[i]
		if c.Path.Kind != storage.Partition && c.Path.Kind != storage.TrustedPartition || len(c.Path.Prefix) < len(c.Path.Index.Columns) {
			continue
		}
		c.Path.KeyLow, c.Path.KeyHigh = t.low, t.high
		c.Path.Used = append(c.Path.Used, t.ranges...)
		c.Rows = math.Max(1, c.Rows*rangeShare(t.low, t.high))
		c.Cost = pathCost(*c, stats)
		cost.Fold(&c.Cost, cost.RoundTrip(stats))
	}
}
