package wire

import (
	"context"

	"github.com/jackc/pgx/v5/pgproto3"

	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/types"
	"github.com/s3db-sql/s3db-sql/sql/vec"
)

// Message types (PostgreSQL documentation, "Message Formats").
const (
	msgQuery        = 'Q'
	msgParse        = 'P'
	msgBind         = 'B'
	msgDescribe     = 'D'
	msgExecute      = 'E'
	msgClose        = 'C'
	msgFlush        = 'H'
	msgSync         = 'S'
	msgFunctionCall = 'F'
	msgCopyData     = 'd'
	msgCopyDone     = 'c'
	msgCopyFail     = 'f'
	msgTerminate    = 'X'
	msgPassword     = 'p' // also SASL responses; only while authenticating

	msgDataRow         = 'D'
	msgCommandComplete = 'C'
	msgReadyForQuery   = 'Z'
	msgParseComplete   = '1'
	msgBindComplete    = '2'
)

// command says what a message of the client does.
type command struct {
	run func(c *conn, ctx context.Context, body []byte) error
	// batch messages belong to an extended query: an error skips until Sync.
	batch bool
	// always means also while skipping.
	always bool
	// engine messages reach the session, which hears of errors found before.
	engine bool
	// ready messages are answered by ReadyForQuery, after an error too.
	ready bool
}

var commands [256]command

// Filled at start-up because the commands refer to the table through conn.
func init() {
	commands = [256]command{
		msgQuery:        {run: (*conn).query, engine: true, ready: true},
		msgParse:        {run: (*conn).parse, engine: true, batch: true},
		msgBind:         {run: (*conn).bind, engine: true, batch: true},
		msgDescribe:     {run: (*conn).describe, engine: true, batch: true},
		msgExecute:      {run: (*conn).execute, engine: true, batch: true},
		msgClose:        {run: (*conn).close, engine: true, batch: true},
		msgFlush:        {run: (*conn).flush, batch: true},
		msgSync:         {run: (*conn).sync, always: true, ready: true},
		msgFunctionCall: {run: (*conn).functionCall, engine: true, ready: true},
		msgTerminate:    {run: (*conn).goodbye, always: true},
		// What is left of a CopyIn that failed on our side.
		msgCopyData: {run: (*conn).ignore},
		msgCopyDone: {run: (*conn).ignore},
		msgCopyFail: {run: (*conn).ignore},
	}
}

// malformed tells the session of an error in a message, which fails its
// transaction like any other.
func (c *conn) malformed(err error) error {
	c.session.Fail(errorFor(c.ctx, err))
	return err
}

func (c *conn) query(ctx context.Context, body []byte) error {
	m := c.message(body)
	sql := m.text()
	if err := m.done(); err != nil {
		return c.malformed(err)
	}
	c.res.described, c.res.ended, c.res.lost = false, false, nil
	if err := c.session.Query(ctx, sql, &c.res); err != nil {
		return located(err, sql)
	}
	return c.checkEnded("Query")
}

// located gives err's position in sql.
func located(err error, sql string) error {
	if e := pgerr.As(err); e != nil && e.HasPlace() {
		c := *e
		return c.Locate(sql)
	}
	return err
}

// checkEnded catches a session that forgot to end a command: its client would
// wait for ever.
func (c *conn) checkEnded(method string) error {
	if !c.res.ended {
		return pgerr.Internal("%s ended without CommandComplete", method)
	}
	return nil
}

func (c *conn) parse(ctx context.Context, body []byte) error {
	m := c.message(body)
	name, sql := m.text(), m.text()
	n := m.count()
	oids := make([]types.OID, min(n, len(m.rest)/4+1)) // the last fails if there are fewer
	for i := range oids {
		oids[i] = types.OID(m.int32())
	}
	if err := m.done(); err != nil {
		return c.malformed(err)
	}
	if err := c.session.Parse(ctx, name, sql, oids); err != nil {
		return located(err, sql)
	}
	c.out.add(msgParseComplete)
	return c.out.flushIfFull()
}

func (c *conn) bind(ctx context.Context, body []byte) error {
	req, err := c.readBind(ctx, body)
	if err != nil {
		return c.malformed(err)
	}
	if err := c.session.Bind(ctx, req); err != nil {
		return err
	}
	c.out.add(msgBindComplete)
	return c.out.flushIfFull()
}

func (c *conn) readBind(ctx context.Context, body []byte) (BindRequest, error) {
	if large := c.spooled; large != nil {
		c.spooled = nil
		return c.bindRequest(ctx, large)
	}
	m := c.message(body)
	req := BindRequest{
		Portal:        m.text(),
		Statement:     m.text(),
		ParamFormats:  m.formats(),
		Params:        m.values(),
		ResultFormats: m.formats(),
	}
	return req, m.done()
}

