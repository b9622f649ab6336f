package probe

import (
	"context"
	"encoding/hex"
	"errors"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/s3db-sql/s3db-sql/internal/rng"
	"github.com/s3db-sql/s3db-sql/storage/objstore"
)

// races is how many objects are contended for at most, contenders of them at once:
// more at once only queue in the server, and its windows close. Measured on two
// loaded cores, 16 races at once missed versitygw's race in one start of ten.
const (
	races      = 96
	contenders = 8
)

// Adopter is a store that works by what a probe has found.
type Adopter interface {
	Adopt(objstore.Capabilities)
}

// Run probes store with objects below prefix, of random names, and returns its
// capabilities; an Adopter has adopted them. Where the keys allow no writing it
// finds ConditionalPut and ReplacesMetadata false. An error means that the store
// is of no use at all: NoBucket, Denied, Unavailable.
func Run(ctx context.Context, store objstore.Store, prefix string, rnd rng.Source) (objstore.Capabilities, error) {
	p := &prober{ctx: ctx, store: store, caps: store.Capabilities()}
	var name [8]byte
	rnd.Read(name[:])
	folder := strings.Trim(prefix+"/s3db-sql-probe-"+hex.EncodeToString(name[:]), "/")
	// In byte order, and not in that of writing, of letters or of length.
	p.keys = []string{folder + "/B", folder + "/aa", folder + "/b"}
	p.main = p.keys[2]
	err := p.run()
	if err = errors.Join(err, p.clean()); err != nil {
		return objstore.Capabilities{}, err
	}
	p.adopt()
	return p.caps, nil
}

type prober struct {
	ctx     context.Context
	store   objstore.Store
	caps    objstore.Capabilities
	keys    []string
	main    string
	written bool
}

func (p *prober) adopt() {
	if a, ok := p.store.(Adopter); ok {
		a.Adopt(p.caps)
	}
}

func (p *prober) run() error {
	first, err := p.put(p.main, "1", objstore.Metadata{"a": "1", "b": "1"}, objstore.PutRequest{IfNoneMatch: true})
	if objstore.KindOf(err) == objstore.Denied {
		return p.readOnly()
	}
	if err != nil {
		return err
	}
	for _, step := range []func(etag string) error{p.createOnly, p.swap, p.metadataLimit, p.listing, p.conditionalDelete} {
		if err := step(first); err != nil {
			return err
		}
	}
	return nil
}

func (p *prober) put(key, body string, md objstore.Metadata, req objstore.PutRequest) (string, error) {
	p.written = true
	req.Body, req.Metadata = []byte(body), md
	res, err := p.store.Put(p.ctx, key, req)
	return res.ETag, err
}

// refused says whether err is the refusal of a condition; another error stays.
func refused(err error) (bool, error) {
	if objstore.IsPrecondition(err) {
		return true, nil
	}
	return false, err
}

func (p *prober) createOnly(string) error {
	_, err := p.put(p.main, "1", objstore.Metadata{"a": "1", "b": "1"}, objstore.PutRequest{IfNoneMatch: true})
	honoured, err := refused(err)
	p.caps.ConditionalPut = honoured
	return err
}

// swap replaces the object by its right ETag, quoted or not, and by a stale one.
func (p *prober) swap(etag string) error {
	put := func() error {
		_, err := p.put(p.main, "2", objstore.Metadata{"a": "2"}, objstore.PutRequest{IfMatch: etag})
		return err
	}
	mismatch, err := refused(put())
	if mismatch {
		p.caps.UnquotedIfMatch = true
		p.adopt()
		mismatch, err = refused(put())
	}
	if err != nil {
		return err
	}
	honoured, err := refused(put())
	p.caps.ConditionalPut = p.caps.ConditionalPut && !mismatch && honoured
	return err
}

// metadataLimit tries the most that AWS takes when x-amz-meta- is not counted.
func (p *prober) metadataLimit(string) error {
	md := objstore.Metadata{"a": "", "b": "", "c": "", "d": ""}
	md["a"] = strings.Repeat("x", objstore.MaxMetadata-objstore.MetadataSize(md, 0))
	p.caps.MaxMetadata, p.caps.MetadataOverhead = objstore.MaxMetadata, 0
	_, err := p.put(p.keys[0], "", md, objstore.PutRequest{})
	if objstore.KindOf(err) == objstore.TooLarge {
		p.caps.MetadataOverhead = objstore.MetadataPrefix
		_, err = p.put(p.keys[0], "", nil, objstore.PutRequest{})
	}
	return err
}

