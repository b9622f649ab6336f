// Package objstore is the object store that everything else stands on: the
// handful of S3's operations that s3db-sql uses, with S3's semantics, behind
// one interface.
//
// Implementations: mem (nothing kept), local (embedded, durable), s3 (the real
// one). Decorators in wrap add metering, limits, faults and caching; they are
// Stores too. One conformance suite (objstore/conformance) holds them all to
// the same rules.
//
// The package must not know about rows, resources or SQL: keys are opaque text
// and metadata is a flat map. Errors leave it classified (Kind); nobody above
// looks at an SDK error.
package objstore
