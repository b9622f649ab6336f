// Package local is the embedded default: a durable object store in a folder,
// with S3's semantics, for s3db-sql without a bucket.
//
// It stands on pebble. An object is one key-value record (etag, size, date,
// content type, metadata, body), so that a put is one atomic write and a listing
// yields metadata and bodies from one ordered scan. A body of more than 32 KiB
// lies in chunks beside the record; it becomes visible with the record, never
// before. A put returns when the write-ahead log is on disk: what was
// acknowledged survives kill -9 and power loss, and writers that wait together
// share one sync. One process at a time may open a folder.
//
// The package must not know what the objects mean.
package local
