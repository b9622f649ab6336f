package scan

import (
	"github.com/s3db-sql/s3db-sql/sql/exec/expr"
	"github.com/s3db-sql/s3db-sql/sql/funcs"
	"github.com/s3db-sql/s3db-sql/sql/plan"
	"github.com/s3db-sql/s3db-sql/storage"
)

// Slice is a compiled plan.ContentSlice.
type Slice struct{ from, length expr.Expr }

// NewSlice compiles s; nil is all of the content.
func NewSlice(c *expr.Compiler, s *plan.ContentSlice) (*Slice, error) {
	if s == nil {
		return nil, nil
	}
	out := &Slice{}
	var err error
	if out.from, err = c.Compile(s.From); err == nil && s.Length != nil {
		out.length, err = c.Compile(s.Length)
	}
	return out, err
}

// Range evaluates the slice; nil is all of the content. Where that fails, or there is a
// NULL, nothing is read: the function that stands for the slice in the plan says why.
func (s *Slice) Range() *storage.ByteRange {
	if s == nil {
		return nil
	}
	from, ok := number(s.from)
	length := int32(0)
	if ok && s.length != nil {
		length, ok = number(s.length)
	}
	if !ok {
		return &storage.ByteRange{}
	}
	start, end, err := funcs.SliceBounds(from, length, s.length != nil)
	if err != nil {
		return &storage.ByteRange{}
	}
	return &storage.ByteRange{Offset: start, Length: end - start}
}

func number(e expr.Expr) (int32, bool) {
	v, err := e.Eval(noInput, nil)
	if err != nil || v.IsNull(0) {
		return 0, false
	}
	n, ok := v.Value(0).(int32)
	return n, ok
}
