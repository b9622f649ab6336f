package clients

import (
	"bytes"
	"context"
	"crypto/md5"
	"encoding/binary"
	"encoding/hex"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgproto3"
	"github.com/stretchr/testify/require"

	"github.com/s3db-sql/s3db-sql/internal/testserver"
)

// TestLargeMessages: messages that the server does not hold in memory mean what small ones
// do: parameters of every type and form, wrong ones, and COPY's data however it is cut.
func TestLargeMessages(t *testing.T) {
	ctx := context.Background()
	server := testserver.Start(t, testserver.Options{})
	conn, err := pgx.Connect(ctx, "postgres://postgres@"+server.Addr+"/postgres")
	require.NoError(t, err)
	t.Cleanup(func() { _ = conn.Close(ctx) })
	pg := conn.PgConn()
	_, err = conn.Exec(ctx, "CREATE TABLE large (id text PRIMARY KEY, b bytea, v text)")
	require.NoError(t, err)

	body := bytes.Repeat([]byte("\x00\\ab"), 600_000)
	digits := []byte(`\x` + hex.EncodeToString(body))
	sum := md5.Sum(body)
	want := hex.EncodeToString(sum[:])
	text := strings.Repeat("ü", 1_000_000)
	for _, c := range []struct {
		name   string
		value  []byte
		format int16
	}{
		{"binary", body, 1},
		{"hexadecimal", digits, 0},
		{"with blanks", append([]byte(`\x `), digits[2:]...), 0},
		{"escaped", bytes.ReplaceAll(bytes.ReplaceAll(body, []byte(`\`), []byte(`\\`)), []byte{0}, []byte(`\000`)), 0},
	} {
		for _, column := range []string{"b", "_content"} {
			id, text := c.name+column, text
			if column == "_content" {
				text = "v" // beside content fields stand in the metadata
			}
			r := pg.ExecParams(ctx, "INSERT INTO large (id, "+column+", v) VALUES ($1, $2, $3)",
				[][]byte{[]byte(id), c.value, []byte(text)}, []uint32{25, 17, 25}, []int16{0, c.format, 0}, nil).Read()
			require.NoError(t, r.Err, id)
			var got string
			require.NoError(t, conn.QueryRow(ctx, "SELECT md5("+column+") FROM large WHERE id = $1 AND v = $2", id, text).Scan(&got))
			require.Equal(t, want, got, id)
			var whole []byte
			require.NoError(t, conn.QueryRow(ctx, "SELECT "+column+" FROM large WHERE id = $1", id).Scan(&whole))
			require.True(t, bytes.Equal(body, whole), id)
		}
	}

	code := func(err error, want string) {
		t.Helper()
		var e *pgconn.PgError
		require.ErrorAs(t, err, &e)
		require.Equal(t, want, e.Code, e.Message)
		require.NoError(t, pg.Exec(ctx, "SELECT 1").Close()) // the two still agree where messages begin
	}
	one := func(sql string, value []byte, oid uint32, format int16) error {
		return pg.ExecParams(ctx, sql, [][]byte{value}, []uint32{oid}, []int16{format}, nil).Read().Err
	}
	code(one("INSERT INTO large (id, _content) VALUES ('x', $1)", append(digits, 'g', 'g'), 17, 0), "22023")
	code(one("SELECT $1::int", bytes.Repeat([]byte("1"), 2_000_000), 23, 0), "22003")
	code(one("SELECT $1::text", bytes.Repeat([]byte{0xff}, 2_000_000), 25, 0), "22021")
	code(pg.ExecParams(ctx, "SELECT 1", [][]byte{body}, nil, nil, nil).Read().Err, "08P01")
	fe := conn.PgConn().Frontend()
	broken := binary.BigEndian.AppendUint32([]byte{0, 0, 0, 0, 0, 1}, 1<<30) // a value longer than the message
	fe.Send(&pgproto3.Parse{Query: "SELECT $1::bytea"})
	require.NoError(t, fe.Flush())
	message := append(binary.BigEndian.AppendUint32([]byte{'B'}, uint32(4+len(broken)+len(body))), append(broken, body...)...)
	_, err = pg.Conn().Write(message)
	require.NoError(t, err)
	fe.Send(&pgproto3.Sync{})
	require.NoError(t, fe.Flush())
	for {
		m, err := fe.Receive()
		require.NoError(t, err)
		if e, ok := m.(*pgproto3.ErrorResponse); ok {
			require.Equal(t, "08P01", e.Code, e.Message)
		}
		if _, ok := m.(*pgproto3.ReadyForQuery); ok {
			break
		}
	}

	// One CopyData for many lines, a bad one among them, and what is left of it.
	lines := strings.Repeat("k\t\\\\x61\tv\n", 1) + strings.Repeat(strings.Repeat("y", 1000)+"\n", 2000)
	_, err = pg.CopyFrom(ctx, strings.NewReader(lines), "COPY large (id, b, v) FROM STDIN")
	code(err, "22P04")
	var b strings.Builder
	for i := range 20_000 {
		b.WriteString("row" + strings.Repeat("0", 20) + string(rune('a'+i%26)) + hex.EncodeToString([]byte{byte(i >> 8), byte(i)}) + "\n")
	}
	tag, err := pg.CopyFrom(ctx, strings.NewReader(b.String()), "COPY large (id) FROM STDIN")
	require.NoError(t, err)
	require.EqualValues(t, 20_000, tag.RowsAffected())
	var out bytes.Buffer
	_, err = pg.CopyTo(ctx, &out, "COPY (SELECT _content FROM large WHERE id = 'binary_content') TO STDOUT")
	require.NoError(t, err)
	require.Equal(t, `\`+string(digits)+"\n", out.String())
	out.Reset()
	_, err = pg.CopyTo(ctx, &out, "COPY (SELECT id, _content FROM large WHERE id = 'binary_content') TO STDOUT (FORMAT csv, FORCE_QUOTE *)")
	require.NoError(t, err)
	require.Equal(t, `"binary_content","`+string(digits)+"\"\n", out.String())
}
