package scale

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"hash"
	"io"
	"math/rand/v2"
	"testing"

	"github.com/jackc/pgx/v5/pgproto3"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/s3db-sql/s3db-sql/internal/clock"
	"github.com/s3db-sql/s3db-sql/internal/testserver"
	"github.com/s3db-sql/s3db-sql/storage/objstore/s3fake"
)

// maxContentAbove is what the server's process may take above what it took idle while
// whole objects of contentSize go through it.
const maxContentAbove = 64 << 20

// TestContentStreams puts 200 MB of content in by COPY and by parameters, in binary and in
// text, changes other columns of its rows, and reads it by COPY and by SELECT, in constant
// memory.
func TestContentStreams(t *testing.T) {
	want := contentSum(t)
	for _, c := range []struct {
		name, store string
		most        int64
	}{
		{"local", "file://" + t.TempDir(), 384 << 20}, // its cache, tables in memory and compactions take most of it
		{"S3", s3fake.New(t, clock.System).Location("s3db"), maxContentAbove},
	} {
		t.Run(c.name, func(t *testing.T) {
			srv := testserver.StartProcess(t, c.store, "--cache-memory", "0", "--max-message-size", "900MB")
			conn := srv.Connect(t).PgConn()
			run := func(sql string) {
				_, err := conn.Exec(ctx, sql).ReadAll()
				require.NoError(t, err, sql)
			}
			run(`CREATE TABLE file (id text PRIMARY KEY, name text)`)
			idle, err := srv.PeakMemory()
			require.NoError(t, err)
			check := func(what string) {
				peak, err := srv.PeakMemory()
				require.NoError(t, err)
				t.Logf("%s: %d MB above %d MB", what, (peak-idle)>>20, idle>>20)
				assert.Less(t, peak-idle, c.most, what)
			}

			_, err = conn.CopyFrom(ctx, copyBinary("copied"), `COPY file (id, _content) FROM STDIN (FORMAT binary)`)
			require.NoError(t, err)
			check("COPY FROM")
			bind := startPortals(t, srv.Addr)
			bind.put(`INSERT INTO file (id, _content) VALUES ($1, $2)`, "bound", 1, contentSize, content())
			check("a parameter in binary")
			bind.put(`INSERT INTO file (id, _content) VALUES ($1, $2)`, "text", 0, 2+2*contentSize, hexadecimal())
			check("a parameter in text")
			run(`UPDATE file SET name = 'n' WHERE id IN ('copied', 'bound')`)
			check("UPDATE of another column")
			run(`BEGIN; UPDATE file SET name = name || 'm'; COMMIT`)
			check("the same in a block")

			got := &fieldSum{Hash: sha256.New()}
			_, err = conn.CopyTo(ctx, got, `COPY (SELECT _content FROM file WHERE id = 'copied') TO STDOUT (FORMAT binary)`)
			require.NoError(t, err)
			require.Equal(t, want, hex.EncodeToString(got.Sum(nil)))
			check("COPY TO")
			require.Equal(t, want, bind.sum(`SELECT name, _content FROM file WHERE id = $1`, "text", 1))
			require.Equal(t, want, bind.sum(`SELECT name, _content FROM file WHERE id = $1`, "bound", 0))
			check("SELECT")
			run(`BEGIN; DELETE FROM file WHERE id = 'text'; UPDATE file SET _content = NULL WHERE id = 'bound'; ROLLBACK`)
			run(`DO $$ BEGIN DELETE FROM file; RAISE division_by_zero; EXCEPTION WHEN division_by_zero THEN NULL; END $$`)
			require.Equal(t, want, bind.sum(`SELECT name, _content FROM file WHERE id = $1`, "text", 1))
			run(`DELETE FROM file`)
			check("DELETE")
		})
	}
}

// content is a stream of contentSize bytes.
func content() io.Reader {
	return io.LimitReader(rand.NewChaCha8([32]byte{7}), contentSize)
}

