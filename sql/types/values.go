package types

// Interval is PostgreSQL's interval: three fields that are kept apart.
type Interval struct {
	Micros int64
	Days   int32
	Months int32
}

// UUID is a uuid's 16 bytes.
type UUID [16]byte

// Array is a value of an array type. Elems holds the elements in row-major
// order, nil for NULL; Dims is empty for the empty array. Arrays are not
// changed once made.
type Array struct {
	Elem  *Type
	Dims  []Dim
	Elems []any
}

// Dim is one dimension: its length and the subscript of its first element.
type Dim struct {
	Len, Lower int32
}

// NewArray makes a one-dimensional array with lower bound 1.
func NewArray(elem *Type, elems []any) *Array {
	a := &Array{Elem: elem, Elems: elems}
	if len(elems) > 0 {
		a.Dims = []Dim{{Len: int32(len(elems)), Lower: 1}}
	}
	return a
}

// Record is a row value. Types and Values are parallel; Names may be nil for an
// anonymous ROW(…).
type Record struct {
	Type   *Type // record, or the composite type
	Names  []string
	Types  []*Type
	Values []any
}
