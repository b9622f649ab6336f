package columns

import (
	"github.com/s3db-sql/s3db-sql/sql/types"
	"github.com/s3db-sql/s3db-sql/sql/vec"
)

// Assembler builds a vector of n rows from parts of other vectors. Rows that
// were never set hold the zero value.
type Assembler interface {
	// Set copies rows sel of v (all if nil) to the same rows.
	Set(v vec.Vector, sel []int32)
	// SetNull makes rows sel (all if nil) NULL.
	SetNull(sel []int32)
	Build() vec.Vector
}

// NewAssembler makes an assembler of n rows.
func NewAssembler(t *types.Type, n int) Assembler { return opsOf(t).assembler(t, n) }

type assembler[T any] struct {
	typ   *types.Type
	vals  []T
	nulls vec.Bitmap
}

func newAssembler[T any](t *types.Type, n int) Assembler {
	return &assembler[T]{typ: t, vals: make([]T, n)}
}

func (a *assembler[T]) Set(v vec.Vector, sel []int32) {
	if v.IsConst() && v.Len() > 0 && v.IsNull(0) {
		a.SetNull(sel)
		return
	}
	t := vec.Of[T](v)
	if sel == nil {
		for i := range a.vals {
			a.put(t, i)
		}
		return
	}
	for _, i := range sel {
		a.put(t, int(i))
	}
}

func (a *assembler[T]) put(t *vec.Vec[T], i int) {
	if t.IsNull(i) {
		a.null(i)
		return
	}
	a.vals[i] = t.At(i)
	if a.nulls != nil {
		a.nulls.Clear(i)
	}
}

func (a *assembler[T]) null(i int) {
	if a.nulls == nil {
		a.nulls = vec.NewBitmap(len(a.vals))
	}
	a.nulls.Set(i)
	var zero T
	a.vals[i] = zero
}

func (a *assembler[T]) SetNull(sel []int32) {
	if sel == nil {
		for i := range a.vals {
			a.null(i)
		}
		return
	}
	for _, i := range sel {
		a.null(int(i))
	}
}

func (a *assembler[T]) Build() vec.Vector { return vec.NewVec(a.typ, a.vals, a.nulls) }

// GatherNull is Vector.Gather in which a negative row number gives NULL.
func GatherNull(v vec.Vector, idx []int32) vec.Vector { return opsOf(v.Type()).gatherNull(v, idx) }

func gatherNull[T any](v vec.Vector, idx []int32) vec.Vector {
	t := vec.Of[T](v)
	vals := make([]T, len(idx))
	var nulls vec.Bitmap
	for o, i := range idx {
		if i < 0 || t.IsNull(int(i)) {
			if nulls == nil {
				nulls = vec.NewBitmap(len(idx))
			}
			nulls.Set(o)
			continue
		}
		vals[o] = t.At(int(i))
	}
	return vec.NewVec(v.Type(), vals, nulls)
}

// GatherAll gathers every column.
func GatherAll(cols []vec.Vector, idx []int32) []vec.Vector {
	out := make([]vec.Vector, len(cols))
	for c, v := range cols {
		out[c] = v.Gather(idx)
	}
	return out
}

// GatherAllNull is GatherAll in which negative row numbers give NULL.
func GatherAllNull(cols []vec.Vector, idx []int32) []vec.Vector {
	out := make([]vec.Vector, len(cols))
	for c, v := range cols {
		out[c] = GatherNull(v, idx)
	}
	return out
}
