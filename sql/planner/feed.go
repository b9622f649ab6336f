package planner

import (
	"math"
	"slices"

	"github.com/s3db-sql/s3db-sql/sql/funcs"
	"github.com/s3db-sql/s3db-sql/sql/plan"
	"github.com/s3db-sql/s3db-sql/sql/planner/cost"
	"github.com/s3db-sql/s3db-sql/sql/types"
	"github.com/s3db-sql/s3db-sql/storage"
)

// feedable are the kinds of hash join that put out no left row without a match: a scan
// below the left input may leave out what has none (a parameterized path, of all keys
// at once).
var feedable = map[plan.JoinKind]bool{plan.InnerJoin: true, plan.RightJoin: true, plan.SemiJoin: true,
	plan.RightSemiJoin: true, plan.RightAntiJoin: true}

// fedJoin is a hash join that hands the keys of its right input to a scan of columns in
// memory below its left one; nil where there is no such scan or nothing to gain.
func (p *physical) fedJoin(j hashed) *plan.HashJoin {
	if !feedable[j.kind] || j.nullAware || p.volatile && plan.NodeIsVolatile(j.left) {
		return nil
	}
	left, feed := p.feed(j.left, j.right.Est().Rows, j.keys)
	if feed == nil {
		return nil
	}
	n := p.newHashJoin(j)
	n.Left, n.Feeds = left, []*plan.Feed{feed}
	work := left.Est().Rows + j.right.Est().Rows
	c := cost.Add(left.Est().Cost, j.right.Est().Cost)
	c.CPU += work
	c.Total += work / cost.RowsPerMilli
	n.Est().Cost = c
	return n
}

// mostRead is the share of a table above which reading all of it is as good; the
// executor, which knows the keys, draws the same line.
const mostRead = 0.25

// target is a scan that can be fed by some of a join's keys.
type target struct {
	scan *plan.TableScan
	nums []int16
	keys []int
	used []plan.Expr
}

// feed returns n with one scan in it reading the rows of so many keys only.
func (p *physical) feed(n plan.Node, rows float64, keys []equiKey) (plan.Node, *plan.Feed) {
	var targets []*target
	for i, k := range keys {
		targets = p.addTarget(targets, n, i, k)
	}
	var best, from *plan.TableScan
	fewest := mostRead
	for _, t := range targets {
		s := p.fedScan(t, rows)
		if share := s.Estimate.Rows / t.scan.Estimate.Rows; share < fewest {
			best, from, fewest = s, t.scan, share
		}
	}
	if best == nil {
		return n, nil
	}
	return reading(n, from, best), best.Path.Kept.Feed
}

func (p *physical) addTarget(targets []*target, n plan.Node, i int, k equiKey) []*target {
	c, ok := k.left.(*plan.Column)
	if !ok || !sameKeys(k) {
		return targets
	}
	scan, num := scanOf(n, c.ID)
	if scan == nil || !p.feeds(scan) {
		return targets
	}
	for _, t := range targets {
		if t.scan == scan {
			if !slices.Contains(t.nums, num) {
				t.nums, t.keys, t.used = append(t.nums, num), append(t.keys, i), append(t.used, k.eq)
			}
			return targets
		}
	}
	return append(targets, &target{scan, []int16{num}, []int{i}, []plan.Expr{k.eq}})
}

// integerWidth is the size of the integer types.
var integerWidth = map[types.OID]int{types.Int2OID: 2, types.Int4OID: 4, types.Int8OID: 8}

// sameKeys: values of the right side are looked for as they are, or wider.
func sameKeys(k equiKey) bool {
	l, r := k.left.Type(), k.right.Type()
	if l.Rep == r.Rep {
		return true
	}
	return integerWidth[l.OID] > 0 && integerWidth[l.OID] > integerWidth[r.OID] && integerWidth[r.OID] > 0
}

