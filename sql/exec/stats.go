package exec

import (
	"context"
	"sync"
	"time"

	"github.com/s3db-sql/s3db-sql/sql/exec/spill"
	"github.com/s3db-sql/s3db-sql/sql/plan"
	"github.com/s3db-sql/s3db-sql/sql/vec"
	"github.com/s3db-sql/s3db-sql/storage/objstore"
)

// Stats collects what every node of one execution did.
type Stats struct {
	nodes map[plan.Node]*nodeStats
	// timing: clocks are read around each call.
	timing bool
}

// NewStats makes an empty collection. With timing, time is measured too.
func NewStats(timing bool) *Stats {
	return &Stats{nodes: map[plan.Node]*nodeStats{}, timing: timing}
}

type nodeStats struct {
	plan.Actual
	metered  bool // the node makes requests of its own
	meter    *objstore.Meter
	accounts []*spill.Account
	progress sync.Mutex // Listed and Fetched are counted by the storage's goroutines
}

func (s *Stats) of(n plan.Node) *nodeStats {
	if s == nil {
		return nil
	}
	ns := s.nodes[n]
	if ns == nil {
		ns = &nodeStats{}
		s.nodes[n] = ns
	}
	return ns
}

// Actual returns what node n did, nil if it was never started.
func (s *Stats) Actual(n plan.Node) *plan.Actual {
	if s == nil || s.nodes[n] == nil {
		return nil
	}
	ns := s.nodes[n]
	ns.progress.Lock()
	a := ns.Actual
	ns.progress.Unlock()
	a.Usage = s.usage(n)
	for _, acct := range ns.accounts {
		a.Memory = max(a.Memory, acct.Peak())
		a.Spilled += acct.Spilled()
	}
	return &a
}

// usage is what n itself requested: the meter of a modifying node counts its
// input's requests too.
func (s *Stats) usage(n plan.Node) objstore.Usage {
	ns := s.nodes[n]
	if ns == nil || ns.meter == nil {
		return objstore.Usage{}
	}
	u := ns.meter.Usage()
	plan.WalkNodes(n, func(in plan.Node) bool {
		if below := s.nodes[in]; in != n && below != nil && below.meter != nil {
			u = u.Sub(below.meter.Usage())
			return false
		}
		return true
	})
	return u
}

// withMeter counts the requests of a node that makes some.
func (ns *nodeStats) withMeter(ctx context.Context) context.Context {
	if !ns.metered {
		return ctx
	}
	if ns.meter == nil {
		ns.meter = objstore.NewMeter(objstore.MeterFrom(ctx))
	}
	return objstore.WithMeter(ctx, ns.meter)
}

// measured counts an operator's rows, loops and time into its node.
type measured struct {
	Operator
	stats *nodeStats
	now   func() time.Time // nil: no timing
	begun bool
}

func (m *measured) clock() time.Time {
	if m.now == nil {
		return time.Time{}
	}
	return m.now()
}

func (m *measured) Open(ctx context.Context) error {
	start := m.clock()
	m.stats.Loops++
	m.begun = false
	err := m.Operator.Open(m.stats.withMeter(ctx))
	m.stats.Total += m.clock().Sub(start)
	return err
}

func (m *measured) Next(ctx context.Context) (*vec.Batch, error) {
	start := m.clock()
	b, err := m.Operator.Next(m.stats.withMeter(ctx))
	m.stats.Total += m.clock().Sub(start)
	if b != nil {
		m.stats.Rows += int64(b.Rows())
		if !m.begun {
			m.begun = true
			m.stats.Startup = m.stats.Total
		}
	}
	return b, err
}
