// Package rows implements storage.Table: the rows of one resource, over the
// s3db.js format and an object store. It knows how rows are reached (point,
// listing, partition), in which order a row and its references are written, and
// what may be believed of what it finds (storage.md).
//
// It must not know SQL: predicates, plans and the catalog are above it; bytes
// of the format are below, in storage/s3db.
package rows
