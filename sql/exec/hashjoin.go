package exec

import (
	"context"

	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/exec/columns"
	"github.com/s3db-sql/s3db-sql/sql/exec/expr"
	"github.com/s3db-sql/s3db-sql/sql/exec/scan"
	"github.com/s3db-sql/s3db-sql/sql/exec/spill"
	"github.com/s3db-sql/s3db-sql/sql/plan"
	"github.com/s3db-sql/s3db-sql/sql/types"
	"github.com/s3db-sql/s3db-sql/sql/vec"
)

// hashJoin builds a hash table of the right input and probes it with the left
// one. When the table is over the memory limit both inputs are divided by hash
// into files and joined file by file (a grace hash join).
type hashJoin struct {
	pairing
	left, right         Operator
	leftKeys, rightKeys []expr.Expr
	keyTypes            []*types.Type // in which keys are compared
	hashers             []columns.Hasher
	nullAware           bool
	acct                *spill.Account
	feeds               []keyFeed

	run     *joinRun
	pending []joinFiles
	opened  bool
	// Of a null-aware anti join: what is known of the whole right input.
	rightRows int
	rightNull bool
}

// joinFiles are the parts of both inputs with the same hashes.
type joinFiles struct {
	left, right *spill.File
	level       int
}

func (b *builder) hashJoin(n *plan.HashJoin) (Operator, error) {
	feeds := b.feedsOf(n)
	left, err := b.build(n.Left)
	if err != nil {
		return nil, err
	}
	right, err := b.build(n.Right)
	if err != nil {
		return nil, err
	}
	h, err := b.hashJoinOf(n, left, right)
	if err == nil {
		h.feeds = feeds
	}
	return h, err
}

// hashJoinOf makes the join of operators that are built.
func (b *builder) hashJoinOf(n *plan.HashJoin, left, right Operator) (*hashJoin, error) {
	h := &hashJoin{left: left, right: right, nullAware: n.NullAware, acct: b.account(n)}
	var err error
	lc, rc := n.Left.Columns(), n.Right.Columns()
	if h.pairing, err = b.pairing(n.Kind, lc, rc, n.Residual); err != nil {
		return nil, err
	}
	if h.leftKeys, err = b.compiler(lc).CompileAll(n.LeftKeys); err != nil {
		return nil, err
	}
	if h.rightKeys, err = b.compiler(rc).CompileAll(n.RightKeys); err != nil {
		return nil, err
	}
	for i := range n.LeftKeys {
		l, r := n.LeftKeys[i].Type(), n.RightKeys[i].Type()
		t, ok := columns.Common(l, r)
		if !ok {
			return nil, pgerr.Internal("a hash join of %s with %s", l.Name, r.Name)
		}
		h.keyTypes = append(h.keyTypes, t)
	}
	h.hashers = columns.Hashers(h.keyTypes)
	return h, nil
}

// keyFeed is a plan.Feed and what the scan sees of it.
type keyFeed struct {
	keys []int
	feed *scan.Feed
}

// feedsOf makes a join's feeds, before the scans that read them are built.
func (b *builder) feedsOf(n *plan.HashJoin) []keyFeed {
	out := make([]keyFeed, len(n.Feeds))
	for i, f := range n.Feeds {
		out[i] = keyFeed{f.Keys, &scan.Feed{}}
		b.feeds[f] = out[i].feed
	}
	return out
}

// feed hands the right keys of rows to the scans that wait for them.
func (h *hashJoin) feed(keys []vec.Vector, rows []int32) {
	for _, f := range h.feeds {
		some := make([]vec.Vector, len(f.keys))
		for i, k := range f.keys {
			some[i] = keys[k]
		}
		f.feed.Set(some, rows)
	}
}

func (h *hashJoin) Open(ctx context.Context) error {
	h.drop()
	h.rightRows, h.rightNull = 0, false
	if err := h.left.Open(ctx); err != nil {
		return err
	}
	h.opened = true
	if err := h.right.Open(ctx); err != nil {
		return err
	}
	h.run = &joinRun{hashJoin: h, left: h.left, right: h.right}
	return nil
}

func (h *hashJoin) drop() {
	if h.run != nil {
		h.run.close()
	}
	for _, p := range h.pending {
		p.close()
	}
	h.run, h.pending = nil, nil
	for _, f := range h.feeds {
		f.feed.Set(nil, nil)
	}
}

func (f *joinFiles) close() {
	for _, file := range []*spill.File{f.left, f.right} {
		if file != nil {
			file.Close()
		}
	}
}

func (h *hashJoin) Close() error {
	h.drop()
	err := h.left.Close()
	if rerr := h.right.Close(); err == nil {
		err = rerr
	}
	return err
}

func (h *hashJoin) Next(ctx context.Context) (*vec.Batch, error) {
	for {
		if h.run == nil {
			if len(h.pending) == 0 {
				return nil, nil
			}
			h.run = h.nextFiles()
		}
		b, err := h.run.next(ctx)
		if b != nil || err != nil {
			return b, err
		}
		h.run.close()
		h.run = nil
	}
}

func (h *hashJoin) nextFiles() *joinRun {
	f := h.pending[0]
	h.pending = h.pending[1:]
	return &joinRun{hashJoin: h, left: source(f.left), right: source(f.right), level: f.level, files: f}
}

func source(f *spill.File) batchSource {
	if f == nil {
		return noRows{}
	}
	return f.Reader()
}

type noRows struct{}

func (noRows) Next(context.Context) (*vec.Batch, error) { return nil, nil }

// keysOf evaluates keys in their common types.
func (h *hashJoin) keysOf(es []expr.Expr, b *vec.Batch) ([]vec.Vector, error) {
	keys, err := evalAll(es, b)
	if err != nil {
		return nil, err
	}
	for i, v := range keys {
		keys[i] = columns.Widen(v, h.keyTypes[i])
	}
	return keys, nil
}

// splitNulls parts the rows alive by whether one of their keys is NULL.
func splitNulls(keys []vec.Vector, b *vec.Batch) (whole, null []int32) {
	whole = make([]int32, 0, b.Rows())
	for k := range b.Rows() {
		i := b.Row(k)
		if anyNull(keys, i) {
			null = append(null, int32(i))
		} else {
			whole = append(whole, int32(i))
		}
	}
	return whole, null
}

func anyNull(keys []vec.Vector, i int) bool {
	for _, v := range keys {
		if v.IsNull(i) {
			return true
		}
	}
	return false
}

// unmatchedEver says that the join has output even where the right input is
// empty.
func (h *hashJoin) unmatchedEver() bool { return h.keepsLeft() || h.kind == plan.AntiJoin }

// divides says whether the inputs may be divided into files: a null-aware join
// with a condition on pairs must see all right rows.
func (h *hashJoin) divides(level int) bool {
	return level < maxLevel && !(h.nullAware && (!h.cond.Empty() || len(h.keyTypes) > 1))
}
