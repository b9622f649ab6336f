// Package funcs is the registry of functions, operators, casts, aggregates and
// set-returning functions: what PostgreSQL keeps in pg_proc, pg_operator,
// pg_cast and pg_aggregate, with the Go code that does the work. The binder
// resolves calls against it, the executor runs what it resolved, the catalog
// shows it, all from the same literals.
//
// One family is one file that registers itself in variable initialisers or
// init. A function is declared with a Go function on plain values; Lift turns
// that into a kernel over vectors, with null handling.
//
// The package must not know statements, plans, sessions or storage. What a
// function needs of the session it asks through Env and the small interfaces
// declared here.
package funcs
