package exec

import (
	"context"

	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/exec/expr"
	"github.com/s3db-sql/s3db-sql/sql/exec/spill"
	"github.com/s3db-sql/s3db-sql/sql/funcs"
	"github.com/s3db-sql/s3db-sql/sql/plan"
	"github.com/s3db-sql/s3db-sql/sql/types"
	"github.com/s3db-sql/s3db-sql/sql/vec"
)

// setCall is a set-returning call, compiled.
type setCall struct {
	rt   *expr.Runtime
	call *funcs.Call
	args []expr.Expr
}

func (b *builder) setCall(c *expr.Compiler, e *plan.Call) (*setCall, error) {
	if e.Func.Rows == nil {
		return nil, pgerr.Internal("function %s returns no set", e.Func.Name)
	}
	args, err := c.CompileAll(e.Args)
	return &setCall{b.rt, b.rt.CallOf(e), args}, err
}

// start begins the set for row i of in. A strict function of a NULL has no
// rows.
func (s *setCall) start(in *vec.Batch, i int) (funcs.RowIter, error) {
	args := make([]any, len(s.args))
	row := []int32{int32(i)}
	for k, a := range s.args {
		v, err := a.Eval(in, row)
		if err != nil {
			return nil, err
		}
		if args[k] = v.Value(i); args[k] == nil && !s.call.Func.NotStrict {
			return noSet{}, nil
		}
	}
	s.call.Ctx, s.call.State = s.rt.Ctx, nil
	return s.call.Func.Rows(s.call, args)
}

type noSet struct{}

func (noSet) Next() (*vec.Batch, error) { return nil, nil }

// oneRow is the set of a scalar function in FROM.
type oneRow struct {
	b *vec.Batch
}

func (o *oneRow) Next() (*vec.Batch, error) {
	b := o.b
	o.b = nil
	return b, nil
}

// setCursor reads a set in columns of the given types, as many rows at a time
// as are asked for.
type setCursor struct {
	iter funcs.RowIter
	// expand: the set's one column has rows, whose fields are the columns.
	expand bool
	types  []*types.Type
	b      *vec.Batch
	at     int
	ended  bool
}

// ready is the number of rows at hand; 0 at the end.
func (c *setCursor) ready() (int, error) {
	for !c.ended && (c.b == nil || c.at >= c.b.N) {
		b, err := c.iter.Next()
		if err != nil {
			return 0, err
		}
		if b == nil {
			c.ended, c.b = true, nil
			break
		}
		if c.b, err = c.columns(b.Compact()); err != nil {
			return 0, err
		}
		c.at = 0
	}
	if c.ended {
		return 0, nil
	}
	return c.b.N - c.at, nil
}

// columns spreads records over the columns wanted, or makes records of columns.
func (c *setCursor) columns(b *vec.Batch) (*vec.Batch, error) {
	switch {
	case c.expand && len(b.Cols) == 1 && b.Cols[0].Type().Rep == types.RepRecord:
		return spread(b, c.types)
	case len(b.Cols) == len(c.types):
		return b, nil
	}
	return gatherRecords(b, c.types[0]), nil
}

// spread gives the fields of rows as columns; NULL has NULL fields.
func spread(b *vec.Batch, ts []*types.Type) (*vec.Batch, error) {
	out := vec.NewBuilders(ts, b.N)
	for i := range b.N {
		r, _ := b.Cols[0].Value(i).(*types.Record)
		if r != nil {
			if err := matchRow(r, ts); err != nil {
				return nil, err
			}
		}
		for k := range ts {
			if r == nil {
				out[k].AppendNull()
			} else {
				out[k].Append(r.Values[k])
			}
		}
	}
	return vec.BuildBatch(out), nil
}

// matchRow is tupledesc_match: 42804 unless a row that a function returned has
// the columns that the query expects.
func matchRow(r *types.Record, ts []*types.Type) error {
	mismatch := pgerr.New(pgerr.DatatypeMismatch, "function return row and query-specified return row do not match")
	if len(r.Values) != len(ts) {
		plural := "s"
		if len(r.Values) == 1 {
			plural = ""
		}
		return mismatch.WithDetail("Returned row contains %d attribute%s, but query expects %d.", len(r.Values), plural, len(ts))
	}
	for i, t := range ts {
		if got := r.Types[i]; got.OID != t.OID && got.Rep != t.Rep {
			return mismatch.WithDetail("Returned type %s at ordinal position %d, but query expects %s.", got.SQLName(), i+1, t.SQLName())
		}
	}
	return nil
}

