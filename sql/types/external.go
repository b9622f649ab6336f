package types

import (
	"bufio"
	"bytes"
	"context"
	"encoding/hex"
	"io"
	"os"
	"sync"

	"github.com/s3db-sql/s3db-sql/pgerr"
)

// ToastThreshold is the size in bytes from which a bytea may stand out of line.
const ToastThreshold = 1 << 20

// maxVarlena is the most bytes that a value can have (MaxAllocSize).
const maxVarlena = 1<<30 - 1

// External is a bytea that lies out of line, as PostgreSQL's TOAST pointers do
// (varatt_external): in a temporary file, or in the store. Only what takes or gives
// values as streams knows it; everything else is given it detoasted, by plans that say
// so (ExternalBytea). It is safe for concurrent use.
type External struct {
	Size int64

	inline []byte // of a small one
	fetch  func(ctx context.Context) (io.ReadCloser, error)
	mu     sync.Mutex
	file   *os.File // once it is on this disk; unlinked, and closed with the last reference
	from   int64    // where it begins in file
}

// ExternalBytea is the type of columns of *External: bytea to clients, with another
// representation. It is in no catalog.
var ExternalBytea = &Type{OID: ByteaOID, Name: "bytea", Kind: 'b', Len: -1, Category: UserDefined, Rep: RepAny}

// InlineExternal is a value that is in memory.
func InlineExternal(b []byte) *External { return &External{Size: int64(len(b)), inline: b} }

// FetchedExternal is a value of size bytes that fetch reads from its beginning.
func FetchedExternal(size int64, fetch func(ctx context.Context) (io.ReadCloser, error)) *External {
	return &External{Size: size, fetch: fetch}
}

// SpoolExternal reads r to its end into a temporary file in dir. 58030 if the disk
// refuses, 54000 for more than a value can have; r's own errors as they are.
func SpoolExternal(dir string, r io.Reader) (*External, error) {
	f, n, err := spool(dir, r)
	if err != nil {
		return nil, err
	}
	return &External{Size: n, file: f}, nil
}

// Slice is a part of a value that is in a file.
func (e *External) Slice(from, size int64) *External {
	return &External{Size: size, file: e.file, from: e.from + from}
}

// ExternalHex is the value of a text form that is in a file: hexadecimal digits without
// white space, which are decoded as they are read. ok is false for other forms.
func ExternalHex(text *External) (v *External, ok bool, err error) {
	var head [2]byte
	if _, err := text.file.ReadAt(head[:], text.from); err != nil {
		return nil, false, diskError(err)
	}
	if string(head[:]) != "\\x" || text.Size%2 != 0 {
		return nil, false, nil
	}
	digits := text.Slice(2, text.Size-2)
	in := bufio.NewReader(io.NewSectionReader(digits.file, digits.from, digits.Size))
	if _, err := io.Copy(io.Discard, hex.NewDecoder(in)); err != nil {
		return nil, false, nil // white space, or an error that the text's own reader tells
	}
	return FetchedExternal(digits.Size/2, func(ctx context.Context) (io.ReadCloser, error) {
		r, err := digits.Open(ctx)
		if err != nil {
			return nil, err
		}
		return io.NopCloser(hex.NewDecoder(bufio.NewReader(r))), nil
	}), true, nil
}

func spool(dir string, r io.Reader) (*os.File, int64, error) {
	f, err := os.CreateTemp(dir, "s3db-sql-toast-*")
	if err != nil {
		return nil, 0, diskError(err)
	}
	_ = os.Remove(f.Name()) // nothing stays behind whatever ends the process
	from := &remembering{r: r}
	n, err := io.Copy(f, io.LimitReader(from, maxVarlena+1))
	switch {
	case from.err != nil:
		err = from.err
	case err != nil:
		err = diskError(err)
	case n > maxVarlena:
		err = pgerr.New(pgerr.ProgramLimitExceeded, "invalid memory alloc request size %d", n)
	}
	if err != nil {
		_ = f.Close()
		return nil, 0, err
	}
	return f, n, nil
}

