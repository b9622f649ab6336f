package packed

import "encoding/binary"

// Append appends a text or bytes, behind its length as a uvarint.
func Append[T string | []byte](dst []byte, v T) []byte {
	return append(binary.AppendUvarint(dst, uint64(len(v))), v...)
}

// Reader takes packed bytes apart. Beyond their end it gives zeros, and is Bad.
type Reader struct {
	Rest []byte
	Bad  bool
}

// Take is the next n bytes, which belong to Rest; n zeros where there are fewer.
func (r *Reader) Take(n int) []byte {
	if n < 0 || n > len(r.Rest) {
		r.Rest, r.Bad = nil, true
		return make([]byte, max(0, min(n, 1<<10)))
	}
	b := r.Rest[:n:n]
	r.Rest = r.Rest[n:]
	return b
}

// Uvarint is the next number.
func (r *Reader) Uvarint() int {
	v, n := binary.Uvarint(r.Rest)
	r.Take(n)
	r.Bad = r.Bad || n == 0
	return int(v)
}

// Varint is the next number of either sign.
func (r *Reader) Varint() int64 {
	v, n := binary.Varint(r.Rest)
	r.Take(n)
	r.Bad = r.Bad || n == 0
	return v
}

// Sized are the next bytes that Append has written.
func (r *Reader) Sized() []byte {
	b := r.Take(r.Uvarint())
	if r.Bad {
		return nil
	}
	return b
}

// Text is the next text that Append has written.
func (r *Reader) Text() string { return string(r.Sized()) }
