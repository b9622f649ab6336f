package ruleutils

import (
	"bytes"
	"strconv"

	"github.com/s3db-sql/s3db-sql/sql/plan"
)

func (d *deparser) putNumber(n int) { d.put(strconv.Itoa(n)) }

// targetList is get_target_list.
func (d *deparser) targetList(targets []*plan.TreeTarget, columns []string, namesVisible bool) {
	sep, n, multiline := " ", 0, false
	for _, t := range targets {
		if t.Junk {
			continue
		}
		n++
		d.put(sep)
		sep = ", "
		text := d.captured(func() { d.target(t, n, columns, namesVisible) })
		multiline = d.wrapTarget(text, n > 1, multiline)
		d.buf = append(d.buf, text...)
	}
}

// target writes an item and, unless it is called so already, its name.
func (d *deparser) target(t *plan.TreeTarget, n int, columns []string, namesVisible bool) {
	given := "?column?"
	if namesVisible {
		given = ""
	}
	c, isColumn := t.Expr.(*plan.Column)
	if isColumn && d.tagOf(c) == tagWord {
		given = d.getVariable(c)
	} else {
		d.toplevel(t.Expr, true)
	}
	name := t.Name
	if n <= len(columns) {
		name = columns[n-1]
	}
	if name != "" && name != given {
		d.put(" AS " + quoteIdent(name))
	}
}

// wrapTarget begins a line before an item that would make one too long, or that
// follows one of several lines; the result says whether the item has several.
func (d *deparser) wrapTarget(text []byte, later, multiline bool) bool {
	if !d.Indent || d.Wrap < 0 {
		return false
	}
	if bytes.HasPrefix(text, []byte("\n")) {
		d.trimSpaces()
		return bytes.Contains(text[1:], []byte("\n"))
	}
	if later && (d.lineLength()+len(text) > d.Wrap || multiline) {
		d.keyword("", -prettyIndentStd, prettyIndentStd, prettyIndentVar)
	}
	return bytes.Contains(text, []byte("\n"))
}