// feeds says that a scan reads columns in memory, all of them and without an index.
func (p *physical) feeds(s *plan.TableScan) bool {
	whole := s.Path.Kind == storage.FullScan || s.Path.Kind == storage.KeyOnly
	return whole && s.Path.Kept == nil && s.Limit < 0 && s.RowID == "" && p.inMemory(s.Rel, s.Nums)
}

// fedScan is the scan of the rows of so many keys.
func (p *physical) fedScan(t *target, keys float64) *plan.TableScan {
	all := cost.Rows(p.env.Stats(t.scan.Rel))
	values := 1.0
	for _, num := range t.nums {
		values *= p.distinct(origin{t.scan.Rel, num})
	}
	values = math.Max(1, math.Min(values, all))
	read := math.Min(keys, values) * all / values
	s := *t.scan
	s.Path.Kept = &plan.KeptKey{Nums: t.nums, Feed: &plan.Feed{Keys: t.keys}}
	s.Path.Used = append(slices.Clone(s.Path.Used), t.used...)
	share := math.Min(1, read/all)
	s.Estimate = plan.Estimate{Rows: math.Max(1, t.scan.Estimate.Rows*share)}
	s.Estimate.Cost.CPU = math.Min(keys, values) + read
	cost.Fold(&s.Estimate.Cost, 0)
	return &s
}

// scanOf finds the scan below n that column id comes from, where leaving out rows of
// that scan by the column is leaving out rows of n; nil for none.
func scanOf(n plan.Node, id plan.ColumnID) (*plan.TableScan, int16) {
	switch t := n.(type) {
	case *plan.TableScan:
		for i, c := range t.Cols {
			if c.ID == id {
				return t, t.Nums[i]
			}
		}
	case *plan.Filter:
		return scanOf(t.Input, id)
	case *plan.Project:
		return scanBehind(t.Input, t.Values, t.Cols, id)
	case *plan.HashAggregate:
		if t.Aggregate.Sets == nil {
			return scanBehind(t.Input, t.Aggregate.GroupBy, t.Aggregate.GroupCols, id)
		}
	case *plan.HashJoin:
		return scanOfJoin(t.Kind, t.Left, t.Right, t.NullAware, id)
	case *plan.LookupJoin:
		return scanOfJoin(t.Kind, t.Left, nil, false, id)
	case *plan.NestLoop:
		if !t.Lateral {
			return scanOfJoin(t.Kind, t.Left, t.Right, false, id)
		}
	}
	return nil, 0
}

// scanBehind is scanOf where cols are computed from values.
func scanBehind(in plan.Node, values []plan.Expr, cols []plan.Col, id plan.ColumnID) (*plan.TableScan, int16) {
	for i, c := range cols {
		if v, ok := values[i].(*plan.Column); ok && c.ID == id {
			return scanOf(in, v.ID)
		}
	}
	return nil, 0
}

// keepsLeftRows are the joins whose output has a left row's columns or not, whatever
// other left rows there are and without NULLs in their place.
var keepsLeftRows = map[plan.JoinKind]bool{plan.InnerJoin: true, plan.LeftJoin: true, plan.SemiJoin: true, plan.AntiJoin: true}

var keepsRightRows = map[plan.JoinKind]bool{plan.InnerJoin: true, plan.RightJoin: true, plan.RightSemiJoin: true, plan.RightAntiJoin: true}

func scanOfJoin(kind plan.JoinKind, left, right plan.Node, nullAware bool, id plan.ColumnID) (*plan.TableScan, int16) {
	if keepsLeftRows[kind] {
		if s, num := scanOf(left, id); s != nil {
			return s, num
		}
	}
	if right != nil && keepsRightRows[kind] && !nullAware {
		return scanOf(right, id)
	}
	return nil, 0
}

