package plpgsql

import (
	"strings"

	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/parser"
	"github.com/s3db-sql/s3db-sql/sql/pl"
)

// compiler reads a function's text and makes its datums: plpgsql_compile.
type compiler struct {
	*scanner
	spi pl.SPI
	fn  *function
	ns  *nsItem
	// check: expressions are parsed, so that their syntax errors show at once.
	check bool
	// declared are the variables of the DECLARE section being read.
	declared []*variable
	// line is that of what is being read, for errors.
	line int
}

// newVariable adds a variable and its name.
func (c *compiler) newVariable(name string, line int, t dtype) *variable {
	v := &variable{dno: len(c.fn.datums), ident: name, line: line, typ: t}
	c.fn.datums = append(c.fn.datums, v)
	return v
}

func (c *compiler) nameVariable(v *variable) {
	kind := nsVar
	if v.typ.isRecord() {
		kind = nsRec
	}
	c.addName(kind, v.dno, v.ident)
}

func (c *compiler) addName(kind nsKind, dno int, name string) {
	c.ns = &nsItem{kind: kind, dno: dno, name: name, prev: c.ns}
}

func (c *compiler) push(label string, kind labelKind) {
	c.ns = &nsItem{kind: nsLabel, label: kind, name: label, prev: c.ns}
}

// pop leaves the names of the block begun with mark.
func (c *compiler) pop(mark *nsItem) { c.ns = mark }

// field is the datum of a record's field, one for each name.
func (c *compiler) field(rec *variable, name string) *recField {
	for _, d := range c.fn.datums {
		if f, ok := d.(*recField); ok && f.rec == rec && f.field == name {
			return f
		}
	}
	f := &recField{dno: len(c.fn.datums), rec: rec, field: name}
	c.fn.datums = append(c.fn.datums, f)
	return f
}

// newRow makes a row of targets.
func (c *compiler) newRow(name string, fields []datum, names []string) *row {
	r := &row{dno: len(c.fn.datums), ident: name, fields: fields, names: names}
	c.fn.datums = append(c.fn.datums, r)
	return r
}

// resolve is plpgsql_parse_word and its kin: the variable or field that names
// mean, nil if none.
func (c *compiler) resolve(names []string) datum {
	if len(names) == 0 {
		return nil
	}
	it, used := c.ns.lookup(false, names...)
	if it == nil {
		return nil
	}
	v := c.fn.datums[it.dno].(*variable)
	if used == len(names) {
		return v
	}
	return c.field(v, names[used])
}

// datumHere is the variable that the next tokens name, and how many they are.
func (c *compiler) datumHere() (datum, int) {
	names, n := c.dotted()
	for len(names) > 0 {
		if d := c.resolve(names); d != nil {
			return d, n
		}
		if len(names) == 1 {
			break
		}
		names, n = names[:1], 1
		if c.symbol(1, ".") { // a dotted word is one word
			return nil, 0
		}
	}
	return nil, 0
}

// function reads the whole text: pl_function.
func (c *compiler) function() {
	for c.accept("#") {
		c.option()
	}
	c.fn.body = c.block()
	c.accept(";")
	if c.peek().Kind != 0 {
		c.unexpected()
	}
}

// option is #variable_conflict and its kin.
func (c *compiler) option() {
	switch {
	case c.acceptWord("option", "dump"):
	case c.acceptWord("print_strict_params"):
		at := c.peek()
		switch v := c.word(0); v {
		case "on", "off":
			c.fn.printStrict = v == "on"
		default:
			failAt(at.Start, pgerr.SyntaxError, "unrecognized print_strict_params option %s", at.Text(c.src))
		}
		c.i++
	case c.acceptWord("variable_conflict"):
		conflict, ok := conflicts[strings.TrimPrefix(c.word(0), "use_")]
		if !ok {
			c.unexpected()
		}
		c.i++
		c.fn.conflict = conflict
	default:
		c.unexpected()
	}
}

// block is pl_block: [<<label>>] [DECLARE …] BEGIN … [EXCEPTION …] END [label].
func (c *compiler) block() *block {
	mark := c.ns
	label := c.label()
	return c.blockAfter(label, mark)
}

// label reads <<name>>; "" if there is none.
func (c *compiler) label() string {
	if !c.accept("<<") {
		return ""
	}
	name := c.ident()
	c.expect(">>")
	return name
}

