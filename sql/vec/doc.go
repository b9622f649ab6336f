// Package vec holds rows by column: typed vectors with nulls, batches of them,
// and the selection of rows that are still alive. It is what crosses every
// seam between storage, executor and wire.
//
// A Vec[T] keeps plain Go values; T is what sql/types says for the type. A
// constant vector holds one value for any number of rows. Vectors are built
// once and then only read: an operator that hands a batch on must not write to
// its columns again, and may keep them as long as it likes.
//
// An Output writes a vector's values as text or binary, which is how they leave.
//
// The package knows no SQL: no functions, no expressions, no I/O.
package vec
