package wire_test

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/types"
	"github.com/s3db-sql/s3db-sql/sql/vec"
	"github.com/s3db-sql/s3db-sql/wire"
)

// The fake engine knows a handful of statements by their text. It keeps
// statements, portals and transactions as PostgreSQL does, so that the scripts
// of pgtest, whose expectations PostgreSQL wrote, prove the conversation.

var (
	fakeInt4 = types.NewType(types.Def[int32]{
		Type: types.Type{OID: types.Int4OID, Name: "int4", Len: 4},
		Impl: types.Impl[int32]{
			In: func(_ *types.Env, s string, _ int32) (int32, error) {
				n, err := strconv.ParseInt(s, 10, 32)
				if err != nil {
					return 0, types.InvalidInput("integer", s)
				}
				return int32(n), nil
			},
			Out: func(_ *types.Env, dst []byte, v int32) []byte { return strconv.AppendInt(dst, int64(v), 10) },
			Recv: func(_ *types.Env, b []byte, _ int32) (int32, error) {
				if len(b) != 4 {
					return 0, pgerr.New(pgerr.InvalidBinaryRepresentation, "incorrect binary data format in bind parameter 1")
				}
				return int32(binary.BigEndian.Uint32(b)), nil
			},
			Send: func(_ *types.Env, dst []byte, v int32) []byte { return binary.BigEndian.AppendUint32(dst, uint32(v)) },
		},
	})
	fakeText = types.NewType(types.Def[string]{
		Type: types.Type{OID: types.TextOID, Name: "text", Len: -1},
		Impl: types.Impl[string]{
			In:   func(_ *types.Env, s string, _ int32) (string, error) { return s, nil },
			Out:  func(_ *types.Env, dst []byte, v string) []byte { return append(dst, v...) },
			Recv: func(_ *types.Env, b []byte, _ int32) (string, error) { return string(b), nil },
			Send: func(_ *types.Env, dst []byte, v string) []byte { return append(dst, v...) },
		},
	})
	fakeVoid = types.NewType(types.Def[string]{Type: types.Type{OID: types.VoidOID, Name: "void", Len: 4}, Impl: types.Impl[string]{
		Out: func(_ *types.Env, dst []byte, v string) []byte { return append(dst, v...) },
	}})
)

// fakeStmt is a statement that the fake knows.
type fakeStmt struct {
	sql    string
	params []*types.Type
	fields []wire.Field
	tag    string // "" is a query: SELECT and the number of rows
	empty  bool
	rows   func(ctx context.Context, s *fakeSession, params []any, k int) (any, error) // io.EOF at the end
	effect func(s *fakeSession)
}

// fakeHandler counts what goes on in its sessions.
type fakeHandler struct {
	open      atomic.Int64
	cancelled atomic.Int64
	running   atomic.Int64
	rows      atomic.Int64
	started   chan struct{} // a signal per pg_sleep that began
	sessions  chan *fakeSession
}

func newFakeHandler() *fakeHandler {
	return &fakeHandler{started: make(chan struct{}, 1000), sessions: make(chan *fakeSession, 1000)}
}

func (h *fakeHandler) NewSession(ctx context.Context, info wire.StartupInfo, c wire.Client) (wire.Session, error) {
	if info.Database == "there_is_no_such_database" {
		return nil, pgerr.New(pgerr.InvalidCatalogName, `database "%s" does not exist`, info.Database)
	}
	if info.Database == "panics" {
		panic("no session")
	}
	s := &fakeSession{h: h, info: info, client: c, stmts: map[string]*fakeStmt{}, portals: map[string]*fakePortal{}, tx: wire.TxIdle}
	for _, p := range info.Settings {
		if p.Name == "application_name" {
			s.app = p.Value
		}
	}
	s.reportAll()
	h.open.Add(1)
	select {
	case h.sessions <- s:
	default:
	}
	return s, nil
}

type fakePortal struct {
	stmt   *fakeStmt
	params []any
	fields []wire.Field
	at     int
}

