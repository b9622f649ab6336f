package s3

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"net/http"
	"sync"

	"github.com/s3db-sql/s3db-sql/storage/objstore"
)

// payload is a request's body with its SHA-256, which the signature covers. The
// zero value is an empty body.
type payload struct {
	bytes  []byte
	stream io.ReadSeeker
	start  int64 // of the stream
	size   int64
	sum    string
}

// emptySum is the SHA-256 of nothing.
const emptySum = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

// askFirst is the size from which the server is asked whether it takes the
// request before the body is sent (Expect: 100-continue).
const askFirst = 2 << 20

func bytesPayload(b []byte) payload {
	sum := sha256.Sum256(b)
	return payload{bytes: b, size: int64(len(b)), sum: hex.EncodeToString(sum[:])}
}

// streamPayload reads the stream once for its sum; it must end after size bytes.
func streamPayload(key string, stream io.ReadSeeker, size int64) (payload, error) {
	p := payload{stream: stream, size: size}
	var err error
	if p.start, err = stream.Seek(0, io.SeekCurrent); err != nil {
		return p, objstore.Wrap(objstore.Invalid, opPut, key, err)
	}
	sum := sha256.New()
	n, err := io.Copy(sum, io.LimitReader(stream, size+1))
	if err != nil {
		return p, objstore.Wrap(objstore.Invalid, opPut, key, err)
	}
	if n != size {
		return p, objstore.Errorf(objstore.Invalid, opPut, key, "the stream does not have %d bytes", size)
	}
	p.sum = hex.EncodeToString(sum.Sum(nil))
	return p, nil
}

// attach gives req the body. done waits until the transport has let go of it:
// only then may a stream be sent again.
func (p *payload) attach(req *http.Request, g *guard) (done func()) {
	if p.size >= askFirst {
		req.Header["Expect"] = []string{"100-continue"}
	}
	switch {
	case p.size == 0:
		req.Body = http.NoBody
	case p.stream != nil:
		up := &upload{p: p, left: p.size, guard: g, closed: make(chan struct{})}
		req.Body = up
		return func() { <-up.closed }
	default:
		req.Body = io.NopCloser(bytes.NewReader(p.bytes))
		req.GetBody = func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(p.bytes)), nil }
	}
	return func() {}
}

// upload is one sending of a stream. While it is read the request makes
// progress.
type upload struct {
	p      *payload
	left   int64
	begun  bool
	guard  *guard
	once   sync.Once
	closed chan struct{}
}

func (u *upload) Read(b []byte) (int, error) {
	if u.left <= 0 {
		return 0, io.EOF
	}
	if !u.begun {
		u.begun = true
		if _, err := u.p.stream.Seek(u.p.start, io.SeekStart); err != nil {
			return 0, err
		}
	}
	u.guard.progress()
	n, err := u.p.stream.Read(b[:min(int64(len(b)), u.left)])
	u.left -= int64(n)
	return n, err
}

// Close is called by the transport, perhaps more than once.
func (u *upload) Close() error {
	u.once.Do(func() { close(u.closed) })
	return nil
}
