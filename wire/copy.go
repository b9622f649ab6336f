package wire

import (
	"context"
	"io"

	"github.com/jackc/pgx/v5/pgproto3"

	"github.com/s3db-sql/s3db-sql/pgerr"
)

// CopyIn implements ResultWriter.
func (r *result) CopyIn(f CopyFormat) (CopyReader, error) {
	m := &pgproto3.CopyInResponse{OverallFormat: byte(f.Format), ColumnFormatCodes: codes(f.Columns)}
	if err := r.c.out.send(m); err != nil {
		return nil, err
	}
	if err := r.c.out.flush(); err != nil {
		return nil, err
	}
	return &copyReader{c: r.c}, nil
}

// CopyOut implements ResultWriter.
func (r *result) CopyOut(f CopyFormat) (CopyWriter, error) {
	m := &pgproto3.CopyOutResponse{OverallFormat: byte(f.Format), ColumnFormatCodes: codes(f.Columns)}
	if err := r.c.out.send(m); err != nil {
		return nil, err
	}
	return &copyWriter{c: r.c}, nil
}

func codes(fs []Format) []uint16 {
	cs := make([]uint16, len(fs))
	for i, f := range fs {
		cs[i] = uint16(f)
	}
	return cs
}

// copyReader takes CopyData messages out of the conversation.
type copyReader struct {
	c    *conn
	last []byte
	err  error
}

// Next implements CopyReader.
func (r *copyReader) Next(ctx context.Context) ([]byte, error) {
	r.c.in.release(r.last)
	r.last = nil
	for r.err == nil {
		f, err := r.c.await(ctx)
		if err != nil {
			r.err = err
			break
		}
		if r.last, r.err = r.data(f); r.last != nil {
			return r.last, nil
		}
	}
	return nil, r.err
}

// data is the data of a message that came during CopyIn. Flush and Sync
// mean nothing there: both results are nil.
func (r *copyReader) data(f frame) ([]byte, error) {
	if f.err != nil {
		return nil, f.err
	}
	switch f.typ {
	case msgCopyData:
		if f.body == nil {
			return []byte{}, nil
		}
		return f.body, nil
	case msgCopyDone:
		return nil, io.EOF
	case msgCopyFail:
		m := r.c.message(f.body)
		return nil, pgerr.New(pgerr.QueryCanceled, "COPY from stdin failed: %s", m.text())
	case msgFlush, msgSync:
		return nil, nil
	case msgTerminate:
		return nil, errGone
	}
	r.c.lost = true
	return nil, pgerr.New(pgerr.ProtocolViolation, "unexpected message type 0x%02X during COPY from stdin", f.typ)
}

// copyWriter sends CopyData messages.
type copyWriter struct{ c *conn }

// Write implements CopyWriter.
func (w *copyWriter) Write(p []byte) (int, error) {
	if err := w.c.out.send(&pgproto3.CopyData{Data: p}); err != nil {
		return 0, err
	}
	return len(p), nil
}

// Close implements CopyWriter.
func (w *copyWriter) Close() error { return w.c.out.send(&pgproto3.CopyDone{}) }

// Stream implements CopyWriter.
func (w *copyWriter) Stream(size int64, write func(ctx context.Context, w io.Writer) error) error {
	if size > maxLargeBody {
		return pgerr.New(pgerr.ProgramLimitExceeded, "row of %d bytes is too large for the protocol", size)
	}
	return w.c.stream(msgCopyData, size, write)
}
