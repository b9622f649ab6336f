package spill

import (
	"context"
	"os"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/types"
	"github.com/s3db-sql/s3db-sql/sql/vec"
	"github.com/s3db-sql/s3db-sql/storage"
)

// samples are texts of values by type; each type also gets a NULL.
var samples = []struct {
	oid   types.OID
	texts []string
}{
	{types.BoolOID, []string{"t", "f"}},
	{types.Int2OID, []string{"-32768", "7"}},
	{types.Int4OID, []string{"-2147483648", "0", "5"}},
	{types.Int8OID, []string{"9223372036854775807", "-1"}},
	{types.OidOID, []string{"4294967295"}},
	{types.Float4OID, []string{"1.5", "NaN", "-Infinity"}},
	{types.Float8OID, []string{"-0", "2.5e300"}},
	{types.TextOID, []string{"", "päper", "a\tb\n"}},
	{types.ByteaOID, []string{`\x`, `\x00ff`}},
	{types.NumericOID, []string{"1.50", "NaN", "123456789012345678901234567890.00001"}},
	{types.DateOID, []string{"2024-02-29", "infinity"}},
	{types.TimestamptzOID, []string{"2024-02-29 12:34:56.789+00"}},
	{types.IntervalOID, []string{"1 mon -3 days 00:00:01.5"}},
	{types.UUIDOID, []string{"a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11"}},
	{types.JSONBOID, []string{`{"a": [1, 2.50, null, true, "x"], "bb": {}}`, `[]`, `"s"`, `null`}},
	{types.Int4ArrayOID, []string{"{1,NULL,3}", "{}", "[2:3]={5,6}"}},
}

func sampleBatch(t *testing.T) (*vec.Batch, []*types.Type) {
	var ts []*types.Type
	var cols []vec.Vector
	const rows = 7
	for _, s := range samples {
		typ := types.ByOID(s.oid)
		b := vec.NewBuilder(typ, rows)
		for i := range rows - 1 {
			v, err := typ.In(types.DefaultEnv(), s.texts[i%len(s.texts)], -1)
			require.NoError(t, err)
			b.Append(v)
		}
		b.AppendNull()
		ts, cols = append(ts, typ, typ), append(cols, b.Build(), vec.Const(typ, nil, rows))
	}
	image := vec.NewBuilder(storage.RowImageType, rows)
	for range rows {
		image.Append(&storage.RowImage{ID: "x"})
	}
	constant := types.ByOID(types.TextOID)
	return vec.NewBatch(append(cols, image.Build(), vec.Const(constant, "k", rows)), rows), append(ts, storage.RowImageType, constant)
}

func requireSame(t *testing.T, want, got *vec.Batch) {
	require.Equal(t, want.N, got.N)
	for c := range want.Cols {
		for i := range want.N {
			a, b, typ := want.Cols[c].Value(i), got.Cols[c].Value(i), want.Cols[c].Type()
			if a != nil && b != nil && typ.Out != nil { // NaN is not equal to itself in Go
				a, b = string(typ.Out(types.DefaultEnv(), nil, a)), string(typ.Out(types.DefaultEnv(), nil, b))
			}
			require.Equal(t, a, b, "column %d (%s) row %d", c, typ.Name, i)
		}
	}
}

func TestFileKeepsEveryType(t *testing.T) {
	b, ts := sampleBatch(t)
	acct := NewAccount(Config{Dir: t.TempDir()})
	f := NewFile(acct, ts)
	require.NoError(t, f.Append(b))
	require.NoError(t, f.Append(b.WithSel([]int32{6, 0, 3})))
	require.NoError(t, f.Append(b.WithSel([]int32{})))
	require.Equal(t, 2, f.Batches())
	require.Equal(t, 10, f.Rows())
	r := f.Reader()
	for _, want := range []*vec.Batch{b, b.WithSel([]int32{6, 0, 3}).Compact()} {
		got, err := r.Next(context.Background())
		require.NoError(t, err)
		requireSame(t, want, got)
	}
	got, err := r.Next(context.Background())
	require.NoError(t, err)
	require.Nil(t, got)
	left, err := os.ReadDir(acct.Dir)
	require.NoError(t, err)
	require.Empty(t, left, "the file is unlinked while it is open")
	require.EqualValues(t, 1, acct.Files())
	f.Close()
	require.Zero(t, acct.Files())
	require.Equal(t, f.acct.Spilled() > 0, true)
}

func TestRowsSpillPastTheLimit(t *testing.T) {
	b, ts := sampleBatch(t)
	acct := NewAccount(Config{Dir: t.TempDir(), Limit: 3 * b.MemSize()})
	rows := NewRows(acct, ts)
	for range 10 {
		require.NoError(t, rows.Append(b))
	}
	require.Equal(t, 70, rows.Len())
	require.Equal(t, 10, rows.Batches())
	require.Positive(t, acct.Spilled())
	require.LessOrEqual(t, acct.Used(), acct.Limit)
	for i := range 10 {
		got, err := rows.Batch(context.Background(), i)
		require.NoError(t, err)
		requireSame(t, b, got)
	}
	rows.Close()
	require.Zero(t, acct.Used())
	require.Zero(t, acct.Files())
}

func TestErrors(t *testing.T) {
	b, ts := sampleBatch(t)
	f := NewFile(NewAccount(Config{Dir: "/nonexistent"}), ts)
	require.Equal(t, pgerr.IoError, pgerr.CodeOf(f.Append(b)))

	timeout := pgerr.New(pgerr.QueryCanceled, "canceling statement due to statement timeout")
	ctx, cancel := context.WithCancelCause(context.Background())
	cancel(timeout)
	require.Equal(t, error(timeout), Cancelled(ctx))
	plain, stop := context.WithCancel(context.Background())
	stop()
	require.Equal(t, pgerr.QueryCanceled, pgerr.CodeOf(Cancelled(plain)))
}