func gatherRecords(b *vec.Batch, t *types.Type) *vec.Batch {
	out := vec.NewBuilder(t, b.N)
	ts := make([]*types.Type, len(b.Cols))
	for k, v := range b.Cols {
		ts[k] = v.Type()
	}
	for i := range b.N {
		r := &types.Record{Type: t, Types: ts, Values: make([]any, len(b.Cols))}
		for k, v := range b.Cols {
			r.Values[k] = v.Value(i)
		}
		out.Append(r)
	}
	return vec.NewBatch([]vec.Vector{out.Build()}, b.N)
}

// take returns the next n rows, NULLs after the end.
func (c *setCursor) take(n int) []vec.Vector {
	out := make([]vec.Vector, len(c.types))
	for k, t := range c.types {
		if c.ended {
			out[k] = vec.Const(t, nil, n)
			continue
		}
		out[k] = c.b.Cols[k].Slice(c.at, c.at+n)
		if out[k].Type() != t && out[k].Type().Rep == t.Rep {
			out[k] = out[k].WithType(t)
		}
	}
	c.at += n
	return out
}

// step is how many rows all cursors can give together; 0 when all have ended.
func step(cursors []*setCursor, limit int) (int, error) {
	n, live := limit, false
	for _, c := range cursors {
		ready, err := c.ready()
		if err != nil {
			return 0, err
		}
		if ready > 0 {
			live, n = true, min(n, ready)
		}
	}
	if !live {
		return 0, nil
	}
	return n, nil
}

// funcScan is functions in FROM, side by side.
type funcScan struct {
	starts     []func() (funcs.RowIter, error)
	expand     []bool // by call: see setCursor
	widths     [][]*types.Type
	ordinality *types.Type
	size       int
	cursors    []*setCursor
	row        int64
}

func (b *builder) funcScan(n *plan.FuncScan) (Operator, error) {
	f := &funcScan{size: b.batchSize()}
	c := b.compiler(nil)
	at := 0
	for k, e := range n.Calls {
		width := 1
		if k < len(n.Widths) {
			width = n.Widths[k]
		}
		f.widths = append(f.widths, plan.ColumnTypes(n.Cols[at:at+width]))
		at += width
		start, err := b.setStart(c, e)
		if err != nil {
			return nil, err
		}
		f.starts, f.expand = append(f.starts, start), append(f.expand, e.Type().Rep == types.RepRecord)
	}
	if n.Ordinality {
		f.ordinality = n.Cols[at].Type
	}
	return f, nil
}

// setStart begins the set of an expression in FROM: a set-returning call, or
// one row of anything else.
func (b *builder) setStart(c *expr.Compiler, e plan.Expr) (func() (funcs.RowIter, error), error) {
	if s, ok := e.(*plan.SetReturning); ok {
		e = s.Call
	}
	one := vec.NewBatch(nil, 1)
	if call, ok := e.(*plan.Call); ok && call.Func.ReturnSet {
		s, err := b.setCall(c, call)
		return func() (funcs.RowIter, error) { return s.start(one, 0) }, err
	}
	x, err := c.Compile(e)
	return func() (funcs.RowIter, error) {
		v, err := x.Eval(one, nil)
		return &oneRow{vec.NewBatch([]vec.Vector{v}, 1)}, err
	}, err
}

func (f *funcScan) Open(context.Context) error {
	f.cursors, f.row = nil, 0
	return nil
}

func (f *funcScan) Close() error { return nil }

func (f *funcScan) Next(ctx context.Context) (*vec.Batch, error) {
	if f.cursors == nil {
		for k, start := range f.starts {
			it, err := start()
			if err != nil {
				return nil, err
			}
			f.cursors = append(f.cursors, &setCursor{iter: it, types: f.widths[k], expand: f.expand[k]})
		}
	}
	if ctx.Err() != nil {
		return nil, spill.Cancelled(ctx)
	}
	n, err := step(f.cursors, f.size)
	if n == 0 || err != nil {
		return nil, err
	}
	var cols []vec.Vector
	for _, c := range f.cursors {
		cols = append(cols, c.take(n)...)
	}
	if f.ordinality != nil {
		cols = append(cols, f.numbers(n))
	}
	return vec.NewBatch(cols, n), nil
}

func (f *funcScan) numbers(n int) vec.Vector {
	out := make([]int64, n)
	for i := range out {
		f.row++
		out[i] = f.row
	}
	return vec.NewVec(f.ordinality, out, nil)
}

