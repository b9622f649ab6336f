package clients

import (
	"context"
	"fmt"
	"math"
	"math/big"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgtype"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/s3db-sql/s3db-sql/internal/testserver"
)

func connect(t *testing.T) *pgx.Conn {
	return testserver.Start(t, testserver.Options{}).Connect(t)
}

// described are pgx's ways that ask the server for the parameters' types first:
// pgx can encode any Go value then.
var described = []pgx.QueryExecMode{pgx.QueryExecModeCacheStatement, pgx.QueryExecModeCacheDescribe, pgx.QueryExecModeDescribeExec}

// modes are all of pgx's ways to run a statement: binary through prepared or unnamed
// statements, and text through the simple protocol.
var modes = append(described[:3:3], pgx.QueryExecModeExec, pgx.QueryExecModeSimpleProtocol)

// roundTrip sends a value as a parameter and expects it back.
func roundTrip[T any](t *testing.T, conn *pgx.Conn, sqlType string, values ...T) {
	t.Helper()
	roundTripIn(t, conn, modes, sqlType, values...)
}

func roundTripIn[T any](t *testing.T, conn *pgx.Conn, modes []pgx.QueryExecMode, sqlType string, values ...T) {
	t.Helper()
	for _, mode := range modes {
		for _, v := range values {
			var got T
			row := conn.QueryRow(context.Background(), "SELECT $1::"+sqlType, mode, v)
			if assert.NoError(t, row.Scan(&got), "%s %v %v", sqlType, v, mode) {
				assert.Equal(t, v, got, "%s %v", sqlType, mode)
			}
		}
	}
}

func TestPgxTypes(t *testing.T) {
	conn := connect(t)
	day := time.Date(2024, 2, 29, 0, 0, 0, 0, time.UTC)
	roundTrip(t, conn, "bool", true, false)
	roundTrip(t, conn, "int2", int16(math.MinInt16), int16(math.MaxInt16))
	roundTrip(t, conn, "int4", int32(math.MinInt32), int32(math.MaxInt32))
	roundTrip(t, conn, "int8", int64(math.MinInt64), int64(math.MaxInt64))
	roundTrip(t, conn, "float4", float32(0.1), float32(math.MaxFloat32), float32(math.Inf(-1)))
	roundTrip(t, conn, "float8", 0.1, math.SmallestNonzeroFloat64, math.MaxFloat64, math.Inf(1))
	roundTrip(t, conn, "text", "", "plain", "ünï 漢 😀", "it's \"q\" \\ \n")
	roundTrip(t, conn, "varchar", "v")
	roundTrip(t, conn, "name", "a_name")
	roundTrip(t, conn, "bytea", []byte{}, []byte{0, 1, 255}, []byte("text"))
	roundTrip(t, conn, "date", day)
	roundTrip(t, conn, "time", pgtype.Time{Microseconds: 86399999999, Valid: true})
	roundTrip(t, conn, "timestamp", day.Add(12*time.Hour+time.Microsecond))
	roundTrip(t, conn, "interval", pgtype.Interval{Months: -1, Days: 2, Microseconds: 3_000_001, Valid: true})
	roundTripIn(t, conn, described, "uuid", [16]byte{0xa0, 0xee, 15: 0x11})
	roundTripIn(t, conn, described, "jsonb", map[string]any{"a": []any{1.5, "x", nil, true}})
	roundTripIn(t, conn, described, "json", []any{map[string]any{"k": "v"}})
	roundTrip(t, conn, "int4[]", []int32{}, []int32{1, -2, 3})
	roundTrip(t, conn, "text[]", []string{"a", "", "b c", `"q"`, "{}", "NULL"})
	roundTrip(t, conn, "bool[]", []bool{true, false})
	roundTrip(t, conn, "float8[]", []float64{0.5, -1})
	roundTrip(t, conn, "oid", uint32(math.MaxUint32))
	roundTrip(t, conn, "inet", netip.MustParsePrefix("10.1.2.3/8"), netip.MustParsePrefix("::1/128"))
	for _, s := range []string{"0", "1.50", "-99999999999999999999.000000000000000000001", "1" + strings.Repeat("0", 100), "0.0001", "10000", "NaN"} {
		var n pgtype.Numeric
		require.NoError(t, n.Scan(s))
		var got pgtype.Numeric
		require.NoError(t, conn.QueryRow(context.Background(), "SELECT $1::numeric", n).Scan(&got), s)
		assert.Equal(t, n.NaN, got.NaN, s)
		if !n.NaN {
			assert.Zero(t, rational(n).Cmp(rational(got)), "%s came back as %v", s, got)
		}
	}
}

func rational(n pgtype.Numeric) *big.Rat {
	r := new(big.Rat).SetInt(n.Int)
	ten := new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(max(n.Exp, -n.Exp))), nil)
	if n.Exp < 0 {
		return r.Quo(r, new(big.Rat).SetInt(ten))
	}
	return r.Mul(r, new(big.Rat).SetInt(ten))
}

