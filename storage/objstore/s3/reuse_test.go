package s3_test

import (
	"context"
	"net/http/httptrace"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/s3db-sql/s3db-sql/internal/clock"
	"github.com/s3db-sql/s3db-sql/storage/objstore"
	"github.com/s3db-sql/s3db-sql/storage/objstore/s3"
	"github.com/s3db-sql/s3db-sql/storage/objstore/s3fake"
)

// TestConnectionsAreReused: no operation, successful or refused, leaves its
// connection unusable; an unread large body is the caller's to close.
func TestConnectionsAreReused(t *testing.T) {
	fake := s3fake.New(t, clock.System)
	s := open(t, fake.Location(""), s3.Options{})
	fake.Objects().Seed(objstore.Info{Key: "k"}, []byte("body"))
	fake.Objects().Seed(objstore.Info{Key: "large"}, []byte(strings.Repeat("x", 200_000)))
	read := func(ctx context.Context, key string, opt objstore.GetOptions) error {
		o, err := s.Get(ctx, key, opt)
		if err == nil {
			_, err = objstore.ReadBody(o, 1<<20)
		}
		return err
	}
	for name, op := range map[string]func(context.Context) error{
		"put": func(ctx context.Context) error {
			_, err := s.Put(ctx, "p", objstore.PutRequest{Body: []byte("x")})
			return err
		},
		"refused put": func(ctx context.Context) error {
			_, err := s.Put(ctx, "k", objstore.PutRequest{IfNoneMatch: true})
			return err
		},
		"head":      func(ctx context.Context) error { _, err := s.Head(ctx, "k"); return err },
		"head none": func(ctx context.Context) error { _, err := s.Head(ctx, "none"); return err },
		"get":       func(ctx context.Context) error { return read(ctx, "k", objstore.GetOptions{}) },
		"get none":  func(ctx context.Context) error { return read(ctx, "none", objstore.GetOptions{}) },
		"get large": func(ctx context.Context) error { return read(ctx, "large", objstore.GetOptions{}) },
		"get range": func(ctx context.Context) error { return read(ctx, "large", objstore.GetOptions{Offset: 5, Length: 9}) },
		"bad range": func(ctx context.Context) error { return read(ctx, "k", objstore.GetOptions{Offset: 5, Length: 9}) },
		"list":      func(ctx context.Context) error { _, err := s.List(ctx, objstore.ListRequest{}); return err },
		"delete":    func(ctx context.Context) error { return s.Delete(ctx, "none", objstore.DeleteOptions{}) },
		"batch":     func(ctx context.Context) error { return s.DeleteBatch(ctx, []string{"none"}) },
	} {
		t.Run(name, func(t *testing.T) {
			fresh := 0
			ctx := httptrace.WithClientTrace(t.Context(), &httptrace.ClientTrace{GotConn: func(i httptrace.GotConnInfo) {
				if !i.Reused {
					fresh++
				}
			}})
			for range 20 {
				_ = op(ctx) // some are refused: that is their point
			}
			require.LessOrEqual(t, fresh, 1)
		})
	}
}

// TestNoGoroutineIsLeft, after many requests at once, some of them given up.
func TestNoGoroutineIsLeft(t *testing.T) {
	fake := s3fake.New(t, clock.System)
	fake.Inject(s3fake.Fault{Op: "HEAD", Latency: 50 * time.Millisecond})
	s := open(t, fake.Location(""), s3.Options{})
	before := runtime.NumGoroutine()
	var wg sync.WaitGroup
	for i := range 200 {
		wg.Go(func() {
			ctx, cancel := context.WithTimeout(t.Context(), time.Duration(1+i)*time.Millisecond)
			defer cancel()
			_, _ = s.Head(ctx, "k") // some are in time, some not
			_, _ = s.Put(t.Context(), "k", objstore.PutRequest{Body: []byte("x")})
		})
	}
	wg.Wait()
	require.NoError(t, s.Close())
	// Not require.Eventually: it asks in a goroutine of its own, which would count.
	for end := time.Now().Add(10 * time.Second); runtime.NumGoroutine() > before && time.Now().Before(end); {
		time.Sleep(10 * time.Millisecond)
	}
	require.LessOrEqual(t, runtime.NumGoroutine(), before)
}
