package store

import (
	"context"
	"encoding/json"
	"maps"
	"strconv"
	"sync"
	"time"

	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/storage/objstore"
	"github.com/s3db-sql/s3db-sql/storage/s3db"
)

// Definitions are in two objects, and the rows that a transaction writes beside them are in
// others; that they all count at one moment is ownMoment's. Our own object is written first
// and holds what it was before: that counts until the manifest is the one that it goes
// with. So the manifest's PUT is the commit point, or our own object's where the manifest
// stays as it is. The rows' record waits for it too: their transaction's tag is in our own
// object (ADR 15).
type ownMoment struct {
	// Nonce tells two writes of the same from each other.
	Nonce uint64 `json:"nonce,omitempty"`
	// Digest is that of the manifest that the object goes with, Was of the one that Before
	// goes with: the object as it was.
	Digest string          `json:"digest,omitempty"`
	Was    string          `json:"was,omitempty"`
	Before json.RawMessage `json:"before,omitempty"`
	// Counted are the tags of transactions that count though their record may not say so
	// yet; Refused those that never will, with the time (Unix seconds).
	Counted map[string]int64 `json:"counted,omitempty"`
	Refused map[string]int64 `json:"refused,omitempty"`
	// Left are resources that were dropped, and may have objects yet: no new one gets the
	// name as long as that is not known, with the time of the drop.
	Left map[string]int64 `json:"left,omitempty"`
}

// waits says that the manifest was not written that the object goes with.
func (m *ownMoment) waits(digest string) bool {
	return len(m.Before) > 0 && digest == m.Was && digest != m.Digest
}

func (m *ownMoment) clone() ownMoment {
	c := *m
	c.Counted, c.Refused, c.Left = maps.Clone(m.Counted), maps.Clone(m.Refused), maps.Clone(m.Left)
	return c
}

// seal makes the object, which was before, wait for a manifest. It returns what is to be
// written as Before: nothing if the manifest stays as it is.
func (m *ownMoment) seal(was, is string, before []byte) []byte {
	m.Digest, m.Was = is, ""
	if was == is {
		return nil
	}
	m.Was = was
	return before
}

// leave remembers a resource that is dropped.
func (m *ownMoment) leave(resource string, now time.Time) {
	if m.Left == nil {
		m.Left = map[string]int64{}
	}
	m.Left[resource] = now.Unix()
}

// forget drops what nobody asks for any more.
func (m *ownMoment) forget(done map[string]bool, now time.Time) {
	maps.DeleteFunc(m.Counted, func(tag string, _ int64) bool { return done[tag] })
	maps.DeleteFunc(m.Left, func(resource string, _ int64) bool { return done[resource] })
	maps.DeleteFunc(m.Refused, func(_ string, at int64) bool { return now.Sub(time.Unix(at, 0)) > keepRefused })
}

// keepRefused is how long a tag stays refused: longer than any server is paused.
const keepRefused = 24 * time.Hour

// counting is the change that makes the rows of a transaction count.
func counting(tag string, now time.Time) change {
	return func(st *state) error {
		if _, refused := st.own.Refused[tag]; refused {
			return pgerr.New(pgerr.SerializationFailure, "could not serialize access due to concurrent update").
				WithDetail("The transaction took so long that another server has taken it for dead.")
		}
		if st.own.Counted == nil {
			st.own.Counted = map[string]int64{}
		}
		st.own.Counted[tag] = now.Unix()
		return nil
	}
}

// refusing is the change that keeps them from it; counted is set where it is too late.
func refusing(tag string, now time.Time, counted *bool) change {
	return func(st *state) error {
		if _, *counted = st.own.Counted[tag]; *counted {
			return nil
		}
		if st.own.Refused == nil {
			st.own.Refused = map[string]int64{}
		}
		st.own.Refused[tag] = now.Unix()
		return nil
	}
}

// decided is rows.Env.Decided.
func (s *Store) decided(ctx context.Context, tag uint64, refuse bool) (counted bool, err error) {
	name, now := tagName(tag), s.env.Clock.Now()
	if refuse {
		err = s.commit(ctx, []change{refusing(name, now, &counted)})
		return counted, err
	}
	m, _, err := s3db.LoadManifest(ctx, s.env.Objects, s.env.Clock)
	if err != nil {
		return false, err
	}
	w, _, err := loadOwn(ctx, s.env.Objects, m.Digest())
	if err != nil {
		return false, err
	}
	_, counted = w.Counted[name]
	return counted, nil
}

// doneNames are names that our own object may forget with the next commit.
type doneNames struct {
	mu    sync.Mutex
	names map[string]bool
}

func (d *doneNames) add(name string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.names == nil {
		d.names = map[string]bool{}
	}
	d.names[name] = true
}

func (d *doneNames) has(name string) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.names[name]
}

func (d *doneNames) all() map[string]bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return maps.Clone(d.names)
}

// forget drops names once our own object has none of them.
func (d *doneNames) forget(names map[string]bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	maps.DeleteFunc(d.names, func(name string, _ bool) bool { return names[name] })
}

// tagName is the name of a tag among others: no resource has one that begins so.
func tagName(tag uint64) string { return "/" + strconv.FormatUint(tag, 16) }

// clear removes what servers that are gone have left of dropped tables, but what one
// that lives may be about to remove.
func (s *Store) clear(ctx context.Context) error {
	_, alone := objstore.Watch(s.env.Objects, "")
	st := s.current.Load().state
	for resource, at := range st.own.Left {
		if st.manifest.Resource(resource) != nil || s.env.done.has(resource) || !alone && s.env.Clock.Now().Sub(time.Unix(at, 0)) < keepLeft {
			continue
		}
		if err := s.rowsEnv.Clear(ctx, resource); err != nil {
			return err
		}
		s.env.done.add(resource)
	}
	return nil
}

// keepLeft is longer than it takes to remove a table's objects.
const keepLeft = time.Hour
