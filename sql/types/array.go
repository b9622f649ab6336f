package types

import (
	"strconv"
	"strings"

	"github.com/s3db-sql/s3db-sql/pgerr"
)

// maxDims is the most dimensions an array may have.
const maxDims = 6

// newArrayType derives the array type of elem: its name is _elem, its codecs
// are the element's with PostgreSQL's array syntax around them.
func newArrayType(elem *Type) *Type {
	d := Def[*Array]{
		Type: Type{
			OID: elem.Array, Name: arrayName(elem.Name), Namespace: elem.Namespace, Len: -1, Align: arrayAlign(elem.Align),
			Elem: elem.OID, Category: Array_, Delim: elem.Delim, Collation: elem.Collation,
		},
		Impl:      arrayImpl(elem),
		TypmodIn:  elem.TypmodIn,
		TypmodOut: elem.TypmodOut,
	}
	if elem.OID == RecordOID {
		d.Kind, d.Category = 'p', Pseudo
	}
	t := NewType(d)
	t.elem = elem
	return t
}

// NewArrayType is the array type of a type that is not built in; its oid is
// elem.Array.
func NewArrayType(elem *Type) *Type { return newArrayType(elem) }

// ArrayName is the name of an array type by its element's (makeArrayTypeName).
func ArrayName(elem string) string { return arrayName(elem) }

// arrayName puts _ before a name and keeps it within 63 bytes.
func arrayName(elem string) string { return TruncateName("_" + elem) }

func arrayAlign(elem byte) byte {
	if elem == 'd' {
		return 'd'
	}
	return 'i'
}

func arrayImpl(elem *Type) Impl[*Array] {
	impl := Impl[*Array]{
		In:   func(env *Env, s string, typmod int32) (*Array, error) { return ParseArray(env, elem, s, typmod) },
		Out:  func(env *Env, dst []byte, v *Array) []byte { return v.AppendText(env, dst) },
		Recv: func(env *Env, b []byte, typmod int32) (*Array, error) { return arrayFromBinary(env, elem, b, typmod) },
		Send: func(env *Env, dst []byte, v *Array) []byte { return v.AppendBinary(env, dst) },
	}
	if elem.Compare != nil {
		impl.Compare = (*Array).Compare
	}
	if elem.Hash != nil {
		impl.Hash = (*Array).Hash
	}
	return impl
}

// AppendText appends array_out's form: braces, elements quoted where they must
// be, and the bounds if any lower one is not 1.
func (a *Array) AppendText(env *Env, dst []byte) []byte {
	if len(a.Elems) == 0 {
		return append(dst, "{}"...)
	}
	dst = a.appendBounds(dst)
	elems := a.Elems
	return a.appendLevel(env, dst, a.Dims, &elems)
}

func (a *Array) appendBounds(dst []byte) []byte {
	plain := true
	for _, d := range a.Dims {
		plain = plain && d.Lower == 1
	}
	if plain {
		return dst
	}
	for _, d := range a.Dims {
		dst = strconv.AppendInt(append(dst, '['), int64(d.Lower), 10)
		dst = strconv.AppendInt(append(dst, ':'), int64(d.Lower)+int64(d.Len)-1, 10)
		dst = append(dst, ']')
	}
	return append(dst, '=')
}

// appendLevel writes one brace level and takes its elements off the front.
func (a *Array) appendLevel(env *Env, dst []byte, dims []Dim, elems *[]any) []byte {
	dst = append(dst, '{')
	for i := range dims[0].Len {
		if i > 0 {
			dst = append(dst, a.Elem.Delim)
		}
		if len(dims) > 1 {
			dst = a.appendLevel(env, dst, dims[1:], elems)
			continue
		}
		dst = a.appendElem(env, dst, (*elems)[0])
		*elems = (*elems)[1:]
	}
	return append(dst, '}')
}

func (a *Array) appendElem(env *Env, dst []byte, v any) []byte {
	if v == nil {
		return append(dst, "NULL"...)
	}
	start := len(dst)
	dst = a.Elem.Out(env, dst, v)
	if text := dst[start:]; needsArrayQuotes(text, a.Elem.Delim) {
		return appendQuoted(dst[:start], string(text))
	}
	return dst
}

func needsArrayQuotes(text []byte, delim byte) bool {
	if len(text) == 0 || len(text) == 4 && strings.EqualFold(string(text), "null") {
		return true
	}
	for _, c := range text {
		if c == delim || isSpace(c) || c == '"' || c == '\\' || c == '{' || c == '}' {
			return true
		}
	}
	return false
}

func appendQuoted(dst []byte, text string) []byte {
	dst = append(dst, '"')
	for i := range len(text) {
		if text[i] == '"' || text[i] == '\\' {
			dst = append(dst, '\\')
		}
		dst = append(dst, text[i])
	}
	return append(dst, '"')
}

// Compare is array_cmp: by elements, NULL above everything, then by number of
// elements, dimensions and bounds.
func (a *Array) Compare(b *Array) int { return compareArrays(a.Elem, a, b) }

