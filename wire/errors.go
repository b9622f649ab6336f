package wire

import (
	"context"
	"errors"
	"strings"

	"github.com/jackc/pgx/v5/pgproto3"

	"github.com/s3db-sql/s3db-sql/pgerr"
)

// Errors that wire itself raises, in PostgreSQL's words.
var (
	errUserCancel = pgerr.New(pgerr.QueryCanceled, "canceling statement due to user request")
	errShutdown   = pgerr.Fatal(pgerr.AdminShutdown, "terminating connection due to administrator command")
	errStopping   = pgerr.Fatal(pgerr.CannotConnectNow, "the database system is shutting down")
	errTooMany    = pgerr.Fatal(pgerr.TooManyConnections, "sorry, too many clients already")
	errLostSync   = pgerr.Fatal(pgerr.ProtocolViolation, "terminating connection because protocol synchronization was lost")
	errLost       = pgerr.Fatal(pgerr.ConnectionFailure, "connection to client lost")
)

// errorFor makes err fit to send. A context that has ended gives its cause
// instead of what the engine made of the cancellation. The result is a copy: the
// engine may keep its errors, with cached plans for example.
func errorFor(ctx context.Context, err error) *pgerr.Error {
	e := pgerr.As(err)
	if ctx.Err() != nil && isCancel(e, err) {
		if cause := pgerr.As(context.Cause(ctx)); cause != nil {
			e = cause
		}
	}
	switch {
	case e != nil:
	case errors.Is(err, context.DeadlineExceeded):
		e = pgerr.New(pgerr.QueryCanceled, "canceling statement due to statement timeout")
	case errors.Is(err, context.Canceled):
		e = errUserCancel
	default:
		e = pgerr.Internal("%s", err.Error())
	}
	c := *e
	return &c
}

func isCancel(e *pgerr.Error, err error) bool {
	return e != nil && e.Code == pgerr.QueryCanceled || errors.Is(err, context.Canceled)
}

// isFatal says whether the connection ends after e.
func isFatal(e *pgerr.Error) bool {
	return e.Severity == pgerr.SeverityFatal || e.Severity == pgerr.SeverityPanic
}

func asFatal(e *pgerr.Error) *pgerr.Error {
	c := *e
	c.Severity = pgerr.SeverityFatal
	return &c
}

func errorMessage(e *pgerr.Error) *pgproto3.ErrorResponse {
	return &pgproto3.ErrorResponse{
		Severity:            string(e.Severity),
		SeverityUnlocalized: string(e.Severity),
		Code:                string(e.Code),
		Message:             clean(e.Message),
		Detail:              clean(e.Detail),
		Hint:                clean(e.Hint),
		Position:            int32(e.Position),
		InternalPosition:    int32(e.InternalPosition),
		InternalQuery:       clean(e.InternalQuery),
		Where:               clean(e.Where),
		SchemaName:          clean(e.Schema),
		TableName:           clean(e.Table),
		ColumnName:          clean(e.Column),
		DataTypeName:        clean(e.DataType),
		ConstraintName:      clean(e.Constraint),
		Routine:             e.Routine,
	}
}

func noticeMessage(e *pgerr.Error) *pgproto3.NoticeResponse {
	return (*pgproto3.NoticeResponse)(errorMessage(e))
}

// clean makes s a string of the protocol: UTF-8 without the zero byte that
// would end it early.
func clean(s string) string {
	return strings.ReplaceAll(strings.ToValidUTF8(s, "\uFFFD"), "\x00", "\uFFFD")
}