// TestPgxTimestamptz compares instants: the zone of what comes back is the
// client's.
func TestPgxTimestamptz(t *testing.T) {
	conn := connect(t)
	for _, mode := range modes {
		want := time.Date(2024, 2, 29, 12, 34, 56, 789000, time.FixedZone("", -3*3600))
		var got time.Time
		require.NoError(t, conn.QueryRow(context.Background(), "SELECT $1::timestamptz", mode, want).Scan(&got))
		assert.True(t, want.Equal(got), "%v: %v", mode, got)
	}
}

func TestPgxNull(t *testing.T) {
	conn := connect(t)
	for _, typ := range []string{"int4", "text", "numeric", "timestamptz", "jsonb", "int4[]", "bytea", "uuid"} {
		for _, mode := range modes {
			var got *string
			row := conn.QueryRow(context.Background(), "SELECT ($1::"+typ+")::text", mode, nil)
			if assert.NoError(t, row.Scan(&got), "%s %v", typ, mode) {
				assert.Nil(t, got, typ)
			}
		}
	}
}

// TestPgxPrepared asks what drivers ask: the types of parameters and columns.
func TestPgxPrepared(t *testing.T) {
	conn, ctx := connect(t), context.Background()
	testserver.Exec(t, conn, "CREATE TABLE t (id int PRIMARY KEY, name text, price numeric(8,2), at timestamptz)")
	sd, err := conn.Prepare(ctx, "ins", "INSERT INTO t VALUES ($1, $2, $3, $4) RETURNING id, price")
	require.NoError(t, err)
	assert.Equal(t, []uint32{pgtype.Int4OID, pgtype.TextOID, pgtype.NumericOID, pgtype.TimestamptzOID}, sd.ParamOIDs)
	require.Len(t, sd.Fields, 2)
	assert.Equal(t, "price", sd.Fields[1].Name)
	assert.EqualValues(t, pgtype.NumericOID, sd.Fields[1].DataTypeOID)
	for i := range 5 {
		var id int
		var price string
		row := conn.QueryRow(ctx, "ins", i, fmt.Sprint("n", i), "1.5", time.Unix(int64(i), 0))
		require.NoError(t, row.Scan(&id, &price))
		assert.Equal(t, i, id)
		assert.Equal(t, "1.50", price)
	}
	rows, err := conn.Query(ctx, "SELECT id, name FROM t WHERE id = ANY($1) ORDER BY id", []int32{1, 3, 9})
	require.NoError(t, err)
	names, err := pgx.CollectRows(rows, pgx.RowToMap)
	require.NoError(t, err)
	assert.Equal(t, []map[string]any{{"id": int32(1), "name": "n1"}, {"id": int32(3), "name": "n3"}}, names)
}

func TestPgxBatchAndTransactions(t *testing.T) {
	conn, ctx := connect(t), context.Background()
	testserver.Exec(t, conn, "CREATE TABLE t (id int PRIMARY KEY, v text)")
	b := &pgx.Batch{}
	for i := range 50 {
		b.Queue("INSERT INTO t VALUES ($1, $2)", i, fmt.Sprint(i))
	}
	b.Queue("SELECT count(*) FROM t").QueryRow(func(row pgx.Row) error {
		var n int
		err := row.Scan(&n)
		assert.Equal(t, 50, n)
		return err
	})
	require.NoError(t, conn.SendBatch(ctx, b).Close())

	failing := &pgx.Batch{}
	failing.Queue("INSERT INTO t VALUES (100, 'x')")
	failing.Queue("SELECT 1/0")
	var pe *pgconn.PgError
	require.ErrorAs(t, conn.SendBatch(ctx, failing).Close(), &pe)
	assert.Equal(t, "22012", pe.Code)
	assert.Equal(t, 50, count(t, conn), "a batch is one implicit transaction")

	err := pgx.BeginFunc(ctx, conn, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, "DELETE FROM t WHERE id < 10"); err != nil {
			return err
		}
		return pgx.BeginFunc(ctx, tx, func(inner pgx.Tx) error { // a savepoint
			if _, err := inner.Exec(ctx, "DELETE FROM t"); err != nil {
				return err
			}
			return inner.Rollback(ctx)
		})
	})
	require.ErrorIs(t, err, pgx.ErrTxClosed)
	assert.Equal(t, 50, count(t, conn))
}

func count(t *testing.T, conn *pgx.Conn) (n int) {
	require.NoError(t, conn.QueryRow(context.Background(), "SELECT count(*) FROM t").Scan(&n))
	return n
}

