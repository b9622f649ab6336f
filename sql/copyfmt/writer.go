package copyfmt

import (
	"context"
	"encoding/binary"
	"io"
	"strings"

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
	pieces  vec.Pieces
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
	// row adds a row; a value that lies out of line goes where its head ends.
	row(p *vec.Pieces, outputs []vec.Output, i int)
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
	if w.pieces.Bytes, whole = w.format.begin(w.pieces.Bytes[:0]); whole {
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
		w.format.row(&w.pieces, w.outputs, b.Row(k))
		if err := w.flush(); err != nil {
			return err
		}
	}
	return nil
}

// End writes what follows the rows.
func (w *Writer) End() error {
	if w.pieces.Bytes = w.format.end(w.pieces.Bytes); len(w.pieces.Bytes) == 0 {
		return nil
	}
	return w.flush()
}

// flush writes what was made. It is encoded whole: what delimits and escapes is
// ASCII, which is the same everywhere.
func (w *Writer) flush() (err error) {
	defer w.pieces.Reset()
	if w.pieces.Away() {
		return w.stream()
	}
	data := w.pieces.Bytes
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

// Streamer is a writer that takes a row piece by piece.
type Streamer interface {
	Stream(size int64, write func(ctx context.Context, w io.Writer) error) error
}

// stream writes a row with values out of line, which are ASCII in text formats: nothing
// of it needs another encoding (Streams).
func (w *Writer) stream() error {
	to, ok := w.out.(Streamer)
	if !ok {
		return pgerr.Internal("the output of COPY takes no streams (%T)", w.out)
	}
	w.bytes += w.pieces.Size()
	return to.Stream(w.pieces.Size(), w.pieces.WriteTo)
}

// Streams says that data of these options may have values out of line: their bytes,
// or their hexadecimal digits as they are.
func (o *Options) Streams() bool {
	if o.Format == CSV && strings.ContainsAny(*o.Delimiter+*o.Quote+*o.Escape, "\\x0123456789abcdef") {
		return false
	}
	return o.Format == Binary || o.Client == nil
}

// binaryRows is the binary format.
type binaryRows struct{}

func (binaryRows) begin(dst []byte) ([]byte, bool) {
	return append(append(dst, binarySignature...), 0, 0, 0, 0, 0, 0, 0, 0), false
}

func (binaryRows) row(p *vec.Pieces, outputs []vec.Output, i int) {
	p.Bytes = binary.BigEndian.AppendUint16(p.Bytes, uint16(len(outputs)))
	for _, o := range outputs {
		p.AppendSized(o, i)
	}
}

func (binaryRows) end(dst []byte) []byte { return append(dst, 0xff, 0xff) }
