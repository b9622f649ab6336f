package server

import (
	"context"
	"io"
	"net/netip"
	"slices"

	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/session"
	"github.com/s3db-sql/s3db-sql/sql/types"
	"github.com/s3db-sql/s3db-sql/sql/vec"
	"github.com/s3db-sql/s3db-sql/wire"
)

// handler implements wire.Handler over sessions.
type handler struct{ server *Server }

// NewSession implements wire.Handler.
func (h handler) NewSession(ctx context.Context, info wire.StartupInfo, client wire.Client) (wire.Session, error) {
	db := h.server.db
	var settings [][2]string
	for _, s := range info.Settings {
		settings = append(settings, [2]string{s.Name, s.Value})
	}
	s, err := session.New(ctx, db.shared, session.Options{
		User: info.User, Database: info.Database, PID: info.PID, Remote: address(info.RemoteAddr), Local: address(info.LocalAddr), Encryption: encryption(info.TLSState), Client: client,
		Report: client.ParameterStatus, Defaults: h.server.settings(), Settings: settings,
	})
	if err != nil {
		return nil, err
	}
	return &conn{Session: s, formats: map[string][]wire.Format{}}, nil
}

func address(a netip.AddrPort) string {
	if !a.IsValid() {
		return ""
	}
	return a.String()
}

// conn adapts a session to the protocol: it knows formats, the session does
// not.
type conn struct {
	*session.Session
	formats map[string][]wire.Format // of each portal
	// described are the fields that were described last.
	described struct {
		fields  []session.Field
		formats []wire.Format
		out     []wire.Field
	}
}

// fields are a result's fields in the formats that Bind asked for, those of a simple
// query as they are: 08P01 for another number of them. Those of a statement that is run
// again are the same slice again.
func (c *conn) fields(fields []session.Field, formats []wire.Format, bound bool) ([]wire.Field, error) {
	d := &c.described
	if len(fields) > 0 && len(fields) == len(d.fields) && &fields[0] == &d.fields[0] && slices.Equal(formats, d.formats) {
		return d.out, nil
	}
	out := toWire(fields)
	if slices.ContainsFunc(fields, func(f session.Field) bool { return f.Binary }) && !bound && len(formats) == 0 {
		return out, nil
	}
	if err := wire.SetFormats(out, formats); err != nil {
		return out, err
	}
	d.fields, d.formats, d.out = fields, formats, out
	return out, nil
}

var _ wire.Session = (*conn)(nil)

// Query implements wire.Session.
func (c *conn) Query(ctx context.Context, sql string, w wire.ResultWriter) error {
	return c.Session.Query(ctx, sql, &output{c: c, w: w})
}

// Bind implements wire.Session.
func (c *conn) Bind(ctx context.Context, req wire.BindRequest) error {
	params, err := c.StatementParams(req.Statement)
	if err != nil {
		c.Session.Fail(ctx)
		return err
	}
	values, err := wire.DecodeParams(c.InputEnv(), req, params)
	if err != nil {
		c.Session.Fail(ctx)
		return err
	}
	if err := c.BindPortal(ctx, req.Portal, req.Statement, values); err != nil {
		return err
	}
	if len(req.ResultFormats) > 0 {
		c.formats[req.Portal] = slices.Clone(req.ResultFormats)
	} else {
		delete(c.formats, req.Portal)
	}
	fields, err := c.Session.DescribePortal(ctx, req.Portal)
	if err == nil {
		_, err = c.fields(fields, req.ResultFormats, true) // counts that do not fit are an error of Bind
	}
	return err
}

// DescribeStatement implements wire.Session.
func (c *conn) DescribeStatement(ctx context.Context, name string) ([]types.OID, []wire.Field, error) {
	params, fields, err := c.Session.DescribeStatement(ctx, name)
	if err != nil && params == nil {
		return nil, nil, err
	}
	oids := make([]types.OID, len(params))
	for i, p := range params {
		oids[i] = p.OID
	}
	return oids, toWire(fields), err
}

// DescribePortal implements wire.Session.
func (c *conn) DescribePortal(ctx context.Context, name string) ([]wire.Field, error) {
	fields, err := c.Session.DescribePortal(ctx, name)
	if err != nil {
		return nil, err
	}
	return c.fields(fields, c.formats[name], true)
}

// Execute implements wire.Session.
func (c *conn) Execute(ctx context.Context, portal string, maxRows int, more bool, w wire.ResultWriter) error {
	return c.Session.Execute(ctx, portal, maxRows, more, &output{c: c, w: w, formats: c.formats[portal]})
}

// FunctionCall implements wire.Session.
func (c *conn) FunctionCall(ctx context.Context, req wire.FunctionRequest, w wire.ResultWriter) (*types.Type, any, error) {
	return c.Session.CallFunction(ctx, req.OID, &output{c: c, w: w}, func(env *types.Env, args []*types.Type) ([]any, error) {
		return wire.DecodeArguments(env, req, args)
	})
}

// CloseStatement implements wire.Session.
func (c *conn) CloseStatement(_ context.Context, name string) error {
	c.Session.CloseStatement(name)
	return nil
}

// ClosePortal implements wire.Session.
func (c *conn) ClosePortal(_ context.Context, name string) error {
	c.Session.ClosePortal(name)
	delete(c.formats, name)
	return nil
}

// Fail implements wire.Session.
func (c *conn) Fail(*pgerr.Error) { c.Session.Fail(context.Background()) }

// TxStatus implements wire.Session.
func (c *conn) TxStatus() wire.TxStatus { return wire.TxStatus(c.Status()) }

// toWire keeps nil nil: a statement without rows.
func toWire(fields []session.Field) []wire.Field {
	if fields == nil {
		return nil
	}
	out := make([]wire.Field, len(fields))
	for i, f := range fields {
		out[i] = wire.Field{Name: f.Name, TableOID: f.Relation, Column: f.Num, Type: f.Type, Typmod: f.Typmod}
		if f.Binary {
			out[i].Format = wire.Binary
		}
	}
	return out
}

// output implements session.Output over a wire.ResultWriter.
type output struct {
	c       *conn
	w       wire.ResultWriter
	formats []wire.Format
}

func (o *output) Describe(fields []session.Field) error {
	out, err := o.c.fields(fields, o.formats, false)
	if err != nil {
		return err
	}
	return o.w.RowDescription(out)
}

func (o *output) Rows(b *vec.Batch) error     { return o.w.Rows(b) }
func (o *output) Complete(tag string) error   { return o.w.CommandComplete(tag) }
func (o *output) Empty() error                { return o.w.EmptyQuery() }
func (o *output) Suspended() error            { return o.w.PortalSuspended() }
func (o *output) Notice(n *pgerr.Error) error { return o.w.Notice(n) }

func (o *output) CopyIn(binary bool, columns int) (session.CopyReader, error) {
	return o.w.CopyIn(copyFormat(binary, columns))
}

func (o *output) CopyOut(binary bool, columns int) (io.WriteCloser, error) {
	return o.w.CopyOut(copyFormat(binary, columns))
}

// copyFormat gives every column the format of the whole.
func copyFormat(binary bool, columns int) wire.CopyFormat {
	f := wire.CopyFormat{Format: wire.Text, Columns: make([]wire.Format, columns)}
	if binary {
		f.Format = wire.Binary
	}
	for i := range f.Columns {
		f.Columns[i] = f.Format
	}
	return f
}
