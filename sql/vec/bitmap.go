package vec

import "math/bits"

// Bitmap is a set of row numbers. A nil Bitmap is empty.
type Bitmap []uint64

// NewBitmap makes an empty bitmap for n rows.
func NewBitmap(n int) Bitmap { return make(Bitmap, (n+63)/64) }

// Get says whether bit i is set; bits beyond the end are not.
func (b Bitmap) Get(i int) bool {
	w := i >> 6
	return w < len(b) && b[w]&(1<<(i&63)) != 0
}

// Set sets bit i, which must be within the bitmap.
func (b Bitmap) Set(i int) { b[i>>6] |= 1 << (i & 63) }

// Clear clears bit i.
func (b Bitmap) Clear(i int) { b[i>>6] &^= 1 << (i & 63) }

// Count returns the number of set bits.
func (b Bitmap) Count() int {
	n := 0
	for _, w := range b {
		n += bits.OnesCount64(w)
	}
	return n
}

// Union returns the union of a and b over n rows; nil if both are nil. It may
// return one of its arguments.
func Union(a, b Bitmap, n int) Bitmap {
	if a == nil {
		return b
	}
	if b == nil {
		return a
	}
	u := NewBitmap(n)
	for i := range u {
		if i < len(a) {
			u[i] = a[i]
		}
		if i < len(b) {
			u[i] |= b[i]
		}
	}
	return u
}

func (b Bitmap) grow(n int) Bitmap {
	for len(b)*64 < n {
		b = append(b, 0)
	}
	return b
}

func (b Bitmap) gather(sel []int32) Bitmap {
	if b == nil {
		return nil
	}
	var out Bitmap
	for o, i := range sel {
		if b.Get(int(i)) {
			if out == nil {
				out = NewBitmap(len(sel))
			}
			out.Set(o)
		}
	}
	return out
}

func (b Bitmap) slice(from, to int) Bitmap {
	if b == nil {
		return nil
	}
	if from&63 == 0 {
		return b[min(from>>6, len(b)):]
	}
	out := NewBitmap(to - from)
	for i := from; i < to; i++ {
		if b.Get(i) {
			out.Set(i - from)
		}
	}
	return out
}
