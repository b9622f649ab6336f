package catalog

import "github.com/s3db-sql/s3db-sql/sql/types"

// Deparser writes what the catalog keeps as SQL text the way PostgreSQL's ruleutils.c
// writes its node trees: names as the search path needs them, casts made explicit,
// parentheses everywhere or, pretty, where they are needed. Its ok is false where a text
// can't be analysed (it uses what is not there, or what has no code): then the text that
// is kept has to do.
type Deparser interface {
	// Expr writes an expression.
	Expr(e KeptExpr, pretty bool) (text string, ok bool)
	// View writes the query of a view, with its semicolon.
	View(rel *Relation, layout DeparseLayout) (text string, ok bool)
	// Rule writes what follows the event of a rule: its condition and its actions.
	Rule(rel *Relation, rule *Rule, pretty bool) (text string, ok bool)
	// Body writes the SQL-standard body of a function.
	Body(f *Function) (text string, ok bool)
	// Type is a type's name.
	Type(t *types.Type, typmod int32) string
}

// KeptExpr is an expression that the catalog keeps.
type KeptExpr struct {
	Text string
	// Rel has the columns that it may name; nil for none.
	Rel *Relation
	// As is the type that its value is assigned to, as a default's is to the column's;
	// nil for its own.
	As     *types.Type
	Typmod int32
	// Value is the type of VALUE in a domain's CHECK, nil elsewhere.
	Value *types.Type
	// Trigger: it names the columns of OLD and NEW.
	Trigger bool
}

// DeparseLayout says how a query is laid out.
type DeparseLayout struct {
	// Pretty leaves out needless parentheses.
	Pretty bool
	// Wrap is the width of lines, 0 for a line for each item of a list.
	Wrap int
	// OneLine has no line breaks at all.
	OneLine bool
}
