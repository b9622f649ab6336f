package scale

import (
	"bytes"
	"math/rand/v2"
	"strconv"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/s3db-sql/s3db-sql/internal/clock"
	"github.com/s3db-sql/s3db-sql/internal/testserver"
	"github.com/s3db-sql/s3db-sql/storage/objstore"
	"github.com/s3db-sql/s3db-sql/storage/objstore/location"
	"github.com/s3db-sql/s3db-sql/storage/objstore/open"
	"github.com/s3db-sql/s3db-sql/storage/objstore/s3fake"
	"github.com/s3db-sql/s3db-sql/storage/objstore/wrap"
)

const (
	contentSize = 200 << 20
	contentPart = 1 << 20
	// maxContentMemory is what the server's process may take while a client reads an
	// object of contentSize part by part; the embedded store's cache is most of it.
	maxContentMemory = 256 << 20
)

// TestContentInParts reads an object of 200 MB part by part in constant memory, from the
// embedded store and from S3.
func TestContentInParts(t *testing.T) {
	for name, store := range map[string]string{"local": "file://" + t.TempDir(), "S3": s3fake.New(t, clock.System).Location("db")} {
		t.Run(name, func(t *testing.T) {
			first := testserver.StartProcess(t, store)
			testserver.Exec(t, first.Connect(t), `CREATE TABLE file (id text PRIMARY KEY, name text)`,
				`INSERT INTO file (id, name, _content) VALUES ('big', 'n', 'small')`)
			first.Kill()
			body := enlarge(t, store)

			srv := testserver.StartProcess(t, store)
			conn := srv.Connect(t)
			var size int
			require.NoError(t, conn.QueryRow(ctx, `SELECT length(_content) FROM file WHERE id = 'big'`).Scan(&size))
			require.Equal(t, contentSize, size)
			for at := 0; at < size; at += 8 * contentPart {
				var part []byte
				require.NoError(t, conn.QueryRow(ctx, `SELECT substring(_content FROM $1::int FOR $2::int) FROM file WHERE id = 'big'`, at+1, contentPart).Scan(&part))
				require.True(t, bytes.Equal(body[at:at+contentPart], part))
			}
			peak, err := srv.PeakMemory()
			require.NoError(t, err)
			t.Logf("peak memory: %d MB", peak>>20)
			assert.Less(t, peak, int64(maxContentMemory))
		})
	}
}

// enlarge puts contentSize bytes in the place of the content of the store's one row that
// has some, and returns them.
func enlarge(t *testing.T, at string) []byte {
	loc, err := location.Parse(at)
	require.NoError(t, err)
	raw, prefix, err := open.Open(ctx, loc, open.Options{})
	require.NoError(t, err)
	defer raw.Close()
	st := wrap.Prefixed(raw, prefix)
	const key = "resource=file/data/id=big"
	old, err := st.Head(ctx, key)
	require.NoError(t, err)
	md := objstore.Metadata{}
	for k, v := range old.Metadata {
		md[k] = v
	}
	md["_contentlength"] = strconv.Itoa(contentSize)
	body := make([]byte, contentSize)
	_, _ = rand.NewChaCha8([32]byte{1}).Read(body)
	_, err = st.Put(ctx, key, objstore.PutRequest{Stream: bytes.NewReader(body), Size: contentSize, Metadata: md, ContentType: old.ContentType})
	require.NoError(t, err)
	return body
}
