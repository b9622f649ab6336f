// Package updatable says which views can be written through, and how: the rules
// of PostgreSQL's rewriteHandler.c for automatically updatable views. It reads a
// view's text down to the table below it.
//
// The binder writes through what it finds, and the catalog's relations show it
// (is_updatable). The package binds nothing and knows no statement.
package updatable