// target reads what Describe and Close name: a statement or a portal.
func (c *conn) target(body []byte, what string) (kind byte, name string, err error) {
	m := c.message(body)
	kind, name = m.byte(), m.text()
	err = m.done()
	if err == nil && kind != 'S' && kind != 'P' {
		err = pgerr.New(pgerr.ProtocolViolation, "invalid %s message subtype %d", what, kind)
	}
	if err != nil {
		err = c.malformed(err)
	}
	return kind, name, err
}

func (c *conn) describe(ctx context.Context, body []byte) error {
	kind, name, err := c.target(body, "DESCRIBE")
	if err != nil {
		return err
	}
	if kind == 'S' {
		return c.describeStatement(ctx, name)
	}
	fields, err := c.session.DescribePortal(ctx, name)
	if err != nil {
		return err
	}
	return c.sendFields(fields)
}

func (c *conn) describeStatement(ctx context.Context, name string) error {
	params, fields, err := c.session.DescribeStatement(ctx, name)
	if err != nil && params == nil {
		return err
	}
	if err := c.out.send(&pgproto3.ParameterDescription{ParameterOIDs: params}); err != nil {
		return err
	}
	if err != nil {
		return err
	}
	return c.sendFields(fields)
}

func (c *conn) sendFields(fields []Field) error {
	if fields == nil {
		return c.out.send(&pgproto3.NoData{})
	}
	return c.describeRows(fields)
}

func (c *conn) execute(ctx context.Context, body []byte) error {
	m := c.message(body)
	portal, maxRows := m.text(), m.int32()
	if err := m.done(); err != nil {
		return c.malformed(err)
	}
	c.res.described, c.res.ended, c.res.lost = true, false, nil
	if err := c.session.Execute(ctx, portal, int(max(maxRows, 0)), !c.syncFollows(), &c.res); err != nil {
		return err
	}
	return c.checkEnded("Execute")
}

func (c *conn) close(ctx context.Context, body []byte) error {
	kind, name, err := c.target(body, "CLOSE")
	if err != nil {
		return err
	}
	if kind == 'S' {
		err = c.session.CloseStatement(ctx, name)
	} else {
		err = c.session.ClosePortal(ctx, name)
	}
	if err != nil {
		return err
	}
	return c.out.send(&pgproto3.CloseComplete{})
}

func (c *conn) flush(_ context.Context, body []byte) error {
	m := c.message(body)
	if err := m.done(); err != nil {
		return c.malformed(err)
	}
	return c.out.flush()
}

// sync ends the batch. A cancel that came after the last message of the batch
// still wins over the commit.
func (c *conn) sync(ctx context.Context, body []byte) error {
	m := c.message(body)
	err := m.done()
	if err == nil && !c.skipping {
		err = ctx.Err()
	}
	if err == nil {
		return c.session.Sync(ctx)
	}
	c.session.Fail(errorFor(ctx, err))
	if syncErr := c.session.Sync(context.WithoutCancel(ctx)); syncErr != nil {
		c.log.Error("rollback after a failed batch", "err", syncErr)
	}
	return err
}

// functionCall is the fast path of libpq's PQfn (fastpath.c): one function, by oid.
func (c *conn) functionCall(ctx context.Context, body []byte) error {
	m := c.message(body)
	req := FunctionRequest{OID: types.OID(m.int32()), ArgFormats: m.formats(), Args: m.values(), ResultFormat: m.int16()}
	if err := m.done(); err != nil {
		return c.malformed(err)
	}
	t, value, err := c.session.FunctionCall(ctx, req, &c.res)
	if err != nil {
		return err
	}
	result, err := c.functionResult(t, value, req.ResultFormat)
	if err != nil {
		return c.malformed(err)
	}
	return c.out.send(&pgproto3.FunctionCallResponse{Result: result})
}

// functionResult is a value as the client wants it; nil for NULL.
func (c *conn) functionResult(t *types.Type, value any, f Format) ([]byte, error) {
	env := c.session.Env()
	col, err := newColumn(Field{Type: t, Typmod: -1, Format: f}, env)
	if err != nil || value == nil {
		return nil, err
	}
	b := vec.NewBuilder(t, 1)
	b.Append(value)
	col.bind(b.Build())
	result := col.append(nil, 0)[4:]
	if env.Client != nil {
		err = env.Client.Err()
	}
	return result, err
}

func (c *conn) goodbye(context.Context, []byte) error { return errEnd }

func (c *conn) ignore(context.Context, []byte) error { return nil }
