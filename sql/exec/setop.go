package exec

import (
	"context"

	"github.com/s3db-sql/s3db-sql/sql/exec/columns"
	"github.com/s3db-sql/s3db-sql/sql/exec/spill"
	"github.com/s3db-sql/s3db-sql/sql/plan"
	"github.com/s3db-sql/s3db-sql/sql/types"
	"github.com/s3db-sql/s3db-sql/sql/vec"
)

// setOp is UNION, INTERSECT and EXCEPT: it counts each different row on both
// sides. When its table is over the memory limit, rows not in it go to files by
// hash, those of each side apart, and are counted later.
type setOp struct {
	left, right Operator
	kind        plan.SetOpKind
	all         bool
	types       []*types.Type
	acct        *spill.Account
	size        int

	table  *columns.Table
	counts [2][]int32 // by number: rows on the left, on the right
	level  int
	frozen bool
	parts  [2][]*spill.File
	queue  []joinFiles
	files  joinFiles
	next   int   // number of the row to be put out
	copies int32 // of it already put out
	filled bool
}

func (b *builder) setOp(n *plan.HashSetOp) (Operator, error) {
	left, err := b.build(n.Left)
	if err != nil {
		return nil, err
	}
	right, err := b.build(n.Right)
	return &setOp{left: left, right: right, kind: n.Kind, all: n.All, types: plan.ColumnTypes(n.Cols),
		acct: b.account(n), size: b.batchSize()}, err
}

func (s *setOp) Open(ctx context.Context) error {
	s.reset(0)
	s.filled = false
	if err := s.left.Open(ctx); err != nil {
		return err
	}
	return s.right.Open(ctx)
}

func (s *setOp) reset(level int) {
	s.table = columns.NewTable(s.types)
	s.counts, s.level, s.frozen, s.next, s.copies = [2][]int32{}, level, false, 0, 0
}

func (s *setOp) Close() error {
	s.files.close()
	for _, q := range s.queue {
		q.close()
	}
	for _, side := range s.parts {
		for _, f := range side {
			if f != nil {
				f.Close()
			}
		}
	}
	s.files, s.queue, s.parts, s.table = joinFiles{}, nil, [2][]*spill.File{}, nil
	s.acct.Set(0)
	err := s.left.Close()
	if rerr := s.right.Close(); err == nil {
		err = rerr
	}
	return err
}

func (s *setOp) Next(ctx context.Context) (*vec.Batch, error) {
	if !s.filled {
		s.filled = true
		if err := s.fill(ctx, s.left, s.right); err != nil {
			return nil, err
		}
	}
	for {
		if b := s.output(); b != nil {
			return b, nil
		}
		if len(s.queue) == 0 {
			return nil, nil
		}
		s.files.close()
		s.files, s.queue = s.queue[0], s.queue[1:]
		s.reset(s.files.level)
		if err := s.fill(ctx, source(s.files.left), source(s.files.right)); err != nil {
			return nil, err
		}
	}
}

func (s *setOp) fill(ctx context.Context, left, right batchSource) error {
	for side, in := range []batchSource{left, right} {
		for {
			b, err := in.Next(ctx)
			if err != nil {
				return err
			}
			if b == nil {
				break
			}
			if err := s.add(side, b); err != nil {
				return err
			}
		}
	}
	for p := range fanOut {
		f := joinFiles{level: s.level + 1}
		if s.parts[0] != nil {
			f.left = s.parts[0][p]
		}
		if s.parts[1] != nil {
			f.right = s.parts[1][p]
		}
		if f.left != nil || f.right != nil {
			s.queue = append(s.queue, f)
		}
	}
	s.parts = [2][]*spill.File{}
	return nil
}

// adds says whether new rows of a side make a difference.
func (s *setOp) adds(side int) bool { return side == 0 || s.kind == plan.Union }

func (s *setOp) add(side int, b *vec.Batch) error {
	cols := s.relabel(b)
	hashes := s.table.Hash(cols, b.Sel, b.N)
	numbers := make([]int32, b.Rows())
	if s.frozen || !s.adds(side) {
		s.table.Find(cols, b.Sel, b.N, hashes, numbers)
	} else {
		s.table.Insert(cols, b.Sel, b.N, hashes, numbers)
		for i := range s.counts {
			s.counts[i] = append(s.counts[i], make([]int32, s.table.Len()-len(s.counts[i]))...)
		}
	}
	parts := make([][]int32, fanOut)
	for k, at := range numbers {
		if at >= 0 {
			s.counts[side][at]++
			continue
		}
		i := b.Row(k)
		p := columns.Remix(hashes[i], s.level) % fanOut
		parts[p] = append(parts[p], int32(i))
	}
	if s.frozen {
		if s.parts[side] == nil {
			s.parts[side] = make([]*spill.File, fanOut)
		}
		if err := spillParts(s.acct, s.types, s.parts[side], b, parts); err != nil {
			return err
		}
	}
	s.frozen = s.frozen || !s.acct.Set(s.table.MemSize()) && s.level < maxLevel && side == 0
	return nil
}

// relabel gives both sides the output's types.
func (s *setOp) relabel(b *vec.Batch) []vec.Vector {
	cols := make([]vec.Vector, len(b.Cols))
	for c, v := range b.Cols {
		cols[c] = v
		if v.Type() != s.types[c] && v.Type().Rep == s.types[c].Rep {
			cols[c] = v.WithType(s.types[c])
		}
	}
	return cols
}

// want is how often row number at comes out.
func (s *setOp) want(at int) int32 {
	l, r := s.counts[0][at], s.counts[1][at]
	n := l + r
	switch {
	case s.kind == plan.Intersect:
		n = min(l, r)
	case s.kind == plan.Except && s.all:
		n = max(l-r, 0)
	case s.kind == plan.Except && r > 0:
		n = 0
	}
	if !s.all {
		n = min(n, 1)
	}
	return n
}

func (s *setOp) output() *vec.Batch {
	var rows []int32
	from := s.next
	for s.next < s.table.Len() && len(rows) < s.size {
		if s.copies < s.want(s.next) {
			rows = append(rows, int32(s.next-from))
			s.copies++
			continue
		}
		s.next, s.copies = s.next+1, 0
	}
	if len(rows) == 0 {
		return nil
	}
	keys := s.table.Keys(from, min(s.next+1, s.table.Len()))
	return vec.NewBatch(columns.GatherAll(keys, rows), len(rows))
}
