package wire

import (
	"context"
	"crypto/tls"
	"io"
	"net/netip"
	"time"

	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/types"
	"github.com/s3db-sql/s3db-sql/sql/vec"
)

// Handler is the engine behind the protocol.
type Handler interface {
	// NewSession opens a session for an authenticated user. ctx lives as long as
	// the connection. Before it returns, the session reports through client every
	// parameter that PostgreSQL reports, in its order: application_name,
	// client_encoding, DateStyle, default_transaction_read_only, in_hot_standby,
	// integer_datetimes, IntervalStyle, is_superuser, server_encoding,
	// server_version, session_authorization, standard_conforming_strings, TimeZone.
	//
	// An error is sent as FATAL: 3D000 for an unknown database, 28000 for a role
	// that may not log in, 42704 or 22023 for a bad setting.
	NewSession(ctx context.Context, info StartupInfo, client Client) (Session, error)
}

// StartupInfo is what a client said when it connected.
type StartupInfo struct {
	User     string
	Database string // the user's name if the client named none
	// Settings are the parameters to set, in order: those of the options
	// parameter (-c name=value), then the others (application_name,
	// client_encoding, DateStyle, …). Names are as sent, values not validated.
	Settings []Setting
	// RemoteAddr and LocalAddr, the server's, are the zero AddrPort for a connection that
	// is not IP.
	RemoteAddr, LocalAddr netip.AddrPort
	TLS                   bool
	// TLSState says how the connection is encrypted, nil without TLS.
	TLSState *tls.ConnectionState
	// PID is pg_backend_pid() and, with Secret, the key of a CancelRequest.
	PID    int32
	Secret []byte
}

// Setting is a parameter and its value.
type Setting struct{ Name, Value string }

// Client reaches the client of a session. Its methods may be called at any
// time, from any goroutine, also while a Session method runs; they do not block.
type Client interface {
	// ParameterStatus reports a parameter's value. It is sent before the next
	// ReadyForQuery, and only if it differs from the one sent last.
	ParameterStatus(name, value string)
	// Notice sends a message outside any result, at the next message boundary. A
	// running statement uses ResultWriter.Notice, which keeps the order.
	Notice(n *pgerr.Error)
	// Notify delivers a notification as soon as the session is outside of a
	// transaction, at once if it is idle. False means that the client does not
	// take its notifications: too many wait already, and this one is lost.
	Notify(pid int32, channel, payload string) bool
	// Cancel ends the statement that runs, if any, with this error
	// (pg_cancel_backend; CancelRequest does the same).
	Cancel(cause *pgerr.Error)
	// Terminate ends the session: it cancels the statement that runs, sends the
	// error as FATAL and closes (pg_terminate_backend, idle timeouts).
	Terminate(reason *pgerr.Error)
}

// Session is one client's session. Its methods are called by one goroutine, one
// at a time.
//
// A method's ctx ends when the statement is cancelled, the client is gone or the
// server gives up waiting for it. It does not outlive the message (more exactly:
// the run of messages that were there already), so a portal that suspends must
// tie its background work to the context of NewSession, and watch ctx only
// during the call (context.AfterFunc).
//
// An error is a *pgerr.Error; anything else becomes XX000. Its severity FATAL
// ends the connection after it was sent. Wire calls Locate with the text of a
// Query or Parse; errors of the other methods are located by the session, which
// has the text. An error that a ResultWriter returned must be handed back: the
// client is gone.
//
// A method that returns an error has left the session as PostgreSQL would: a
// transaction block is failed, an implicit transaction of a Query is rolled
// back. After an error in an extended-query method, wire skips messages until
// Sync.
type Session interface {
	// Query runs a simple query of zero or more statements: one implicit
	// transaction, unless it says BEGIN. For each statement with a result it calls
	// w.RowDescription, then w.Rows any number of times, then w.CommandComplete;
	// for one without, w.CommandComplete only; for an empty text, w.EmptyQuery.
	Query(ctx context.Context, sql string, w ResultWriter) error

	// Parse prepares a statement; an empty name is the unnamed one. paramTypes
	// may be shorter than the parameters, and 0 means "infer". 42P05 if a named
	// one exists.
	Parse(ctx context.Context, name, sql string, paramTypes []types.OID) error
	// Bind makes a portal. It must decode the parameters before it returns
	// (DecodeParams): their bytes are reused. 26000 for an unknown statement, 42P03
	// if a named portal exists, 08P01 for wrong counts.
	Bind(ctx context.Context, req BindRequest) error
	// DescribeStatement returns the parameters and the result's columns; nil
	// fields mean that the statement returns no rows (NoData), empty ones that
	// its rows have no columns. 26000 for an unknown statement. Parameters beside an
	// error are sent before it.
	DescribeStatement(ctx context.Context, name string) (params []types.OID, fields []Field, err error)
	// DescribePortal is the same for a portal, with Format set as Bind asked.
	// 34000 for an unknown portal.
	DescribePortal(ctx context.Context, name string) ([]Field, error)
	// Execute runs a portal up to maxRows rows, all if 0. It calls
	// w.RowDescription with the portal's fields (not sent, but the encoding of
	// Rows follows it), then w.Rows, then either w.PortalSuspended, if it stopped
	// at maxRows, or w.CommandComplete, or w.EmptyQuery. A portal that has
	// completed gives no rows and completes again, as PostgreSQL's do. more: the Sync that
	// ends the transaction is not known to be next.
	Execute(ctx context.Context, portal string, maxRows int, more bool, w ResultWriter) error
	// FunctionCall calls one function as a statement of its own, and returns its value
	// (nil: NULL) and type. It must decode the arguments before it calls
	// (DecodeArguments); w takes notices. 42883 for an unknown function, 0A000 for what
	// is none that can be called so.
	FunctionCall(ctx context.Context, req FunctionRequest, w ResultWriter) (*types.Type, any, error)
	// CloseStatement and ClosePortal succeed for a name that does not exist.
	CloseStatement(ctx context.Context, name string) error
	ClosePortal(ctx context.Context, name string) error
	// Sync ends the implicit transaction of the extended-query messages since the
	// last Sync: commits it, or rolls it back if one of them failed.
	Sync(ctx context.Context) error

	// Fail tells of an error that wire found itself (a malformed message, a
	// cancel between two messages): the open transaction must fail as if a method
	// had returned it.
	Fail(err *pgerr.Error)
	// TxStatus is ReadyForQuery's indicator.
	TxStatus() TxStatus
	// IdleLimit is how long the client may now wait with its next message (0: for ever)
	// and the error that ends the session then: 25P03 in a transaction, 57P05 outside.
	IdleLimit() (time.Duration, *pgerr.Error)
	// Env is how values are written now: it is read at each RowDescription.
	Env() *types.Env
	// Close rolls back and releases everything. It is called exactly once, last.
	Close()
}

