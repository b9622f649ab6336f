package rows

import (
	"bytes"
	"cmp"
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
	// Was is the row that has the key as long as the unit that hands it on is open.
	Was string `json:"was,omitempty"`
}

// rows are those that may have the key.
func (c claimant) rows() []string {
	if c.Was == "" {
		return []string{c.ID}
	}
	return []string{c.ID, c.Was}
}

func (t *table) claimBody(c claimant) ([]byte, error) {
	b, err := json.Marshal(c)
	stamp := s3db.NewStamp(t.env.Rand)
	if t.unit.open() {
		stamp = t.unit.stamp()
	}
	return s3db.AppendStamp(b, stamp), err
}

// claimAll claims the unique keys that a move gains, and takes those back that
// it got if it does not get all. Of several that are taken the first index's
// counts.
func (w *writer) claimAll(m *move, gained version) (storage.Result, bool) {
	if len(gained.uniques) == 0 {
		return storage.Result{}, true
	}
	outs, errs := make([]claimed, len(gained.uniques)), make([]error, len(gained.uniques))
	w.each(len(outs), func(k int) {
		if u := gained.uniques[k]; w.reserve(m.id, u.key) {
			outs[k], errs[k] = w.claim(m.id, u)
		} else {
			errs[k] = &blocked{detail: "Another row of the statement is getting the same unique key"}
		}
	})
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

// reserve says whether a row is the only one of the call that is getting a key, until
// settle: what becomes of another one's claim is known when its row is written.
func (w *writer) reserve(id, key string) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.getting == nil {
		w.getting = map[string]string{}
	}
	by, held := w.getting[key]
	if !held {
		w.getting[key] = id
	}
	return !held || by == id
}

// settle ends the reservations of a row.
func (w *writer) settle(id string, uniques []uniqueKey) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, u := range uniques {
		if w.getting[u.key] == id {
			delete(w.getting, u.key)
		}
	}
}

// claimed is what became of a claim.
type claimed uint8

const (
	ours claimed = iota
	taken
)

// claim creates one unique-key object for a row.
func (w *writer) claim(id string, u uniqueKey) (claimed, error) {
	body, err := w.t.claimBody(claimant{ID: id})
	if err != nil {
		return taken, err
	}
	for {
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
		if bytes.Equal(c.body, body) {
			return ours, nil // the request was carried out twice
		}
		if w.t.unit.gaveUp(u.key) {
			if f, err := w.handOn(id, u.key, c); f != refused {
				return ours, err
			}
			continue
		}
		by, err := w.t.holder(w.ctx, c, u.key)
		if err != nil {
			return taken, err
		}
		if by != "" {
			return w.holder(id, by), nil
		}
		free, err := w.abandoned(u.key, c)
		if err != nil {
			return taken, err
		}
		if !free {
			tag, _ := tagOf(objstore.Info{}, c.body)
			return taken, &blocked{"Another transaction is writing a row with the same unique key", tag}
		}
		if f, err = w.putClaim(u.key, body, c.etag); f != refused {
			return ours, err
		}
	}
}

// holder is the row that a claim names and that has the key; "" for none.
func (t *table) holder(ctx context.Context, c *claimObject, key string) (string, error) {
	for _, id := range c.rows() {
		now, err := t.current(ctx, id)
		if err != nil {
			return "", err
		}
		if now.hasUnique(key) {
			return id, nil
		}
	}
	return "", nil
}

// handOn gives a row a key that another row of the same unit has given up. Until the
// unit ends it is the key of both.
func (w *writer) handOn(id, key string, c *claimObject) (fate, error) {
	if c.ID == id {
		return landed, nil
	}
	// What an earlier unit has left of its own handing on tells nothing.
	was := w.t.unit.giver(key)
	if tag, ok := tagOf(objstore.Info{}, c.body); ok && w.t.unit.is(tag) {
		was = cmp.Or(c.Was, c.ID)
	}
	if was == id {
		was = ""
	}
	body, err := w.t.claimBody(claimant{ID: id, Was: was})
	if err != nil {
		return broken, err
	}
	return w.putClaim(key, body, c.etag)
}

// abandoned says that nobody is at work on a claim without a row: its unit was taken
// for dead, or no writer of a process that is alone with the store has it. Elsewhere
// time tells.
func (w *writer) abandoned(key string, c *claimObject) (bool, error) {
	e := w.t.env
	if tag, ok := tagOf(objstore.Info{}, c.body); ok && !w.t.unit.is(tag) {
		switch f, err := e.fateOf(w.ctx, tag); {
		case err != nil || f == fateOpen:
			return false, err
		case f == fateDead:
			return true, nil
		}
	}
	if e.alone() {
		return !e.units.givesUp(key), nil
	}
	return e.old(key, c.etag), nil
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
