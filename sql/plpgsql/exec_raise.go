package plpgsql

import (
	"strings"

	"github.com/s3db-sql/s3db-sql/pgerr"
)

func (*raiseStmt) kind() string { return "RAISE" }

// exec is exec_stmt_raise.
func (s *raiseStmt) exec(f *frame) (result, error) {
	if s.condition == "" && s.message == nil && s.options == nil {
		if f.handling == nil {
			return rcOK, pgerr.New(pgerr.StackedDiagnosticsAccessedWithoutActiveHandler,
				"RAISE without parameters cannot be used outside an exception handler")
		}
		f.stmt = f.handling.stmt // the context is that of the first time
		return rcOK, f.handling.err
	}
	e := &pgerr.Error{Severity: s.level}
	if s.condition != "" {
		s.setCondition(e)
	}
	if s.message != nil {
		text, err := s.format(f)
		if err != nil {
			return rcOK, err
		}
		e.Message = text
	}
	if err := s.setOptions(f, e); err != nil {
		return rcOK, err
	}
	s.complete(e)
	if e.Severity == pgerr.SeverityError {
		return rcOK, e
	}
	e.Where = f.spi.Context()
	f.spi.Notice(e)
	return rcOK, nil
}

// setCondition takes the code, and the message while there is no other.
func (s *raiseStmt) setCondition(e *pgerr.Error) {
	e.Code = pgerr.Code(s.condition)
	if codes := pgerr.CodesOf(s.condition); codes != nil {
		e.Code = codes[0]
	}
	e.Message = s.condition
}

// format puts the parameters in the places of %.
func (s *raiseStmt) format(f *frame) (string, error) {
	var b strings.Builder
	next := 0
	text := *s.message
	for i := 0; i < len(text); i++ {
		if text[i] != '%' {
			b.WriteByte(text[i])
			continue
		}
		if i+1 < len(text) && text[i+1] == '%' {
			b.WriteByte('%')
			i++
			continue
		}
		if next >= len(s.params) {
			return "", pgerr.New(pgerr.SyntaxError, "too few parameters specified for RAISE")
		}
		v, err := f.evalText(s.params[next])
		if err != nil {
			return "", err
		}
		next++
		if v == nil {
			b.WriteString("<NULL>")
		} else {
			b.WriteString(*v)
		}
	}
	if next < len(s.params) {
		return "", pgerr.New(pgerr.SyntaxError, "too many parameters specified for RAISE")
	}
	return b.String(), nil
}

// raiseFields are where the options of USING go.
var raiseFields = map[string]func(e *pgerr.Error) *string{
	"message": func(e *pgerr.Error) *string { return &e.Message }, "detail": func(e *pgerr.Error) *string { return &e.Detail },
	"hint": func(e *pgerr.Error) *string { return &e.Hint }, "column": func(e *pgerr.Error) *string { return &e.Column },
	"constraint": func(e *pgerr.Error) *string { return &e.Constraint }, "datatype": func(e *pgerr.Error) *string { return &e.DataType },
	"table": func(e *pgerr.Error) *string { return &e.Table }, "schema": func(e *pgerr.Error) *string { return &e.Schema },
}

func (s *raiseStmt) setOptions(f *frame, e *pgerr.Error) error {
	seen := map[string]bool{"errcode": s.condition != "", "message": s.message != nil}
	for _, o := range s.options {
		v, err := f.evalText(o.expr)
		switch {
		case err != nil:
			return err
		case v == nil:
			return pgerr.New(pgerr.NullValueNotAllowed, "RAISE statement option cannot be null")
		case seen[o.name]:
			return pgerr.New(pgerr.SyntaxError, "RAISE option already specified: %s", strings.ToUpper(o.name))
		}
		seen[o.name] = true
		if o.name != "errcode" {
			*raiseFields[o.name](e) = *v
			continue
		}
		if err := setErrcode(e, *v, seen["message"]); err != nil {
			return err
		}
	}
	return nil
}

// setErrcode takes a SQLSTATE or a condition's name.
func setErrcode(e *pgerr.Error, v string, hasMessage bool) error {
	switch codes := pgerr.CodesOf(v); {
	case isSQLState(v):
		e.Code = pgerr.Code(v)
	case codes != nil:
		e.Code = codes[0]
	default:
		return pgerr.New(pgerr.UndefinedObject, "unrecognized exception condition \"%s\"", v)
	}
	if !hasMessage && e.Message == "" {
		e.Message = v
	}
	return nil
}

func isSQLState(s string) bool {
	return len(s) == 5 && strings.Trim(s, "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ") == ""
}

// complete gives what was not said its default.
func (s *raiseStmt) complete(e *pgerr.Error) {
	if e.Code == "" {
		e.Code = pgerr.RaiseException
		if e.Severity != pgerr.SeverityError {
			e.Code = pgerr.SuccessfulCompletion
			if e.Severity == pgerr.SeverityWarning {
				e.Code = pgerr.Warning
			}
		}
	}
	if e.Message == "" {
		e.Message = string(e.Code)
	}
}
