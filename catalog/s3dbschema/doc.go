// Package s3dbschema makes the views of schema s3db, which PostgreSQL has no
// word for: what the sessions and the server have asked of the store, and what
// it cost. It only shows; the counting is the object store's.
package s3dbschema