type fakeSession struct {
	h       *fakeHandler
	info    wire.StartupInfo
	client  wire.Client
	stmts   map[string]*fakeStmt
	portals map[string]*fakePortal
	tx      wire.TxStatus
	app     string
	appOld  string // at BEGIN
	broken  bool   // TxStatus panics
}

func (s *fakeSession) reportAll() {
	s.client.ParameterStatus("application_name", s.app)
	for _, p := range [][2]string{
		{"client_encoding", "UTF8"}, {"DateStyle", "ISO, MDY"}, {"default_transaction_read_only", "off"},
		{"in_hot_standby", "off"}, {"integer_datetimes", "on"}, {"IntervalStyle", "postgres"},
		{"is_superuser", "on"}, {"server_encoding", "UTF8"}, {"server_version", "15.18"},
		{"session_authorization", s.info.User}, {"standard_conforming_strings", "on"}, {"TimeZone", "UTC"},
	} {
		s.client.ParameterStatus(p[0], p[1])
	}
}

func (s *fakeSession) setApp(name string) {
	s.app = name
	s.client.ParameterStatus("application_name", name)
}

func field(name string, t *types.Type) []wire.Field {
	return []wire.Field{{Name: name, Type: t, Typmod: -1}}
}

func once(v any) func(context.Context, *fakeSession, []any, int) (any, error) {
	return func(_ context.Context, _ *fakeSession, _ []any, k int) (any, error) {
		if k > 0 {
			return nil, io.EOF
		}
		return v, nil
	}
}

var (
	reSelectInt = regexp.MustCompile(`^SELECT (\d+)$`)
	reSeries    = regexp.MustCompile(`^SELECT generate_series\(1, (\d+)\)$`)
	reWide      = regexp.MustCompile(`^SELECT wide\((\d+), (\d+)\)$`)
	reSleep     = regexp.MustCompile(`^SELECT pg_sleep\((\d+)\)$`)
	reSetApp    = regexp.MustCompile(`^SET application_name = '(\w*)'$`)
)

// prepare finds a statement by its text; at is where it begins in the message.
func prepare(sql string, at int) (*fakeStmt, error) {
	st := &fakeStmt{sql: sql}
	if m := reSelectInt.FindStringSubmatch(sql); m != nil {
		n, _ := strconv.Atoi(m[1])
		st.fields, st.rows = field("?column?", fakeInt4), once(int32(n))
		return st, nil
	}
	if m := reSeries.FindStringSubmatch(sql); m != nil {
		n, _ := strconv.Atoi(m[1])
		st.fields, st.rows = field("generate_series", fakeInt4), series(n)
		return st, nil
	}
	if m := reWide.FindStringSubmatch(sql); m != nil {
		n, _ := strconv.Atoi(m[1])
		width, _ := strconv.Atoi(m[2])
		st.fields, st.rows = field("wide", fakeText), wide(n, width)
		return st, nil
	}
	if m := reSleep.FindStringSubmatch(sql); m != nil {
		n, _ := strconv.Atoi(m[1])
		st.fields, st.rows = field("pg_sleep", fakeVoid), sleep(time.Duration(n)*time.Second)
		return st, nil
	}
	if m := reSetApp.FindStringSubmatch(sql); m != nil {
		st.tag, st.effect = "SET", func(s *fakeSession) { s.setApp(m[1]) }
		return st, nil
	}
	if f := fixed[sql]; f != nil {
		f(st)
		return st, nil
	}
	word, _, _ := strings.Cut(sql, " ")
	return nil, pgerr.New(pgerr.SyntaxError, "syntax error at or near \"%s\"", word).AtByte(at)
}

