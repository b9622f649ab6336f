package txn

import (
	"encoding/binary"
	"math"
	"slices"

	"github.com/s3db-sql/s3db-sql/internal/packed"
	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/types"
	"github.com/s3db-sql/s3db-sql/storage"
)

// The values that have a form on disk, each behind its letter. Of others the file has
// a number, by which they are found in memory.
const (
	coldNull    = 'n'
	coldFalse   = 'f'
	coldTrue    = 't'
	coldInt16   = '2'
	coldInt32   = '4'
	coldInt64   = '8'
	coldUint32  = 'u'
	coldFloat32 = 'g'
	coldFloat64 = 'd'
	coldString  = 's'
	coldBytes   = 'b'
	coldUUID    = 'x'
	coldNumeric = 'm'
	coldJSON    = 'j'
	coldSpan    = 'i'
	coldArray   = 'a'
	coldKept    = 'k'
	coldImage   = 'o'
)

// appendChange writes a change: its kind, the id, the row as read, and the columns.
func (c *coldRows) appendChange(dst []byte, ch storage.Change) []byte {
	dst = append(dst, byte(ch.Op), 0)
	if ch.Replace {
		dst[len(dst)-1] = 1
	}
	dst = c.appendImage(packed.Append(dst, ch.ID), ch.Old)
	dst = binary.AppendUvarint(dst, uint64(len(ch.Columns)))
	for i, num := range ch.Columns {
		dst = binary.LittleEndian.AppendUint16(dst, uint16(num))
		dst = c.appendValue(dst, ch.Values[i])
	}
	return dst
}

func (c *coldRows) appendImage(dst []byte, im *storage.RowImage) []byte {
	if im == nil {
		return append(dst, coldNull)
	}
	if c.coder != nil {
		if form, ok := c.coder.AppendImage(nil, im); ok {
			return packed.Append(append(dst, coldImage), form)
		}
	}
	return c.keep(dst, im)
}

// keep has a value stay in memory.
func (c *coldRows) keep(dst []byte, v any) []byte {
	c.kept = append(c.kept, v)
	return binary.AppendUvarint(append(dst, coldKept), uint64(len(c.kept)-1))
}

func (c *coldRows) appendValue(dst []byte, v any) []byte {
	le := binary.LittleEndian
	switch v := v.(type) {
	case nil:
		return append(dst, coldNull)
	case bool:
		if v {
			return append(dst, coldTrue)
		}
		return append(dst, coldFalse)
	case int16:
		return le.AppendUint16(append(dst, coldInt16), uint16(v))
	case int32:
		return le.AppendUint32(append(dst, coldInt32), uint32(v))
	case int64:
		return le.AppendUint64(append(dst, coldInt64), uint64(v))
	case uint32:
		return le.AppendUint32(append(dst, coldUint32), v)
	case float32:
		return le.AppendUint32(append(dst, coldFloat32), math.Float32bits(v))
	case float64:
		return le.AppendUint64(append(dst, coldFloat64), math.Float64bits(v))
	case string:
		return packed.Append(append(dst, coldString), v)
	case []byte:
		return packed.Append(append(dst, coldBytes), v)
	case types.UUID:
		return append(append(dst, coldUUID), v[:]...)
	case types.Numeric:
		return packed.Append(append(dst, coldNumeric), v.AppendBinary(nil))
	case types.Interval:
		return types.IntervalType.Send(nil, append(dst, coldSpan), v)
	case *types.JSON:
		return packed.Append(append(dst, coldJSON), v.AppendText(nil))
	case *types.Array:
		return c.appendArray(append(dst, coldArray), v)
	}
	return c.keep(dst, v)
}

func (c *coldRows) appendArray(dst []byte, a *types.Array) []byte {
	elem := slices.Index(c.elems, a.Elem)
	if elem < 0 {
		elem, c.elems = len(c.elems), append(c.elems, a.Elem)
	}
	dst = binary.AppendUvarint(dst, uint64(elem))
	dst = binary.AppendUvarint(dst, uint64(len(a.Dims)))
	for _, d := range a.Dims {
		dst = binary.AppendVarint(binary.AppendVarint(dst, int64(d.Len)), int64(d.Lower))
	}
	dst = binary.AppendUvarint(dst, uint64(len(a.Elems)))
	for _, v := range a.Elems {
		dst = c.appendValue(dst, v)
	}
	return dst
}

func (c *coldRows) readChange(b []byte) (ch storage.Change, err error) {
	r := &packed.Reader{Rest: b}
	head := r.Take(2)
	ch.Op, ch.Replace, ch.ID = storage.Op(head[0]), head[1] == 1, r.Text()
	if ch.Old, err = c.readImage(r); err != nil {
		return ch, err
	}
	if n := r.Uvarint(); n > 0 {
		ch.Columns, ch.Values = make([]int16, n), make([]any, n)
	}
	for i := range ch.Columns {
		ch.Columns[i] = int16(binary.LittleEndian.Uint16(r.Take(2)))
		if ch.Values[i], err = c.readValue(r); err != nil {
			return ch, err
		}
	}
	if r.Bad {
		err = pgerr.Internal("a row of the block is cut off")
	}
	return ch, err
}

func (c *coldRows) readImage(r *packed.Reader) (*storage.RowImage, error) {
	switch r.Take(1)[0] {
	case coldNull:
		return nil, nil
	case coldImage:
		return c.coder.ReadImage(r.Sized())
	}
	im, _ := c.kept[r.Uvarint()].(*storage.RowImage)
	return im, nil
}

func (c *coldRows) readValue(r *packed.Reader) (any, error) {
	le := binary.LittleEndian
	switch kind := r.Take(1)[0]; kind {
	case coldNull:
		return nil, nil
	case coldFalse, coldTrue:
		return kind == coldTrue, nil
	case coldInt16:
		return int16(le.Uint16(r.Take(2))), nil
	case coldInt32:
		return int32(le.Uint32(r.Take(4))), nil
	case coldInt64:
		return int64(le.Uint64(r.Take(8))), nil
	case coldUint32:
		return le.Uint32(r.Take(4)), nil
	case coldFloat32:
		return math.Float32frombits(le.Uint32(r.Take(4))), nil
	case coldFloat64:
		return math.Float64frombits(le.Uint64(r.Take(8))), nil
	case coldString:
		return r.Text(), nil
	case coldBytes:
		return append([]byte{}, r.Sized()...), nil
	case coldUUID:
		return types.UUID(r.Take(16)), nil
	case coldSpan:
		return types.IntervalType.Recv(nil, r.Take(16), -1)
	case coldNumeric:
		return types.NumericType.Recv(nil, r.Sized(), -1)
	case coldJSON:
		return types.ParseJSONB(r.Text())
	case coldArray:
		return c.readArray(r)
	case coldKept:
		return c.kept[r.Uvarint()], nil
	default:
		return nil, pgerr.Internal("a row of the block has a value of kind %q", kind)
	}
}

func (c *coldRows) readArray(r *packed.Reader) (any, error) {
	a := &types.Array{Elem: c.elems[r.Uvarint()]}
	for range r.Uvarint() {
		a.Dims = append(a.Dims, types.Dim{Len: int32(r.Varint()), Lower: int32(r.Varint())})
	}
	for range r.Uvarint() {
		v, err := c.readValue(r)
		if err != nil {
			return nil, err
		}
		a.Elems = append(a.Elems, v)
	}
	return a, nil
}
