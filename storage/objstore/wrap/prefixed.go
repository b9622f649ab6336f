package wrap

import (
	"context"
	"strings"
	"sync/atomic"

	"github.com/s3db-sql/s3db-sql/storage/objstore"
)

// Prefixed is the part of store below prefix: keys are joined to it with one
// slash, and come back without it. Slashes at the ends of prefix do not count;
// an empty prefix is the store itself. Errors name the full key. Closing the
// part closes store.
func Prefixed(store objstore.Store, prefix string) objstore.Store {
	prefix = strings.Trim(prefix, "/")
	if prefix == "" {
		return store
	}
	return &prefixed{Store: store, prefix: prefix + "/"}
}

type prefixed struct {
	objstore.Store
	prefix string
}

func (p *prefixed) Head(ctx context.Context, key string) (objstore.Info, error) {
	info, err := p.Store.Head(ctx, p.prefix+key)
	info.Key = strings.TrimPrefix(info.Key, p.prefix)
	return info, err
}

func (p *prefixed) Get(ctx context.Context, key string, opt objstore.GetOptions) (*objstore.Object, error) {
	o, err := p.Store.Get(ctx, p.prefix+key, opt)
	if err != nil {
		return nil, err
	}
	o.Key = strings.TrimPrefix(o.Key, p.prefix)
	return o, nil
}

func (p *prefixed) List(ctx context.Context, req objstore.ListRequest) (*objstore.ListPage, error) {
	req.Prefix = p.prefix + req.Prefix
	if req.StartAfter != "" {
		req.StartAfter = p.prefix + req.StartAfter
	}
	page, err := p.Store.List(ctx, req)
	if err != nil {
		return nil, err
	}
	for i := range page.Objects {
		page.Objects[i].Key = strings.TrimPrefix(page.Objects[i].Key, p.prefix)
	}
	for i := range page.CommonPrefixes {
		page.CommonPrefixes[i] = strings.TrimPrefix(page.CommonPrefixes[i], p.prefix)
	}
	page.Next = strings.TrimPrefix(page.Next, p.prefix)
	return page, nil
}

func (p *prefixed) Put(ctx context.Context, key string, req objstore.PutRequest) (objstore.PutResult, error) {
	return p.Store.Put(ctx, p.prefix+key, req)
}

func (p *prefixed) Delete(ctx context.Context, key string, opt objstore.DeleteOptions) error {
	return p.Store.Delete(ctx, p.prefix+key, opt)
}

func (p *prefixed) DeleteBatch(ctx context.Context, keys []string) error {
	full := make([]string, len(keys))
	for i, key := range keys {
		full[i] = p.prefix + key
	}
	return p.Store.DeleteBatch(ctx, full)
}

// Watch implements objstore.Watchable where the store does.
func (p *prefixed) Watch(prefix string) (*atomic.Uint64, bool) {
	return objstore.Watch(p.Store, p.prefix+prefix)
}
