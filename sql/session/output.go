package session

import (
	"context"
	"io"

	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/plan"
	"github.com/s3db-sql/s3db-sql/sql/types"
	"github.com/s3db-sql/s3db-sql/sql/vec"
)

// Field is one column of a result.
type Field struct {
	Name     string
	Relation types.OID // 0 if it is not a table's column
	Num      int16
	Type     *types.Type
	Typmod   int32
	// Binary: the rows are to be sent in binary where the client does not say
	// (DECLARE BINARY CURSOR).
	Binary bool
}

// Output takes the results of statements, in order. It may block while the
// client is slow. An error of it means that the client is gone.
type Output interface {
	Describe(fields []Field) error
	Rows(b *vec.Batch) error
	Complete(tag string) error
	Empty() error
	Suspended() error
	Notice(n *pgerr.Error) error
	// CopyIn asks the client for data of that many columns, CopyOut begins to send
	// them. The reader gives pieces valid until the next call, io.EOF at the end,
	// 57014 if the client gives up; the writer is closed at the end.
	CopyIn(binary bool, columns int) (CopyReader, error)
	CopyOut(binary bool, columns int) (io.WriteCloser, error)
}

// CopyReader gives the data of COPY FROM STDIN.
type CopyReader interface {
	Next(ctx context.Context) ([]byte, error)
}

// fieldsOf describes a query's visible output; nil if it returns no rows.
func fieldsOf(q *plan.Query) []Field {
	if q.Kind != plan.SelectQuery && len(q.Output) == 0 {
		return nil
	}
	fields := make([]Field, len(q.Output))
	for i, c := range q.Output {
		fields[i] = Field{Name: c.Name, Relation: c.Relation, Num: c.Num, Type: c.Type, Typmod: c.Mod}
	}
	return fields
}

// textFields describes a result of text columns, as utility statements give.
func textFields(names ...string) []Field {
	fields := make([]Field, len(names))
	for i, n := range names {
		fields[i] = Field{Name: n, Type: types.ByOID(types.TextOID), Typmod: -1}
	}
	return fields
}

// textRows makes a batch of text rows.
func textRows(rows ...[]string) *vec.Batch {
	if len(rows) == 0 {
		return &vec.Batch{}
	}
	builders := make([]vec.Builder, len(rows[0]))
	for i := range builders {
		b := vec.NewVecBuilder[string](types.ByOID(types.TextOID), len(rows))
		for _, r := range rows {
			b.Put(r[i])
		}
		builders[i] = b
	}
	return vec.BuildBatch(builders)
}

// firstError is the first of errs that is not nil: what went wrong, before what
// then went wrong with cleaning up.
func firstError(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}