// remembering tells a reader's errors from those of where its data goes.
type remembering struct {
	r   io.Reader
	err error
}

func (m *remembering) Read(p []byte) (int, error) {
	n, err := m.r.Read(p)
	if err != nil && err != io.EOF {
		m.err = err
	}
	return n, err
}

func diskError(err error) error {
	return pgerr.New(pgerr.IoError, "could not use a temporary file").WithCause(err).WithDetail("%s", err)
}

// Inline is the value if it is in memory.
func (e *External) Inline() ([]byte, bool) { return e.inline, e.inline != nil || e.Size == 0 }

// Open reads the value from its beginning. What is in memory or on disk can Seek.
func (e *External) Open(ctx context.Context) (io.ReadCloser, error) {
	if local := e.local(); local != nil {
		return local, nil
	}
	return e.source()(ctx)
}

func (e *External) source() func(context.Context) (io.ReadCloser, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.fetch
}

// section is a reader of its own over a file that others read too.
type section struct {
	io.ReadSeeker
	of *External // keeps the file
}

func (section) Close() error { return nil }

// Local says that the value is on this machine.
func (e *External) Local() bool { return e.local() != nil }

// Close frees the copy of a value that nobody reads any more; without it, that is done
// when nothing refers to the value.
func (e *External) Close() {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.file != nil {
		_ = e.file.Close()
	}
}

// Moved says where a value that was not copied lies from now on.
func (e *External) Moved(to *External) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.file == nil {
		e.fetch = to.fetch
	}
}

func (e *External) local() io.ReadCloser {
	e.mu.Lock()
	defer e.mu.Unlock()
	switch {
	case e.file != nil:
		return section{io.NewSectionReader(e.file, e.from, e.Size), e}
	case e.fetch == nil:
		return section{bytes.NewReader(e.inline), e}
	}
	return nil
}

// Localize gives the value as a stream that can seek, from a copy in dir where it is not
// on this machine. All later reads are of the copy: the source may change.
func (e *External) Localize(ctx context.Context, dir string) (io.ReadSeeker, error) {
	if e.local() == nil {
		if err := e.copy(ctx, dir); err != nil {
			return nil, err
		}
	}
	return e.local().(section).ReadSeeker, nil
}

func (e *External) copy(ctx context.Context, dir string) error {
	from, err := e.source()(ctx)
	if err != nil {
		return err
	}
	defer from.Close()
	f, n, err := spool(dir, from)
	if err != nil {
		return err
	}
	if n != e.Size {
		_ = f.Close()
		return pgerr.New(pgerr.DataCorrupted, "a value of %d bytes has %d", e.Size, n)
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	e.file = f
	return nil
}

// Detoast is the whole value in memory (detoast_attr).
func (e *External) Detoast(ctx context.Context) ([]byte, error) {
	if b, ok := e.Inline(); ok {
		return b, nil
	}
	r, err := e.Open(ctx)
	if err != nil {
		return nil, err
	}
	defer r.Close()
	out := make([]byte, e.Size)
	if _, err := io.ReadFull(r, out); err != nil {
		return nil, externalError(err)
	}
	return out, nil
}

func externalError(err error) error {
	if pgerr.As(err) != nil {
		return err
	}
	return diskError(err)
}

// AsExternal makes an External of a boxed bytea, in line or not; nil stays nil.
func AsExternal(v any) *External {
	switch v := v.(type) {
	case []byte:
		return InlineExternal(v)
	case *External:
		return v
	}
	return nil
}

// Detoasted is a boxed value with its External, if it is one, in memory.
func Detoasted(ctx context.Context, v any) (any, error) {
	e, ok := v.(*External)
	if !ok {
		return v, nil
	}
	return e.Detoast(ctx)
}
