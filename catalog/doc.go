// Package catalog describes a database: schemas, relations, columns, indexes,
// constraints, roles. Descriptors are pure data; whoever holds one may keep it,
// nobody changes it. A Snapshot of all of them is what a statement is planned
// against.
//
// The package does no I/O and knows no storage: catalog/store reads and writes
// s3db.json and hands out Snapshots; defaults, checks and views are kept as SQL
// text and bound on demand.
package catalog
