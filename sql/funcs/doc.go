// Package funcs is the registry of functions, operators, casts, aggregates,
// window and set-returning functions, with the Go code that does the work. The
// binder resolves calls against it, the executor runs what it resolved, the
// catalog shows it, all from the same entries.
//
// As in PostgreSQL, declaration and code are apart. What a function is (oid,
// signature, strictness, volatility, defaults, which operators and casts use
// it, its description) is PostgreSQL's own catalog, kept as data in package
// catalog. A file here holds the code of one family and binds it by prosrc
// ("int4pl") or signature ("lpad(text,int4)") in tables of kernels, rowsFuncs,
// aggregates and windows; binding registers the function together with its
// operators and casts. An entry without code is not registered: its calls are
// 42883, as those of an unknown function.
//
// Code comes in three strengths. Comparison and arithmetic of the common types
// are loops over slices (compare_loops.go, arith_loops.go): nothing is allocated
// or called per row. F1, E2, Lift3 and their kin lift a Go function on plain
// values: one call per row, NULLs handled before it. Strict and Boxed lift a
// function on boxed values, for what is polymorphic, variadic or rarely hot.
// A call whose arguments are all constant is computed once.
//
// Tests compare with what PostgreSQL answered: testdata holds calls and their
// results (go test -update asks a server again).
//
// The package must not know statements, plans, sessions or storage. What a
// function needs of the session it asks through Env and the small interfaces
// declared here.
package funcs
