package plpgsql

import (
	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/parser"
	"github.com/s3db-sql/s3db-sql/sql/pl"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

// declarations reads decl_stmts, up to BEGIN.
func (c *compiler) declarations() {
	for {
		switch {
		case c.word(0) == "begin":
			return
		case c.acceptWord("declare"):
			continue
		case c.symbol(0, "<<"):
			failAt(c.offset(), pgerr.SyntaxError, "block label must be placed before DECLARE, not after")
		}
		c.declaration()
	}
}

// declaration is decl_statement.
func (c *compiler) declaration() {
	at := c.offset()
	c.line = c.lineAt(at)
	name := c.ident()
	if it, _ := c.ns.lookup(true, name); it != nil {
		failAt(at, pgerr.SyntaxError, "duplicate declaration at or near \"%s\"", c.toks[c.i-1].Text(c.src))
	}
	c.warnShadowed(name, at)
	switch {
	case c.acceptWord("alias"):
		c.alias(name)
		return
	case c.word(0) == "no" && c.word(1) == "scroll", c.word(0) == "scroll", c.word(0) == "cursor":
		c.cursorDeclaration(name)
		return
	}
	line := c.line
	constant := c.acceptWord("constant")
	t := c.dataType()
	var notNull int
	if c.acceptWord("collate") {
		c.collation(t)
	}
	isNotNull := c.word(0) == "not"
	if isNotNull {
		notNull = c.offset()
		c.i++
		c.expectWord("null")
	}
	var init *expr
	if !c.accept(";") {
		if !c.accept(":=") && !c.accept("=") && !c.acceptWord("default") {
			c.unexpected()
		}
		init = c.toSemicolon()
	}
	if isNotNull && init == nil {
		failAt(notNull, pgerr.NullValueNotAllowed, "variable \"%s\" must have a default value, since it's declared NOT NULL", name)
	}
	v := c.newVariable(name, line, t)
	v.constant, v.notNull, v.init = constant, isNotNull, init
	if init != nil {
		init.target = v
	}
	c.nameVariable(v)
	c.declared = append(c.declared, v)
}

// collation reads the name after COLLATE; there is one order of text.
func (c *compiler) collation(t dtype) {
	at := c.offset()
	names, n := c.dotted()
	c.i += n
	if len(names) == 0 {
		c.unexpected()
	}
	if t.Collation == 0 {
		failAt(at, pgerr.DatatypeMismatch, "collations are not supported by type %s", t.SQLName())
	}
}

// warnShadowed is the check of plpgsql.extra_warnings and extra_errors for a
// name that hides another variable.
func (c *compiler) warnShadowed(name string, at int) {
	if !c.check || c.ns == nil {
		return
	}
	it, _ := c.ns.lookup(false, name)
	if it == nil {
		return
	}
	e := pgerr.New(pgerr.DuplicateAlias, "variable \"%s\" shadows a previously defined variable", name).AtByte(at)
	if level, _ := extraLevel(c.spi, shadowedVariables); level == checkError {
		fail(e)
	} else if level == checkWarning {
		e.Severity = pgerr.SeverityWarning
		c.fn.warnings = append(c.fn.warnings, e)
	}
}

// alias is name ALIAS FOR variable.
func (c *compiler) alias(name string) {
	c.expectWord("for")
	t := c.peek()
	var names []string
	if t.Kind == parser.TokenParam {
		names = []string{t.Text(c.src)}
		c.i++
	} else {
		var n int
		if names, n = c.dotted(); n == 0 {
			c.unexpected()
		}
		c.i += n
	}
	it, used := c.ns.lookup(false, names...)
	if it == nil || used != len(names) {
		failAt(t.Start, pgerr.UndefinedObject, "variable \"%s\" does not exist", names[len(names)-1])
	}
	c.expect(";")
	c.addName(it.kind, it.dno, name)
}

// scrollOption reads SCROLL or NO SCROLL.
func (c *compiler) scrollOption() scrollOption {
	switch {
	case c.acceptWord("no", "scroll"):
		return scrollNo
	case c.acceptWord("scroll"):
		return scrollYes
	}
	return scrollDefault
}

// cursorDeclaration is name [NO SCROLL] CURSOR [(arguments)] FOR query.
func (c *compiler) cursorDeclaration(name string) {
	line := c.line
	b := &boundCursor{scroll: c.scrollOption()}
	c.expectWord("cursor")
	mark := c.ns
	if c.symbol(0, "(") {
		c.push("", labelOther)
		b.args = c.cursorArguments()
	}
	if !c.acceptWord("is") {
		c.expectWord("for")
	}
	b.query, _ = c.construct(pl.Statement, ";", ";")
	c.ns = mark
	v := c.newVariable(name, line, c.builtinType("refcursor"))
	v.cursor = b
	c.nameVariable(v)
	c.declared = append(c.declared, v)
}

func (c *compiler) cursorArguments() *row {
	c.expect("(")
	var fields []datum
	var names []string
	for {
		line := c.lineAt(c.offset())
		name := c.ident()
		v := c.newVariable(name, line, c.dataType())
		c.nameVariable(v)
		fields, names = append(fields, v), append(names, name)
		if c.accept(")") {
			return c.newRow("(unnamed row)", fields, names)
		}
		c.expect(",")
	}
}

// dataType is read_datatype.
func (c *compiler) dataType() dtype {
	if names, n := c.dotted(); n > 0 {
		if t, ok := c.copiedType(names, n); ok {
			return t
		}
	}
	from := c.offset()
	depth := 0
	for {
		w := c.word(0)
		if c.peek().Kind == 0 || depth == 0 && (c.symbol(0, ";") || c.symbol(0, ":=") || c.symbol(0, "=") || c.symbol(0, ",") ||
			c.symbol(0, ")") || w == "collate" || w == "not" || w == "default") {
			break
		}
		switch {
		case c.symbol(0, "("):
			depth++
		case c.symbol(0, ")"):
			depth--
		}
		c.i++
	}
	if c.peek().Kind == 0 && depth > 0 {
		failAt(c.offset(), pgerr.SyntaxError, "mismatched parentheses")
	}
	if c.offset() == from || c.i == 0 || c.behind() <= from {
		c.failHere("missing data type declaration")
	}
	return c.parseType(c.src[from:c.behind()], from)
}

// copiedType is name%TYPE and name%ROWTYPE.
func (c *compiler) copiedType(names []string, tokens int) (dtype, bool) {
	if !c.symbol(tokens, "%") {
		return dtype{}, false
	}
	at := c.offset()
	switch c.word(tokens + 1) {
	case "type":
		c.i += tokens + 2
		return c.typeOf(names, at), true
	case "rowtype":
		c.i += tokens + 2
		return c.rowType(names), true
	}
	return dtype{}, false
}

// typeOf is plpgsql_parse_wordtype and plpgsql_parse_cwordtype.
func (c *compiler) typeOf(names []string, at int) dtype {
	if it, used := c.ns.lookup(false, names...); it != nil {
		v := c.fn.datums[it.dno].(*variable)
		if used == len(names) {
			return v.typ
		}
		base, _ := v.typ.BaseType(-1)
		for _, col := range base.Columns {
			if col.Name == names[used] {
				return dtype{col.Type, col.Typmod}
			}
		}
		failAt(at, pgerr.UndefinedColumn, "record \"%s\" has no field \"%s\"", v.ident, names[used])
	}
	if len(names) == 1 {
		fail(pgerr.New(pgerr.UndefinedObject, "variable \"%s\" does not exist", names[0]).AtByte(at))
	}
	column := names[len(names)-1]
	rel, err := c.spi.Relation(names[:len(names)-1])
	if err != nil {
		fail(err)
	}
	for _, col := range rel.Columns {
		if col.Name == column {
			return dtype{col.Type, col.Typmod}
		}
	}
	fail(pgerr.New(pgerr.UndefinedColumn, "column \"%s\" of relation \"%s\" does not exist", column, rel.Name))
	return dtype{}
}

// rowType is plpgsql_parse_wordrowtype.
func (c *compiler) rowType(names []string) dtype {
	rel, err := c.spi.Relation(names)
	if err != nil {
		fail(err)
	}
	t := c.spi.Catalog().Types().ByOID(rel.Type)
	if t == nil {
		fail(pgerr.New(pgerr.WrongObjectType, "relation \"%s\" does not have a composite type", rel.Name))
	}
	return dtype{t, -1}
}

// parseType is parse_datatype.
func (c *compiler) parseType(text string, at int) dtype {
	tn, err := parser.ParseType(text)
	if err != nil {
		e := pgerr.As(err)
		e.AtByte(at)
		fail(err)
	}
	t, mod, err := c.spi.Type(tn)
	if err != nil {
		if e := pgerr.As(err); e != nil && e.HasPlace() {
			c.failIn(err, text, at)
		}
		fail(err)
	}
	c.checkType(t)
	return dtype{t, mod}
}

// checkType is build_datatype's: 0A000 for pseudo-types.
func (c *compiler) checkType(t *types.Type) {
	if t.Kind == 'p' && t.OID != types.RecordOID && !t.IsPolymorphic() {
		fail(pgerr.New(pgerr.FeatureNotSupported, "variable \"%s\" has pseudo-type %s", "?", t.SQLName()))
	}
}

// builtinType is a type of pg_catalog.
func (c *compiler) builtinType(name string) dtype {
	return dtype{types.Builtin().ByName("pg_catalog", name), -1}
}
