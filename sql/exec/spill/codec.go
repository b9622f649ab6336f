package spill

import (
	"encoding/binary"
	"math"
	"unsafe"

	"github.com/s3db-sql/s3db-sql/sql/types"
	"github.com/s3db-sql/s3db-sql/sql/vec"
)

// valueCodec writes and reads the values of one representation. Fixed-width
// values are little-endian, others have their length before them.
type valueCodec[T any] struct {
	put func(dst []byte, v T) []byte
	get func(src []byte) (T, []byte)
}

// columnCodec writes and reads a whole vector: a flag byte, the null bitmap if
// there is one, the values.
type columnCodec struct {
	encode func(dst []byte, v vec.Vector) []byte
	decode func(src []byte, t *types.Type, n int) (vec.Vector, []byte)
}

const (
	flagNulls = 1
	flagConst = 2
)

func codecFor[T any](c valueCodec[T]) columnCodec {
	return columnCodec{
		encode: func(dst []byte, v vec.Vector) []byte { return encodeColumn(dst, vec.Of[T](v), c) },
		decode: func(src []byte, t *types.Type, n int) (vec.Vector, []byte) { return decodeColumn(src, t, n, c) },
	}
}

func encodeColumn[T any](dst []byte, v *vec.Vec[T], c valueCodec[T]) []byte {
	var flags byte
	if v.IsConst() {
		flags |= flagConst
	}
	if v.Nulls != nil {
		flags |= flagNulls
	}
	dst = append(dst, flags)
	if v.Nulls != nil {
		for w := range (len(v.Vals) + 63) / 64 {
			var bits uint64
			if w < len(v.Nulls) {
				bits = v.Nulls[w]
			}
			dst = binary.LittleEndian.AppendUint64(dst, bits)
		}
	}
	for i, x := range v.Vals {
		if v.Nulls == nil || !v.Nulls.Get(i) {
			dst = c.put(dst, x)
		}
	}
	return dst
}

func decodeColumn[T any](src []byte, t *types.Type, n int, c valueCodec[T]) (vec.Vector, []byte) {
	flags, src := src[0], src[1:]
	count := n
	if flags&flagConst != 0 {
		count = 1
	}
	var nulls vec.Bitmap
	if flags&flagNulls != 0 {
		nulls = vec.NewBitmap(count)
		for w := range nulls {
			nulls[w], src = binary.LittleEndian.Uint64(src), src[8:]
		}
	}
	vals := make([]T, count)
	for i := range vals {
		if !nulls.Get(i) {
			vals[i], src = c.get(src)
		}
	}
	switch {
	case flags&flagConst == 0:
		return vec.NewVec(t, vals, nulls), src
	case nulls.Get(0):
		return vec.NewConstNull[T](t, n), src
	}
	return vec.NewConst(t, vals[0], n), src
}