// listing looks at the order of keys, and whether a put replaces metadata and a
// listing yields it.
func (p *prober) listing(string) error {
	if _, err := p.put(p.keys[1], "", nil, objstore.PutRequest{}); err != nil {
		return err
	}
	page, err := p.store.List(p.ctx, objstore.ListRequest{Prefix: strings.TrimSuffix(p.main, "b"), WithMetadata: true})
	if err != nil {
		return err
	}
	info, err := p.store.Head(p.ctx, p.main)
	if err != nil {
		return err
	}
	var keys []string
	for _, o := range page.Objects {
		keys = append(keys, o.Key)
		if o.Key == p.main {
			p.caps.ListMetadata = o.Metadata["a"] == "2"
		}
	}
	p.caps.OrderedList = slices.Equal(keys, p.keys)
	p.caps.ReplacesMetadata = len(info.Metadata) == 1
	return nil
}

func (p *prober) conditionalDelete(string) error {
	err := p.store.Delete(p.ctx, p.main, objstore.DeleteOptions{IfMatch: objstore.ETagOf([]byte("stale"))})
	honoured, err := refused(err)
	if err != nil || !honoured {
		p.caps.ConditionalDelete = false
		return err
	}
	return p.deleteRace()
}

// deleteRace lets a put and a delete that are conditional on one ETag contend,
// until both succeed, as versitygw lets them: then the condition is checked but not
// atomically, and cannot be built on.
func (p *prober) deleteRace() error {
	p.caps.ConditionalDelete = true
	race, ctx := errgroup.WithContext(p.ctx)
	race.SetLimit(contenders)
	var lost atomic.Bool
	for i := range races {
		if lost.Load() || ctx.Err() != nil {
			break
		}
		key := p.main + strconv.Itoa(i)
		p.keys = append(p.keys, key)
		race.Go(func() error {
			both, err := p.contend(ctx, key)
			if both {
				lost.Store(true)
			}
			return err
		})
	}
	err := race.Wait()
	p.caps.ConditionalDelete = !lost.Load()
	return err
}

// contend says whether a put and a delete of one version both succeeded.
func (p *prober) contend(ctx context.Context, key string) (both bool, err error) {
	res, err := p.store.Put(ctx, key, objstore.PutRequest{Body: []byte("1")})
	if err != nil {
		return false, err
	}
	var putErr, deleteErr error
	var wait sync.WaitGroup
	wait.Go(func() {
		_, putErr = p.store.Put(ctx, key, objstore.PutRequest{Body: []byte("2"), IfMatch: res.ETag})
	})
	wait.Go(func() { deleteErr = p.store.Delete(ctx, key, objstore.DeleteOptions{IfMatch: res.ETag}) })
	wait.Wait()
	for _, err := range []error{putErr, deleteErr} {
		if err != nil && !objstore.IsPrecondition(err) && !objstore.IsNotFound(err) {
			return false, err
		}
	}
	return putErr == nil && deleteErr == nil, nil
}

// readOnly is what remains when nothing may be written.
func (p *prober) readOnly() error {
	p.written = false
	_, err := p.store.List(p.ctx, objstore.ListRequest{Prefix: p.main, MaxKeys: 1})
	p.caps.ConditionalPut, p.caps.ReplacesMetadata, p.caps.ConditionalDelete = false, false, false
	return err
}

// clean removes the objects, also when ctx has ended.
func (p *prober) clean() error {
	if !p.written {
		return nil
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(p.ctx), 10*time.Second)
	defer cancel()
	return p.store.DeleteBatch(ctx, p.keys)
}

// Missing names in plain words what a store lacks to be read as a database at
// all; nothing, if it is nil.
func Missing(c objstore.Capabilities) error {
	if !c.OrderedList {
		return objstore.Errorf(objstore.Invalid, "LIST", "", "the store does not list keys in byte order")
	}
	return nil
}

// CannotWrite says in plain words why a store must not be written to without the
// operator's leave (storage.md section 2); nothing, if it may.
func CannotWrite(c objstore.Capabilities) error {
	switch {
	case !c.ConditionalPut:
		return objstore.Errorf(objstore.Invalid, "PUT", "", "the store does not honour conditional writes (If-None-Match: * and "+
			"If-Match), or its keys may not write: concurrent changes would be lost")
	case !c.ReplacesMetadata:
		return objstore.Errorf(objstore.Invalid, "PUT", "", "the store merges old metadata into an overwritten object: "+
			"values set to NULL would come back")
	}
	return nil
}