func (c *compiler) blockAfter(label string, mark *nsItem) *block {
	b := &block{label: label}
	c.push(label, labelBlock)
	saved := c.declared
	c.declared = nil
	if c.acceptWord("declare") {
		c.declarations()
	}
	b.vars = c.declared
	c.declared = saved
	b.line = c.here()
	c.expectWord("begin")
	b.body = c.statements()
	if c.word(0) == "exception" {
		c.exceptions(b)
	}
	c.expectWord("end")
	c.endLabel(label)
	c.pop(mark)
	return b
}

// endLabel is check_labels.
func (c *compiler) endLabel(label string) {
	t := c.peek()
	if !t.IsWord() || c.isReserved(0) {
		return
	}
	end := c.wordValue(t)
	switch {
	case label == "":
		failAt(t.Start, pgerr.SyntaxError, "end label \"%s\" specified for unlabeled block", end)
	case label != end:
		failAt(t.Start, pgerr.SyntaxError, "end label \"%s\" differs from block's label \"%s\"", end, label)
	}
	c.i++
}

// exceptions reads EXCEPTION WHEN … .
func (c *compiler) exceptions(b *block) {
	at := c.lineAt(c.offset())
	c.i++
	text := c.builtinType("text")
	mark := c.ns
	make := func(name string) *variable {
		v := c.newVariable(name, at, text)
		v.constant = true
		c.nameVariable(v)
		return v
	}
	b.sqlstate, b.sqlerrm = make("sqlstate"), make("sqlerrm")
	for c.word(0) == "when" {
		h := handler{line: c.lineAt(c.offset())}
		c.i++
		h.conditions = c.conditions()
		c.expectWord("then")
		h.body = c.statements()
		b.handlers = append(b.handlers, h)
	}
	if len(b.handlers) == 0 {
		c.unexpected()
	}
	c.pop(mark)
}

// conditions reads condition OR condition … .
func (c *compiler) conditions() []condition {
	var out []condition
	for {
		name := c.ident()
		if name == "sqlstate" {
			out = append(out, condition(c.sqlstate()))
		} else {
			out = append(out, conditionsNamed(name)...)
		}
		if !c.acceptWord("or") {
			return out
		}
	}
}

// sqlstate reads a SQLSTATE as a string constant.
func (c *compiler) sqlstate() pgerr.Code {
	t := c.peek()
	if !t.IsString() {
		c.unexpected()
	}
	code := c.stringValue()
	if len(code) != 5 || strings.Trim(code, "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ") != "" {
		c.i--
		c.failHere("invalid SQLSTATE code")
	}
	return pgerr.Code(code)
}

// conditionsNamed is plpgsql_parse_err_condition: "others" is the code "".
func conditionsNamed(name string) []condition {
	if name == "others" {
		return []condition{""}
	}
	var out []condition
	for _, code := range pgerr.CodesOf(name) {
		out = append(out, condition(code))
	}
	if out == nil {
		fail(pgerr.New(pgerr.UndefinedObject, "unrecognized exception condition \"%s\"", name))
	}
	return out
}

// statements reads proc_sect: statements up to what can't begin one.
func (c *compiler) statements() []stmt {
	var out []stmt
	for {
		switch c.word(0) {
		case "end", "exception", "when", "else", "elsif", "elseif":
			if d, _ := c.datumHere(); d == nil || !c.assigned(1) {
				return out
			}
		case "":
			if c.peek().Kind == 0 {
				return out
			}
		}
		if s := c.statement(); s != nil {
			out = append(out, s)
		}
	}
}

// assigned says whether the token n ahead makes an assignment of what stands
// before it.
func (c *compiler) assigned(n int) bool {
	return c.symbol(n, ":=") || c.symbol(n, "=") || c.symbol(n, "[")
}

// statementReaders read one statement each, by its first word.
var statementReaders map[string]func(c *compiler) stmt

func init() {
	statementReaders = map[string]func(c *compiler) stmt{
		"declare": (*compiler).nestedBlock, "begin": (*compiler).nestedBlock,
		"if": (*compiler).ifStatement, "case": (*compiler).caseStatement,
		"loop": (*compiler).labeled, "while": (*compiler).labeled, "for": (*compiler).labeled, "foreach": (*compiler).labeled,
		"exit": (*compiler).exitStatement, "continue": (*compiler).exitStatement, "return": (*compiler).returnStatement,
		"raise": (*compiler).raiseStatement, "assert": (*compiler).assertStatement, "execute": (*compiler).executeStatement,
		"perform": (*compiler).performStatement, "call": (*compiler).callStatement, "do": (*compiler).callStatement,
		"get": (*compiler).diagnosticsStatement, "open": (*compiler).openStatement, "fetch": (*compiler).fetchStatement,
		"move": (*compiler).fetchStatement, "close": (*compiler).closeStatement, "null": (*compiler).nullStatement,
		"commit": (*compiler).endTransaction, "rollback": (*compiler).endTransaction,
	}
}