var codecs = [...]columnCodec{
	types.RepBool: codecFor(valueCodec[bool]{
		func(d []byte, v bool) []byte {
			if v {
				return append(d, 1)
			}
			return append(d, 0)
		},
		func(s []byte) (bool, []byte) { return s[0] != 0, s[1:] },
	}),
	types.RepInt16: codecFor(valueCodec[int16]{
		func(d []byte, v int16) []byte { return binary.LittleEndian.AppendUint16(d, uint16(v)) },
		func(s []byte) (int16, []byte) { return int16(binary.LittleEndian.Uint16(s)), s[2:] },
	}),
	types.RepInt32: codecFor(valueCodec[int32]{
		func(d []byte, v int32) []byte { return binary.LittleEndian.AppendUint32(d, uint32(v)) },
		func(s []byte) (int32, []byte) { return int32(binary.LittleEndian.Uint32(s)), s[4:] },
	}),
	types.RepInt64: codecFor(valueCodec[int64]{
		func(d []byte, v int64) []byte { return binary.LittleEndian.AppendUint64(d, uint64(v)) },
		func(s []byte) (int64, []byte) { return int64(binary.LittleEndian.Uint64(s)), s[8:] },
	}),
	types.RepUint32: codecFor(valueCodec[uint32]{
		binary.LittleEndian.AppendUint32,
		func(s []byte) (uint32, []byte) { return binary.LittleEndian.Uint32(s), s[4:] },
	}),
	types.RepFloat32: codecFor(valueCodec[float32]{
		func(d []byte, v float32) []byte { return binary.LittleEndian.AppendUint32(d, math.Float32bits(v)) },
		func(s []byte) (float32, []byte) { return math.Float32frombits(binary.LittleEndian.Uint32(s)), s[4:] },
	}),
	types.RepFloat64: codecFor(valueCodec[float64]{
		func(d []byte, v float64) []byte { return binary.LittleEndian.AppendUint64(d, math.Float64bits(v)) },
		func(s []byte) (float64, []byte) { return math.Float64frombits(binary.LittleEndian.Uint64(s)), s[8:] },
	}),
	types.RepString:   codecFor(valueCodec[string]{putString, getString}),
	types.RepBytes:    codecFor(valueCodec[[]byte]{putBytes, getBytes}),
	types.RepNumeric:  implCodec[types.Numeric](types.NumericOID),
	types.RepInterval: codecFor(valueCodec[types.Interval]{putInterval, getInterval}),
	types.RepUUID: codecFor(valueCodec[types.UUID]{
		func(d []byte, v types.UUID) []byte { return append(d, v[:]...) },
		func(s []byte) (types.UUID, []byte) { return types.UUID(s[:16]), s[16:] },
	}),
	types.RepJSON: codecFor(valueCodec[*types.JSON]{putJSON, getJSON}),
	// Arrays, records and boxed values stay in memory; see heldColumns.
	types.RepArray:  {},
	types.RepRecord: {},
	types.RepAny:    {},
}

func putLen(d []byte, n int) []byte { return binary.AppendUvarint(d, uint64(n)) }

func getLen(s []byte) (int, []byte) {
	n, w := binary.Uvarint(s)
	return int(n), s[w:]
}

func putString(d []byte, v string) []byte { return append(putLen(d, len(v)), v...) }

// getString shares the frame's memory, which nobody else writes to.
func getString(s []byte) (string, []byte) {
	n, s := getLen(s)
	return unsafe.String(unsafe.SliceData(s), n), s[n:]
}

func putBytes(d []byte, v []byte) []byte { return append(putLen(d, len(v)), v...) }

func getBytes(s []byte) ([]byte, []byte) {
	n, s := getLen(s)
	return s[:n:n], s[n:]
}

func putInterval(d []byte, v types.Interval) []byte {
	d = binary.LittleEndian.AppendUint64(d, uint64(v.Micros))
	d = binary.LittleEndian.AppendUint32(d, uint32(v.Days))
	return binary.LittleEndian.AppendUint32(d, uint32(v.Months))
}

func getInterval(s []byte) (types.Interval, []byte) {
	return types.Interval{
		Micros: int64(binary.LittleEndian.Uint64(s)),
		Days:   int32(binary.LittleEndian.Uint32(s[8:])),
		Months: int32(binary.LittleEndian.Uint32(s[12:])),
	}, s[16:]
}

// implCodec uses the type's exact binary form.
func implCodec[T any](oid types.OID) columnCodec { return codecFor(implValueCodec[T](oid)) }

func implValueCodec[T any](oid types.OID) valueCodec[T] {
	env := types.StorageEnv()
	impl := func() *types.Impl[T] { return types.ImplOf[T](types.ByOID(oid)) }
	return valueCodec[T]{
		put: func(d []byte, v T) []byte {
			at := len(d)
			d = impl().Send(env, append(d, 0, 0, 0, 0), v)
			binary.LittleEndian.PutUint32(d[at:], uint32(len(d)-at-4))
			return d
		},
		get: func(s []byte) (T, []byte) {
			n := int(binary.LittleEndian.Uint32(s))
			v, err := impl().Recv(env, s[4:4+n], -1)
			if err != nil {
				panic("spill: a value does not read back: " + err.Error())
			}
			return v, s[4+n:]
		},
	}
}
