package exec

import (
	"context"

	"github.com/s3db-sql/s3db-sql/sql/exec/columns"
	"github.com/s3db-sql/s3db-sql/sql/exec/spill"
	"github.com/s3db-sql/s3db-sql/sql/plan"
	"github.com/s3db-sql/s3db-sql/sql/types"
	"github.com/s3db-sql/s3db-sql/sql/vec"
)

// Spilled rows are divided by hash into this many files, again and again up to
// maxLevel times.
const (
	fanOut   = 16
	maxLevel = 6
)

// hashAggregate groups by hashing. When its tables are over the memory limit,
// rows of groups that are not in them go to files, which are grouped later: a
// group is either wholly in memory or wholly in a file.
type hashAggregate struct {
	*aggregator
	input   Operator
	par     *parallel     // nil: one goroutine
	tables  []*groupTable // being filled, one per grouping set
	emit    []*groupTable // being put out
	pending []groupFile
	done    bool
}

// groupFile is rows still to be grouped by one set.
type groupFile struct {
	set   []int
	file  *spill.File
	level int
}

// groupTable is the groups of one grouping set.
type groupTable struct {
	*aggregator
	set    []int
	table  *columns.Table // nil: one group
	aggs   []*aggRun
	level  int
	frozen bool
	parts  []*spill.File
	next   int // group to be put out
	groups []int32
}

func (b *builder) hashAggregate(n *plan.HashAggregate) (Operator, error) {
	return b.hashGroups(n, n.Aggregate, n.Input)
}

func (b *builder) hashGroups(n plan.Node, a *plan.Aggregate, input plan.Node) (Operator, error) {
	h := &hashAggregate{}
	var err error
	if h.par, err = b.parallelAggregate(n, a, input); err != nil {
		return nil, err
	}
	if h.par != nil {
		h.input = h.par.source
	} else if h.input, err = b.build(input); err != nil {
		return nil, err
	}
	h.aggregator, err = b.aggregator(n, a, input.Columns())
	return h, err
}

func (h *hashAggregate) Open(ctx context.Context) error {
	h.done, h.tables, h.emit, h.pending = false, nil, nil, nil
	return h.input.Open(ctx)
}

func (h *hashAggregate) Close() error {
	for _, t := range append(h.tables, h.emit...) {
		t.close()
	}
	for _, p := range h.pending {
		p.file.Close()
	}
	h.tables, h.emit, h.pending = nil, nil, nil
	if h.par != nil {
		h.par.close()
	}
	h.acct.Set(0)
	return h.input.Close()
}

func (h *hashAggregate) Next(ctx context.Context) (*vec.Batch, error) {
	if !h.done {
		if err := h.group(ctx); err != nil {
			return nil, err
		}
		h.done = true
	}
	for {
		for len(h.emit) > 0 {
			b, err := h.emit[0].output()
			if b != nil || err != nil {
				return b, err
			}
			h.emit[0].close()
			h.emit = h.emit[1:]
		}
		if len(h.pending) == 0 {
			return nil, nil
		}
		if err := h.fillPending(ctx); err != nil {
			return nil, err
		}
	}
}

// group groups the whole input.
func (h *hashAggregate) group(ctx context.Context) error {
	if h.par == nil {
		h.tables = h.newTables()
		return h.fill(ctx, h.input)
	}
	if err := h.par.run(ctx); err != nil {
		return err
	}
	var err error
	if h.tables, err = h.par.merge(ctx); err != nil {
		return err
	}
	return h.fill(ctx, noRows{})
}

func (g *aggregator) newTables() []*groupTable {
	var tables []*groupTable
	for _, set := range g.sets() {
		tables = append(tables, g.newTable(set, 0))
	}
	return tables
}

// fill groups all rows of in into h.tables and makes them ready to be put out.
func (h *hashAggregate) fill(ctx context.Context, in batchSource) error {
	for {
		b, err := in.Next(ctx)
		if err != nil {
			return err
		}
		if b == nil {
			break
		}
		if ctx.Err() != nil {
			return spill.Cancelled(ctx)
		}
		if err := h.add(b); err != nil {
			return err
		}
	}
	h.emit, h.tables = h.tables, nil
	for _, t := range h.emit {
		if err := t.finish(ctx); err != nil {
			return err
		}
		for _, f := range t.parts {
			if f != nil {
				h.pending = append(h.pending, groupFile{t.set, f, t.level + 1})
			}
		}
		t.parts = nil
	}
	return nil
}

func (h *hashAggregate) fillPending(ctx context.Context) error {
	p := h.pending[0]
	h.pending = h.pending[1:]
	defer p.file.Close()
	h.acct.Set(0)
	h.tables = []*groupTable{h.newTable(p.set, p.level)}
	return h.fill(ctx, p.file.Reader())
}

func (h *hashAggregate) add(b *vec.Batch) error { return h.addTo(h.tables, b) }

