// Package textsearch holds the values of full text search, tsvector and
// tsquery: their text and binary forms, their order, and the algebra that needs
// neither a parser nor a dictionary (matching, ranking, rewriting). It is what
// PostgreSQL keeps in utils/adt/tsvector*.c, tsquery*.c and tsrank.c, and
// follows their names.
//
// The package is pure: it knows no SQL and no registry, and imports pgerr only.
// Turning documents and words into these values is package sql/tsearch's work.
package textsearch
