package sqllogic

import (
	"context"
	"errors"
	"fmt"
	"os"
	"runtime/pprof"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgtype"
)

// timeout is how long one statement may take.
const timeout = 60 * time.Second

// target is a server that scripts run against.
type target struct {
	url      string
	labels   map[string]bool // what onlyif and skipif ask for
	extended bool            // the extended query protocol instead of the simple one
}

// runner runs one script.
type runner struct {
	target target
	conns  map[string]*pgconn.PgConn
	cur    string
}

func newRunner(to target) *runner {
	return &runner{target: to, conns: map[string]*pgconn.PgConn{}, cur: "main"}
}

func (r *runner) close() {
	for _, c := range r.conns {
		_ = c.Close(context.Background()) // nothing to lose
	}
}

// conn is the current connection, opened when it is needed or was lost.
func (r *runner) conn(ctx context.Context) (*pgconn.PgConn, error) {
	if c := r.conns[r.cur]; c != nil && !c.IsClosed() {
		return c, nil
	}
	c, err := pgconn.Connect(ctx, r.target.url)
	if err == nil {
		r.conns[r.cur] = c
	}
	return c, err
}

// run runs the script's records. Each one's answer goes to visit.
func (r *runner) run(s *script, visit func(p *paragraph, got *answer)) error {
	for _, p := range s.paragraphs {
		if p.record == nil || !p.holds(r.target.labels) {
			continue
		}
		switch p.record.verb {
		case halt:
			return nil
		case connection:
			r.cur = p.record.arg
		default:
			got, err := r.ask(p.record.sql)
			if err != nil {
				return fmt.Errorf("%s:%d: %w", s.path, p.line, err)
			}
			visit(p, got)
		}
	}
	return nil
}

// answer is what a server said to one record.
type answer struct {
	types string // one letter a column
	rows  []string
	count int64
	err   *pgconn.PgError
	// lost is an error that is no answer: the connection broke, or the time was
	// over.
	lost error
}

func (r *runner) ask(sql string) (*answer, error) {
	ctx, cancel := context.WithTimeout(context.Background(), timeout)
	defer cancel()
	c, err := r.conn(ctx)
	if err != nil {
		return nil, err
	}
	got := &answer{}
	if r.target.extended {
		err = got.read(c.ExecParams(ctx, sql, nil, nil, nil, nil))
	} else {
		err = got.readAll(c.Exec(ctx, sql))
	}
	if err != nil && !errors.As(err, &got.err) {
		got.lost = err
		// The server runs in this process: what does it wait for?
		_ = pprof.Lookup("goroutine").WriteTo(os.Stderr, 1)
	}
	return got, nil
}

// readAll reads the results of a simple query; the last one is the answer.
func (a *answer) readAll(rr *pgconn.MultiResultReader) error {
	for rr.NextResult() {
		*a = answer{}
		if err := a.read(rr.ResultReader()); err != nil {
			return errors.Join(err, rr.Close())
		}
	}
	return rr.Close()
}

func (a *answer) read(rr *pgconn.ResultReader) error {
	for _, f := range rr.FieldDescriptions() {
		a.types += string(letterOf(f.DataTypeOID))
	}
	for rr.NextRow() {
		a.rows = append(a.rows, renderRow(rr.Values()))
	}
	tag, err := rr.Close()
	a.count = tag.RowsAffected()
	return err
}

var letters = map[uint32]byte{
	pgtype.Int2OID: 'I', pgtype.Int4OID: 'I', pgtype.Int8OID: 'I', pgtype.OIDOID: 'I',
	pgtype.Float4OID: 'R', pgtype.Float8OID: 'R', pgtype.NumericOID: 'R',
	pgtype.BoolOID: 'B',
}

func letterOf(oid uint32) byte {
	if l, ok := letters[oid]; ok {
		return l
	}
	return 'T'
}

func renderRow(values [][]byte) string {
	if len(values) == 0 {
		return "(row)"
	}
	cols := make([]string, len(values))
	for i, v := range values {
		cols[i] = renderValue(v)
	}
	return strings.Join(cols, "\t")
}

var controls = strings.NewReplacer("\n", `\n`, "\r", `\r`, "\t", `\t`)

func renderValue(v []byte) string {
	if v == nil {
		return "NULL"
	}
	if len(v) == 0 {
		return "(empty)"
	}
	s := string(v)
	core := strings.TrimLeft(s, " ")
	left := len(s) - len(core)
	core = strings.TrimRight(core, " ")
	right := len(s) - left - len(core)
	return strings.Repeat("·", left) + controls.Replace(core) + strings.Repeat("·", right)
}

func renderError(e *pgconn.PgError) []string {
	lines := []string{controls.Replace(e.Message)}
	if e.Position != 0 {
		lines = append(lines, "POSITION "+strconv.Itoa(int(e.Position)))
	}
	if e.Detail != "" {
		lines = append(lines, "DETAIL "+controls.Replace(e.Detail))
	}
	if e.Hint != "" {
		lines = append(lines, "HINT "+controls.Replace(e.Hint))
	}
	return lines
}

// differs says in words how an answer differs from the record, "" if it does
// not.
func (r *record) differs(got *answer) string {
	if got.lost != nil {
		return "no answer: " + got.lost.Error()
	}
	if r.verb == statementError {
		return r.differsError(got)
	}
	if got.err != nil {
		return "error " + got.err.Code + ": " + strings.Join(renderError(got.err), " | ")
	}
	switch r.verb {
	case statementCount:
		if n := strconv.FormatInt(got.count, 10); n != r.arg {
			return "the command tag has " + n
		}
	case query:
		return r.differsRows(got)
	}
	return ""
}

func (r *record) differsError(got *answer) string {
	if got.err == nil {
		return fmt.Sprintf("no error, %d rows", got.count)
	}
	if got.err.Code != r.arg {
		return "error " + got.err.Code + ": " + strings.Join(renderError(got.err), " | ")
	}
	if r.result != nil && !slices.Equal(renderError(got.err), r.result) {
		return "expected:\n" + strings.Join(r.result, "\n") + "\ngot:\n" + strings.Join(renderError(got.err), "\n")
	}
	return ""
}

func (r *record) differsRows(got *answer) string {
	if got.types != r.arg {
		return "the column types are " + got.types
	}
	want, rows := r.result, got.rows
	if r.rowsort {
		want, rows = slices.Sorted(slices.Values(want)), slices.Sorted(slices.Values(rows))
	}
	if !slices.Equal(want, rows) {
		return "expected:\n" + strings.Join(want, "\n") + "\ngot:\n" + strings.Join(rows, "\n")
	}
	return ""
}

// adopt writes an answer into the record. A record whose kind does not fit the
// answer is an error: the script says something else than the server.
func (r *record) adopt(got *answer) error {
	switch {
	case got.lost != nil:
		return got.lost
	case (got.err != nil) != (r.verb == statementError):
		if got.err != nil {
			return got.err
		}
		return errors.New("succeeds")
	case r.verb == statementError:
		r.arg = got.err.Code
		if r.result != nil {
			r.result = renderError(got.err)
		}
	case r.verb == statementCount:
		r.arg = strconv.FormatInt(got.count, 10)
	case r.verb == query:
		r.arg = got.types
		r.result = append([]string{}, got.rows...)
		if r.rowsort {
			slices.Sort(r.result)
		}
	}
	return nil
}
