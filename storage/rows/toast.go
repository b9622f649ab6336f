package rows

import (
	"context"
	"errors"
	"io"

	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/types"
	"github.com/s3db-sql/s3db-sql/storage"
	"github.com/s3db-sql/s3db-sql/storage/objstore"
	"github.com/s3db-sql/s3db-sql/storage/s3db"
)

// Content beyond types.ToastThreshold stays out of line: a row is read and written
// without it, and whoever streams it opens its object. What says that a body is content
// is its head.

// outOfLine says that an object's body is large content.
func (t *table) outOfLine(info objstore.Info) bool {
	if info.Size <= types.ToastThreshold {
		return false
	}
	content, sure := t.schema.HeadContent(info)
	return content && sure
}

// inLine says that an object's body is part of its row, or small.
func (t *table) inLine(info objstore.Info) bool { return !t.outOfLine(info) }

// external is the content of a row's object as it was read.
func (t *table) external(id string, info objstore.Info) *types.External {
	return t.env.external(t.schema.DataKey(id), info.ETag, info.Size)
}

// external is an object's body; of any version if etag is "".
func (e *Env) external(key, etag string, size int64) *types.External {
	return types.FetchedExternal(size, func(ctx context.Context) (io.ReadCloser, error) {
		r := &contentReader{ctx: ctx, store: e.Objects, key: key, etag: etag, size: size}
		return r, r.open()
	})
}

// contentReader reads an object's body, and goes on where it was if the connection
// breaks: what was read has been sent to the client already.
type contentReader struct {
	ctx       context.Context
	store     objstore.Store
	key, etag string
	size, at  int64
	body      io.ReadCloser
	failures  int
}

// maxReopened is how often a broken body is asked for again.
const maxReopened = 3

// open asks for what is left. 40001 where the object has changed since its row was read.
func (c *contentReader) open() error {
	opt := objstore.GetOptions{}
	if c.at > 0 {
		opt = objstore.GetOptions{Offset: c.at, Length: c.size - c.at}
	}
	o, err := c.store.Get(c.ctx, c.key, opt)
	switch {
	case objstore.IsNotFound(err):
		return contentChanged()
	case err != nil:
		return objstore.ToPG(err)
	case c.etag != "" && o.ETag != c.etag, o.Size != c.size:
		_ = o.Body.Close()
		return contentChanged()
	}
	c.body = o.Body
	return nil
}

func contentChanged() error {
	return pgerr.New(pgerr.SerializationFailure, "could not serialize access due to concurrent update").
		WithDetail("The row's content was changed after the row was read.")
}

// isChanged says that an error is contentChanged: what was read does not stand any more.
func isChanged(err error) bool { return pgerr.CodeOf(err) == pgerr.SerializationFailure }

// unsaved is the result of a move whose old content could not be read.
func unsaved(err error) storage.Result {
	if isChanged(err) {
		return storage.Result{Outcome: storage.Conflict}
	}
	return failed(err)
}

// Read implements io.Reader.
func (c *contentReader) Read(p []byte) (int, error) {
	for {
		n, err := c.body.Read(p)
		c.at += int64(n)
		switch {
		case n > 0, err == nil:
			return n, nil
		case c.at == c.size:
			return 0, io.EOF
		case c.failures == maxReopened || c.ctx.Err() != nil:
			return 0, objstore.ToPG(objstore.Wrap(objstore.Unavailable, "GET", c.key, errors.Join(err, c.ctx.Err())))
		}
		c.failures++
		_ = c.body.Close()
		if err := c.open(); err != nil {
			return 0, err
		}
	}
}

// Close implements io.Closer.
func (c *contentReader) Close() error { return c.body.Close() }

// detoast is content in memory, for an image that is decoded.
func detoast(content *types.External) ([]byte, error) {
	if content.Size > maxBody {
		return nil, pgerr.New(pgerr.ProgramLimitExceeded, "content of %d bytes is too large to be held in memory", content.Size).
			WithHint("Read it in parts by substring(_content FROM … FOR …), or as a column of a SELECT or COPY of its own.")
	}
	return content.Detoast(context.Background())
}

// upload is the body of a PUT; done frees what it took. Content that lies in the store is
// copied to this disk first, since a request may have to be repeated.
func (e *Env) upload(ctx context.Context, o s3db.Object) (req objstore.PutRequest, done func(), err error) {
	req, done = objstore.PutRequest{Body: o.Body, Metadata: o.Metadata, ContentType: o.ContentType}, func() {}
	if o.External == nil {
		return req, done, nil
	}
	local := o.External
	if !local.Local() {
		from, err := local.Open(ctx)
		if err != nil {
			return req, done, err
		}
		local, err = types.SpoolExternal(e.TempDir, from)
		_ = from.Close()
		if err != nil {
			return req, done, err
		}
		done = local.Close
	}
	req.Body, req.Size = nil, o.External.Size
	req.Stream, err = local.Localize(ctx, e.TempDir)
	return req, done, err
}

// saveOld copies content that the move takes away to this disk: the change may have to
// be taken back. The content that stays is there all the while.
func (w *writer) saveOld(m *move) error {
	old := m.old.external
	if w.undoing || old == nil || m.next != nil && m.next.external == old {
		return nil
	}
	return w.request(func() error {
		_, err := old.Localize(w.ctx, w.t.env.TempDir)
		return err
	})
}

// sameBody compares an object that was read with what was to be written.
func sameBody(got *objstore.Object, o s3db.Object) (bool, error) {
	if o.External == nil {
		body, err := objstore.ReadBody(got, maxBody)
		return err == nil && string(body) == string(o.Body), err
	}
	defer got.Body.Close()
	if got.Size != o.External.Size {
		return false, nil
	}
	want, err := o.External.Open(context.Background())
	if err != nil {
		return false, err
	}
	defer want.Close()
	return sameStream(got.Body, want)
}

func sameStream(a, b io.Reader) (bool, error) {
	var left, right [32 << 10]byte
	for {
		n, err := io.ReadFull(a, left[:])
		k, err2 := io.ReadFull(b, right[:])
		switch {
		case n != k || string(left[:n]) != string(right[:k]):
			return false, nil
		case err == io.EOF, err == io.ErrUnexpectedEOF:
			return true, nil
		case err != nil || err2 != nil:
			return false, errors.Join(err, err2)
		}
	}
}
