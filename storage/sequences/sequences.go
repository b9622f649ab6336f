package sequences

import (
	"context"
	"encoding/json"
	"errors"
	"sync"

	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/storage"
	"github.com/s3db-sql/s3db-sql/storage/objstore"
)

// prefix is where the counters are; see catalog/store for its neighbour.
const prefix = "plugin=s3db-sql/sequences/"

// A claim begins with firstAhead numbers (PostgreSQL's SEQ_LOG_VALS) and doubles
// each time that it is used up, to maxAhead: a bulk load costs few requests, and
// a sequence that is seldom used has small gaps.
const (
	firstAhead = 32
	maxAhead   = 1024
)

// maxRaces bounds how often a put may lose against another server's.
const maxRaces = 64

// maxObject bounds what is read of a counter.
const maxObject = 1 << 16

// Store implements storage.Sequences over an object store.
type Store struct {
	objects objstore.Store

	mu       sync.Mutex
	counters map[string]*counter
}

var _ storage.Sequences = (*Store)(nil)

// New makes a Store; it makes no request.
func New(objects objstore.Store) *Store {
	return &Store{objects: objects, counters: map[string]*counter{}}
}

// counter is what this process knows of one counter.
type counter struct {
	mu sync.Mutex
	// etag of the object as this process read or wrote it last; "" if it did
	// neither yet.
	etag  string
	state storage.SequenceState
	ahead int64 // numbers of the next claim
}

// object is a counter in the store: everything up to Last is claimed.
type object struct {
	Last   int64 `json:"last"`
	Called bool  `json:"called"`
}

func key(c storage.Counter) string { return prefix + c.Object + ".json" }

// locked returns the counter with its lock held.
func (s *Store) locked(c storage.Counter) *counter {
	s.mu.Lock()
	k := s.counters[c.Object]
	if k == nil {
		k = &counter{ahead: firstAhead}
		s.counters[c.Object] = k
	}
	s.mu.Unlock()
	k.mu.Lock()
	return k
}

// Create implements storage.Sequences.
func (s *Store) Create(ctx context.Context, c storage.Counter, st storage.SequenceState) error {
	k := s.locked(c)
	defer k.mu.Unlock()
	return objstore.ToPG(s.write(ctx, c, k, object{st.Last, st.Called}, st))
}

// Next implements storage.Sequences: one put per claim, and a get before the
// first one of this process.
func (s *Store) Next(ctx context.Context, c storage.Counter) (storage.SequenceRange, error) {
	k := s.locked(c)
	defer k.mu.Unlock()
	for range maxRaces {
		if err := s.known(ctx, c, k); err != nil {
			return storage.SequenceRange{}, err
		}
		t, err := advance(c, k.state, k.ahead)
		if err != nil {
			return storage.SequenceRange{}, err
		}
		if !t.claims {
			k.state = t.state
			return t.given, nil
		}
		err = s.write(ctx, c, k, t.claimed, t.state)
		switch {
		case err == nil:
			k.ahead = min(2*k.ahead, maxAhead)
			return t.given, nil
		case !lost(err):
			return storage.SequenceRange{}, objstore.ToPG(err)
		}
		k.etag = "" // another server's put came first
	}
	return storage.SequenceRange{}, contended(c)
}

// Set implements storage.Sequences.
func (s *Store) Set(ctx context.Context, c storage.Counter, st storage.SequenceState) error {
	k := s.locked(c)
	defer k.mu.Unlock()
	for range maxRaces {
		if err := s.known(ctx, c, k); err != nil {
			return err
		}
		err := s.write(ctx, c, k, object{st.Last, st.Called}, st)
		if err == nil {
			k.ahead = firstAhead
			return nil
		}
		if !lost(err) {
			return objstore.ToPG(err)
		}
		k.etag = ""
	}
	return contended(c)
}

// State implements storage.Sequences: without a request once this process has
// used the counter.
func (s *Store) State(ctx context.Context, c storage.Counter) (storage.SequenceState, error) {
	k := s.locked(c)
	defer k.mu.Unlock()
	err := s.known(ctx, c, k)
	return k.state, err
}

// Drop implements storage.Sequences.
func (s *Store) Drop(ctx context.Context, c storage.Counter) error {
	s.mu.Lock()
	delete(s.counters, c.Object)
	s.mu.Unlock()
	err := s.objects.Delete(ctx, key(c), objstore.DeleteOptions{})
	if objstore.IsNotFound(err) {
		return nil
	}
	return objstore.ToPG(err)
}

// Close gives back what this process claimed and did not use, where no other
// server claimed after it.
func (s *Store) Close(ctx context.Context) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	var errs []error
	for name, k := range s.counters {
		k.mu.Lock()
		if k.etag != "" && k.state.Logged > 0 {
			rest := k.state
			rest.Logged = 0
			if err := s.write(ctx, storage.Counter{Object: name}, k, object{rest.Last, rest.Called}, rest); err != nil && !lost(err) {
				errs = append(errs, err)
			}
		}
		k.mu.Unlock()
	}
	return errors.Join(errs...)
}

// known reads the object unless this process holds its last state.
func (s *Store) known(ctx context.Context, c storage.Counter, k *counter) error {
	if k.etag != "" {
		return nil
	}
	o, err := s.objects.Get(ctx, key(c), objstore.GetOptions{})
	if objstore.IsNotFound(err) {
		return gone(c)
	}
	if err != nil {
		return objstore.ToPG(err)
	}
	data, err := objstore.ReadBody(o, maxObject)
	if err != nil {
		return objstore.ToPG(err)
	}
	var have object
	if err := json.Unmarshal(data, &have); err != nil {
		return pgerr.New(pgerr.DataCorrupted, "the counter of sequence \"%s\" can't be read", c.Name).WithDetail("%s: %v", key(c), err)
	}
	k.etag, k.state = o.ETag, storage.SequenceState{Last: have.Last, Called: have.Called}
	return nil
}

// write puts the object in the place of the one that k knows, or where there is
// none, and makes st the state of this process.
func (s *Store) write(ctx context.Context, c storage.Counter, k *counter, o object, st storage.SequenceState) error {
	body, err := json.Marshal(o)
	if err != nil {
		return err
	}
	res, err := s.objects.Put(ctx, key(c), objstore.PutRequest{
		Body: body, ContentType: "application/json", IfMatch: k.etag, IfNoneMatch: k.etag == "",
	})
	if err != nil {
		// Whatever happened, the object must be read before it is written again: a
		// put of unknown outcome costs a claim, never a duplicate.
		k.etag = ""
		return err
	}
	k.etag, k.state = res.ETag, st
	return nil
}

// lost says that another server's write came first.
func lost(err error) bool {
	return objstore.KindOf(err) == objstore.Precondition || objstore.IsNotFound(err)
}

func gone(c storage.Counter) error {
	return pgerr.New(pgerr.ObjectNotInPrerequisiteState, "the counter of sequence \"%s\" is gone", c.Name).
		WithDetail("Another server dropped or restarted the sequence.").WithHint("Try again.")
}

func contended(c storage.Counter) error {
	return pgerr.New(pgerr.SerializationFailure, "could not take a number of sequence \"%s\": too many servers claim at once", c.Name)
}