func compareArrays(elem *Type, a, b *Array) int {
	for i := range min(len(a.Elems), len(b.Elems)) {
		if c := compareNullable(elem, a.Elems[i], b.Elems[i]); c != 0 {
			return c
		}
	}
	if c := cmpInt64(int64(len(a.Elems)), int64(len(b.Elems))); c != 0 {
		return c
	}
	if c := cmpInt64(int64(len(a.Dims)), int64(len(b.Dims))); c != 0 {
		return c
	}
	for i, d := range a.Dims {
		if c := cmpInt64(int64(d.Len), int64(b.Dims[i].Len)); c != 0 {
			return c
		}
	}
	for i, d := range a.Dims {
		if c := cmpInt64(int64(d.Lower), int64(b.Dims[i].Lower)); c != 0 {
			return c
		}
	}
	return 0
}

// compareNullable compares boxed values, NULL above everything and equal to
// itself.
func compareNullable(t *Type, a, b any) int {
	switch {
	case a == nil && b == nil:
		return 0
	case a == nil:
		return 1
	case b == nil:
		return -1
	}
	return t.Compare(a, b)
}

// Hash agrees with Compare; bounds do not matter.
func (a *Array) Hash() uint64 { return hashArray(a.Elem, a) }

func hashArray(elem *Type, a *Array) uint64 {
	h := hashUint64(uint64(len(a.Dims)))
	for _, e := range a.Elems {
		h = hashCombine(h, hashNullable(elem, e))
	}
	return h
}

func hashNullable(t *Type, v any) uint64 {
	if v == nil {
		return 0
	}
	return t.Hash(v)
}

// AppendBinary appends array_send's form: dimensions, whether there are NULLs,
// the element type, the bounds, the elements with their lengths.
func (a *Array) AppendBinary(env *Env, dst []byte) []byte {
	hasNull := uint64(0)
	for _, e := range a.Elems {
		if e == nil {
			hasNull = 1
		}
	}
	dst = appendBE(dst, uint64(len(a.Dims)), 4)
	dst = appendBE(dst, hasNull, 4)
	dst = appendBE(dst, uint64(a.Elem.OID), 4)
	for _, d := range a.Dims {
		dst = appendBE(dst, uint64(d.Len), 4)
		dst = appendBE(dst, uint64(d.Lower), 4)
	}
	for _, e := range a.Elems {
		dst = appendSized(env, dst, a.Elem, e)
	}
	return dst
}

// appendSized appends a length and the binary form of v; -1 for NULL.
func appendSized(env *Env, dst []byte, t *Type, v any) []byte {
	if v == nil {
		return appendBE(dst, 1<<32-1, 4)
	}
	at := len(dst)
	dst = t.Send(env, append(dst, 0, 0, 0, 0), v)
	appendBE(dst[:at], uint64(len(dst)-at-4), 4)
	return dst
}

func arrayFromBinary(env *Env, elem *Type, b []byte, typmod int32) (*Array, error) {
	r := binaryReader{rest: b}
	ndim, flags, oid := int32(r.uint32()), r.uint32(), r.uint32()
	switch {
	case r.short:
		return nil, badBinary("array")
	case ndim < 0 || ndim > maxDims:
		return nil, pgerr.New(pgerr.InvalidBinaryRepresentation, "invalid number of dimensions: %d", ndim)
	case flags > 1:
		return nil, pgerr.New(pgerr.InvalidBinaryRepresentation, "invalid array flags")
	case oid != elem.OID:
		return nil, pgerr.New(pgerr.DatatypeMismatch, "binary data has array element type %d instead of expected %d (%s)",
			oid, elem.OID, elem.SQLName())
	}
	a := &Array{Elem: elem}
	for range ndim {
		a.Dims = append(a.Dims, Dim{Len: int32(r.uint32()), Lower: int32(r.uint32())})
	}
	n, err := countElems(a.Dims)
	if err != nil || r.short || n > len(r.rest)/4 {
		return nil, firstError(err, badBinary("array"))
	}
	if n == 0 {
		a.Dims = nil
	}
	a.Elems = make([]any, n)
	for i := range a.Elems {
		if a.Elems[i], err = r.value(env, elem, typmod); err != nil {
			return nil, err
		}
	}
	if r.short || len(r.rest) > 0 {
		return nil, badBinary("array")
	}
	return a, nil
}

// MaxArraySize is the number of elements that an array may have.
const MaxArraySize = 1<<27 - 1

// ArrayTooLarge is 54000 for an array of more than MaxArraySize elements.
func ArrayTooLarge() error {
	return pgerr.New(pgerr.ProgramLimitExceeded, "array size exceeds the maximum allowed (%d)", MaxArraySize)
}

// CheckBounds is ArrayCheckBounds: 54000 if a subscript would not be an int4.
func (a *Array) CheckBounds() error {
	for _, d := range a.Dims {
		if int64(d.Lower)+int64(d.Len) > 1<<31-1 {
			return pgerr.New(pgerr.ProgramLimitExceeded, "array lower bound is too large: %d", d.Lower)
		}
	}
	return nil
}

// countElems is the number of elements of an array's dimensions; 54000 for
// bounds that are too large.
func countElems(dims []Dim) (int, error) {
	if len(dims) == 0 {
		return 0, nil
	}
	n := int64(1)
	for i, d := range dims {
		if n *= int64(d.Len); d.Len < 0 || n > MaxArraySize {
			return 0, ArrayTooLarge()
		}
		if err := (&Array{Dims: dims[i : i+1]}).CheckBounds(); err != nil {
			return 0, err
		}
	}
	return int(n), nil
}
