// Package ruleutils writes analysed expressions and queries as SQL: what
// PostgreSQL's src/backend/utils/adt/ruleutils.c does for views, rules, defaults,
// constraints and indexes. The functions have that file's names, so that a reader
// of it finds its rules here: getRuleExpr is get_rule_expr, isSimpleNode decides
// where parentheses may be left out, appendContextKeyword breaks lines.
//
// It reads the trees that package bind makes beside a plan (plan.QueryTree and
// plan.TreeExpr); it must not bind, and knows of the session only what is in
// Context: the search path, which decides what is named with its schema, and the
// environment of the types' output.
//
// Where to look: context.go (options, line breaks), names.go (what relations, types,
// functions and columns are called), expr*.go and const.go (expressions), query.go,
// target.go, from.go, window.go (queries), entries.go (the names that FROM's items
// get).
package ruleutils
