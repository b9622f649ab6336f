package plpgsql

import (
	"math"

	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/pl"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

// fetchAll is the count of FETCH ALL.
const fetchAll = math.MaxInt64

func (*openStmt) kind() string { return "OPEN" }

// cursorName is the portal's name in a cursor variable, "" for NULL.
func (f *frame) cursorName(v *variable) (string, error) {
	name, _ := f.values[v.dno].(string)
	return name, nil
}

// exec is exec_stmt_open.
func (s *openStmt) exec(f *frame) (result, error) {
	name, err := f.cursorName(s.cursor)
	if err != nil {
		return rcOK, err
	}
	cur, err := s.open(f, name)
	if err != nil {
		return rcOK, err
	}
	if name != "" {
		return rcOK, nil
	}
	if s.cursor.constant {
		return rcOK, pgerr.New(pgerr.ErrorInAssignment, "variable \"%s\" is declared CONSTANT", s.cursor.ident)
	}
	return rcOK, f.assign(s.cursor, cur.Name(), types.TextType, -1)
}

func (s *openStmt) open(f *frame, name string) (pl.Cursor, error) {
	switch {
	case s.dynamic:
		text, args, err := f.dynamic(s.query, s.using)
		if err != nil {
			return nil, err
		}
		return f.spi.OpenText(f.ctx, name, text, args, s.scroll.options())
	case s.query != nil:
		if err := f.prepare(s.query); err != nil {
			return nil, err
		}
		return f.spi.Open(f.ctx, name, s.query.plan, f.values, s.scroll.options())
	}
	return f.openBound(s.cursor, name, s.args)
}

func (o scrollOption) options() pl.CursorOptions {
	return pl.CursorOptions{Scroll: o == scrollYes, NoScroll: o == scrollNo}
}

// openBound opens a bound cursor with its arguments.
func (f *frame) openBound(v *variable, name string, args *expr) (pl.Cursor, error) {
	b := v.cursor
	if args != nil {
		r, err := f.runQuery(args, 2)
		if err != nil {
			return nil, err
		}
		if len(r.Rows) == 0 {
			return nil, pgerr.New(pgerr.CardinalityViolation, "query returned no rows")
		}
		if err := f.moveRow(b.args, r.Columns, r.Rows[0]); err != nil {
			return nil, err
		}
	}
	if err := f.prepare(b.query); err != nil {
		return nil, err
	}
	return f.spi.Open(f.ctx, name, b.query.plan, f.values, b.scroll.options())
}

// cursor is the open cursor of a variable: 22004, 34000.
func (f *frame) cursor(v *variable) (pl.Cursor, error) {
	name, ok := f.values[v.dno].(string)
	if !ok {
		return nil, pgerr.New(pgerr.NullValueNotAllowed, "cursor variable \"%s\" is null", v.ident)
	}
	return f.spi.Cursor(name)
}

func (s *fetchStmt) kind() string {
	if s.move {
		return "MOVE"
	}
	return "FETCH"
}

// exec is exec_stmt_fetch.
func (s *fetchStmt) exec(f *frame) (result, error) {
	cur, err := f.cursor(s.cursor)
	if err != nil {
		return rcOK, err
	}
	count := s.count
	if s.expr != nil {
		v, err := f.evalAs(s.expr, types.Int4Type)
		if err != nil {
			return rcOK, err
		}
		n, ok := v.(int32)
		if !ok {
			return rcOK, pgerr.New(pgerr.NullValueNotAllowed, "relative or absolute cursor position is null")
		}
		count = int64(n)
	}
	rows, n, err := cur.Fetch(f.ctx, s.direction, count, s.move)
	if err != nil {
		return rcOK, err
	}
	if !s.move {
		var row []any
		if n > 0 {
			row = rows[0]
		}
		if err := f.moveRow(s.target, cur.Columns(), row); err != nil {
			return rcOK, err
		}
	}
	f.processed = n
	f.setFound(n != 0)
	return rcOK, nil
}

func (*closeStmt) kind() string { return "CLOSE" }

// exec is exec_stmt_close.
func (s *closeStmt) exec(f *frame) (result, error) {
	cur, err := f.cursor(s.cursor)
	if err != nil {
		return rcOK, err
	}
	return rcOK, cur.Close()
}
