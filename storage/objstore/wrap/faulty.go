package wrap

import (
	"context"
	"strings"
	"sync"
	"time"

	"github.com/s3db-sql/s3db-sql/internal/clock"
	"github.com/s3db-sql/s3db-sql/storage/objstore"
)

// Fault is one thing that goes wrong. The operations that it matches are
// counted; the first After of them pass, the next Times (0: all) are hit.
type Fault struct {
	// Ops are the operations: HEAD, GET, LIST, PUT, DELETE. Empty: all. A
	// DeleteBatch is a DELETE whose key is its first.
	Ops []string
	// Key chooses by key (a List's prefix); nil: all.
	Key func(key string) bool

	After, Times int

	// Latency passes before the operation.
	Latency time.Duration
	// Err, where not nil, is returned; its Op and Key are filled in.
	Err *objstore.Error
	// LostReply carries the operation out first: the write is done, its writer
	// does not learn it. Without an Err it is Unavailable and Ambiguous.
	LostReply bool

	seen int
}

// Faulty is store with faults, for tests.
type Faulty struct {
	objstore.Store
	clock  clock.Clock
	mu     sync.Mutex
	faults []*Fault
}

// NewFaulty returns store without faults; Inject adds them. clk times the
// latencies.
func NewFaulty(store objstore.Store, clk clock.Clock) *Faulty {
	return &Faulty{Store: store, clock: clk}
}

// Inject adds a fault. Of several that hit an operation the first one does.
func (f *Faulty) Inject(fault Fault) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.faults = append(f.faults, &fault)
}

// Heal removes all faults.
func (f *Faulty) Heal() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.faults = nil
}

// hit is the fault that this operation meets, nil if none.
func (f *Faulty) hit(op, key string) *Fault {
	f.mu.Lock()
	defer f.mu.Unlock()
	var first *Fault
	for _, fault := range f.faults {
		if fault.matches(op, key) && fault.strikes() && first == nil {
			first = fault
		}
	}
	return first
}

func (f *Fault) matches(op, key string) bool {
	named := len(f.Ops) == 0
	for _, o := range f.Ops {
		named = named || strings.EqualFold(o, op)
	}
	return named && (f.Key == nil || f.Key(key))
}

func (f *Fault) strikes() bool {
	f.seen++
	return f.seen > f.After && (f.Times == 0 || f.seen <= f.After+f.Times)
}

func (f *Fault) failure(op, key string) error {
	e := objstore.Error{Kind: objstore.Unavailable, Msg: "the reply was lost", Ambiguous: true}
	if f.Err != nil {
		e = *f.Err
	}
	e.Op, e.Key = op, key
	return &e
}

// meet runs do under the fault that the operation meets.
func (f *Faulty) meet(ctx context.Context, op, key string, do func() error) error {
	fault := f.hit(op, key)
	if fault == nil {
		return do()
	}
	if fault.Latency > 0 {
		select {
		case <-f.clock.After(fault.Latency):
		case <-ctx.Done():
			return objstore.CtxError(ctx, op, key)
		}
	}
	if fault.LostReply {
		if err := do(); err != nil {
			return err
		}
		return fault.failure(op, key)
	}
	if fault.Err != nil {
		return fault.failure(op, key)
	}
	return do()
}

// Head implements objstore.Store.
func (f *Faulty) Head(ctx context.Context, key string) (info objstore.Info, err error) {
	err = f.meet(ctx, "HEAD", key, func() (err error) {
		info, err = f.Store.Head(ctx, key)
		return err
	})
	return info, err
}

// Get implements objstore.Store.
func (f *Faulty) Get(ctx context.Context, key string, opt objstore.GetOptions) (o *objstore.Object, err error) {
	err = f.meet(ctx, "GET", key, func() (err error) {
		o, err = f.Store.Get(ctx, key, opt)
		return err
	})
	if err != nil && o != nil {
		_ = o.Body.Close()
		o = nil
	}
	return o, err
}

// List implements objstore.Store.
func (f *Faulty) List(ctx context.Context, req objstore.ListRequest) (page *objstore.ListPage, err error) {
	err = f.meet(ctx, "LIST", req.Prefix, func() (err error) {
		page, err = f.Store.List(ctx, req)
		return err
	})
	if err != nil {
		page = nil
	}
	return page, err
}

// Put implements objstore.Store.
func (f *Faulty) Put(ctx context.Context, key string, req objstore.PutRequest) (res objstore.PutResult, err error) {
	err = f.meet(ctx, "PUT", key, func() (err error) {
		res, err = f.Store.Put(ctx, key, req)
		return err
	})
	if err != nil {
		res = objstore.PutResult{}
	}
	return res, err
}

// Delete implements objstore.Store.
func (f *Faulty) Delete(ctx context.Context, key string, opt objstore.DeleteOptions) error {
	return f.meet(ctx, "DELETE", key, func() error { return f.Store.Delete(ctx, key, opt) })
}

// DeleteBatch implements objstore.Store.
func (f *Faulty) DeleteBatch(ctx context.Context, keys []string) error {
	first := ""
	if len(keys) > 0 {
		first = keys[0]
	}
	return f.meet(ctx, "DELETE", first, func() error { return f.Store.DeleteBatch(ctx, keys) })
}
