// Package storage is the seam between rows and S3: what the executor may ask
// of a table, and what it gets. Batches of rows cross it, not rows, since a
// call is a network round trip.
//
// storage/rows implements it over the s3db.js format (storage/s3db) and an
// object store (storage/objstore). The package itself holds only interfaces and
// plain values; it knows no SQL, no plans and no catalog.
package storage
