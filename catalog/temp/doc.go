// Package temp is the catalog of one session: the database's own, under the
// session's temporary schema pg_temp_N, which nobody else sees.
//
// The temporary schema is a catalog of the same kind as the database's
// (catalog/store), over objects in memory. It is made when the session creates
// its first temporary relation, and goes with the session. Which of the two an
// object belongs to is told by its schema, or its oid (catalog.IsTemporary), so
// that planner, executor and transactions take temporary tables for tables. A
// transaction's changes of both are committed together, the database's first:
// only these can fail for what others did.
//
// The package must not know statements or settings: the search path, ON COMMIT
// and DISCARD are the session's.
package temp
