package spill

import (
	"context"
	"os"

	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/types"
	"github.com/s3db-sql/s3db-sql/sql/vec"
)

// frame is where one batch stands in the file, and the columns that have no
// codec and are held in memory (arrays, records, row images).
type frame struct {
	offset int64
	size   int
	rows   int
	held   []vec.Vector
}

// File is a sequence of batches on disk, of columns of fixed types. One
// goroutine writes at a time; batches already written may be read by many.
type File struct {
	acct   *Account
	types  []*types.Type
	f      *os.File
	frames []frame
	end    int64
	buf    []byte
	linked bool
}

// NewFile makes an empty file for batches of the given column types. Nothing is
// opened before the first Append.
func NewFile(acct *Account, ts []*types.Type) *File { return &File{acct: acct, types: ts} }

// Append writes the rows of b that are alive. 53100 if the disk refuses.
func (f *File) Append(b *vec.Batch) error {
	b = b.Compact()
	if b.N == 0 {
		return nil
	}
	if err := f.open(); err != nil {
		return err
	}
	fr := frame{offset: f.end, rows: b.N}
	buf := f.buf[:0]
	for c, v := range b.Cols {
		codec := codecs[f.types[c].Rep]
		if codec.encode == nil {
			fr.held = append(fr.held, v)
			continue
		}
		buf = codec.encode(buf, v)
	}
	f.buf, fr.size = buf, len(buf)
	if _, err := f.f.WriteAt(buf, f.end); err != nil {
		return diskError(err)
	}
	f.end += int64(len(buf))
	f.acct.spilled.Add(int64(len(buf)))
	f.frames = append(f.frames, fr)
	return nil
}

func (f *File) open() error {
	if f.f != nil {
		return nil
	}
	file, err := os.CreateTemp(f.acct.Dir, "s3db-sql-spill-*")
	if err != nil {
		return diskError(err)
	}
	// Unlinked at once; a system that refuses keeps it until Close.
	f.linked = os.Remove(file.Name()) != nil
	f.f = file
	f.acct.files.Add(1)
	return nil
}

// Batches is the number of batches written; Rows that of rows.
func (f *File) Batches() int { return len(f.frames) }

// Rows is the number of rows written.
func (f *File) Rows() int {
	n := 0
	for _, fr := range f.frames {
		n += fr.rows
	}
	return n
}

// Size is the number of bytes written.
func (f *File) Size() int64 { return f.end }

// Batch reads batch i.
func (f *File) Batch(i int) (*vec.Batch, error) {
	fr := &f.frames[i]
	src := make([]byte, fr.size)
	if _, err := f.f.ReadAt(src, fr.offset); err != nil {
		return nil, diskError(err)
	}
	cols := make([]vec.Vector, len(f.types))
	held := fr.held
	for c, t := range f.types {
		codec := codecs[t.Rep]
		if codec.decode == nil {
			cols[c], held = held[0], held[1:]
			continue
		}
		cols[c], src = codec.decode(src, t, fr.rows)
	}
	return vec.NewBatch(cols, fr.rows), nil
}

// Close frees the file.
func (f *File) Close() {
	if f.f == nil {
		return
	}
	_ = f.f.Close()
	if f.linked {
		_ = os.Remove(f.f.Name())
	}
	f.f, f.frames, f.end = nil, nil, 0
	f.acct.files.Add(-1)
}

func diskError(err error) error {
	if pgerr.As(err) != nil {
		return err
	}
	return pgerr.New(pgerr.IoError, "could not use a temporary file").WithCause(err).WithDetail("%s", err)
}

// Reader reads batches of a file in order.
type Reader struct {
	file     *File
	next, to int
}

// Reader reads all batches written so far.
func (f *File) Reader() *Reader { return f.Range(0, f.Batches()) }

// Range reads batches [from, to).
func (f *File) Range(from, to int) *Reader { return &Reader{file: f, next: from, to: to} }

// Next returns the next batch, nil at the end.
func (r *Reader) Next(ctx context.Context) (*vec.Batch, error) {
	if r.next >= r.to {
		return nil, nil
	}
	if ctx.Err() != nil {
		return nil, Cancelled(ctx)
	}
	b, err := r.file.Batch(r.next)
	r.next++
	return b, err
}

// Cancelled is the error of a context that ended: its cause where that is an
// error for the client (a statement timeout), 57014 otherwise.
func Cancelled(ctx context.Context) error {
	cause := context.Cause(ctx)
	if pgerr.As(cause) != nil {
		return cause
	}
	return pgerr.New(pgerr.QueryCanceled, "canceling statement due to user request").WithCause(cause)
}
