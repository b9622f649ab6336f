package txn

import (
	"crypto/aes"
	"crypto/cipher"
	"encoding/binary"
	"math"
	"os"
	"sync"

	"github.com/s3db-sql/s3db-sql/internal/rng"
	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/types"
	"github.com/s3db-sql/s3db-sql/storage"
)

// coldRows keeps changes of a block in a temporary file until COMMIT: those beyond its
// budget, which are seldom read before. What a savepoint takes back, or a later change
// replaces, stays in the file, without anybody who knows its place.
//
// The file is encrypted with a key that only this process has: rows may have secrets,
// and what is left on a disk is not to have them.
type coldRows struct {
	dir   string
	coder storage.ImageCoder // nil: images stay in memory

	mu     sync.Mutex
	f      *os.File
	cipher cipher.Block
	linked bool   // the system keeps the file's name until it is closed
	end    int64  // of what is in the file
	buf    []byte // what follows it
	out    []byte // buf as it goes to the file
	// kept is what has no form on disk, by the numbers that the file has in its place.
	kept []any
	// elems are the types of arrays' elements, by number.
	elems []*types.Type
}

// coldBuffer is how much is written at a time.
const coldBuffer = 1 << 18

// put adds a change, and says where it is. 58030 if the disk refuses.
func (c *coldRows) put(ch storage.Change) (at int64, size int32, err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	start := len(c.buf)
	c.buf = c.appendChange(c.buf, ch)
	if len(c.buf)-start > math.MaxInt32 {
		c.buf = c.buf[:start]
		return 0, 0, pgerr.New(pgerr.ProgramLimitExceeded, "row is too large for a temporary file")
	}
	at, size = c.end+int64(start), int32(len(c.buf)-start)
	if len(c.buf) >= coldBuffer {
		err = c.flush()
	}
	return at, size, err
}

func (c *coldRows) flush() error {
	if err := c.open(); err != nil {
		return err
	}
	c.out = append(c.out[:0], c.buf...)
	c.crypt(c.out, c.end)
	if _, err := c.f.WriteAt(c.out, c.end); err != nil {
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
	var key [16]byte
	rng.System.Read(key[:])
	if c.cipher, err = aes.NewCipher(key[:]); err != nil {
		return diskError(err)
	}
	if c.f, err = os.CreateTemp(c.dir, "s3db-sql-block-*"); err != nil {
		return diskError(err)
	}
	c.linked = os.Remove(c.f.Name()) != nil
	return nil
}

// crypt encrypts, or decrypts, what stands at a place of the file. No place is written
// twice, so that a counter is safe (AES-CTR).
func (c *coldRows) crypt(b []byte, at int64) {
	var iv, skipped [aes.BlockSize]byte
	binary.BigEndian.PutUint64(iv[8:], uint64(at/aes.BlockSize))
	s := cipher.NewCTR(c.cipher, iv[:])
	s.XORKeyStream(skipped[:at%aes.BlockSize], skipped[:at%aes.BlockSize])
	s.XORKeyStream(b, b)
}

// get reads a change back.
func (c *coldRows) get(at int64, size int32) (storage.Change, error) {
	b := make([]byte, size)
	c.mu.Lock()
	defer c.mu.Unlock()
	if at >= c.end {
		copy(b, c.buf[at-c.end:])
	} else {
		if _, err := c.f.ReadAt(b, at); err != nil {
			return storage.Change{}, diskError(err)
		}
		c.crypt(b, at)
	}
	return c.readChange(b)
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

// coldSize is about how much memory a change takes.
func (c *coldRows) coldSize(ch storage.Change) int64 {
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
	return n + c.imageSize(ch.Old)
}

// imageSize is about how much memory an image takes: its bytes, and what holds them.
func (c *coldRows) imageSize(im *storage.RowImage) int64 {
	if im == nil || c.coder == nil {
		return 0
	}
	form, _ := c.coder.AppendImage(nil, im)
	return int64(1024 + 2*len(form))
}
