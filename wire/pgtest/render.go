package pgtest

import (
	"encoding/hex"
	"fmt"
	"reflect"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/jackc/pgx/v5/pgproto3"
)

// Render writes a message as scripts do: its type, then what matters of it.
func Render(m pgproto3.BackendMessage) string {
	name := reflect.TypeOf(m).Elem().Name()
	if detail := renderDetail(m); detail != "" {
		return name + " " + detail
	}
	return name
}

func renderDetail(m pgproto3.BackendMessage) string {
	switch m := m.(type) {
	case *pgproto3.RowDescription:
		return renderFields(m.Fields)
	case *pgproto3.DataRow:
		return renderValues(m.Values)
	case *pgproto3.ErrorResponse:
		return renderError(m)
	case *pgproto3.NoticeResponse:
		return renderError((*pgproto3.ErrorResponse)(m))
	case *pgproto3.CommandComplete:
		return strconv.Quote(string(m.CommandTag))
	case *pgproto3.ReadyForQuery:
		return string(m.TxStatus)
	case *pgproto3.ParameterStatus:
		return renderParameter(m)
	case *pgproto3.ParameterDescription:
		return strings.Trim(fmt.Sprint(m.ParameterOIDs), "[]")
	case *pgproto3.NegotiateProtocolVersion:
		return fmt.Sprint(m.UnrecognizedOptions)
	case *pgproto3.FunctionCallResponse:
		return renderValue(m.Result)
	case *pgproto3.CopyData:
		return renderValue(m.Data)
	case *pgproto3.NotificationResponse:
		return fmt.Sprintf("%q %q", m.Channel, m.Payload)
	}
	return ""
}

// renderParameter leaves out the value that no two servers share.
func renderParameter(m *pgproto3.ParameterStatus) string {
	if m.Name == "server_version" {
		return m.Name
	}
	return fmt.Sprintf("%s %q", m.Name, m.Value)
}

func renderFields(fs []pgproto3.FieldDescription) string {
	var out []string
	for _, f := range fs {
		out = append(out, fmt.Sprintf("%q type=%d size=%d typmod=%d format=%d",
			f.Name, f.DataTypeOID, f.DataTypeSize, f.TypeModifier, f.Format))
	}
	return strings.Join(out, ", ")
}

func renderValues(vs [][]byte) string {
	var out []string
	for _, v := range vs {
		out = append(out, renderValue(v))
	}
	return strings.Join(out, " ")
}

func renderValue(v []byte) string {
	switch {
	case v == nil:
		return "NULL"
	case utf8.Valid(v) && !strings.ContainsFunc(string(v), unreadable):
		return strconv.Quote(string(v))
	}
	return `\x` + hex.EncodeToString(v)
}

func unreadable(r rune) bool { return !unicode.IsPrint(r) && r != '\n' && r != '\t' }

func renderError(m *pgproto3.ErrorResponse) string {
	s := fmt.Sprintf("%s %s %q", m.SeverityUnlocalized, m.Code, m.Message)
	for _, f := range []struct{ name, value string }{
		{"detail", m.Detail}, {"hint", m.Hint}, {"where", m.Where}, {"schema", m.SchemaName},
		{"table", m.TableName}, {"column", m.ColumnName}, {"type", m.DataTypeName}, {"constraint", m.ConstraintName},
	} {
		if f.value != "" {
			s += fmt.Sprintf(" %s=%q", f.name, f.value)
		}
	}
	if m.Position != 0 {
		s += fmt.Sprintf(" position=%d", m.Position)
	}
	return s
}
