package local_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/s3db-sql/s3db-sql/internal/clock"
	"github.com/s3db-sql/s3db-sql/storage/objstore"
	"github.com/s3db-sql/s3db-sql/storage/objstore/conformance"
	"github.com/s3db-sql/s3db-sql/storage/objstore/local"
)

func open(t testing.TB, dir string) *local.Store {
	s, err := local.Open(dir, clock.System)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, s.Close()) })
	return s
}

func TestConformance(t *testing.T) {
	conformance.Run(t, func(t *testing.T) objstore.Store { return open(t, t.TempDir()) }, conformance.Options{Rounds: 20})
}

func TestReopenKeepsEverything(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "made", "on", "the", "way")
	now := time.Date(2026, 3, 4, 5, 6, 7, 8_000_000, time.UTC)
	s, err := local.Open(dir, clock.NewFake(now))
	require.NoError(t, err)
	bodies := map[string][]byte{"empty": nil, "small": []byte("x"), "edge": make([]byte, 32<<10),
		"chunks": bytes.Repeat([]byte("0123456789"), 100_000)}
	want := map[string]objstore.Info{}
	for key, body := range bodies {
		_, err := s.Put(t.Context(), key, objstore.PutRequest{Body: body, ContentType: "text/x",
			Metadata: objstore.Metadata{"k": key, "e": ""}})
		require.NoError(t, err)
		want[key], err = s.Head(t.Context(), key)
		require.NoError(t, err)
		require.Equal(t, now, want[key].LastModified)
	}
	require.NoError(t, s.Close())
	require.NoError(t, s.Close(), "closing twice")
	_, err = s.Head(t.Context(), "small")
	require.Equal(t, objstore.Unavailable, objstore.KindOf(err))

	s = open(t, dir)
	for key, body := range bodies {
		o, err := s.Get(t.Context(), key, objstore.GetOptions{})
		require.NoError(t, err)
		require.Equal(t, want[key], o.Info)
		got, err := objstore.ReadBody(o, 1<<30)
		require.NoError(t, err)
		require.True(t, bytes.Equal(body, got), key)
	}
}

func TestOneProcessAtATime(t *testing.T) {
	dir := t.TempDir()
	s, err := local.Open(dir, clock.System)
	require.NoError(t, err)
	link := filepath.Join(t.TempDir(), "link")
	require.NoError(t, os.Symlink(dir, link))
	for _, name := range []string{dir, link} {
		_, err = local.Open(name, clock.System)
		require.Equal(t, objstore.Unavailable, objstore.KindOf(err))
		require.ErrorContains(t, err, "in use by another s3db-sql")
	}
	require.NoError(t, s.Close())
	open(t, dir)
}

func TestFoldersRefused(t *testing.T) {
	other := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(other, "s3db.json"), []byte("{}"), 0o600))
	_, err := local.Open(other, clock.System)
	require.ErrorContains(t, err, `not an s3db-sql store, and not empty: it has "s3db.json"`)
	_, err = os.Stat(filepath.Join(other, "LOCK"))
	require.ErrorIs(t, err, os.ErrNotExist, "a folder of others is left as it is")

	newer := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(newer, "S3DB-SQL-FORMAT"), []byte("s3db-sql object store, format 2\n"), 0o600))
	_, err = local.Open(newer, clock.System)
	require.ErrorContains(t, err, "format that this version does not know")

	file := filepath.Join(other, "s3db.json")
	_, err = local.Open(filepath.Join(file, "x"), clock.System)
	require.Equal(t, objstore.Unavailable, objstore.KindOf(err))
}

func TestLargeBodyReaderSeesOneVersion(t *testing.T) {
	s := open(t, t.TempDir())
	one, two := bytes.Repeat([]byte("1"), 3<<20), bytes.Repeat([]byte("2"), 3<<20)
	put := func(body []byte) {
		_, err := s.Put(t.Context(), "k", objstore.PutRequest{Body: body})
		require.NoError(t, err)
	}
	put(one)
	o, err := s.Get(t.Context(), "k", objstore.GetOptions{})
	require.NoError(t, err)
	head := make([]byte, 1<<20)
	_, err = io.ReadFull(o.Body, head)
	require.NoError(t, err)
	put(two)
	require.NoError(t, s.Delete(t.Context(), "k", objstore.DeleteOptions{}))
	rest, err := io.ReadAll(o.Body)
	require.NoError(t, err)
	require.True(t, bytes.Equal(one, append(head, rest...)))
	require.NoError(t, o.Body.Close())
	require.NoError(t, o.Body.Close())
}

func TestCloseWithAnOpenBody(t *testing.T) {
	s := open(t, t.TempDir())
	_, err := s.Put(t.Context(), "k", objstore.PutRequest{Body: make([]byte, 1<<20)})
	require.NoError(t, err)
	o, err := s.Get(t.Context(), "k", objstore.GetOptions{})
	require.NoError(t, err)
	require.NoError(t, s.Close())
	_, err = io.ReadAll(o.Body)
	require.ErrorContains(t, err, "the store is closed")
	require.NoError(t, o.Body.Close())
}

// TestMillionObjects scans a million rows of 8 attributes page by page, as a
// full table scan does, in bounded memory.
func TestMillionObjects(t *testing.T) {
	if testing.Short() || os.Getenv("S3DB_TEST_LONG") == "" {
		t.Skip("long: set S3DB_TEST_LONG=1")
	}
	s := open(t, t.TempDir())
	const rows, writers = 1_000_000, 256
	start := time.Now()
	done := make(chan error, writers)
	for w := range writers {
		go func() {
			var err error
			for i := w; i < rows && err == nil; i += writers {
				_, err = s.Put(context.Background(), fmt.Sprintf("resource=r/data/id=%022d", i*7919%rows), row(i))
			}
			done <- err
		}()
	}
	for range writers {
		require.NoError(t, <-done)
	}
	t.Logf("load: %v", time.Since(start))
	start = time.Now()
	n, top := 0, uint64(0)
	for req := (objstore.ListRequest{Prefix: "resource=r/data/", WithMetadata: true, WithBodies: true}); ; {
		page, err := s.List(t.Context(), req)
		require.NoError(t, err)
		n += len(page.Objects)
		if !page.More {
			break
		}
		req.StartAfter = page.Next
		if n%100_000 == 0 {
			var m runtime.MemStats
			runtime.ReadMemStats(&m)
			top = max(top, m.Sys)
		}
	}
	t.Logf("scan: %v, %d MB", time.Since(start), top>>20)
	require.Equal(t, rows, n)
	require.Less(t, top, uint64(400<<20))
}

func row(i int) objstore.PutRequest {
	md := objstore.Metadata{"_v": "v1"}
	for a := range 8 {
		md[fmt.Sprint(a)] = fmt.Sprintf("value %d of row %d of this table", a, i)
	}
	return objstore.PutRequest{Body: fmt.Appendf(nil, "%032d", i), Metadata: md, IfNoneMatch: true}
}
