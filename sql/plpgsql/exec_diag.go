package plpgsql

import (
	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

func (s *diagnosticsStmt) kind() string {
	if s.stacked {
		return "GET STACKED DIAGNOSTICS"
	}
	return "GET DIAGNOSTICS"
}

// stackedItems are the items of the exception that is being handled.
var stackedItems = map[string]func(e *pgerr.Error) string{
	"returned_sqlstate": func(e *pgerr.Error) string { return string(e.Code) }, "message_text": func(e *pgerr.Error) string { return e.Message },
	"pg_exception_detail": func(e *pgerr.Error) string { return e.Detail }, "pg_exception_hint": func(e *pgerr.Error) string { return e.Hint },
	"pg_exception_context": func(e *pgerr.Error) string { return e.Where }, "column_name": func(e *pgerr.Error) string { return e.Column },
	"constraint_name": func(e *pgerr.Error) string { return e.Constraint }, "pg_datatype_name": func(e *pgerr.Error) string { return e.DataType },
	"table_name": func(e *pgerr.Error) string { return e.Table }, "schema_name": func(e *pgerr.Error) string { return e.Schema },
}

// exec is exec_stmt_getdiag.
func (s *diagnosticsStmt) exec(f *frame) (result, error) {
	if s.stacked && f.handling == nil {
		return rcOK, pgerr.New(pgerr.StackedDiagnosticsAccessedWithoutActiveHandler,
			"GET STACKED DIAGNOSTICS cannot be used outside an exception handler")
	}
	for _, d := range s.items {
		v, t := f.diagnostic(d.item)
		if err := f.assign(d.target, v, t, -1); err != nil {
			return rcOK, err
		}
	}
	return rcOK, nil
}

func (f *frame) diagnostic(item string) (any, *types.Type) {
	switch item {
	case "row_count":
		return f.processed, types.Int8Type
	case "pg_context":
		return f.spi.Context(), types.TextType
	}
	return stackedItems[item](f.handling.full), types.TextType
}
