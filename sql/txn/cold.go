package txn

import (
	"encoding/binary"
	"math"
	"os"
	"sync"

	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/types"
	"github.com/s3db-sql/s3db-sql/storage"
)

// coldRows keeps new rows of a block in a temporary file until COMMIT: those of a
// load, which are seldom read before. What a savepoint takes back stays in the file,
// without anybody who knows its place.
type coldRows struct {
	dir string

	mu     sync.Mutex
	f      *os.File
	linked bool   // the system keeps the file's name until it is closed
	end    int64  // of what is in the file
	buf    []byte // what follows it
}

// coldBuffer is how much is written at a time.
const coldBuffer = 1 << 18

// put adds a new row, and says where it is; false if one of its values has no form on
// disk. 58030 if the disk refuses.
func (c *coldRows) put(ch storage.Change) (at int64, size int32, ok bool, err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	start := len(c.buf)
	c.buf, ok = appendChange(c.buf, ch)
	if !ok || len(c.buf)-start > math.MaxInt32 {
		c.buf = c.buf[:start]
		return 0, 0, false, nil
	}
	at, size = c.end+int64(start), int32(len(c.buf)-start)
	if len(c.buf) >= coldBuffer {
		err = c.flush()
	}
	return at, size, err == nil, err
}

func (c *coldRows) flush() error {
	if err := c.open(); err != nil {
		return err
	}
	if _, err := c.f.WriteAt(c.buf, c.end); err != nil {
		return diskError(err)
	}
	c.end += int64(len(c.buf))
	c.buf = c.buf[:0]
	return nil
}

func (c *coldRows) open() (err error) {
	if c.f != nil {
		return nil
	}
	if c.f, err = os.CreateTemp(c.dir, "s3db-sql-block-*"); err != nil {
		return diskError(err)
	}
	c.linked = os.Remove(c.f.Name()) != nil
	return nil
}

// get reads a row back.
func (c *coldRows) get(at int64, size int32) (storage.Change, error) {
	b := make([]byte, size)
	c.mu.Lock()
	defer c.mu.Unlock()
	if at >= c.end {
		copy(b, c.buf[at-c.end:])
	} else if _, err := c.f.ReadAt(b, at); err != nil {
		return storage.Change{}, diskError(err)
	}
	return readChange(b)
}

// close frees the file.
func (c *coldRows) close() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.f == nil {
		return
	}
	_ = c.f.Close()
	if c.linked {
		_ = os.Remove(c.f.Name())
	}
	c.f = nil
}

func diskError(err error) error {
	return pgerr.New(pgerr.IoError, "could not use a temporary file").WithCause(err).WithDetail("%s", err)
}

// The values that have a form on disk, each behind its letter.
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
)

// appendChange writes the id and the columns of a new row.
func appendChange(dst []byte, ch storage.Change) (out []byte, ok bool) {
	dst = appendSized(dst, ch.ID)
	dst = binary.AppendUvarint(dst, uint64(len(ch.Columns)))
	for i, num := range ch.Columns {
		dst = binary.LittleEndian.AppendUint16(dst, uint16(num))
		if dst, ok = appendCold(dst, ch.Values[i]); !ok {
			return dst, false
		}
	}
	return dst, true
}

func appendSized[T string | []byte](dst []byte, v T) []byte {
	return append(binary.AppendUvarint(dst, uint64(len(v))), v...)
}

func appendCold(dst []byte, v any) ([]byte, bool) {
	le := binary.LittleEndian
	switch v := v.(type) {
	case nil:
		return append(dst, coldNull), true
	case bool:
		if v {
			return append(dst, coldTrue), true
		}
		return append(dst, coldFalse), true
	case int16:
		return le.AppendUint16(append(dst, coldInt16), uint16(v)), true
	case int32:
		return le.AppendUint32(append(dst, coldInt32), uint32(v)), true
	case int64:
		return le.AppendUint64(append(dst, coldInt64), uint64(v)), true
	case uint32:
		return le.AppendUint32(append(dst, coldUint32), v), true
	case float32:
		return le.AppendUint32(append(dst, coldFloat32), math.Float32bits(v)), true
	case float64:
		return le.AppendUint64(append(dst, coldFloat64), math.Float64bits(v)), true
	case string:
		return appendSized(append(dst, coldString), v), true
	case []byte:
		return appendSized(append(dst, coldBytes), v), true
	case types.UUID:
		return append(append(dst, coldUUID), v[:]...), true
	case types.Numeric:
		return appendSized(append(dst, coldNumeric), v.AppendBinary(nil)), true
	case types.Interval:
		return types.IntervalType.Send(nil, append(dst, coldSpan), v), true
	case *types.JSON:
		return appendSized(append(dst, coldJSON), v.AppendText(nil)), true
	}
	return dst, false
}

// coldReader takes a row apart that appendChange has written.
type coldReader struct{ rest []byte }

func (r *coldReader) take(n int) []byte {
	b := r.rest[:n]
	r.rest = r.rest[n:]
	return b
}

func (r *coldReader) uvarint() int {
	v, n := binary.Uvarint(r.rest)
	r.rest = r.rest[n:]
	return int(v)
}

func (r *coldReader) sized() []byte { return r.take(r.uvarint()) }

func readChange(b []byte) (storage.Change, error) {
	r := &coldReader{b}
	ch := storage.Change{Op: storage.Insert, ID: string(r.sized())}
	n := r.uvarint()
	ch.Columns, ch.Values = make([]int16, n), make([]any, n)
	for i := range ch.Columns {
		ch.Columns[i] = int16(binary.LittleEndian.Uint16(r.take(2)))
		var err error
		if ch.Values[i], err = r.value(); err != nil {
			return ch, err
		}
	}
	return ch, nil
}

func (r *coldReader) value() (any, error) {
	le := binary.LittleEndian
	switch kind := r.take(1)[0]; kind {
	case coldNull:
		return nil, nil
	case coldFalse, coldTrue:
		return kind == coldTrue, nil
	case coldInt16:
		return int16(le.Uint16(r.take(2))), nil
	case coldInt32:
		return int32(le.Uint32(r.take(4))), nil
	case coldInt64:
		return int64(le.Uint64(r.take(8))), nil
	case coldUint32:
		return le.Uint32(r.take(4)), nil
	case coldFloat32:
		return math.Float32frombits(le.Uint32(r.take(4))), nil
	case coldFloat64:
		return math.Float64frombits(le.Uint64(r.take(8))), nil
	case coldString:
		return string(r.sized()), nil
	case coldBytes:
		return append([]byte{}, r.sized()...), nil
	case coldUUID:
		return types.UUID(r.take(16)), nil
	case coldSpan:
		return types.IntervalType.Recv(nil, r.take(16), -1)
	case coldNumeric:
		return types.NumericType.Recv(nil, r.sized(), -1)
	case coldJSON:
		return types.ParseJSONB(string(r.sized()))
	default:
		return nil, pgerr.Internal("a row of the block has a value of kind %q", kind)
	}
}

// coldSize is about how much memory a change takes.
func coldSize(ch storage.Change) int64 {
	n := int64(256 + len(ch.ID))
	for _, v := range ch.Values {
		switch v := v.(type) {
		case string:
			n += int64(len(v))
		case []byte:
			n += int64(len(v))
		}
		n += 48
	}
	return n
}
