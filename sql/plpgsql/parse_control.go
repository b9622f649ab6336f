package plpgsql

import (
	"strconv"

	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/pl"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

// ifStatement is stmt_if.
func (c *compiler) ifStatement() stmt {
	s := &ifStmt{line: c.here()}
	for {
		b := branch{line: c.lineAt(c.offset())}
		c.i++ // IF, ELSIF, ELSEIF
		b.cond = c.until("then", "THEN")
		b.body = c.statements()
		s.branches = append(s.branches, b)
		switch c.word(0) {
		case "elsif", "elseif":
			continue
		case "else":
			c.i++
			s.otherwise = c.statements()
		}
		c.expectWord("end")
		c.expectWord("if")
		c.expect(";")
		return s
	}
}

// caseStatement is stmt_case. The conditions of CASE with a test expression
// compare with a hidden variable, as make_case has them.
func (c *compiler) caseStatement() stmt {
	s := &caseStmt{line: c.here()}
	c.i++
	if c.word(0) != "when" {
		s.test, _ = c.construct(pl.Expression, "WHEN", "when")
		c.i--
		s.testVar = c.newVariable("__Case__Variable_"+strconv.Itoa(len(c.fn.datums))+"__", int(s.line), dtype{types.Int4Type, -1})
	}
	for c.word(0) == "when" {
		b := branch{line: c.lineAt(c.offset())}
		c.i++
		mark := c.ns
		if s.test != nil {
			c.addName(nsVar, s.testVar.dno, s.testVar.ident)
		}
		b.cond = c.until("then", "THEN")
		if s.test != nil {
			b.cond = &expr{text: "\"" + s.testVar.ident + "\" IN (" + b.cond.text + ")", mode: pl.Expression, ns: c.ns}
		}
		c.pop(mark)
		b.body = c.statements()
		s.whens = append(s.whens, b)
	}
	if len(s.whens) == 0 {
		c.unexpected()
	}
	if c.acceptWord("else") {
		s.hasElse = true
		s.otherwise = c.statements()
	}
	c.expectWord("end")
	c.expectWord("case")
	c.expect(";")
	return s
}

// forStatement is stmt_for: over integers, a query, EXECUTE or a cursor.
func (c *compiler) forStatement(l loop) stmt {
	c.i++
	at := c.offset()
	target, name := c.forTarget()
	c.expectWord("in")
	if c.word(0) == "execute" {
		return c.forExecute(l, target, at)
	}
	if d, n := c.datumHere(); d != nil && (c.word(n) == "loop" || c.symbol(n, "(")) {
		if v, ok := d.(*variable); ok && v.typ.OID == types.RefcursorOID {
			return c.forCursor(l, v, n, name, at)
		}
	}
	reverse := c.acceptWord("reverse")
	from, to, end := c.skipTo(true, "LOOP", "loop", "..")
	if end == ".." {
		return c.forInteger(l, name, from, to, reverse, at)
	}
	if reverse {
		failAt(from, pgerr.SyntaxError, "cannot specify REVERSE in query FOR loop")
	}
	c.i--
	s := &forQueryStmt{loop: l}
	s.query = c.newExpr(from, to, pl.Statement)
	s.target = c.loopTarget(target, at)
	s.body = c.loopBody(l.label)
	return s
}

// forTarget reads for_variable: the variables that exist, or the name of one to
// be made.
func (c *compiler) forTarget() (target datum, name string) {
	d, n := c.datumHere()
	if d == nil {
		names, n := c.dotted()
		if n == 0 {
			c.unexpected()
		}
		c.i += n
		if c.symbol(0, ",") {
			c.i -= n
			c.notKnown()
		}
		return nil, names[len(names)-1]
	}
	if v, ok := d.(*variable); ok && v.typ.isRecord() {
		c.checkAssignable(d)
		c.i += n
		return d, v.ident
	}
	if c.symbol(n, ",") {
		return c.scalarList(), ""
	}
	c.i += n
	return d, d.name()
}

// loopTarget is what takes the rows of a loop over a query.
func (c *compiler) loopTarget(target datum, at int) datum {
	switch d := target.(type) {
	case *row:
		return d
	case *variable:
		if d.typ.isRecord() {
			return d
		}
		if d.constant {
			failAt(at, pgerr.ErrorInAssignment, "variable \"%s\" is declared CONSTANT", d.ident)
		}
		return c.newRow("(unnamed row)", []datum{d}, []string{d.ident})
	case *recField:
		return c.newRow("(unnamed row)", []datum{d}, []string{d.name()})
	}
	failAt(at, pgerr.DatatypeMismatch, "loop variable of loop over rows must be a record variable or list of scalar variables")
	return nil
}

func (c *compiler) forInteger(l loop, name string, from, to int, reverse bool, at int) stmt {
	s := &forIntegerStmt{loop: l, reverse: reverse}
	if name == "" {
		failAt(at, pgerr.SyntaxError, "integer FOR loop must have only one target variable")
	}
	if from == to {
		c.failHere("missing expression")
	}
	s.lower = c.newExpr(from, to, pl.Expression)
	var end ending
	if s.upper, end = c.construct(pl.Expression, "LOOP", "loop", "by"); end == "by" {
		s.step = c.until("loop", "LOOP")
	}
	c.i--
	s.v = c.newVariable(name, c.lineAt(at), dtype{types.Int4Type, -1})
	c.nameVariable(s.v)
	s.body = c.loopBody(l.label)
	return s
}

func (c *compiler) forExecute(l loop, target datum, at int) stmt {
	c.i++
	s := &forExecuteStmt{loop: l}
	var end ending
	if s.query, end = c.construct(pl.Expression, "LOOP or USING", "loop", "using"); end == "using" {
		s.using, _ = c.using(", or LOOP", "loop")
	}
	c.i--
	s.target = c.loopTarget(target, at)
	s.body = c.loopBody(l.label)
	return s
}

func (c *compiler) forCursor(l loop, cursor *variable, tokens int, name string, at int) stmt {
	s := &forCursorStmt{loop: l, cursor: cursor}
	if name == "" {
		failAt(at, pgerr.SyntaxError, "cursor FOR loop must have only one target variable")
	}
	if cursor.cursor == nil {
		failAt(c.offset(), pgerr.SyntaxError, "cursor FOR loop must use a bound cursor variable")
	}
	s.line = c.here()
	c.i += tokens
	s.args = c.cursorArgumentValues(cursor, "loop")
	c.i--
	s.target = c.newVariable(name, c.lineAt(at), dtype{types.RecordType, -1})
	c.nameVariable(s.target)
	s.body = c.loopBody(l.label)
	return s
}

// foreachStatement is stmt_foreach_a.
func (c *compiler) foreachStatement(l loop) stmt {
	c.i++
	s := &foreachStmt{loop: l}
	at := c.offset()
	target, _ := c.forTarget()
	if target == nil {
		failAt(at, pgerr.SyntaxError, "loop variable of FOREACH must be a known variable or list of variables")
	}
	s.target = target
	if c.acceptWord("slice") {
		n, err := strconv.Atoi(c.text(0))
		if err != nil {
			c.unexpected()
		}
		s.slice = n
		c.i++
	}
	c.expectWord("in")
	c.expectWord("array")
	s.array = c.until("loop", "LOOP")
	c.i--
	s.body = c.loopBody(l.label)
	return s
}

// exitStatement is stmt_exit: EXIT and CONTINUE.
func (c *compiler) exitStatement() stmt {
	s := &exitStmt{line: c.here(), exit: c.word(0) == "exit"}
	start := c.offset()
	c.i++
	if c.word(0) != "when" && !c.symbol(0, ";") {
		at := c.offset()
		s.label = c.ident()
		c.checkExitLabel(s, at)
	} else if c.ns.nearestLoop() == nil {
		if s.exit {
			failAt(start, pgerr.SyntaxError, "EXIT cannot be used outside a loop, unless it has a label")
		}
		failAt(start, pgerr.SyntaxError, "CONTINUE cannot be used outside a loop")
	}
	if c.acceptWord("when") {
		s.cond = c.toSemicolon()
		return s
	}
	c.expect(";")
	return s
}

func (c *compiler) checkExitLabel(s *exitStmt, at int) {
	label := c.ns.findLabel(s.label)
	switch {
	case label == nil:
		failAt(at, pgerr.SyntaxError, "there is no label \"%s\" attached to any block or loop enclosing this statement", s.label)
	case !s.exit && label.label != labelLoop:
		failAt(at, pgerr.SyntaxError, "block label \"%s\" cannot be used in CONTINUE", s.label)
	}
}

// returnStatement is stmt_return: RETURN, RETURN NEXT, RETURN QUERY.
func (c *compiler) returnStatement() stmt {
	l := c.here()
	c.i++
	switch c.word(0) {
	case "next":
		c.i++
		return c.returnNext(l)
	case "query":
		c.i++
		return c.returnQuery(l)
	}
	s := &returnStmt{line: l}
	f := c.fn
	switch {
	case f.returnsSet:
		if !c.symbol(0, ";") {
			fail(pgerr.New(pgerr.DatatypeMismatch, "RETURN cannot have a parameter in function returning set").
				WithHint("Use RETURN NEXT or RETURN QUERY.").AtByte(c.offset()))
		}
		c.i++
	case f.result.OID == types.VoidOID && f.out == nil:
		if !c.symbol(0, ";") {
			if f.procedure {
				failAt(c.offset(), pgerr.SyntaxError, "RETURN cannot have a parameter in a procedure")
			}
			failAt(c.offset(), pgerr.DatatypeMismatch, "RETURN cannot have a parameter in function returning void")
		}
		c.i++
	case f.out != nil:
		if !c.symbol(0, ";") {
			failAt(c.offset(), pgerr.DatatypeMismatch, "RETURN cannot have a parameter in function with OUT parameters")
		}
		c.i++
		s.v = f.out
	default:
		if d, n := c.datumHere(); d != nil && c.symbol(n, ";") {
			if v, ok := d.(*variable); ok {
				s.v = v
				c.i += n + 1
				return s
			}
		}
		if c.symbol(0, ";") {
			c.failHere("missing expression")
		}
		s.expr = c.toSemicolon()
	}
	return s
}

// returnNext is make_return_next_stmt.
func (c *compiler) returnNext(l line) stmt {
	s := &returnNextStmt{line: l}
	f := c.fn
	if !f.returnsSet {
		failAt(c.offset(), pgerr.DatatypeMismatch, "cannot use RETURN NEXT in a non-SETOF function")
	}
	if f.out != nil {
		if !c.symbol(0, ";") {
			failAt(c.offset(), pgerr.DatatypeMismatch, "RETURN NEXT cannot have a parameter in function with OUT parameters")
		}
		c.i++
		s.v = f.out
		return s
	}
	if d, n := c.datumHere(); d != nil && c.symbol(n, ";") {
		if v, ok := d.(*variable); ok {
			s.v = v
			c.i += n + 1
			return s
		}
	}
	s.expr = c.toSemicolon()
	return s
}

// returnQuery is make_return_query_stmt.
func (c *compiler) returnQuery(l line) stmt {
	s := &returnQueryStmt{line: l}
	if !c.fn.returnsSet {
		failAt(c.offset(), pgerr.DatatypeMismatch, "cannot use RETURN QUERY in a non-SETOF function")
	}
	if !c.acceptWord("execute") {
		s.query, _ = c.construct(pl.Statement, ";", ";")
		return s
	}
	s.dynamic = true
	var end ending
	if s.query, end = c.construct(pl.Expression, "; or USING", ";", "using"); end == "using" {
		s.using, _ = c.using(", or ;", ";")
	}
	return s
}

// assertStatement is stmt_assert.
func (c *compiler) assertStatement() stmt {
	s := &assertStmt{line: c.here()}
	c.i++
	var end ending
	if s.cond, end = c.construct(pl.Expression, ", or ;", ",", ";"); end == "," {
		s.message = c.toSemicolon()
	}
	return s
}
