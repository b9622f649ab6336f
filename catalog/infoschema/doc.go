// Package infoschema makes the views of information_schema (PostgreSQL
// documentation, "The Information Schema") of the same descriptors that
// pgcatalog shows. They are filled directly instead of through pg_catalog, so
// that a look-up by table name costs one table, not a join over all of them.
//
// The standard's domains stand as their base types, which is also what
// PostgreSQL tells clients on the wire. Nothing here keeps state, does I/O or
// decides what a statement may do: it shows.
package infoschema
