package objstore_test

import (
	"context"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/s3db-sql/s3db-sql/pgerr"
	. "github.com/s3db-sql/s3db-sql/storage/objstore"
)

func TestKindsBecomeSQLSTATEs(t *testing.T) {
	for kind, want := range map[Kind]pgerr.Code{
		Other: pgerr.IoError, NotFound: pgerr.NoDataFound, NoBucket: pgerr.InvalidCatalogName, Precondition: pgerr.SerializationFailure,
		Throttled: pgerr.ConfigurationLimitExceeded, Denied: pgerr.InsufficientPrivilege, Unavailable: pgerr.IoError,
		Corrupt: pgerr.DataCorrupted, Cancelled: pgerr.QueryCanceled, TooLarge: pgerr.ProgramLimitExceeded,
		Invalid: pgerr.InvalidParameterValue,
	} {
		require.Equal(t, want, pgerr.CodeOf(ToPG(Errorf(kind, "GET", "k", "x"))), kind)
	}
	require.NoError(t, ToPG(nil))
	require.ErrorIs(t, ToPG(io.EOF), io.EOF)
	require.Equal(t, Other, KindOf(io.EOF))
	require.EqualError(t, Errorf(Denied, "PUT", "a/b", "the keys"), "PUT a/b: access denied: the keys")
}

func TestContextEndsAreCancelled(t *testing.T) {
	require.NoError(t, CtxError(context.Background(), "GET", "k"))
	reason := errors.New("statement timeout")
	ctx, cancel := context.WithCancelCause(context.Background())
	cancel(reason)
	err := CtxError(ctx, "GET", "k")
	require.Equal(t, Cancelled, KindOf(err))
	require.ErrorIs(t, err, reason, "the cause says why")
	require.Equal(t, Cancelled, Wrap(Unavailable, "GET", "k", context.Canceled).Kind)
}

func TestReadBody(t *testing.T) {
	read := func(size int64, body string, limit int64) (string, error) {
		b, err := ReadBody(&Object{Info: Info{Key: "k", Size: size}, Body: io.NopCloser(strings.NewReader(body))}, limit)
		return string(b), err
	}
	got, err := read(4, "body", 4)
	require.NoError(t, err)
	require.Equal(t, "body", got)
	_, err = read(4, "body", 3)
	require.Equal(t, TooLarge, KindOf(err))
	got, err = read(0, "", 0)
	require.NoError(t, err)
	require.Empty(t, got)
}

func TestMetadataSize(t *testing.T) {
	md := Metadata{"a": "12", "bc": ""}
	require.Equal(t, 5, MetadataSize(md, 0))
	require.Equal(t, 5+22, MetadataSize(md, MetadataPrefix))
	require.NoError(t, CheckMetadata("PUT", "k", md, 27, MetadataPrefix))
	require.Equal(t, TooLarge, KindOf(CheckMetadata("PUT", "k", md, 26, MetadataPrefix)))
}

func TestLongKeysAreCutInErrors(t *testing.T) {
	err := CheckKey("PUT", strings.Repeat("é", 600))
	require.Equal(t, TooLarge, KindOf(err))
	require.Less(t, len(err.Error()), 200)
	require.ErrorContains(t, err, "1200 bytes; 1024 are allowed")
}

func TestMetersWithin(t *testing.T) {
	server := NewMeter(nil)
	session := NewMeter(server)
	require.True(t, session.Within(server))
	require.True(t, server.Within(server))
	require.False(t, server.Within(session))
	require.False(t, NewMeter(nil).Within(server))
	session.Count(ReqGet, 2, 10, 0)
	require.Equal(t, session.Usage(), server.Usage())
	require.InDelta(t, 2*0.0004/1000, server.Usage().Dollars(), 1e-15)
}
