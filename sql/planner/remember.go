package planner

import (
	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/sql/plan"
	"github.com/s3db-sql/s3db-sql/storage"
)

// remembering is env with its answers about tables kept for one planning: joins ask
// again and again, and what they hear must not change meanwhile.
func remembering(env *Env) *Env {
	c := *env
	m := &memory{env: env}
	c.Stats, c.Distinct = m.statsOf, m.distinctOf
	c.Shape = m.shapeOf
	if env.Share == nil {
		c.Share = func(*plan.Scan, plan.Expr) (float64, bool) { return 0, false }
	}
	return &c
}

// memory has a list of tables: statements have few, most of them one.
type memory struct {
	env    *Env
	tables []tableStats
	counts map[origin]valueCount
	shapes map[*catalog.Relation]catalog.Shape
}

type tableStats struct {
	rel   *catalog.Relation
	stats storage.Stats
}

type valueCount struct {
	n  float64
	ok bool
}

func (m *memory) statsOf(rel *catalog.Relation) storage.Stats {
	for i := range m.tables {
		if m.tables[i].rel == rel {
			return m.tables[i].stats
		}
	}
	s := m.env.Stats(rel)
	m.tables = append(m.tables, tableStats{rel, s})
	return s
}

func (m *memory) distinctOf(rel *catalog.Relation, num int16) (float64, bool) {
	if m.env.Distinct == nil {
		return 0, false
	}
	c, ok := m.counts[origin{rel, num}]
	if !ok {
		c.n, c.ok = m.env.Distinct(rel, num)
		if m.counts == nil {
			m.counts = map[origin]valueCount{}
		}
		m.counts[origin{rel, num}] = c
	}
	return c.n, c.ok
}

func (m *memory) shapeOf(rel *catalog.Relation) catalog.Shape {
	if m.env.Shape == nil {
		return catalog.Shape{}
	}
	s, ok := m.shapes[rel]
	if !ok {
		s = m.env.Shape(rel)
		if m.shapes == nil {
			m.shapes = map[*catalog.Relation]catalog.Shape{}
		}
		m.shapes[rel] = s
	}
	return s
}