// projectSet is a select list with set-returning calls: for each input row as
// many rows as the longest set has.
type projectSet struct {
	input  Operator
	sets   []*setCall  // by position, nil for scalars
	scalar []expr.Expr // by position, nil for sets
	cols   []plan.Col
	size   int
	prefix expr.Prefix

	b       *vec.Batch
	scalars []vec.Vector
	k       int // position of the input row
	cursors []*setCursor
}

func (b *builder) projectSet(n *plan.ProjectSet) (Operator, error) {
	in, err := b.build(n.Input)
	if err != nil {
		return nil, err
	}
	p := &projectSet{input: in, cols: n.Cols, size: b.batchSize(),
		sets: make([]*setCall, len(n.Values)), scalar: make([]expr.Expr, len(n.Values))}
	c := b.compiler(n.Input.Columns())
	var scalars []plan.Expr
	for i, e := range n.Values {
		switch call := setReturning(e); {
		case call != nil:
			p.sets[i], err = b.setCall(c, call)
		default:
			p.scalar[i], err = c.Compile(e)
			scalars = append(scalars, e)
		}
		if err != nil {
			return nil, err
		}
	}
	p.prefix = b.prefix(scalars...)
	return p, nil
}

func setReturning(e plan.Expr) *plan.Call {
	switch e := e.(type) {
	case *plan.SetReturning:
		return e.Call
	case *plan.Call:
		if e.Func.ReturnSet {
			return e
		}
	}
	return nil
}

func (p *projectSet) Open(ctx context.Context) error {
	p.b, p.cursors, p.k = nil, nil, 0
	p.prefix.Open()
	return p.input.Open(ctx)
}

func (p *projectSet) Close() error { return p.input.Close() }

func (p *projectSet) Next(ctx context.Context) (*vec.Batch, error) {
	out := vec.NewBuilders(plan.ColumnTypes(p.cols), p.size)
	rows := 0
	for rows < p.size {
		if p.b == nil || p.k >= p.b.Rows() {
			if rows > 0 && p.prefix.Err() != nil {
				break // its turn comes
			}
			more, err := p.nextInput(ctx)
			if err != nil {
				return nil, err
			}
			if !more {
				break
			}
			continue
		}
		n, err := p.fill(out, p.size-rows)
		if err != nil {
			if rows == 0 || !p.prefix.Defer(err) {
				return nil, err
			}
			p.b = nil
			break
		}
		rows += n
		if ctx.Err() != nil {
			return nil, spill.Cancelled(ctx)
		}
	}
	if rows == 0 {
		return nil, nil
	}
	return vec.BuildBatch(out), nil
}

func (p *projectSet) nextInput(ctx context.Context) (bool, error) {
	if err := p.prefix.Err(); err != nil {
		return false, err
	}
	b, err := p.input.Next(ctx)
	if b == nil || err != nil {
		return false, err
	}
	p.b, err = p.prefix.Compute(p, b)
	p.k, p.cursors = 0, nil
	return err == nil, err
}

// Compute implements expr.Computation: the values that are no sets.
func (p *projectSet) Compute(b *vec.Batch) (_ *vec.Batch, err error) {
	p.scalars = make([]vec.Vector, len(p.scalar))
	for i, e := range p.scalar {
		if e == nil {
			continue
		}
		if p.scalars[i], err = e.Eval(b, b.Sel); err != nil {
			return nil, err
		}
	}
	return b, nil
}

// fill adds up to limit rows of the input row at hand.
func (p *projectSet) fill(out []vec.Builder, limit int) (int, error) {
	i := p.b.Row(p.k)
	if p.cursors == nil {
		for at, s := range p.sets {
			if s == nil {
				continue
			}
			it, err := s.start(p.b, i)
			if err != nil {
				return 0, err
			}
			p.cursors = append(p.cursors, &setCursor{iter: it, types: []*types.Type{p.cols[at].Type}})
		}
	}
	n, err := step(p.cursors, limit)
	if err != nil {
		return 0, err
	}
	if n == 0 {
		p.k, p.cursors = p.k+1, nil
		return 0, nil
	}
	next := 0
	for at := range p.cols {
		if p.sets[at] != nil {
			out[at].AppendRows(p.cursors[next].take(n)[0], nil)
			next++
			continue
		}
		for range n {
			out[at].AppendFrom(p.scalars[at], i)
		}
	}
	return n, nil
}