// addTo adds a batch to the tables of all grouping sets, which are frozen once
// they are too large.
func (g *aggregator) addTo(tables []*groupTable, b *vec.Batch) error {
	keys, err := evalAll(g.keys, b)
	if err != nil {
		return err
	}
	var mem int64
	for _, t := range tables {
		if err := t.add(b, keys); err != nil {
			return err
		}
		mem += t.memSize()
	}
	if !g.acct.Set(mem) {
		for _, t := range tables {
			t.freeze()
		}
	}
	return nil
}

func (g *aggregator) newTable(set []int, level int) *groupTable {
	t := &groupTable{aggregator: g, set: set, level: level, aggs: g.start(set)}
	if len(set) == 0 {
		for _, a := range t.aggs {
			a.state.Resize(1)
		}
		return t
	}
	ts := make([]*types.Type, len(set))
	for i, k := range set {
		ts[i] = g.types[k]
	}
	t.table = columns.NewTable(ts)
	return t
}

func (t *groupTable) freeze() {
	t.frozen = t.table != nil && t.level < maxLevel && t.table.Len() > 0
}

func (t *groupTable) memSize() int64 {
	var n int64
	if t.table != nil {
		n = t.table.MemSize()
	}
	for _, a := range t.aggs {
		n += a.memSize()
	}
	return n
}

// add adds a batch with its keys, all those of the node.
func (t *groupTable) add(b *vec.Batch, all []vec.Vector) error {
	if t.table == nil {
		return t.update(b, b.Sel, nil)
	}
	keys := make([]vec.Vector, len(t.set))
	for i, k := range t.set {
		keys[i] = all[k]
	}
	hashes := t.table.Hash(keys, b.Sel, b.N)
	numbers := make([]int32, b.Rows())
	if !t.frozen {
		t.table.Insert(keys, b.Sel, b.N, hashes, numbers)
		for _, a := range t.aggs {
			a.state.Resize(t.table.Len())
		}
		return t.update(b, b.Sel, t.byRow(b, numbers))
	}
	t.table.Find(keys, b.Sel, b.N, hashes, numbers)
	known, unknown := []int32{}, make([][]int32, fanOut)
	for k, at := range numbers {
		i := int32(b.Row(k))
		if at >= 0 {
			known = append(known, i)
			continue
		}
		p := columns.Remix(hashes[i], t.level) % fanOut
		unknown[p] = append(unknown[p], i)
	}
	if err := t.spill(b, unknown); err != nil {
		return err
	}
	return t.update(b, known, t.byRow(b, numbers))
}

// byRow spreads the numbers of the rows alive to the positions of the rows.
func (t *groupTable) byRow(b *vec.Batch, numbers []int32) []int32 {
	if b.Sel == nil {
		return numbers
	}
	if cap(t.groups) < b.N {
		t.groups = make([]int32, b.N)
	}
	groups := t.groups[:b.N]
	for k, i := range b.Sel {
		groups[i] = numbers[k]
	}
	return groups
}

func (t *groupTable) update(b *vec.Batch, sel, group []int32) error {
	for _, a := range t.aggs {
		if err := a.update(b, sel, group); err != nil {
			return err
		}
	}
	return nil
}

func (t *groupTable) spill(b *vec.Batch, parts [][]int32) error {
	if t.parts == nil {
		t.parts = make([]*spill.File, fanOut)
	}
	return spillParts(t.acct, plan.ColumnTypes(t.cols), t.parts, b, parts)
}

// spillParts appends the rows of each part to its file, which is made on
// demand.
func spillParts(acct *spill.Account, ts []*types.Type, files []*spill.File, b *vec.Batch, parts [][]int32) error {
	for p, rows := range parts {
		if len(rows) == 0 {
			continue
		}
		if files[p] == nil {
			files[p] = spill.NewFile(acct, ts)
		}
		if err := files[p].Append(b.WithSel(rows)); err != nil {
			return err
		}
	}
	return nil
}

func (t *groupTable) finish(ctx context.Context) error {
	for _, a := range t.aggs {
		if err := a.finish(ctx); err != nil {
			return err
		}
	}
	return nil
}

func (t *groupTable) len() int {
	if t.table == nil {
		return 1
	}
	return t.table.Len()
}

// output puts out the next groups; nil at the end.
func (t *groupTable) output() (*vec.Batch, error) {
	from, to := t.next, min(t.next+t.size, t.len())
	if from >= to {
		return nil, nil
	}
	t.next = to
	var keys []vec.Vector
	if t.table != nil {
		keys = t.table.Keys(from, to)
	}
	return t.aggregator.output(t.set, keys, t.aggs, from, to)
}

func (t *groupTable) close() {
	for _, a := range t.aggs {
		a.close()
	}
	for _, f := range t.parts {
		if f != nil {
			f.Close()
		}
	}
}
