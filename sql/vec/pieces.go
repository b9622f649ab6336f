package vec

import (
	"context"
	"encoding/binary"
	"encoding/hex"
	"io"

	"github.com/s3db-sql/s3db-sql/sql/types"
)

// Pieces is a message of which some values lie out of line: they are read when it is
// written.
type Pieces struct {
	// Bytes are what is in memory.
	Bytes []byte
	away  []away
	size  int64 // of what is away
}

// away is a value that follows the bytes before at.
type away struct {
	at    int
	value *types.External
	hex   bool
}

// Reset empties it, keeping its memory.
func (p *Pieces) Reset() { *p = Pieces{Bytes: p.Bytes[:0], away: p.away[:0]} }

// Away says that values of it lie out of line.
func (p *Pieces) Away() bool { return len(p.away) > 0 }

// Size is that of the whole message.
func (p *Pieces) Size() int64 { return int64(len(p.Bytes)) + p.size }

// Append adds the body of a value behind its head: as it is, or in hexadecimal digits
// where the text form's "\x" is the head. It returns its size.
func (p *Pieces) Append(e *types.External, head []byte) (size int64) {
	p.away = append(p.away, away{len(p.Bytes), e, len(head) > 0})
	if size = e.Size; len(head) > 0 {
		size *= 2
	}
	p.size += size
	return size
}

// AppendSized is the package's AppendSized, for values out of line too.
func (p *Pieces) AppendSized(o Output, i int) {
	e := o.External(i)
	if e == nil {
		p.Bytes = AppendSized(p.Bytes, o, i)
		return
	}
	start := len(p.Bytes)
	p.Bytes, _ = o.Append(append(p.Bytes, 0, 0, 0, 0), i)
	head := p.Bytes[start+4:]
	size := int64(len(head)) + p.Append(e, head)
	binary.BigEndian.PutUint32(p.Bytes[start:], uint32(min(size, 1<<32-1)))
}

// WriteTo writes it.
func (p *Pieces) WriteTo(ctx context.Context, w io.Writer) error {
	from := 0
	for _, a := range p.away {
		if _, err := w.Write(p.Bytes[from:a.at]); err != nil {
			return err
		}
		if err := a.writeTo(ctx, w); err != nil {
			return err
		}
		from = a.at
	}
	_, err := w.Write(p.Bytes[from:])
	return err
}

func (a away) writeTo(ctx context.Context, w io.Writer) error {
	r, err := a.value.Open(ctx)
	if err != nil {
		return err
	}
	defer r.Close()
	if a.hex {
		w = hex.NewEncoder(w)
	}
	_, err = io.Copy(struct{ io.Writer }{w}, r)
	return err
}

// IsExternal says that a column's values may lie out of line.
func IsExternal(v Vector) bool { return v.Type() == types.ExternalBytea }

// byteaOutput is the output of bytea, in line or not. What lies out of line has only its
// head here; Pieces has the rest.
type byteaOutput struct {
	Output
	head     string
	external *Vec[any]
	env      *types.Env
	put      func(env *types.Env, dst []byte, v []byte) []byte
}

func newByteaOutput(t *types.Type, env *types.Env, binary bool) Output {
	impl := types.ImplOf[[]byte](t)
	if t.OID != types.ByteaOID || impl == nil {
		return newTypedOutput[[]byte](t, env, binary)
	}
	o := &byteaOutput{Output: newTypedOutput[[]byte](t, env, binary), env: env, head: "\\x", put: impl.Out}
	if binary {
		o.head, o.put = "", impl.Send
	}
	return o
}

// Bind implements Output.
func (o *byteaOutput) Bind(v Vector) {
	if o.external = nil; IsExternal(v) {
		o.external = Of[any](v)
		return
	}
	o.Output.Bind(v)
}

// Append implements Output.
func (o *byteaOutput) Append(dst []byte, i int) (out []byte, null bool) {
	if o.external == nil {
		return o.Output.Append(dst, i)
	}
	e, _ := o.external.At(i).(*types.External)
	if e == nil {
		return dst, true
	}
	if b, ok := e.Inline(); ok {
		return o.put(o.env, dst, b), false
	}
	return append(dst, o.head...), false
}

// External implements Output.
func (o *byteaOutput) External(i int) *types.External {
	if o.external == nil {
		return nil
	}
	e, _ := o.external.At(i).(*types.External)
	if e == nil {
		return nil
	}
	if _, inline := e.Inline(); inline {
		return nil
	}
	return e
}
