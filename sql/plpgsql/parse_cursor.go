package plpgsql

import (
	"strings"

	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/parser"
	"github.com/s3db-sql/s3db-sql/sql/pl"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

// diagnosticItems are the items of GET DIAGNOSTICS; true: of STACKED only.
var diagnosticItems = map[string]bool{
	"row_count": false, "pg_context": false, "returned_sqlstate": true, "column_name": true, "constraint_name": true,
	"pg_datatype_name": true, "message_text": true, "table_name": true, "schema_name": true,
	"pg_exception_detail": true, "pg_exception_hint": true, "pg_exception_context": true,
}

// diagnosticsStatement is stmt_getdiag.
func (c *compiler) diagnosticsStatement() stmt {
	s := &diagnosticsStmt{line: c.here()}
	c.i++
	if !c.acceptWord("current") {
		s.stacked = c.acceptWord("stacked")
	}
	c.expectWord("diagnostics")
	for {
		d, n := c.datumHere()
		if d == nil {
			c.notKnown()
		}
		if v, ok := d.(*variable); ok && v.typ.isRecord() {
			failAt(c.offset(), pgerr.SyntaxError, "\"%s\" is not a scalar variable", v.ident)
		}
		c.checkAssignable(d)
		c.i += n
		if !c.accept("=") && !c.accept(":=") {
			c.unexpected()
		}
		at := c.offset()
		item := c.word(0)
		stackedOnly, known := diagnosticItems[item]
		if !known {
			c.failHere("unrecognized GET DIAGNOSTICS item")
		}
		c.i++
		if item != "pg_context" && stackedOnly != s.stacked {
			which := "GET CURRENT DIAGNOSTICS"
			if s.stacked {
				which = "GET STACKED DIAGNOSTICS"
			}
			failAt(at, pgerr.SyntaxError, "diagnostics item %s is not allowed in %s", strings.ToUpper(item), which)
		}
		s.items = append(s.items, diagnostic{item, d})
		if c.accept(";") {
			return s
		}
		c.expect(",")
	}
}

// cursorVariable reads the name of a cursor: cursor_variable.
func (c *compiler) cursorVariable() *variable {
	d, n := c.datumHere()
	v, ok := d.(*variable)
	switch {
	case d == nil:
		c.notKnown()
	case !ok || v.typ.isRecord():
		failAt(c.offset(), pgerr.DatatypeMismatch, "cursor variable must be a simple variable")
	case v.typ.OID != types.RefcursorOID:
		failAt(c.offset(), pgerr.DatatypeMismatch, "variable \"%s\" must be of type cursor or refcursor", v.ident)
	}
	c.i += n
	return v
}

// openStatement is stmt_open.
func (c *compiler) openStatement() stmt {
	s := &openStmt{line: c.here()}
	c.i++
	s.cursor = c.cursorVariable()
	if s.cursor.cursor != nil {
		s.args = c.cursorArgumentValues(s.cursor, ";")
		return s
	}
	s.scroll = c.scrollOption()
	if !c.acceptWord("for") {
		c.failHere("syntax error, expected \"FOR\"")
	}
	if !c.acceptWord("execute") {
		s.query, _ = c.construct(pl.Statement, ";", ";")
		return s
	}
	s.dynamic = true
	var end ending
	if s.query, end = c.construct(pl.Expression, "USING or ;", "using", ";"); end == "using" {
		s.using, _ = c.using(", or ;", ";")
	}
	return s
}

// fetchDirections are the directions that take no count.
var fetchDirections = map[string]struct {
	direction parser.FetchDirection
	count     int64
}{
	"next": {parser.FetchDirection_FETCH_FORWARD, 1}, "prior": {parser.FetchDirection_FETCH_BACKWARD, 1},
	"first": {parser.FetchDirection_FETCH_ABSOLUTE, 1}, "last": {parser.FetchDirection_FETCH_ABSOLUTE, -1},
	"all": {parser.FetchDirection_FETCH_FORWARD, fetchAll},
}

// countedDirections take a count.
var countedDirections = map[string]parser.FetchDirection{
	"absolute": parser.FetchDirection_FETCH_ABSOLUTE, "relative": parser.FetchDirection_FETCH_RELATIVE,
}

// fetchStatement is stmt_fetch and stmt_move.
func (c *compiler) fetchStatement() stmt {
	s := &fetchStmt{line: c.here(), move: c.word(0) == "move", direction: parser.FetchDirection_FETCH_FORWARD, count: 1}
	c.i++
	many := c.fetchDirection(s)
	s.cursor = c.cursorVariable()
	if s.move {
		c.expect(";")
		return s
	}
	if many {
		failAt(c.offset(), pgerr.FeatureNotSupported, "FETCH statement cannot return multiple rows")
	}
	if !c.acceptWord("into") {
		c.unexpected()
	}
	s.target, _ = c.intoTarget(false)
	c.expect(";")
	return s
}

// fetchDirection is read_fetch_direction; many says that more than one row may
// come.
func (c *compiler) fetchDirection(s *fetchStmt) (many bool) {
	w := c.word(0)
	d, plain := fetchDirections[w]
	counted, ok := countedDirections[w]
	switch {
	case plain:
		s.direction, s.count, many = d.direction, d.count, w == "all"
		c.i++
	case ok:
		c.i++
		s.direction = counted
		s.expr, _ = c.construct(pl.Expression, "FROM or IN", "from", "in")
		return false
	case w == "forward" || w == "backward":
		c.i++
		if w == "backward" {
			s.direction = parser.FetchDirection_FETCH_BACKWARD
		}
		if many = c.fetchCount(s); s.expr != nil {
			return true
		}
	case w == "from" || w == "in":
	default:
		if d, n := c.datumHere(); d != nil && (c.word(n) == "into" || c.symbol(n, ";")) {
			return false // the cursor itself
		}
		s.expr, _ = c.construct(pl.Expression, "FROM or IN", "from", "in")
		return true
	}
	if !c.acceptWord("from") {
		c.acceptWord("in")
	}
	return many
}

// fetchCount is complete_direction: what follows FORWARD and BACKWARD.
func (c *compiler) fetchCount(s *fetchStmt) (many bool) {
	switch c.word(0) {
	case "from", "in":
		return false
	case "all":
		c.i++
		s.count = fetchAll
		return true
	}
	if d, n := c.datumHere(); d != nil && (c.word(n) == "into" || c.symbol(n, ";")) {
		return false
	}
	s.expr, _ = c.construct(pl.Expression, "FROM or IN", "from", "in")
	return true
}

// closeStatement is stmt_close.
func (c *compiler) closeStatement() stmt {
	s := &closeStmt{line: c.here()}
	c.i++
	s.cursor = c.cursorVariable()
	c.expect(";")
	return s
}
