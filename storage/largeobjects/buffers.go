package largeobjects

import (
	"container/list"
	"os"
	"sync"

	"github.com/s3db-sql/s3db-sql/pgerr"
)

// buffers hold the chunks that a transaction has written: those used last in memory,
// the others in a temporary file.
type buffers struct {
	dir   string
	limit int64

	mu     sync.Mutex // COMMIT reads side by side
	used   int64
	recent list.List // of *buffer in memory, the least recently used in front
	f      *os.File
	linked bool // the system keeps the file's name until it is closed
	slots  int64
	free   []int64
}

// buffer is the content of a chunk.
type buffer struct {
	data []byte        // nil while it is in the file
	at   *list.Element // among recent while it is in memory
	size int
	slot int64 // its place in the file plus 1, 0 for none
	// dirty: the file does not have it as it is.
	dirty bool
}

// get brings a buffer into memory. The bytes may be changed until the next call.
func (b *buffers) get(buf *buffer) ([]byte, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.load(buf)
}

func (b *buffers) load(buf *buffer) ([]byte, error) {
	if buf.at != nil {
		b.recent.MoveToBack(buf.at)
		return buf.data, nil
	}
	data := make([]byte, buf.size)
	if buf.slot != 0 {
		if _, err := b.f.ReadAt(data, (buf.slot-1)*chunkSize); err != nil {
			return nil, diskError(err)
		}
	}
	buf.data, buf.dirty = data, false
	buf.at = b.recent.PushBack(buf)
	b.used += int64(cap(data))
	return data, b.shrink(buf)
}

// set gives a buffer new content.
func (b *buffers) set(buf *buffer, data []byte) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if buf.at == nil {
		buf.at = b.recent.PushBack(buf)
	} else {
		b.recent.MoveToBack(buf.at)
		b.used -= int64(cap(buf.data))
	}
	buf.data, buf.size, buf.dirty = data, len(data), true
	b.used += int64(cap(data))
	return b.shrink(buf)
}

// shrink moves buffers but that one to the file until the rest is within the limit.
func (b *buffers) shrink(but *buffer) error {
	for b.used > b.limit && b.recent.Len() > 1 {
		buf := b.recent.Front().Value.(*buffer)
		if buf == but {
			b.recent.MoveToBack(buf.at)
			continue
		}
		if err := b.evict(buf); err != nil {
			return err
		}
	}
	return nil
}

func (b *buffers) evict(buf *buffer) error {
	if buf.dirty || buf.slot == 0 {
		if err := b.place(buf); err != nil {
			return err
		}
		if _, err := b.f.WriteAt(buf.data, (buf.slot-1)*chunkSize); err != nil {
			return diskError(err)
		}
	}
	b.forget(buf)
	return nil
}

func (b *buffers) forget(buf *buffer) {
	b.recent.Remove(buf.at)
	b.used -= int64(cap(buf.data))
	buf.data, buf.at, buf.dirty = nil, nil, false
}

// place gives a buffer a place in the file.
func (b *buffers) place(buf *buffer) (err error) {
	if b.f == nil {
		if b.f, err = os.CreateTemp(b.dir, "s3db-sql-largeobject-*"); err != nil {
			return diskError(err)
		}
		b.linked = os.Remove(b.f.Name()) != nil
	}
	if n := len(b.free); n > 0 && buf.slot == 0 {
		buf.slot, b.free = b.free[n-1], b.free[:n-1]
	}
	if buf.slot == 0 {
		b.slots++
		buf.slot = b.slots
	}
	return nil
}

// drop frees a buffer that nobody needs any more.
func (b *buffers) drop(buf *buffer) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if buf.at != nil {
		b.forget(buf)
	}
	if buf.slot != 0 {
		b.free = append(b.free, buf.slot)
		buf.slot = 0
	}
}

// copyOf is a buffer with the content of another one.
func (b *buffers) copyOf(buf *buffer) (*buffer, error) {
	data, err := b.get(buf)
	if err != nil {
		return nil, err
	}
	c := &buffer{}
	return c, b.set(c, append([]byte(nil), data...))
}

// read is the content for who does not hold the transaction.
func (b *buffers) read(buf *buffer) ([]byte, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	data, err := b.load(buf)
	return append([]byte(nil), data...), err
}

func (b *buffers) close() {
	if b.f == nil {
		return
	}
	_ = b.f.Close()
	if b.linked {
		_ = os.Remove(b.f.Name())
	}
	b.f = nil
}

func diskError(err error) error {
	return pgerr.New(pgerr.IoError, "could not use a temporary file").WithCause(err).WithDetail("%s", err)
}
