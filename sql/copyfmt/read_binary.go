package copyfmt

import (
	"encoding/binary"
	"io"

	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

// binarySource takes the binary format apart.
type binarySource struct {
	stream
	r *Reader
}

// take returns the next n bytes, nil where they are not.
func (b *binarySource) take(n int) []byte {
	b.start = b.at
	if !b.have(n) {
		return nil
	}
	out := b.buf[b.at : b.at+n]
	b.at += n
	return out
}

// orElse is the source's own error, or what is wrong with the data.
func (b *binarySource) orElse(err error) error {
	if b.err != nil {
		return b.err
	}
	return err
}

// begin is ReceiveCopyBinaryHeader.
func (b *binarySource) begin() error {
	if sig := b.take(len(binarySignature)); string(sig) != binarySignature {
		return b.orElse(badFormat("COPY file signature not recognized"))
	}
	flags := b.take(4)
	switch {
	case flags == nil:
		return b.orElse(badFormat("invalid COPY file header (missing flags)"))
	case flags[1]&1 != 0:
		return badFormat("invalid COPY file header (WITH OIDS)")
	case flags[0] != 0 || flags[1] != 0:
		return badFormat("unrecognized critical flags in COPY file header")
	}
	n := b.take(4)
	if n == nil || int32(binary.BigEndian.Uint32(n)) < 0 {
		return b.orElse(badFormat("invalid COPY file header (missing length)"))
	}
	if size := int(binary.BigEndian.Uint32(n)); size > 0 && b.take(size) == nil {
		return b.orElse(badFormat("invalid COPY file header (wrong length)"))
	}
	return nil
}

func (b *binarySource) row() (int, bool, error) {
	b.r.place.line++
	b.r.place.column = ""
	count := b.take(2)
	if count == nil {
		return 0, false, b.err
	}
	n := int(int16(binary.BigEndian.Uint16(count)))
	if n == -1 {
		if b.take(1) != nil {
			return 0, false, badFormat("received copy data after EOF marker")
		}
		return 0, false, b.err
	}
	if n != len(b.r.columns) {
		return 0, false, badFormat("row field count is %d, expected %d", n, len(b.r.columns))
	}
	size := 2
	for i := range b.r.columns {
		k, err := b.value(i)
		if err != nil {
			return 0, false, err
		}
		size += 4 + k
	}
	return size, true, nil
}

// spool puts a large value into a temporary file as it comes.
func (b *binarySource) spool(i, n int) error {
	part := &part{b: b, left: n}
	v, err := types.SpoolExternal(b.r.TempDir, part)
	if err == nil && part.left > 0 {
		err = b.orElse(badFormat("unexpected EOF in COPY data"))
	}
	if err == nil {
		err = b.r.inputs[i].(*externalInput).put(v, nil)
		b.r.place.column = ""
	}
	return err
}

// part is a value of the data as a stream.
type part struct {
	b    *binarySource
	left int
}

// Read implements io.Reader.
func (p *part) Read(to []byte) (int, error) {
	if p.left == 0 {
		return 0, io.EOF
	}
	p.b.start = p.b.at
	if !p.b.have(1) {
		if p.b.err != nil {
			return 0, p.b.err
		}
		return 0, io.EOF
	}
	n := copy(to[:min(len(to), p.left)], p.b.buf[p.b.at:])
	p.b.at, p.left = p.b.at+n, p.left-n
	return n, nil
}

// value is CopyReadBinaryAttribute.
func (b *binarySource) value(i int) (size int, err error) {
	b.r.place.column = b.r.columns[i].Name
	head := b.take(4)
	if head == nil {
		return 0, b.orElse(badFormat("unexpected EOF in COPY data"))
	}
	n := int(int32(binary.BigEndian.Uint32(head)))
	switch {
	case n == -1:
		b.r.inputs[i].null()
	case n < 0:
		return 0, badFormat("invalid field size")
	case n > maxLine:
		return 0, pgerr.New(pgerr.ProgramLimitExceeded, "out of memory")
	case n > types.ToastThreshold && b.r.external(i):
		return n, b.spool(i, n)
	default:
		data := b.take(n)
		if data == nil {
			return 0, b.orElse(badFormat("unexpected EOF in COPY data"))
		}
		if err = b.r.inputs[i].binary(data); pgerr.CodeOf(err) == pgerr.InvalidBinaryRepresentation {
			err = pgerr.New(pgerr.InvalidBinaryRepresentation, "incorrect binary data format").WithCause(err)
		}
		size = n
	}
	if err == nil {
		b.r.place.column = ""
	}
	return size, err
}
