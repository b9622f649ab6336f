package exec

import (
	"context"

	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/exec/columns"
	"github.com/s3db-sql/s3db-sql/sql/exec/expr"
	"github.com/s3db-sql/s3db-sql/sql/exec/scan"
	"github.com/s3db-sql/s3db-sql/sql/plan"
	"github.com/s3db-sql/s3db-sql/sql/types"
	"github.com/s3db-sql/s3db-sql/sql/vec"
	"github.com/s3db-sql/s3db-sql/storage"
)

// lookupJoin fetches, for each batch of left rows, the right rows with their
// keys: by id, or by partition. The keys of a path decide what is fetched; what
// joins is decided by equality with the fetched rows' own columns, then by the
// right filter and the residual.
type lookupJoin struct {
	pairing
	left   Operator
	right  *plan.TableScan
	tables storage.Tables
	spec   storage.ScanSpec
	slice  *scan.Slice
	path   *scan.Path
	filter *expr.Predicate
	width  int   // columns of right; those added for matching follow
	match  []int // positions of the key's columns among the columns fetched
	types  []*types.Type
	stats  *nodeStats // of right; nil: not counted

	queue []*vec.Batch
}

func (b *builder) lookupJoin(n *plan.LookupJoin) (Operator, error) {
	switch n.Kind {
	case plan.InnerJoin, plan.LeftJoin, plan.SemiJoin, plan.AntiJoin:
	default:
		return nil, pgerr.Internal("a lookup join of kind %d", n.Kind)
	}
	left, err := b.build(n.Left)
	if err != nil {
		return nil, err
	}
	l := &lookupJoin{left: left, right: n.Right, tables: b.env.reads(), spec: b.scanSpec(n.Right), width: len(n.Right.Nums)}
	l.spec.Limit, l.spec.Progress = 0, b.progress(n.Right)
	l.stats = b.fetchStats(n.Right)
	if l.pairing, err = b.pairing(n.Kind, n.Left.Columns(), n.Right.Cols, n.Residual); err != nil {
		return nil, err
	}
	if l.path, err = scan.NewPath(b.compiler(n.Left.Columns()), n.Right.Path); err != nil {
		return nil, err
	}
	if l.filter, err = b.compiler(n.Right.Cols).Predicate(n.Right.Filter); err != nil {
		return nil, err
	}
	if l.slice, err = scan.NewSlice(b.compiler(nil), n.Right.Content); err != nil {
		return nil, err
	}
	return l, l.keyColumns(n.Right)
}

// fetchStats makes the stats of the right scan, which is no operator of its own.
func (b *builder) fetchStats(n plan.Node) *nodeStats {
	ns := b.env.Stats.of(n)
	if ns != nil {
		ns.metered = true
	}
	return ns
}

// keyColumns finds the columns of the path's keys, and adds to the scan those
// that it does not read.
func (l *lookupJoin) keyColumns(s *plan.TableScan) error {
	terms := len(s.Path.Key)
	if terms == 0 {
		terms = len(s.Path.Prefix)
	}
	ix := s.Path.Index
	if ix == nil && s.Path.Kind == storage.PointGet {
		ix = s.Rel.PrimaryKey()
	}
	if ix == nil || terms == 0 || terms > len(ix.Columns) {
		return pgerr.Internal("a lookup join whose path has no keys")
	}
	nums := append([]int16(nil), s.Nums...)
	for _, c := range ix.Columns[:terms] {
		at := -1
		for i, num := range nums {
			if num == c.Num {
				at = i
			}
		}
		if at < 0 {
			at = len(nums)
			nums = append(nums, c.Num)
		}
		l.match = append(l.match, at)
		l.types = append(l.types, s.Rel.Column(c.Num).Type)
	}
	l.spec.Columns = nums
	return nil
}

func (l *lookupJoin) Open(ctx context.Context) error {
	l.queue, l.spec.Content = nil, l.slice.Range()
	return l.left.Open(ctx)
}

func (l *lookupJoin) Close() error { return l.left.Close() }

