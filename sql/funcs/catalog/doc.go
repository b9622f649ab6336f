// Package catalog holds what PostgreSQL's own system catalogs say of its
// functions, operators, casts and aggregates: oids, signatures, strictness,
// volatility, defaults, negators, descriptions. dump.sh writes the files from a
// running PostgreSQL (15); nobody edits them.
//
// As in PostgreSQL, where pg_proc.dat declares and C code implements, an entry
// here is a declaration without code. Package funcs binds Go functions to
// entries by prosrc or signature and registers those that have one. The package
// must not know what a function does.
package catalog
