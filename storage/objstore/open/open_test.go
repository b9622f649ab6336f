package open_test

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/s3db-sql/s3db-sql/internal/clock"
	"github.com/s3db-sql/s3db-sql/internal/s3test"
	"github.com/s3db-sql/s3db-sql/storage/objstore"
	"github.com/s3db-sql/s3db-sql/storage/objstore/location"
	"github.com/s3db-sql/s3db-sql/storage/objstore/open"
	"github.com/s3db-sql/s3db-sql/storage/objstore/s3fake"
)

func openAt(t *testing.T, at string, opt open.Options) (objstore.Store, string, error) {
	loc, err := location.Parse(at)
	require.NoError(t, err)
	s, prefix, err := open.Open(t.Context(), loc, opt)
	if s != nil {
		t.Cleanup(func() { require.NoError(t, s.Close()) })
	}
	return s, prefix, err
}

func TestOpenEveryKind(t *testing.T) {
	fake := s3fake.New(t, clock.System)
	for _, c := range []struct{ at, name, prefix string }{
		{"file://" + filepath.Join(t.TempDir(), "store"), "local", ""},
		{filepath.Join(t.TempDir(), "store"), "local", ""},
		{"memory://b/some/prefix", "memory", "some/prefix"},
		{fake.Location("databases/app"), "S3", "databases/app"},
	} {
		s, prefix, err := openAt(t, c.at, open.Options{})
		require.NoError(t, err)
		require.Equal(t, c.name, s.Capabilities().Name)
		require.Equal(t, c.prefix, prefix)
		_, err = s.Put(t.Context(), "k", objstore.PutRequest{IfNoneMatch: true})
		require.NoError(t, err)
	}
}

func TestOpenIsProbed(t *testing.T) {
	fake := s3fake.New(t, clock.System)
	s, _, err := openAt(t, fake.Location("p"), open.Options{})
	require.NoError(t, err)
	require.Equal(t, objstore.MetadataPrefix, s.Capabilities().MetadataOverhead)
	require.NotEmpty(t, fake.Requests())

	_, _, err = openAt(t, fake.Location("p"), open.Options{NoProbe: true})
	require.NoError(t, err)
	require.Empty(t, fake.Requests())

	fake.Turn(s3fake.Knobs{Unordered: true})
	_, _, err = openAt(t, fake.Location("p"), open.Options{})
	require.ErrorContains(t, err, "does not list keys in byte order")
}

func TestOpenErrors(t *testing.T) {
	server := s3test.Versitygw(t)
	good := server.Location("p")
	for name, c := range map[string]struct {
		at   string
		kind objstore.Kind
		want string
	}{
		"no bucket": {strings.Replace(good, s3test.Bucket, "nowhere", 1), objstore.NoBucket, `bucket "nowhere" does not exist at ` + server.Endpoint},
		"wrong key": {strings.Replace(good, "s3test%2Fsecret", "TOPSECRET", 1), objstore.Denied, "SignatureDoesNotMatch"},
	} {
		t.Run(name, func(t *testing.T) {
			_, _, err := openAt(t, c.at, open.Options{})
			require.Equal(t, c.kind, objstore.KindOf(err), err)
			require.ErrorContains(t, err, c.want)
			require.NotContains(t, err.Error(), "SECRET")
		})
	}
	server.Stop()
	_, _, err := openAt(t, good, open.Options{Clock: clock.NewFake(clock.System.Now())})
	require.Equal(t, objstore.Unavailable, objstore.KindOf(err), err)
	require.ErrorContains(t, err, "cannot reach "+server.Endpoint)
}
