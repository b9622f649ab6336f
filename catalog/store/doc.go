// Package store keeps a database's catalog on S3: s3db.js's manifest
// (s3db.json), which s3db.js may rewrite at any time, and beside it an object of
// our own for what the manifest has no place for (oids, exact SQL types,
// defaults, constraints, index states, views). It makes catalog descriptors and
// open tables of the two.
//
// A Snapshot is immutable and made without I/O from the last state that was
// loaded. A Tx collects changes on a copy; Commit replays them on a fresh read
// under s3db.js's own lock, so that changes of different resources merge.
//
// It must not know SQL: expressions and views are text here.
package store
