package plpgsql

import (
	"strings"

	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/parser"
	"github.com/s3db-sql/s3db-sql/sql/pl"
)

// ending is what ends a piece of SQL: a word in lower case or a symbol.
type ending string

// construct is read_sql_construct: SQL text up to one of ends outside of
// parentheses, which is read, too. expected names it in errors.
func (c *compiler) construct(mode pl.ParseMode, expected string, ends ...ending) (*expr, ending) {
	from, to, end := c.skipTo(mode == pl.Expression || mode == pl.Assignment, expected, ends...)
	if from == to {
		c.i--
		if mode == pl.Statement {
			c.failHere("missing SQL statement")
		}
		c.failHere("missing expression")
	}
	return c.newExpr(from, to, mode), end
}

// skipTo moves behind the next of ends.
func (c *compiler) skipTo(expression bool, expected string, ends ...ending) (from, to int, end ending) {
	from = c.offset()
	depth := 0
	for {
		t := c.peek()
		text := ""
		if t.Kind != 0 && !t.IsString() {
			text = t.Text(c.src)
		}
		if depth == 0 {
			for _, e := range ends {
				if text == string(e) || c.word(0) == string(e) {
					c.i++
					return from, t.Start, e
				}
			}
		}
		switch {
		case text == "(" || text == "[":
			depth++
		case text == ")" || text == "]":
			if depth--; depth < 0 {
				c.failHere("mismatched parentheses")
			}
		case t.Kind == 0 || text == ";":
			c.missing(depth, expression, expected)
		}
		c.i++
	}
}

// missing is the error of a piece of SQL that does not end where it should.
func (c *compiler) missing(depth int, expression bool, expected string) {
	switch {
	case depth > 0:
		c.failHere("mismatched parentheses")
	case expression:
		failAt(c.offset(), pgerr.SyntaxError, "missing \"%s\" at end of SQL expression", expected)
	}
	failAt(c.offset(), pgerr.SyntaxError, "missing \"%s\" at end of SQL statement", expected)
}

// until reads an expression up to a word or symbol.
func (c *compiler) until(end ending, expected string) *expr {
	e, _ := c.construct(pl.Expression, expected, end)
	return e
}

// toSemicolon reads an expression that ends the statement.
func (c *compiler) toSemicolon() *expr { return c.until(";", ";") }

// assignment is stmt_assign.
func (c *compiler) assignment(d datum) stmt {
	s := &assignStmt{line: c.here(), target: d}
	c.checkAssignable(d)
	from := c.offset()
	names, _ := c.dotted()
	_, to, _ := c.skipTo(true, ";", ";")
	s.expr = c.newExpr(from, to, pl.Assignment)
	s.expr.target, s.expr.names = d, c.namesOf(d, names)
	return s
}

// namesOf is how many parts of the name at the start of an assignment are the
// variable's.
func (c *compiler) namesOf(d datum, names []string) int {
	_, used := c.ns.lookup(false, names...)
	if _, field := d.(*recField); field {
		used++
	}
	return used
}

// checkAssignable is check_assignable: 22005.
func (c *compiler) checkAssignable(d datum) {
	if v, ok := d.(*variable); ok && v.constant {
		failAt(c.offset(), pgerr.ErrorInAssignment, "variable \"%s\" is declared CONSTANT", v.ident)
	}
	if f, ok := d.(*recField); ok && f.rec.constant {
		failAt(c.offset(), pgerr.ErrorInAssignment, "variable \"%s\" is declared CONSTANT", f.rec.ident)
	}
}

// sqlStatement is make_execsql_stmt: any other statement, with INTO.
func (c *compiler) sqlStatement() stmt {
	s := &sqlStmt{line: c.here()}
	first := c.word(0)
	from := c.offset()
	var intoFrom, intoTo int
	depth, beginDepth := 0, 0
	previous := ""
	createStep := 0
	for ; ; c.i++ {
		t := c.peek()
		w, text := c.word(0), ""
		if t.Kind != 0 && !t.IsString() {
			text = t.Text(c.src)
		}
		if text == ";" && depth == 0 && beginDepth == 0 {
			break
		}
		switch {
		case t.Kind == 0:
			failAt(t.Start, pgerr.SyntaxError, "unexpected end of function definition")
		case text == "(" || text == "[":
			depth++
		case text == ")" || text == "]":
			depth--
		case first == "create" && (w == "function" || w == "procedure"):
			createStep = 1
		case createStep > 0 && w == "begin":
			beginDepth++
		case beginDepth > 0 && w == "case":
			beginDepth++
		case beginDepth > 0 && w == "end":
			beginDepth--
		case w == "into" && depth == 0 && !c.intoBelongs(first, previous):
			if s.into != nil {
				c.failHere("INTO specified more than once")
			}
			intoFrom = t.Start
			c.i++
			s.into, s.strict = c.intoTarget(true)
			intoTo = c.offset()
			c.i--
		}
		previous = w
	}
	text := c.src[from:c.offset()]
	if s.into != nil {
		text = c.src[from:intoFrom] + strings.Repeat(" ", intoTo-intoFrom) + c.src[intoTo:c.offset()]
	}
	s.query = &expr{text: strings.TrimRight(text, " \t\n\r\f\v"), mode: pl.Statement, ns: c.ns}
	if c.check {
		c.checkExpr(s.query, from)
	}
	c.i++
	return s
}