// TxStatus is the transaction status of ReadyForQuery.
type TxStatus byte

// The transaction states.
const (
	TxIdle   TxStatus = 'I'
	TxBlock  TxStatus = 'T'
	TxFailed TxStatus = 'E'
)

// Format is the representation of a value on the wire.
type Format = int16

// The formats.
const (
	Text   Format = 0
	Binary Format = 1
)

// BindRequest is a Bind message.
type BindRequest struct {
	Portal, Statement string
	// ParamFormats has no entry (all text), one for all, or one per parameter.
	ParamFormats []Format
	// Params are the raw values, nil for NULL, valid until Bind returns.
	Params [][]byte
	// Spooled are the raw values of large parameters, which have no bytes in Params.
	Spooled map[int]*types.External
	// ResultFormats has no entry, one for all, or one per column: see SetFormats.
	ResultFormats []Format
}

// FunctionRequest is a FunctionCall message.
type FunctionRequest struct {
	OID types.OID
	// ArgFormats has no entry (all text), one for all, or one per argument.
	ArgFormats []Format
	// Args are the raw values, nil for NULL, valid until FunctionCall returns.
	Args         [][]byte
	ResultFormat Format
}

// Field describes one column of a result, as RowDescription does.
type Field struct {
	Name string
	// TableOID and Column say which relation's column this is, 0 if none.
	TableOID types.OID
	Column   int16
	// Type also codes the values: the vectors of a batch must hold its Go type.
	Type   *types.Type
	Typmod int32 // -1 for none
	Format Format
}

// ResultWriter takes the results of Query and Execute. Each method may block
// while the client is slow, and returns an error only if the client is gone or
// a value can't be written.
type ResultWriter interface {
	// RowDescription begins a result. The fields stay as they are: the same slice again
	// describes the same.
	RowDescription(fields []Field) error
	// Rows writes the live rows of b, whose columns are the fields. It is done
	// with b when it returns.
	Rows(b *vec.Batch) error
	// CommandComplete ends a statement with its tag ("SELECT 3", "INSERT 0 1").
	CommandComplete(tag string) error
	// EmptyQuery ends a statement that was empty.
	EmptyQuery() error
	// PortalSuspended ends an Execute that reached its row limit.
	PortalSuspended() error
	// Notice sends a notice or warning in its place among the results.
	Notice(n *pgerr.Error) error

	// CopyIn asks the client for data: "COPY … FROM STDIN".
	CopyIn(f CopyFormat) (CopyReader, error)
	// CopyOut begins to send data: "COPY … TO STDOUT".
	CopyOut(f CopyFormat) (CopyWriter, error)
}

// CopyFormat describes a COPY: overall and by column.
type CopyFormat struct {
	Format  Format
	Columns []Format
}

// CopyReader gives the data of a CopyIn.
type CopyReader interface {
	// Next returns the next piece as the client cut it, valid until the following
	// call; io.EOF after CopyDone; 57014 after CopyFail. Pieces need not be whole
	// lines.
	Next(ctx context.Context) ([]byte, error)
}

// CopyWriter takes the data of a CopyOut.
type CopyWriter interface {
	// Write sends one CopyData message: one row of text or CSV with its newline.
	Write(p []byte) (int, error)
	// Stream sends one CopyData message of size bytes, which write makes.
	Stream(size int64, write func(ctx context.Context, w io.Writer) error) error
	// Close sends CopyDone. CommandComplete follows.
	Close() error
}
