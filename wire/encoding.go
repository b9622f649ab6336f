package wire

import (
	"github.com/jackc/pgx/v5/pgproto3"

	"github.com/s3db-sql/s3db-sql/sql/mb"
)

// client converts what the client sends and gets; nil where that is UTF8, and
// before there is a session: a startup packet is read as UTF8.
func (c *conn) client() *mb.Client {
	if c.session == nil {
		return nil
	}
	return c.session.Env().Client
}

// message reads a message of the session.
func (c *conn) message(body []byte) message { return message{rest: body, client: c.client()} }

// ofStatement says whether a message is part of a statement's answer, which fails if
// it can't be sent.
func ofStatement(m pgproto3.BackendMessage) bool {
	switch m.(type) {
	case *pgproto3.RowDescription, *pgproto3.NoticeResponse:
		return true
	}
	return false
}

// translate puts the texts of a message into the client's encoding. 22P05; the
// message is then of no use.
func translate(m pgproto3.BackendMessage, client *mb.Client) (err error) {
	each := func(texts ...*string) {
		for _, t := range texts {
			b, failed := client.Encode(nil, []byte(*t))
			if failed != nil && err == nil {
				err = failed
			}
			*t = string(b)
		}
	}
	switch m := m.(type) {
	case *pgproto3.ErrorResponse:
		each(errorTexts(m)...)
	case *pgproto3.NoticeResponse:
		each(errorTexts((*pgproto3.ErrorResponse)(m))...)
	case *pgproto3.ParameterStatus:
		each(&m.Name, &m.Value)
	case *pgproto3.NotificationResponse:
		each(&m.Channel, &m.Payload)
	case *pgproto3.RowDescription:
		for i := range m.Fields {
			name := string(m.Fields[i].Name)
			each(&name)
			m.Fields[i].Name = []byte(name)
		}
	}
	return err
}

func errorTexts(m *pgproto3.ErrorResponse) []*string {
	return []*string{&m.Message, &m.Detail, &m.Hint, &m.InternalQuery, &m.Where,
		&m.SchemaName, &m.TableName, &m.ColumnName, &m.DataTypeName, &m.ConstraintName}
}