// intoBelongs says whether INTO is a part of the statement: INSERT INTO, MERGE
// INTO, IMPORT … INTO.
func (c *compiler) intoBelongs(first, previous string) bool {
	return previous == "insert" || previous == "merge" || first == "import"
}

// intoTarget is read_into_target.
func (c *compiler) intoTarget(strictAllowed bool) (target datum, strict bool) {
	if strictAllowed && c.acceptWord("strict") {
		strict = true
	}
	d, n := c.datumHere()
	if d == nil {
		c.notKnown()
	}
	if v, ok := d.(*variable); ok && v.typ.isRecord() {
		c.checkAssignable(d)
		c.i += n
		if c.symbol(0, ",") {
			failAt(c.offset(), pgerr.SyntaxError, "record variable cannot be part of multiple-item INTO list")
		}
		return d, strict
	}
	return c.scalarList(), strict
}

// scalarList is read_into_scalar_list.
func (c *compiler) scalarList() *row {
	var fields []datum
	var names []string
	for {
		d, n := c.datumHere()
		if d == nil {
			c.notKnown()
		}
		c.checkAssignable(d)
		if v, ok := d.(*variable); ok && v.typ.isRecord() {
			failAt(c.offset(), pgerr.SyntaxError, "\"%s\" is not a scalar variable", v.ident)
		}
		c.i += n
		fields, names = append(fields, d), append(names, d.name())
		if !c.accept(",") {
			return c.newRow("(unnamed row)", fields, names)
		}
	}
}

// notKnown is the error for what is no variable.
func (c *compiler) notKnown() {
	names, n := c.dotted()
	if n == 0 {
		c.unexpected()
	}
	failAt(c.offset(), pgerr.SyntaxError, "\"%s\" is not a known variable", strings.Join(names, "."))
}

// using reads USING expression, … up to one of ends.
func (c *compiler) using(expected string, ends ...ending) (list []*expr, end ending) {
	for {
		e, end := c.construct(pl.Expression, expected, append([]ending{","}, ends...)...)
		list = append(list, e)
		if end != "," {
			return list, end
		}
	}
}

// executeStatement is stmt_dynexecute.
func (c *compiler) executeStatement() stmt {
	s := &executeStmt{line: c.here()}
	c.i++
	var end ending
	s.query, end = c.construct(pl.Expression, "INTO or USING or ;", "into", "using", ";")
	for {
		switch end {
		case "into":
			if s.into != nil {
				c.i--
				c.unexpected()
			}
			s.into, s.strict = c.intoTarget(true)
			end = c.clauseEnd()
		case "using":
			if s.using != nil {
				c.i--
				c.unexpected()
			}
			s.using, end = c.using(", or ; or INTO", ";", "into")
		case ";":
			return s
		}
	}
}

// clauseEnd reads what follows the targets of INTO.
func (c *compiler) clauseEnd() ending {
	switch {
	case c.accept(";"):
		return ";"
	case c.acceptWord("using"):
		return "using"
	case c.word(0) == "into":
		c.unexpected()
	}
	c.unexpected()
	return ""
}

// performStatement is stmt_perform: PERFORM stands for SELECT.
func (c *compiler) performStatement() stmt {
	s := &performStmt{line: c.here()}
	from := c.next()
	_, to, _ := c.skipTo(false, ";", ";")
	text := "SELECT " + strings.TrimRight(c.src[from.End+1:max(to, from.End+1)], " \t\n\r\f\v")
	s.expr = &expr{text: text, mode: pl.Statement, ns: c.ns}
	if c.check {
		if _, err := parser.Parse(text); err != nil {
			c.failIn(err, text, from.End+1-len("SELECT "))
		}
	}
	return s
}

// callStatement is stmt_call: CALL and DO.
func (c *compiler) callStatement() stmt {
	s := &callStmt{line: c.here(), call: c.word(0) == "call"}
	from, to, _ := c.skipTo(false, ";", ";")
	s.expr = c.newExpr(from, to, pl.Statement)
	return s
}

// endTransaction is stmt_commit and stmt_rollback.
func (c *compiler) endTransaction() stmt {
	s := &endTransactionStmt{line: c.here(), commit: c.word(0) == "commit"}
	c.i++
	switch {
	case c.acceptWord("and", "no"):
		c.expectWord("chain")
	case c.acceptWord("and"):
		c.expectWord("chain")
		s.chain = true
	}
	c.expect(";")
	return s
}
