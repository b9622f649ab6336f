// Package largeobjects keeps PostgreSQL's large objects beside the manifest, below
// plugin=s3db-sql/, where s3db.js looks for nothing (ADR 14).
//
// An object is a head, a small JSON object under its oid, and chunks of up to 1 MiB
// that the head names. Chunks are never written twice: a COMMIT puts the chunks that
// have changed under new names and then replaces the head with If-Match, which is the
// moment in which all of an object's changes happen. Up to 32 kB stand in the head
// itself, so that a small object is one PUT and one GET.
//
// A transaction holds what it writes in memory, and from its limit on in a temporary
// file: writes of 2 kB cost no request of their own. A read fetches the range of a chunk
// that it needs, or the chunk's rest where the caller is likely to go on.
//
// What no head names is removed after COMMIT, once no transaction of this process reads
// it. A transaction of another server that still does gets 40001.
package largeobjects
