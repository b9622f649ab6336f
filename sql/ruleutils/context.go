package ruleutils

import (
	"bytes"

	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/sql/plan"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

// Context is what a text depends on beside its tree.
type Context struct {
	Catalog catalog.Reader
	// Path is the effective search path, with pg_catalog and the temporary schema.
	// An empty one has every name qualified.
	Path []string
	// Env writes the constants.
	Env *types.Env
	// Backslashes: who reads the text takes them as escapes in plain strings
	// (standard_conforming_strings is off).
	Backslashes bool
	// Body is the function whose body is written, nil for none.
	Body *catalog.Function
}

// Options are prettyFlags and wrapColumn.
type Options struct {
	// Paren leaves out parentheses that precedence makes needless (PRETTYFLAG_PAREN).
	Paren bool
	// Indent breaks lines (PRETTYFLAG_INDENT).
	Indent bool
	// Wrap is the column where a list is broken, 0 after each item, -1 nowhere.
	Wrap int
}

// PrettyOptions are those of a function's argument pretty_bool: lines are broken anyway.
func PrettyOptions(pretty bool) Options { return Options{Paren: pretty, Indent: true} }

// The amounts of ruleutils.c.
const (
	prettyIndentStd   = 8
	prettyIndentJoin  = 4
	prettyIndentVar   = 4
	prettyIndentLimit = 40
)

// deparser is deparse_context.
type deparser struct {
	*Context
	Options
	buf         []byte
	indentLevel int
	vars        *plan.TreeVars
	// names are what the entries of the range tables are called, those of outer
	// queries included.
	names map[*plan.TreeEntry]string
	// columns are other names for columns of entries, which an alias list gives.
	columns map[*plan.TreeEntry][]string
	// merged are the columns that have USING's name.
	merged map[columnPlace]bool
	// levels are the names in use, of each query around the one being written.
	levels []map[string]bool
	// prefix qualifies columns with their table's name.
	prefix bool
	// tree is the query being written.
	tree *plan.QueryTree
	// grouping: what is written stands in GROUP BY.
	grouping bool
	// isReturn: the next query is the one of RETURN.
	isReturn bool
}

func (c *Context) deparser(vars *plan.TreeVars, o Options) *deparser {
	return &deparser{Context: c, Options: o, vars: vars, names: map[*plan.TreeEntry]string{}, columns: map[*plan.TreeEntry][]string{}, merged: map[columnPlace]bool{}}
}

func (d *deparser) put(s string) { d.buf = append(d.buf, s...) }
func (d *deparser) putIf(b bool, s string) {
	if b {
		d.put(s)
	}
}

// open and shut are the parentheses around what is no simple term, where they are not
// to be left out.
func (d *deparser) open() { d.putIf(!d.Paren, "(") }
func (d *deparser) shut() { d.putIf(!d.Paren, ")") }

// captured is what f writes.
func (d *deparser) captured(f func()) []byte {
	saved := d.buf
	d.buf = nil
	f()
	out := d.buf
	d.buf = saved
	return out
}

func (d *deparser) trimSpaces() { d.buf = bytes.TrimRight(d.buf, " ") }

// keyword is appendContextKeyword.
func (d *deparser) keyword(s string, before, after, plus int) {
	if !d.Indent {
		d.put(s)
		return
	}
	d.indentLevel += before
	d.trimSpaces()
	d.put("\n")
	amount := max(d.indentLevel, 0) + plus
	if d.indentLevel >= prettyIndentLimit {
		amount = (prettyIndentLimit+(d.indentLevel-prettyIndentLimit)/(prettyIndentStd/2))%prettyIndentLimit + plus
	}
	d.buf = append(d.buf, bytes.Repeat([]byte{' '}, amount)...)
	d.put(s)
	d.indentLevel = max(d.indentLevel+after, 0)
}

// clause begins a clause of a query: a line of its own, as far left as the query.
func (d *deparser) clause(s string, plus int) {
	d.keyword(s, -prettyIndentStd, prettyIndentStd, plus)
}

// lineLength is how long the line being written is.
func (d *deparser) lineLength() int { return len(d.buf) - (bytes.LastIndexByte(d.buf, '\n') + 1) }

// list calls f for each of n items with a comma between them.
func (d *deparser) list(n int, f func(i int)) {
	for i := range n {
		d.putIf(i > 0, ", ")
		f(i)
	}
}

func (d *deparser) identifiers(names []string) {
	d.list(len(names), func(i int) { d.put(quoteIdent(names[i])) })
}
