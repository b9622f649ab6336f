// Package mem is an object store that keeps nothing: S3's semantics in memory,
// for memory:// databases and for tests. It must not import any other store.
package mem