func contentSum(t *testing.T) string {
	h := sha256.New()
	_, err := io.Copy(h, content())
	require.NoError(t, err)
	return hex.EncodeToString(h.Sum(nil))
}

// hexadecimal is content in bytea's text form.
func hexadecimal() io.Reader {
	r, w := io.Pipe()
	go func() {
		_, _ = io.WriteString(w, `\x`)
		_, err := io.Copy(hex.NewEncoder(w), content())
		w.CloseWithError(err)
	}()
	return r
}

// copyBinary is the data of one row of (id, _content) in COPY's binary format.
func copyBinary(id string) io.Reader {
	head := append([]byte("PGCOPY\n\xff\r\n\x00"), 0, 0, 0, 0, 0, 0, 0, 0)
	head = append(head, 0, 2)
	head = append(binary.BigEndian.AppendUint32(head, uint32(len(id))), id...)
	head = binary.BigEndian.AppendUint32(head, contentSize)
	r, w := io.Pipe()
	go func() {
		_, _ = w.Write(head)
		_, err := io.Copy(w, content())
		if err == nil {
			_, err = w.Write([]byte{0xff, 0xff})
		}
		w.CloseWithError(err)
	}()
	return r
}

// fieldSum is the sum of the one value of COPY's binary data.
type fieldSum struct {
	hash.Hash
	at int
}

// Write implements io.Writer.
func (s *fieldSum) Write(p []byte) (int, error) {
	const head, tail = 19 + 2 + 4, contentSize + 19 + 2 + 4
	for i := range p {
		if at := s.at + i; at == head {
			end := min(len(p), i+tail-at)
			_, _ = s.Hash.Write(p[i:end])
			break
		} else if at > head && at < tail {
			_, _ = s.Hash.Write(p[i:min(len(p), i+tail-at)])
			break
		}
	}
	s.at += len(p)
	return len(p), nil
}

// put runs a statement of two parameters, of which the second is streamed.
func (p *portals) put(sql, id string, format uint16, size int, value io.Reader) {
	p.fe.Send(&pgproto3.Parse{Query: sql})
	require.NoError(p.t, p.fe.Flush())
	body := []byte{0, 0, 0, 2, 0, 0, byte(format >> 8), byte(format), 0, 2}
	body = append(binary.BigEndian.AppendUint32(body, uint32(len(id))), id...)
	body = binary.BigEndian.AppendUint32(body, uint32(size))
	head := binary.BigEndian.AppendUint32([]byte{'B'}, uint32(4+len(body)+size+2))
	_, err := p.conn.Write(append(head, body...))
	require.NoError(p.t, err)
	_, err = io.Copy(p.conn, value)
	require.NoError(p.t, err)
	_, err = p.conn.Write([]byte{0, 0})
	require.NoError(p.t, err)
	p.fe.Send(&pgproto3.Execute{})
	p.fe.Send(&pgproto3.Sync{})
	p.ready()
}

// sum is the SHA-256 of the second column of a query's one row.
func (p *portals) sum(sql, id string, format int16) string {
	p.fe.Send(&pgproto3.Parse{Query: sql})
	p.fe.Send(&pgproto3.Bind{Parameters: [][]byte{[]byte(id)}, ResultFormatCodes: []int16{format}})
	p.fe.Send(&pgproto3.Execute{})
	p.fe.Send(&pgproto3.Sync{})
	require.NoError(p.t, p.fe.Flush())
	h := sha256.New()
	for {
		m, err := p.fe.Receive()
		require.NoError(p.t, err)
		switch m := m.(type) {
		case *pgproto3.ErrorResponse:
			require.Fail(p.t, m.Message)
		case *pgproto3.DataRow:
			value := m.Values[1]
			if format == 0 {
				value, err = hex.DecodeString(string(value[2:]))
				require.NoError(p.t, err)
			}
			_, _ = h.Write(value)
		case *pgproto3.ReadyForQuery:
			return hex.EncodeToString(h.Sum(nil))
		}
	}
}