// statement reads proc_stmt; nil for NULL.
func (c *compiler) statement() stmt {
	c.line = c.lineAt(c.offset())
	if c.symbol(0, "<<") {
		return c.labeled()
	}
	w := c.word(0)
	read := statementReaders[w]
	if read != nil && (c.isReserved(0) || !c.assigned(1) && !c.symbol(1, ".")) {
		return read(c)
	}
	if d, n := c.datumHere(); d != nil && (c.assigned(n) || n > 1 || c.peek().Kind == parser.TokenParam) {
		return c.assignment(d)
	}
	names, n := c.dotted()
	if len(names) == 0 {
		c.unexpected()
	}
	if c.assigned(n) {
		failAt(c.offset(), pgerr.SyntaxError, "\"%s\" is not a known variable", strings.Join(names, "."))
	}
	return c.sqlStatement()
}

func (c *compiler) nestedBlock() stmt {
	b := c.blockAfter("", c.ns)
	c.expect(";")
	return b
}

func (c *compiler) nullStatement() stmt {
	c.i++
	c.expect(";")
	return nil
}

// labeled reads a loop or block with or without a label.
func (c *compiler) labeled() stmt {
	mark := c.ns
	label := c.label()
	l := loop{line: c.here(), label: label}
	switch c.word(0) {
	case "declare", "begin":
		b := c.blockAfter(label, mark)
		c.expect(";")
		return b
	case "loop":
		c.push(label, labelLoop)
		l.body = c.loopBody(label)
		c.pop(mark)
		return &loopStmt{l}
	case "while":
		c.i++
		c.push(label, labelLoop)
		w := &whileStmt{cond: c.until("loop", "LOOP")}
		c.i--
		l.body = c.loopBody(label)
		w.loop = l
		c.pop(mark)
		return w
	case "for":
		c.push(label, labelLoop)
		s := c.forStatement(l)
		c.pop(mark)
		return s
	case "foreach":
		c.push(label, labelLoop)
		s := c.foreachStatement(l)
		c.pop(mark)
		return s
	}
	c.unexpected()
	return nil
}

// loopBody reads LOOP … END LOOP [label]; .
func (c *compiler) loopBody(label string) []stmt {
	c.expectWord("loop")
	body := c.statements()
	c.expectWord("end")
	c.expectWord("loop")
	c.endLabel(label)
	c.expect(";")
	return body
}

// newExpr makes an expression of a part of the text.
func (c *compiler) newExpr(from, to int, mode pl.ParseMode) *expr {
	e := &expr{text: strings.TrimRight(c.src[from:to], " \t\n\r\f\v"), mode: mode, ns: c.ns}
	if c.check {
		c.checkExpr(e, from)
	}
	return e
}

// checkExpr is check_sql_expr.
func (c *compiler) checkExpr(e *expr, from int) {
	text, shift := e.text, 0
	switch e.mode {
	case pl.Expression:
		text, shift = "SELECT "+text, len("SELECT ")
	case pl.Assignment:
		c.checkAssignment(e, from)
		return
	}
	if _, err := parser.Parse(text); err != nil {
		c.failIn(err, text, from-shift)
	}
}

// failIn raises an error in a part of the text that begins at from.
func (c *compiler) failIn(err error, text string, from int) {
	e := pgerr.As(err)
	if e == nil || !e.HasPlace() {
		fail(err)
	}
	at := from + e.Byte(text)
	fail(e.Displaced().AtByte(at))
}

// checkAssignment parses what is assigned.
func (c *compiler) checkAssignment(e *expr, from int) {
	toks, err := parser.Scan(e.text)
	if err != nil {
		c.failIn(err, e.text, from)
	}
	depth := 0
	for _, t := range toks {
		switch t.Text(e.text) {
		case "[", "(":
			depth++
		case "]", ")":
			depth--
		case ":=", "=":
			if depth > 0 {
				continue
			}
			if _, err := parser.ParseExpr(e.text[:t.Start]); err != nil {
				c.failIn(err, e.text, from)
			}
			text := "SELECT " + e.text[t.End:]
			if _, err := parser.Parse(text); err != nil {
				c.failIn(err, text, from+t.End-len("SELECT "))
			}
			return
		}
	}
	for i, t := range toks {
		if i > 0 && toks[i-1].IsWord() && t.Text(e.text) != "." {
			failAt(from+t.Start, pgerr.SyntaxError, "syntax error at or near \"%s\"", t.Text(e.text))
		}
	}
}
