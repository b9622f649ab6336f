// Package collation compares and maps text by the rules of a language: what
// PostgreSQL asks of ICU. The tables are CLDR's, as golang.org/x/text has them;
// the locales are those whose order was found equal to ICU's (locales.tsv, and
// the test that compares them with a real PostgreSQL).
//
// The package is pure: it knows no SQL and no registry, and imports pgerr only.
// Which collation an expression has is the binder's business, what a collation
// is called in a database the catalog's.
package collation
