package types

// FixedArray is the element access of an array of a fixed length, which has one
// dimension from 0 and no NULLs.
type FixedArray struct {
	// Len is the number of elements.
	Len int64
	// At is element i of v, With a copy of v with element i replaced; i is in range.
	At   func(v any, i int64) any
	With func(v any, i int64, elem any) any
}

// fixedArray makes the access of values that hold their n elements side by side.
func fixedArray[T, E any](n int64, element func(v *T, i int64) *E) *FixedArray {
	return &FixedArray{
		Len: n,
		At: func(v any, i int64) any {
			value := v.(T)
			return *element(&value, i)
		},
		With: func(v any, i int64, elem any) any {
			value := v.(T)
			*element(&value, i) = elem.(E)
			return value
		},
	}
}