var fixed = map[string]func(*fakeStmt){
	"": func(st *fakeStmt) { st.empty = true },
	"BEGIN": func(st *fakeStmt) {
		st.tag, st.effect = "BEGIN", func(s *fakeSession) { s.tx, s.appOld = wire.TxBlock, s.app }
	},
	"COMMIT": func(st *fakeStmt) {
		st.tag, st.effect = "COMMIT", func(s *fakeSession) { s.tx, s.portals = wire.TxIdle, map[string]*fakePortal{} }
	},
	"ROLLBACK": func(st *fakeStmt) {
		st.tag, st.effect = "ROLLBACK", func(s *fakeSession) {
			s.tx, s.portals = wire.TxIdle, map[string]*fakePortal{}
			s.setApp(s.appOld)
		}
	},
	"SELECT 'a'::text": func(st *fakeStmt) { st.fields, st.rows = field("text", fakeText), once("a") },
	"SELECT $1::int4": func(st *fakeStmt) {
		st.params, st.fields = []*types.Type{fakeInt4}, field("int4", fakeInt4)
		st.rows = func(_ context.Context, _ *fakeSession, ps []any, k int) (any, error) {
			if k > 0 {
				return nil, io.EOF
			}
			return ps[0], nil
		}
	},
	// PostgreSQL finds this one while planning, before any description.
	"SELECT 1/0": func(st *fakeStmt) {
		st.rows = func(context.Context, *fakeSession, []any, int) (any, error) { return nil, divisionByZero() }
	},
	"SELECT 1/x FROM generate_series(0, 0) AS g(x)": func(st *fakeStmt) {
		st.fields = field("?column?", fakeInt4)
		st.rows = func(context.Context, *fakeSession, []any, int) (any, error) { return nil, divisionByZero() }
	},
	"SELECT panic()": func(st *fakeStmt) {
		st.fields = field("panic", fakeInt4)
		st.rows = func(context.Context, *fakeSession, []any, int) (any, error) { panic("a fault of the engine") }
	},
	"SELECT plain_error()": func(st *fakeStmt) {
		st.rows = func(context.Context, *fakeSession, []any, int) (any, error) { return nil, errors.New("plain") }
	},
	"SELECT every_field()": func(st *fakeStmt) {
		st.rows = func(context.Context, *fakeSession, []any, int) (any, error) { return nil, everyField() }
	},
	"BREAK": func(st *fakeStmt) {
		st.tag, st.effect = "BREAK", func(s *fakeSession) { s.broken = true }
	},
	"COPY FROM STDIN": func(st *fakeStmt) { st.tag = "COPY IN" },
	"COPY TO STDOUT":  func(st *fakeStmt) { st.tag = "COPY OUT" },
	"FORGET":          func(st *fakeStmt) { st.tag = "FORGET" },
}

func divisionByZero() error { return pgerr.New(pgerr.DivisionByZero, "division by zero") }

func everyField() error {
	e := pgerr.New(pgerr.CheckViolation, "message\x00with zero").WithDetail("detail").WithHint("hint").
		WithRelation("schema", "table", "column", "constraint").AtByte(7)
	e.InternalPosition, e.InternalQuery, e.Where, e.DataType = 3, "internal", "where", "type"
	return e
}

func series(n int) func(context.Context, *fakeSession, []any, int) (any, error) {
	return func(_ context.Context, _ *fakeSession, _ []any, k int) (any, error) {
		if k >= n {
			return nil, io.EOF
		}
		return int32(k + 1), nil
	}
}

func wide(n, width int) func(context.Context, *fakeSession, []any, int) (any, error) {
	v := strings.Repeat("x", width)
	return func(_ context.Context, s *fakeSession, _ []any, k int) (any, error) {
		if k >= n {
			return nil, io.EOF
		}
		s.h.rows.Add(1)
		return v, nil
	}
}

func sleep(d time.Duration) func(context.Context, *fakeSession, []any, int) (any, error) {
	return func(ctx context.Context, s *fakeSession, _ []any, k int) (any, error) {
		if k > 0 {
			return nil, io.EOF
		}
		s.h.running.Add(1)
		defer s.h.running.Add(-1)
		s.h.started <- struct{}{}
		select {
		case <-time.After(d):
			return "", nil
		case <-ctx.Done():
			s.h.cancelled.Add(1)
			return nil, fmt.Errorf("reading: %w", ctx.Err())
		}
	}
}

// fail is what an error does to the transaction.
func (s *fakeSession) fail(err error) error {
	if err != nil && s.tx == wire.TxBlock {
		s.tx = wire.TxFailed
	}
	return err
}

