package wrap

import (
	"context"
	"sync/atomic"

	"github.com/s3db-sql/s3db-sql/storage/objstore"
)

// Limited lets at most n operations of store run at once; others wait for a
// place or for the end of their context (Cancelled). A body may be read after
// Get has given its place back.
func Limited(store objstore.Store, n int) objstore.Store {
	return &limited{Store: store, slots: make(chan struct{}, n)}
}

type limited struct {
	objstore.Store
	slots chan struct{}
}

// enter waits for a place; release must be called if err is nil.
func (l *limited) enter(ctx context.Context, op, key string) (release func(), err error) {
	if err := objstore.CtxError(ctx, op, key); err != nil {
		return nil, err
	}
	select {
	case l.slots <- struct{}{}:
		return func() { <-l.slots }, nil
	case <-ctx.Done():
		return nil, objstore.CtxError(ctx, op, key)
	}
}

func (l *limited) Head(ctx context.Context, key string) (objstore.Info, error) {
	release, err := l.enter(ctx, "HEAD", key)
	if err != nil {
		return objstore.Info{}, err
	}
	defer release()
	return l.Store.Head(ctx, key)
}

func (l *limited) Get(ctx context.Context, key string, opt objstore.GetOptions) (*objstore.Object, error) {
	release, err := l.enter(ctx, "GET", key)
	if err != nil {
		return nil, err
	}
	defer release()
	return l.Store.Get(ctx, key, opt)
}

func (l *limited) List(ctx context.Context, req objstore.ListRequest) (*objstore.ListPage, error) {
	release, err := l.enter(ctx, "LIST", req.Prefix)
	if err != nil {
		return nil, err
	}
	defer release()
	return l.Store.List(ctx, req)
}

func (l *limited) Put(ctx context.Context, key string, req objstore.PutRequest) (objstore.PutResult, error) {
	release, err := l.enter(ctx, "PUT", key)
	if err != nil {
		return objstore.PutResult{}, err
	}
	defer release()
	return l.Store.Put(ctx, key, req)
}

func (l *limited) Delete(ctx context.Context, key string, opt objstore.DeleteOptions) error {
	release, err := l.enter(ctx, "DELETE", key)
	if err != nil {
		return err
	}
	defer release()
	return l.Store.Delete(ctx, key, opt)
}

func (l *limited) DeleteBatch(ctx context.Context, keys []string) error {
	release, err := l.enter(ctx, "DELETE", "")
	if err != nil {
		return err
	}
	defer release()
	return l.Store.DeleteBatch(ctx, keys)
}

// Watch implements objstore.Watchable where the store does.
func (l *limited) Watch(prefix string) (*atomic.Uint64, bool) { return objstore.Watch(l.Store, prefix) }
