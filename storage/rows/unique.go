package rows

import (
	"bytes"
	"context"
	"encoding/json"

	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/storage"
	"github.com/s3db-sql/s3db-sql/storage/objstore"
	"github.com/s3db-sql/s3db-sql/storage/s3db"
)

// A unique key is an object that its row creates before itself and that names
// the row (storage.md section 4). One whose row is not there, or has another
// value, belongs to a writer that is at work, or to one that crashed (wait.go).

// claimant is the body of a unique-key object; a stamp follows it.
type claimant struct {
	ID string `json:"id"`
}

func (t *table) claimBody(id string) ([]byte, error) {
	b, err := json.Marshal(claimant{id})
	return s3db.AppendStamp(b, s3db.NewStamp(t.env.Rand)), err
}

// claimAll claims the unique keys that a move gains, and takes those back that
// it got if it does not get all. Of several that are taken the first index's
// counts.
func (w *writer) claimAll(m *move, gained version) (storage.Result, bool) {
	if len(gained.uniques) == 0 {
		return storage.Result{}, true
	}
	outs, errs := make([]claimed, len(gained.uniques)), make([]error, len(gained.uniques))
	w.each(len(outs), func(k int) { outs[k], errs[k] = w.claim(m.id, gained.uniques[k]) })
	var got version
	res, ok := storage.Result{}, true
	for k, u := range gained.uniques {
		switch {
		case errs[k] == nil && outs[k] == ours:
			got.uniques = append(got.uniques, u)
		case !ok:
		case errs[k] != nil:
			res, ok = failed(errs[k]), false
		default:
			res, ok = storage.Result{Outcome: storage.Violated, Err: w.t.violated(u)}, false
		}
	}
	if !ok {
		w.takeBack(m, got)
	}
	return res, ok
}

// claimed is what became of a claim.
type claimed uint8

const (
	ours claimed = iota
	taken
)

// claim creates one unique-key object for a row.
func (w *writer) claim(id string, u uniqueKey) (claimed, error) {
	body, err := w.t.claimBody(id)
	if err != nil {
		return taken, err
	}
	for p := w.t.newWait(); ; {
		f, err := w.putClaim(u.key, body, "")
		if f != refused {
			return ours, err
		}
		c, err := w.readClaim(u.key)
		if err != nil {
			return taken, err
		}
		if c == nil {
			continue // given back meanwhile
		}
		now, err := w.t.current(w.ctx, c.ID)
		if err != nil {
			return taken, err
		}
		if now.hasUnique(u.key) {
			return w.holder(id, c.ID), nil
		}
		if !w.t.env.old(u.key, c.etag) {
			if err := p.again(w.ctx, "Another transaction is writing a row with the same unique key"); err != nil {
				return taken, err
			}
			continue
		}
		if f, err = w.putClaim(u.key, body, c.etag); f != refused {
			return ours, err
		}
	}
}

// holder: a claim that names the row itself and that the row justifies is its
// own already.
func (w *writer) holder(id, by string) claimed {
	if id == by {
		return ours
	}
	return taken
}

func (v version) hasUnique(key string) bool {
	for _, u := range v.uniques {
		if u.key == key {
			return true
		}
	}
	return false
}

// putClaim is landed or refused where err is nil.
func (w *writer) putClaim(key string, body []byte, ifMatch string) (fate, error) {
	err := w.request(func() error {
		_, err := w.t.store.Put(w.ctx, key, objstore.PutRequest{Body: body, ContentType: "application/json",
			IfMatch: ifMatch, IfNoneMatch: ifMatch == ""})
		return err
	})
	switch {
	case err == nil:
		return landed, nil
	case ambiguous(err):
		return w.learnClaim(key, body, err)
	case objstore.IsPrecondition(err) || ifMatch != "" && objstore.IsNotFound(err):
		return refused, nil
	}
	return broken, objstore.ToPG(err)
}

func (w *writer) learnClaim(key string, body []byte, cause error) (fate, error) {
	c, err := w.t.readClaim(context.WithoutCancel(w.ctx), key)
	switch {
	case err != nil || c == nil:
		return unknown, objstore.ToPG(cause)
	case bytes.Equal(c.body, body):
		return landed, nil
	}
	return refused, nil
}

// claimObject is a unique-key object as read.
type claimObject struct {
	claimant
	etag string
	body []byte
}

func (w *writer) readClaim(key string) (c *claimObject, err error) {
	err = w.request(func() error {
		c, err = w.t.readClaim(w.ctx, key)
		return err
	})
	return c, err
}

// maxClaim bounds the body of a unique-key object: an id.
const maxClaim = 4096

// readClaim reads a unique-key object; nil if there is none, XX001 if it is
// none of ours.
func (t *table) readClaim(ctx context.Context, key string) (*claimObject, error) {
	o, err := t.store.Get(ctx, key, objstore.GetOptions{})
	if objstore.IsNotFound(err) {
		return nil, nil
	}
	if err != nil {
		return nil, objstore.ToPG(err)
	}
	body, err := objstore.ReadBody(o, maxClaim)
	if err != nil {
		return nil, objstore.ToPG(err)
	}
	c := &claimObject{etag: o.ETag, body: body}
	if err := json.Unmarshal(body, &c.claimant); err != nil || c.ID == "" {
		return nil, pgerr.New(pgerr.DataCorrupted, "unique key object \"%s\" is damaged", key).WithCause(err)
	}
	return c, nil
}
