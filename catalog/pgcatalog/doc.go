// Package pgcatalog makes PostgreSQL's system catalogs of the descriptors of
// package catalog and the registries of types, functions and settings: the
// relations of schema pg_catalog, and the functions that ask it (pg_get_expr,
// has_table_privilege …).
//
// Every relation that PostgreSQL 15 has is here, with its columns; one file
// describes one relation (or a family of views over the same rows), and
// empty.go says of the others why they have no rows. Nothing here keeps state,
// does I/O or decides what a statement may do: it shows.
//
// Reference: PostgreSQL documentation, "System Catalogs" and "System Views".
package pgcatalog
