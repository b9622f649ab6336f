package wrap

import (
	"context"
	"io"
	"sync/atomic"

	"github.com/s3db-sql/s3db-sql/storage/objstore"
)

// Metered counts the requests made of store in total and in the meter of each
// request's context (objstore.WithMeter); once only where the context's meter
// stands below total. Requests refused before they are sent are not counted; a
// body counts as it is read. Retries inside store are not seen.
func Metered(store objstore.Store, total *objstore.Meter) objstore.Store {
	return &metered{Store: store, total: total}
}

type metered struct {
	objstore.Store
	total *objstore.Meter
}

func (m *metered) count(ctx context.Context, r objstore.Request, n, in, out int64, err error) {
	if objstore.KindOf(err) == objstore.Invalid {
		return
	}
	own := objstore.MeterFrom(ctx)
	own.Count(r, n, in, out)
	if !own.Within(m.total) {
		m.total.Count(r, n, in, out)
	}
}

func (m *metered) Head(ctx context.Context, key string) (objstore.Info, error) {
	info, err := m.Store.Head(ctx, key)
	m.count(ctx, objstore.ReqHead, 1, metadataBytes(info.Metadata), 0, err)
	return info, err
}

func (m *metered) Get(ctx context.Context, key string, opt objstore.GetOptions) (*objstore.Object, error) {
	o, err := m.Store.Get(ctx, key, opt)
	if err != nil {
		m.count(ctx, objstore.ReqGet, 1, 0, 0, err)
		return nil, err
	}
	m.count(ctx, objstore.ReqGet, 1, metadataBytes(o.Metadata), 0, nil)
	o.Body = &meteredBody{ReadCloser: o.Body, ctx: ctx, m: m}
	return o, nil
}

type meteredBody struct {
	io.ReadCloser
	ctx context.Context
	m   *metered
}

func (b *meteredBody) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	b.m.count(b.ctx, objstore.ReqGet, 0, int64(n), 0, nil)
	return n, err
}

func (m *metered) List(ctx context.Context, req objstore.ListRequest) (*objstore.ListPage, error) {
	page, err := m.Store.List(ctx, req)
	m.count(ctx, objstore.ReqList, 1, pageBytes(page), 0, err)
	return page, err
}

func (m *metered) Put(ctx context.Context, key string, req objstore.PutRequest) (objstore.PutResult, error) {
	res, err := m.Store.Put(ctx, key, req)
	m.count(ctx, objstore.ReqPut, 1, 0, req.Len()+metadataBytes(req.Metadata), err)
	return res, err
}

func (m *metered) Delete(ctx context.Context, key string, opt objstore.DeleteOptions) error {
	err := m.Store.Delete(ctx, key, opt)
	m.count(ctx, objstore.ReqDelete, 1, 0, 0, err)
	return err
}

func (m *metered) DeleteBatch(ctx context.Context, keys []string) error {
	err := m.Store.DeleteBatch(ctx, keys)
	requests := (len(keys) + objstore.MaxListKeys - 1) / objstore.MaxListKeys
	m.count(ctx, objstore.ReqDeleteBatch, int64(requests), 0, 0, err)
	return err
}

func metadataBytes(md objstore.Metadata) int64 {
	return int64(objstore.MetadataSize(md, 0))
}

func pageBytes(page *objstore.ListPage) int64 {
	if page == nil {
		return 0
	}
	var n int64
	for _, o := range page.Objects {
		n += int64(len(o.Key)) + metadataBytes(o.Metadata)
	}
	for _, p := range page.CommonPrefixes {
		n += int64(len(p))
	}
	for _, b := range page.Bodies {
		n += int64(len(b))
	}
	return n
}

// Watch implements objstore.Watchable where the store does.
func (m *metered) Watch(prefix string) (*atomic.Uint64, bool) { return objstore.Watch(m.Store, prefix) }