func (s *fakeSession) aborted(st *fakeStmt) error {
	if s.tx == wire.TxFailed && st.tag != "ROLLBACK" && st.tag != "COMMIT" {
		return pgerr.New(pgerr.InFailedSqlTransaction,
			"current transaction is aborted, commands ignored until end of transaction block")
	}
	return nil
}

func (s *fakeSession) Query(ctx context.Context, sql string, w wire.ResultWriter) error {
	return s.fail(s.query(ctx, sql, w))
}

func (s *fakeSession) query(ctx context.Context, sql string, w wire.ResultWriter) error {
	var stmts []*fakeStmt
	at := 0
	for _, part := range strings.SplitAfter(sql, ";") {
		text := strings.TrimSpace(strings.TrimSuffix(part, ";"))
		if text != "" {
			st, err := prepare(text, at+strings.Index(part, text))
			if err != nil {
				return err
			}
			stmts = append(stmts, st)
		}
		at += len(part)
	}
	if len(stmts) == 0 {
		return w.EmptyQuery()
	}
	for _, st := range stmts {
		if err := s.aborted(st); err != nil {
			return err
		}
		p := &fakePortal{stmt: st, fields: st.fields}
		if st.fields != nil {
			if err := w.RowDescription(st.fields); err != nil {
				return err
			}
		}
		if err := s.run(ctx, p, 0, w); err != nil {
			return err
		}
	}
	return nil
}

func (s *fakeSession) run(ctx context.Context, p *fakePortal, maxRows int, w wire.ResultWriter) error {
	st := p.stmt
	switch {
	case st.empty:
		return w.EmptyQuery()
	case st.tag == "FORGET":
		return nil
	case st.tag == "COPY IN":
		return copyIn(ctx, w)
	case st.tag == "COPY OUT":
		return copyOut(w)
	case st.tag != "":
		st.effect(s)
		return w.CommandComplete(st.tag)
	}
	n := 0
	for ; maxRows == 0 || n < maxRows; n++ {
		v, err := st.rows(ctx, s, p.params, p.at)
		if err == io.EOF {
			return w.CommandComplete(fmt.Sprintf("SELECT %d", n))
		}
		if err != nil {
			return err
		}
		p.at++
		if err := w.Rows(vec.NewBatch([]vec.Vector{vec.Const(p.fields[0].Type, v, 1)}, 1)); err != nil {
			return err
		}
	}
	return w.PortalSuspended()
}

func copyIn(ctx context.Context, w wire.ResultWriter) error {
	r, err := w.CopyIn(wire.CopyFormat{Columns: []wire.Format{wire.Text}})
	if err != nil {
		return err
	}
	lines := 0
	for {
		b, err := r.Next(ctx)
		if err == io.EOF {
			return w.CommandComplete(fmt.Sprintf("COPY %d", lines))
		}
		if err != nil {
			return err
		}
		if strings.Contains(string(b), "bad") {
			return pgerr.New(pgerr.BadCopyFileFormat, "bad line")
		}
		lines += strings.Count(string(b), "\n")
	}
}

func copyOut(w wire.ResultWriter) error {
	c, err := w.CopyOut(wire.CopyFormat{Columns: []wire.Format{wire.Text}})
	if err != nil {
		return err
	}
	for _, line := range []string{"1\n", "2\n"} {
		if _, err := c.Write([]byte(line)); err != nil {
			return err
		}
	}
	if err := c.Close(); err != nil {
		return err
	}
	return w.CommandComplete("COPY 2")
}

func (s *fakeSession) Parse(_ context.Context, name, sql string, _ []types.OID) error {
	st, err := prepare(sql, 0)
	if err == nil {
		err = s.aborted(st)
	}
	if err == nil && name != "" && s.stmts[name] != nil {
		err = pgerr.New(pgerr.DuplicatePreparedStatement, `prepared statement "%s" already exists`, name)
	}
	if err == nil {
		s.stmts[name] = st
	}
	return s.fail(err)
}

