// Package virtual is how the catalog's own relations are made: pg_catalog,
// information_schema and s3db are computed from the session's view of the
// catalog when they are read.
//
// A relation is declared as one literal: its name, a function that lists its
// rows, what each column is of a row, and look-ups by key that find the same
// rows without listing them all. Names, types and order of the columns come
// from a listing of PostgreSQL's own. Columns are computed only where a query
// asks for them.
//
// The package does no I/O and must not know what any relation means.
package virtual
