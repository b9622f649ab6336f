package plpgsql

import (
	"slices"
	"strings"

	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/pl"
)

var raiseLevels = map[string]pgerr.Severity{
	"exception": pgerr.SeverityError, "warning": pgerr.SeverityWarning, "notice": pgerr.SeverityNotice,
	"info": pgerr.SeverityInfo, "log": pgerr.SeverityLog, "debug": pgerr.SeverityDebug,
}

var raiseOptions = []string{"errcode", "message", "detail", "hint", "column", "constraint", "datatype", "table", "schema"}

// raiseStatement is stmt_raise.
func (c *compiler) raiseStatement() stmt {
	s := &raiseStmt{line: c.here(), level: pgerr.SeverityError}
	c.i++
	if c.accept(";") {
		return s // the exception that is being handled once more
	}
	if level, ok := raiseLevels[c.word(0)]; ok {
		s.level = level
		c.i++
	}
	switch {
	case c.peek().IsString():
		c.raiseMessage(s)
	case c.word(0) != "using":
		c.raiseCondition(s)
	default:
		c.i++
		c.raiseUsing(s)
	}
	c.checkRaise(s)
	return s
}

// raiseMessage reads the format and its parameters.
func (c *compiler) raiseMessage(s *raiseStmt) {
	format := c.stringValue()
	s.message = &format
	switch {
	case c.accept(","):
		var end ending
		if s.params, end = c.using(", or ; or USING", ";", "using"); end == "using" {
			c.raiseUsing(s)
		}
	case c.acceptWord("using"):
		c.raiseUsing(s)
	default:
		c.expect(";")
	}
}

// raiseCondition reads a condition's name or SQLSTATE.
func (c *compiler) raiseCondition(s *raiseStmt) {
	name := c.ident()
	if name == "sqlstate" {
		s.condition = string(c.sqlstate())
	} else {
		if pgerr.CodesOf(name) == nil {
			fail(pgerr.New(pgerr.UndefinedObject, "unrecognized exception condition \"%s\"", name))
		}
		s.condition = name
	}
	if c.acceptWord("using") {
		c.raiseUsing(s)
		return
	}
	c.expect(";")
}

// raiseUsing is read_raise_options.
func (c *compiler) raiseUsing(s *raiseStmt) {
	for {
		name := c.word(0)
		if !slices.Contains(raiseOptions, name) {
			c.failHere("unrecognized RAISE statement option")
		}
		c.i++
		if !c.accept("=") && !c.accept(":=") {
			c.failHere("syntax error, expected \"=\"")
		}
		e, end := c.construct(pl.Expression, ", or ;", ",", ";")
		s.options = append(s.options, raiseOption{name, e})
		if end == ";" {
			return
		}
	}
}

// checkRaise is check_raise_parameters.
func (c *compiler) checkRaise(s *raiseStmt) {
	if s.message == nil {
		return
	}
	want := strings.Count(strings.ReplaceAll(*s.message, "%%", ""), "%")
	switch {
	case want < len(s.params):
		fail(pgerr.New(pgerr.SyntaxError, "too many parameters specified for RAISE"))
	case want > len(s.params):
		fail(pgerr.New(pgerr.SyntaxError, "too few parameters specified for RAISE"))
	}
}

// cursorArgumentValues is read_cursor_args: the arguments of a bound cursor, in
// the order of its parameters.
func (c *compiler) cursorArgumentValues(cursor *variable, end ending) *expr {
	args := cursor.cursor.args
	has := c.symbol(0, "(")
	switch {
	case args == nil && has:
		failAt(c.offset(), pgerr.SyntaxError, "cursor \"%s\" has no arguments", cursor.ident)
	case args != nil && !has:
		failAt(c.offset(), pgerr.SyntaxError, "cursor \"%s\" has arguments", cursor.ident)
	case args == nil:
		c.endOfArguments(end)
		return nil
	}
	c.i++
	given := make([]string, len(args.fields))
	for n := 0; ; n++ {
		more := c.cursorArgument(cursor, args, given, n)
		if !more {
			break
		}
	}
	if slices.Contains(given, "") {
		failAt(c.toks[c.i-1].Start, pgerr.SyntaxError, "not enough arguments for cursor \"%s\"", cursor.ident)
	}
	for i, g := range given {
		if i < len(given)-1 {
			given[i] = g + ", "
		}
	}
	e := &expr{text: "SELECT " + strings.Join(given, ""), mode: pl.Statement, ns: c.ns}
	c.endOfArguments(end)
	return e
}

func (c *compiler) endOfArguments(end ending) {
	if !c.accept(string(end)) && !c.acceptWord(string(end)) {
		c.unexpected()
	}
}

// cursorArgument reads one argument, by position or by name.
func (c *compiler) cursorArgument(cursor *variable, args *row, given []string, n int) (more bool) {
	at := c.offset()
	if c.symbol(1, ":=") || c.symbol(1, "=>") {
		name := c.ident()
		c.i++
		if n = slices.Index(args.names, name); n < 0 {
			failAt(at, pgerr.SyntaxError, "cursor \"%s\" has no argument named \"%s\"", cursor.ident, name)
		}
		if given[n] != "" {
			failAt(at, pgerr.SyntaxError, "value for parameter \"%s\" of cursor \"%s\" specified more than once", name, cursor.ident)
		}
	}
	if n >= len(given) {
		failAt(at, pgerr.SyntaxError, "too many arguments for cursor \"%s\"", cursor.ident)
	}
	if given[n] != "" {
		failAt(at, pgerr.SyntaxError, "value for parameter \"%s\" of cursor \"%s\" specified more than once", args.names[n], cursor.ident)
	}
	e, end := c.construct(pl.Expression, ",\" or \")", ",", ")")
	given[n] = e.text
	return end == ","
}
