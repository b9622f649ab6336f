// Package dml runs INSERT, UPDATE and DELETE: it turns rows into changes,
// checks constraints, writes in batches, resolves conflicts, fires triggers and
// puts out RETURNING.
//
// A statement runs to its end at the first call of Next, whatever the client
// then reads of RETURNING. What makes it all or nothing is the Writer's
// business.
//
// The package must not know transactions or S3: it sees storage.Change and
// storage.Result only.
package dml
