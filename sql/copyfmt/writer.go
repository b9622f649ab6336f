package copyfmt

import (
	"encoding/binary"
	"io"

	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/mb"
	"github.com/s3db-sql/s3db-sql/sql/types"
	"github.com/s3db-sql/s3db-sql/sql/vec"
)

// binarySignature begins the binary format; flags and the length of an
// extension, both 0, follow.
const binarySignature = "PGCOPY\n\xff\r\n\x00"

// Writer writes rows. Every row is one Write of the underlying writer.
type Writer struct {
	out     io.Writer
	format  rowFormat
	outputs []vec.Output
	buf     []byte
	text    *mb.Client // converts the text and csv formats; nil where they are UTF8
	binary  *mb.Client // converts the texts of the binary format
	encoded []byte
	bytes   int64
}

// Bytes is how much data was written so far.
func (w *Writer) Bytes() int64 { return w.bytes }

// rowFormat is how a format frames values.
type rowFormat interface {
	// begin is what comes before the rows; whole says that it is a line of its own.
	begin(dst []byte) (out []byte, whole bool)
	row(dst []byte, outputs []vec.Output, i int) []byte
	end(dst []byte) []byte
}

// NewWriter makes a writer of completed options; env says how values are
// written. 42883 for a type without a binary form.
func NewWriter(o *Options, columns []Column, env *types.Env, out io.Writer) (*Writer, error) {
	w := &Writer{out: out, outputs: make([]vec.Output, len(columns))}
	for i, c := range columns {
		if o.Format == Binary && c.Type.Send == nil {
			return nil, pgerr.New(pgerr.UndefinedFunction, "no binary output function available for type %s", c.Type.Name)
		}
		w.outputs[i] = vec.NewOutput(c.Type, env, o.Format == Binary)
	}
	w.text = o.Client
	if o.Format == Binary {
		w.text, w.binary = nil, env.Client
	}
	switch o.Format {
	case Text:
		w.format = &textRows{delimiter: (*o.Delimiter)[0], null: *o.Null, header: o.Header != NoHeader, columns: columns}
	case CSV:
		w.format = newCSVRows(o, columns)
	default:
		w.format = binaryRows{}
	}
	return w, nil
}

// Begin writes the header, if there is one.
func (w *Writer) Begin() error {
	var whole bool
	if w.buf, whole = w.format.begin(w.buf[:0]); whole {
		return w.flush()
	}
	return nil
}

// Rows writes the live rows of a batch whose columns are those of the data.
func (w *Writer) Rows(b *vec.Batch) error {
	for i, o := range w.outputs {
		o.Bind(b.Cols[i])
	}
	for k := range b.Rows() {
		w.buf = w.format.row(w.buf, w.outputs, b.Row(k))
		if err := w.flush(); err != nil {
			return err
		}
	}
	return nil
}

// End writes what follows the rows.
func (w *Writer) End() error {
	if w.buf = w.format.end(w.buf); len(w.buf) == 0 {
		return nil
	}
	return w.flush()
}

// flush writes what was made. It is encoded whole: what delimits and escapes is
// ASCII, which is the same everywhere.
func (w *Writer) flush() (err error) {
	data := w.buf
	w.buf = w.buf[:0]
	if w.binary != nil {
		err = w.binary.Err()
	}
	if w.text != nil {
		w.encoded, err = w.text.Encode(w.encoded[:0], data)
		data = w.encoded
	}
	if err == nil {
		w.bytes += int64(len(data))
		_, err = w.out.Write(data)
	}
	return err
}

// binaryRows is the binary format.
type binaryRows struct{}

func (binaryRows) begin(dst []byte) ([]byte, bool) {
	return append(append(dst, binarySignature...), 0, 0, 0, 0, 0, 0, 0, 0), false
}

func (binaryRows) row(dst []byte, outputs []vec.Output, i int) []byte {
	dst = binary.BigEndian.AppendUint16(dst, uint16(len(outputs)))
	for _, o := range outputs {
		dst = vec.AppendSized(dst, o, i)
	}
	return dst
}

func (binaryRows) end(dst []byte) []byte { return append(dst, 0xff, 0xff) }
