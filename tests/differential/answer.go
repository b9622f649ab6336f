package differential

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5/pgconn"

	"github.com/s3db-sql/s3db-sql/tests/differential/gen"
)

// timeout is how long one statement may take.
const timeout = 60 * time.Second

// answer is what a server says to one statement.
type answer struct {
	columns []string // name and type
	rows    []string
	tag     string
	err     *pgconn.PgError
}

// failed is the SQLSTATE, "" for success.
func (a *answer) failed() string {
	if a.err == nil {
		return ""
	}
	return a.err.Code
}

// String shows the answer as a person wants to see it in a test's output.
func (a *answer) String() string {
	if a.err != nil {
		return fmt.Sprintf("ERROR %s: %s", a.err.Code, a.err.Message)
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n", a.tag)
	if len(a.columns) > 0 {
		fmt.Fprintf(&b, "  %s\n", strings.Join(a.columns, " | "))
	}
	for i, r := range a.rows {
		if i == 20 {
			fmt.Fprintf(&b, "  … %d rows in all\n", len(a.rows))
			break
		}
		fmt.Fprintf(&b, "  %s\n", r)
	}
	return strings.TrimRight(b.String(), "\n")
}

// server is a connection to one of the two.
type server struct {
	url   string
	conn  *pgconn.PgConn
	types map[uint32]string // names of types that are not built in
}

func connect(url string) (*server, error) {
	s := &server{url: url}
	return s, s.open()
}

func (s *server) open() (err error) {
	ctx, cancel := context.WithTimeout(context.Background(), timeout)
	defer cancel()
	s.types = map[uint32]string{}
	s.conn, err = pgconn.Connect(ctx, s.url)
	return err
}

func (s *server) close() { _ = s.conn.Close(context.Background()) }

// ask runs one statement by the simple protocol. An error is a lost connection: that
// is no answer.
func (s *server) ask(st gen.Statement) (*answer, error) {
	ctx, cancel := context.WithTimeout(context.Background(), timeout)
	defer cancel()
	a := &answer{}
	var oids []uint32
	var err error
	if st.Copy {
		err = a.copyOut(ctx, s.conn, st.SQL)
	} else {
		oids, err = a.read(s.conn.Exec(ctx, st.SQL))
	}
	if err != nil && !errors.As(err, &a.err) {
		return nil, fmt.Errorf("%s: %w", st.SQL, err)
	}
	return a, s.nameTypes(ctx, a, oids)
}

func (a *answer) read(results *pgconn.MultiResultReader) (oids []uint32, err error) {
	for results.NextResult() {
		r := results.ResultReader()
		a.columns, a.rows, oids = nil, nil, nil
		for _, f := range r.FieldDescriptions() {
			a.columns = append(a.columns, f.Name)
			oids = append(oids, f.DataTypeOID)
		}
		for r.NextRow() {
			a.rows = append(a.rows, rowText(r.Values()))
		}
		tag, err := r.Close()
		a.tag = tag.String()
		if err != nil {
			return oids, errors.Join(err, results.Close())
		}
	}
	return oids, results.Close()
}

// copyOut takes the lines of COPY as rows.
func (a *answer) copyOut(ctx context.Context, conn *pgconn.PgConn, sql string) error {
	var data bytes.Buffer
	tag, err := conn.CopyTo(ctx, &data, sql)
	a.tag, a.rows = tag.String(), strings.SplitAfter(data.String(), "\n")
	return err
}

func rowText(values [][]byte) string {
	out := make([]string, len(values))
	for i, v := range values {
		out[i] = "NULL"
		if v != nil {
			out[i] = fmt.Sprintf("%q", v)
		}
	}
	return strings.Join(out, " | ")
}

// firstUserOID is where the oids begin that servers give out themselves.
const firstUserOID = 16384

// nameTypes adds each column's type: built-in ones by oid, others by name.
func (s *server) nameTypes(ctx context.Context, a *answer, oids []uint32) error {
	if a.err != nil {
		return nil
	}
	for i, oid := range oids {
		name := fmt.Sprint(oid)
		if oid >= firstUserOID {
			var err error
			if name, err = s.typeName(ctx, oid); err != nil {
				return err
			}
		}
		a.columns[i] += " " + name
	}
	return nil
}

func (s *server) typeName(ctx context.Context, oid uint32) (string, error) {
	if name, ok := s.types[oid]; ok {
		return name, nil
	}
	results, err := s.conn.Exec(ctx, fmt.Sprintf("SELECT typname FROM pg_catalog.pg_type WHERE oid = %d", oid)).ReadAll()
	if err != nil || len(results[0].Rows) != 1 {
		return fmt.Sprint("unknown type ", oid), err
	}
	s.types[oid] = string(results[0].Rows[0][0])
	return s.types[oid], nil
}
