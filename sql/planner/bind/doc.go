// Package bind turns a parse tree into a bound, typed plan: PostgreSQL's parse
// analysis (src/backend/parser of PostgreSQL 15, whose function names the
// comments give where a rule comes from one). After it nothing is left to names
// or text: every expression has a type, every column an id, every function its
// overload, every parameter its type, and every error its position.
//
// It must not read or write data, plan (choose paths, push predicates) or know
// sessions: what it needs of one is in Env.
//
// Where to look: bind.go and statement.go (entry, dispatch), scope.go, names*.go
// and relations.go (what a name means), typename.go, coerce*.go, common_type.go
// and poly.go (types and conversions), registry.go, candidates.go and
// resolve_*.go (overloads), params.go, expr*.go and the files of single
// constructs, agg.go, window.go, call.go and placement.go (calls), select.go and
// the files of its clauses, from*.go, join.go, setop.go, cte.go, insert.go,
// onconflict.go, update.go and target_table.go, ddl*.go, leaf.go (nested
// attributes of resources).
//
// Computed columns: an aggregate, window or set-returning call is kept by the
// query level that it belongs to, and a reference to its output column stands in
// the expression. group.go then rewrites what is evaluated after grouping to the
// Aggregate's columns.
//
// Inside the package an error travels as a panic of type bindError, which Bind
// and Expr recover and return: analysis is a deep recursion in which every step
// can fail and none can continue. No panic of that type leaves the package, and
// no other panic is recovered.
package bind
