package local

import (
	"bytes"
	"crypto/md5"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/s3db-sql/s3db-sql/storage/objstore"
)

func FuzzRecord(f *testing.F) {
	sum := md5.Sum([]byte("body"))
	good := append(encodeHead(0, sum[:], 4, 1_700_000_000_123, "text/x", objstore.Metadata{"a": "1", "b": ""}), "body"...)
	r, err := decode(good)
	require.NoError(f, err)
	info, err := r.info("k", true)
	require.NoError(f, err)
	require.Equal(f, objstore.Metadata{"a": "1", "b": ""}, info.Metadata)
	require.Equal(f, "text/x", info.ContentType)
	require.Equal(f, int64(1_700_000_000_123), info.LastModified.UnixMilli())
	require.Equal(f, objstore.ETagOf([]byte("body")), info.ETag)
	for cut := range good {
		_, err := decode(good[:cut])
		require.ErrorIs(f, err, errRecord, "cut at %d", cut)
	}
	f.Add(good)
	f.Fuzz(func(t *testing.T, b []byte) {
		r, err := decode(bytes.Clone(b))
		if err != nil {
			require.ErrorIs(t, err, errRecord)
			return
		}
		if _, err := r.info("k", true); err != nil {
			require.ErrorIs(t, err, errRecord)
		}
		if r.chunked() {
			_ = r.blob()
		}
	})
}

func TestPrefixRange(t *testing.T) {
	for prefix, want := range map[string]string{"": "p", "a": "ob", "a\xff": "ob", "\xff\xff": "p"} {
		from, to := prefixRange(prefix)
		require.Equal(t, "o"+prefix, string(from))
		require.Equal(t, want, string(to))
	}
}