func (s *fakeSession) stmt(name string) (*fakeStmt, error) {
	st := s.stmts[name]
	if st == nil {
		return nil, s.fail(pgerr.New(pgerr.InvalidSqlStatementName, `prepared statement "%s" does not exist`, name))
	}
	return st, nil
}

func (s *fakeSession) portal(name string) (*fakePortal, error) {
	p := s.portals[name]
	if p == nil {
		return nil, s.fail(pgerr.New(pgerr.InvalidCursorName, `portal "%s" does not exist`, name))
	}
	return p, nil
}

func (s *fakeSession) Bind(_ context.Context, req wire.BindRequest) error {
	st, err := s.stmt(req.Statement)
	if err != nil {
		return err
	}
	if req.Portal != "" && s.portals[req.Portal] != nil {
		return s.fail(pgerr.New(pgerr.DuplicateCursor, `cursor "%s" already exists`, req.Portal))
	}
	params, err := wire.DecodeParams(s.Env(), req, st.params)
	if err != nil {
		return s.fail(err)
	}
	p := &fakePortal{stmt: st, params: params}
	if st.fields != nil {
		p.fields = append([]wire.Field{}, st.fields...)
		if err := wire.SetFormats(p.fields, req.ResultFormats); err != nil {
			return s.fail(err)
		}
	}
	s.portals[req.Portal] = p
	return nil
}

func (s *fakeSession) DescribeStatement(_ context.Context, name string) ([]types.OID, []wire.Field, error) {
	st, err := s.stmt(name)
	if err != nil {
		return nil, nil, err
	}
	var oids []types.OID
	for _, t := range st.params {
		oids = append(oids, t.OID)
	}
	return oids, st.fields, nil
}

func (s *fakeSession) DescribePortal(_ context.Context, name string) ([]wire.Field, error) {
	p, err := s.portal(name)
	if err != nil {
		return nil, err
	}
	return p.fields, nil
}

func (s *fakeSession) Execute(ctx context.Context, name string, maxRows int, more bool, w wire.ResultWriter) error {
	p, err := s.portal(name)
	if err != nil {
		return err
	}
	if err := w.RowDescription(p.fields); err != nil {
		return s.fail(err)
	}
	return s.fail(s.run(ctx, p, maxRows, w))
}

// FunctionCall knows abs(int4) alone.
func (s *fakeSession) FunctionCall(_ context.Context, req wire.FunctionRequest, _ wire.ResultWriter) (*types.Type, any, error) {
	if req.OID != 1397 {
		return nil, nil, pgerr.New(pgerr.UndefinedFunction, "function with OID %d does not exist", req.OID)
	}
	int4 := types.ByOID(types.Int4OID)
	args, err := wire.DecodeArguments(types.DefaultEnv(), req, []*types.Type{int4})
	if err != nil || args[0] == nil {
		return int4, nil, err
	}
	return int4, max(args[0].(int32), -args[0].(int32)), nil
}

func (s *fakeSession) CloseStatement(_ context.Context, name string) error {
	delete(s.stmts, name)
	return nil
}

func (s *fakeSession) ClosePortal(_ context.Context, name string) error {
	delete(s.portals, name)
	return nil
}

func (s *fakeSession) Sync(context.Context) error {
	if s.tx == wire.TxIdle {
		clear(s.portals)
	}
	return nil
}

func (s *fakeSession) Fail(err *pgerr.Error) { _ = s.fail(err) }

// IdleLimit ends a session called "impatient" soon.
func (s *fakeSession) IdleLimit() (time.Duration, *pgerr.Error) {
	if s.app != "impatient" {
		return 0, nil
	}
	return 50 * time.Millisecond, pgerr.New(pgerr.IdleSessionTimeout, "terminating connection due to idle-session timeout")
}

func (s *fakeSession) TxStatus() wire.TxStatus {
	if s.broken {
		panic("a fault between messages")
	}
	return s.tx
}
func (s *fakeSession) Env() *types.Env { return types.DefaultEnv() }
func (s *fakeSession) Close()          { s.h.open.Add(-1) }