// reading is n with another scan in the place of one, and estimates to match.
func reading(n plan.Node, from, to *plan.TableScan) plan.Node {
	if n == plan.Node(from) {
		return to
	}
	in := n.Inputs()
	out := make([]plan.Node, len(in))
	changed := false
	var before, after plan.Estimate
	for i, c := range in {
		out[i] = reading(c, from, to)
		changed = changed || out[i] != c
		before = plan.Estimate{Rows: before.Rows + c.Est().Rows, Cost: cost.Add(before.Cost, c.Est().Cost)}
		after = plan.Estimate{Rows: after.Rows + out[i].Est().Rows, Cost: cost.Add(after.Cost, out[i].Est().Cost)}
	}
	if !changed {
		return n
	}
	m := n.WithInputs(out)
	own := n.Est().Cost
	work, share := math.Max(0, own.Total-before.Cost.Total), after.Rows/math.Max(1, before.Rows)
	c := after.Cost
	c.CPU += math.Max(0, own.CPU-before.Cost.CPU) * share
	c.Total += work * share
	fewer := to.Estimate.Rows / math.Max(1, from.Estimate.Rows)
	*m.Est() = plan.Estimate{Rows: math.Max(1, math.Round(n.Est().Rows*fewer)), Cost: c}
	return m
}

// mirroredHash is mirrored with the kinds that only a hash join knows.
var mirroredHash = map[plan.JoinKind]plan.JoinKind{
	plan.InnerJoin: plan.InnerJoin, plan.LeftJoin: plan.RightJoin, plan.RightJoin: plan.LeftJoin, plan.FullJoin: plan.FullJoin,
	plan.SemiJoin: plan.RightSemiJoin, plan.AntiJoin: plan.RightAntiJoin,
}

// hashed is a hash join to be made.
type hashed struct {
	kind        plan.JoinKind
	left, right plan.Node
	keys        []equiKey
	residual    []plan.Expr
	nullAware   bool
}

func (j hashed) canMirror() bool {
	_, ok := mirroredHash[j.kind]
	return ok && !j.nullAware && !slices.ContainsFunc(j.keys, func(k equiKey) bool {
		return funcs.OperatorByOID(k.eq.Op.Commutator) == nil
	})
}

func (j hashed) mirror() hashed {
	m := j
	m.kind, m.left, m.right, m.keys = mirroredHash[j.kind], j.right, j.left, nil
	for _, k := range j.keys {
		m.keys = append(m.keys, k.mirror())
	}
	return m
}

// hashJoin is the cheapest hash join: the smaller input is built, and the other one
// perhaps read by its keys.
func (p *physical) hashJoin(j hashed) *plan.HashJoin {
	ways := []hashed{j}
	if j.canMirror() {
		ways = append(ways, j.mirror())
		if j.buildLeft() {
			slices.Reverse(ways)
		}
	}
	best := p.newHashJoin(ways[0])
	if j.kind == plan.InnerJoin {
		ways = []hashed{j} // the order of joins tries both sides
	}
	for _, w := range ways {
		if fed := p.fedJoin(w); fed != nil && cheaper(fed, best) {
			best = fed
		}
	}
	return best
}

// buildLeft says that the left input is the one to build. A join that filters it puts it
// out row by row as long as it is not built, which a limit may want: only much fewer
// rows are a reason.
func (j hashed) buildLeft() bool {
	l, r := j.left.Est().Rows, j.right.Est().Rows
	if j.kind == plan.SemiJoin || j.kind == plan.AntiJoin {
		return r > 1000 && r > 4*l
	}
	return r > l
}

func (p *physical) newHashJoin(j hashed) *plan.HashJoin {
	n := &plan.HashJoin{Kind: j.kind, Left: j.left, Right: j.right, Residual: plan.Conjunction(j.residual), NullAware: j.nullAware}
	for _, k := range j.keys {
		n.LeftKeys = append(n.LeftKeys, k.left)
		n.RightKeys = append(n.RightKeys, k.right)
		n.Eq = append(n.Eq, k.eq)
	}
	p.estimateJoin(n, j.kind, j.left, j.right, j.keys, n.Residual, 1)
	return n
}