// TestPgxCancel cancels a statement through its context, and goes on.
func TestPgxCancel(t *testing.T) {
	srv := testserver.Start(t, testserver.Options{})
	conn := srv.Connect(t)
	done := make(chan error, 1)
	go func() {
		_, err := conn.Exec(context.Background(), "SELECT pg_sleep(60)")
		done <- err
	}()
	time.Sleep(100 * time.Millisecond) // until it sleeps; cancelling earlier does nothing
	require.NoError(t, conn.PgConn().CancelRequest(context.Background()))
	select {
	case err := <-done:
		var pe *pgconn.PgError
		require.ErrorAs(t, err, &pe)
		assert.Equal(t, "57014", pe.Code)
	case <-time.After(10 * time.Second):
		t.Fatal("the statement was not cancelled")
	}
	var one int
	require.NoError(t, conn.QueryRow(context.Background(), "SELECT 1").Scan(&one))
}

// TestPgxSignals cancels another session's statement, then ends the session.
func TestPgxSignals(t *testing.T) {
	srv := testserver.Start(t, testserver.Options{})
	conn, other, ctx := srv.Connect(t), srv.Connect(t), context.Background()
	sleep := func() chan error {
		done := make(chan error, 1)
		go func() {
			_, err := other.Exec(ctx, "SELECT pg_sleep(60)")
			done <- err
		}()
		return done
	}
	for _, step := range []struct{ function, code string }{{"pg_cancel_backend", "57014"}, {"pg_terminate_backend", "57P01"}} {
		done := sleep()
		asleep := func() bool {
			var n int
			err := conn.QueryRow(ctx, "SELECT count(*) FROM pg_stat_activity WHERE state = 'active' AND query = 'SELECT pg_sleep(60)'").Scan(&n)
			return err == nil && n == 1
		}
		require.Eventually(t, asleep, 10*time.Second, 10*time.Millisecond)
		var sent bool
		require.NoError(t, conn.QueryRow(ctx, "SELECT "+step.function+"($1)", other.PgConn().PID()).Scan(&sent))
		require.True(t, sent)
		var pe *pgconn.PgError
		require.ErrorAs(t, <-done, &pe)
		require.Equal(t, step.code, pe.Code)
	}
	require.True(t, other.IsClosed())
	var sent bool
	require.NoError(t, conn.QueryRow(ctx, "SELECT pg_cancel_backend(-1)").Scan(&sent))
	require.False(t, sent)
}

// TestPgxStreams reads many rows and stops in the middle.
func TestPgxStreams(t *testing.T) {
	conn, ctx := connect(t), context.Background()
	rows, err := conn.Query(ctx, "SELECT g, repeat('x', 100) FROM generate_series(1, 200000) AS g")
	require.NoError(t, err)
	n := 0
	for rows.Next() {
		n++
	}
	require.NoError(t, rows.Err())
	assert.Equal(t, 200000, n)
	rows, err = conn.Query(ctx, "SELECT g FROM generate_series(1, 200000) AS g")
	require.NoError(t, err)
	require.True(t, rows.Next())
	rows.Close()
	require.NoError(t, rows.Err())
}

// TestPgxNow: a parameter may say 'now'; it is that of the transaction.
func TestPgxNow(t *testing.T) {
	conn := connect(t)
	ctx := context.Background()
	for _, mode := range modes {
		var now, today, tomorrow bool
		row := conn.QueryRow(ctx, "SELECT now() = $1::text::timestamptz, current_date = $2::text::date, current_date + 1 = $3::text::date",
			mode, "now", "today", "tomorrow")
		require.NoError(t, row.Scan(&now, &today, &tomorrow))
		assert.True(t, now && today && tomorrow, "%v", mode)
	}
	result := conn.PgConn().ExecParams(ctx, "SELECT now() = $1::timestamptz, current_date + 1 = $2::date",
		[][]byte{[]byte("now"), []byte("tomorrow")}, nil, nil, nil).Read()
	require.NoError(t, result.Err)
	assert.Equal(t, [][]byte{[]byte("t"), []byte("t")}, result.Rows[0])
}

// TestPgxIdle: who leaves a transaction open, failed or not, or a session unused, is sent
// away.
func TestPgxIdle(t *testing.T) {
	srv, ctx := testserver.Start(t, testserver.Options{}), context.Background()
	for _, c := range []struct{ limit, open, code string }{
		{"idle_session_timeout", "SELECT 1", "57P05"},
		{"idle_in_transaction_session_timeout", "BEGIN", "25P03"},
		{"idle_in_transaction_session_timeout", "BEGIN; SELECT 1/0", "25P03"},
	} {
		conn := srv.Connect(t)
		_, err := conn.Exec(ctx, "SET "+c.limit+" = '100ms'; "+c.open)
		require.Equal(t, c.open == "BEGIN; SELECT 1/0", err != nil)
		var pe *pgconn.PgError
		require.ErrorAs(t, conn.PgConn().WaitForNotification(ctx), &pe)
		require.Equal(t, c.code, pe.Code)
		require.Equal(t, "FATAL", pe.Severity)
	}
}