func (l *lookupJoin) Next(ctx context.Context) (*vec.Batch, error) {
	for {
		if len(l.queue) > 0 {
			b := l.queue[0]
			l.queue = l.queue[1:]
			return b, nil
		}
		b, err := l.left.Next(ctx)
		if b == nil || err != nil {
			return nil, err
		}
		if err := l.join(ctx, b); err != nil {
			return nil, err
		}
	}
}

// looked maps keys to the left rows that have them.
type looked struct {
	types  []*types.Type
	rows   map[uint64][]lookedKey
	tuples [][]any
}

type lookedKey struct {
	tuple []any
	left  []int32
}

func (k *looked) hash(tuple []any) uint64 {
	var h uint64
	for i, v := range tuple {
		h = columns.Remix(h^k.types[i].Hash(v), i)
	}
	return h
}

func (k *looked) same(a, b []any) bool {
	for i, t := range k.types {
		if t.Compare(a[i], b[i]) != 0 {
			return false
		}
	}
	return true
}

func (k *looked) add(tuple []any, left int32) {
	h := k.hash(tuple)
	for i := range k.rows[h] {
		if e := &k.rows[h][i]; k.same(e.tuple, tuple) {
			if e.left[len(e.left)-1] != left {
				e.left = append(e.left, left)
			}
			return
		}
	}
	k.rows[h] = append(k.rows[h], lookedKey{tuple, []int32{left}})
	k.tuples = append(k.tuples, tuple)
}

func (k *looked) find(tuple []any) []int32 {
	for _, e := range k.rows[k.hash(tuple)] {
		if k.same(e.tuple, tuple) {
			return e.left
		}
	}
	return nil
}

func (l *lookupJoin) join(ctx context.Context, b *vec.Batch) error {
	keys := &looked{types: l.types, rows: map[uint64][]lookedKey{}}
	for k := range b.Rows() {
		i := b.Row(k)
		tuples, err := l.path.Tuples(b, i)
		if err != nil {
			return err
		}
		for _, t := range tuples {
			keys.add(t, int32(i))
		}
	}
	matched := vec.NewBitmap(b.N)
	if len(keys.tuples) > 0 {
		if err := l.fetch(ctx, b, keys, matched); err != nil {
			return err
		}
	}
	if out := l.finishLeft(b, matched); out != nil {
		l.queue = append(l.queue, out)
	}
	return nil
}

// fetch reads the right rows of the keys and pairs them.
func (l *lookupJoin) fetch(ctx context.Context, b *vec.Batch, keys *looked, matched vec.Bitmap) error {
	table, err := l.tables.Table(l.right.Rel.OID)
	if err != nil {
		return err
	}
	spec := l.spec
	spec.Path = l.path.With(keys.tuples)
	if l.stats != nil {
		l.stats.Loops++
		ctx = l.stats.withMeter(ctx)
	}
	in, err := table.Scan(ctx, spec)
	if err != nil {
		return err
	}
	defer in.Close()
	for {
		right, err := in.Next(ctx)
		if right == nil || err != nil {
			return err
		}
		if l.stats != nil {
			l.stats.Rows += int64(right.Rows())
		}
		if err := l.pair(b, right, keys, matched); err != nil {
			return err
		}
	}
}

func (l *lookupJoin) pair(b, right *vec.Batch, keys *looked, matched vec.Bitmap) error {
	right, err := l.filter.Select(right)
	if err != nil {
		return err
	}
	var li, ri []int32
	tuple := make([]any, len(l.match))
	for k := range right.Rows() {
		r := right.Row(k)
		for i, at := range l.match {
			tuple[i] = right.Cols[at].Value(r)
		}
		if hasNil(tuple) {
			continue
		}
		for _, i := range keys.find(tuple) {
			li, ri = append(li, i), append(ri, int32(r))
		}
	}
	for from := 0; from < len(li); from += l.size {
		to := min(from+l.size, len(li))
		lm, _, out, err := l.matching(b.Cols, li[from:to], right.Cols[:l.width], ri[from:to])
		if err != nil {
			return err
		}
		setAll(matched, lm)
		if out != nil && out.Rows() > 0 {
			l.queue = append(l.queue, out)
		}
	}
	return nil
}

func hasNil(vals []any) bool {
	for _, v := range vals {
		if v == nil {
			return true
		}
	}
	return false
}
