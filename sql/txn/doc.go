// Package txn keeps the writes of a transaction: buffered in a block, applied
// at once in autocommit, and taken back when a statement or the transaction
// fails. It shows a transaction its own writes through an overlay over
// storage.Tables.
//
// Above READ COMMITTED it remembers what was read, and reads it again (reads.go,
// ADR 11).
//
// It decides nothing about rows (storage does) and nothing about when a
// transaction begins or ends (session does).
//
// What a block holds beyond work_mem goes to a temporary file (coldRows): in memory stay
// some 200 bytes for each row.
//
// A block's COMMIT applies its rows in pieces (pieces.go), those of a piece side by side, each
// conditionally; when one fails, those that were applied are restored from their old images. What is more than a row is
// a unit of the storage (unit.go, ADR 15): it counts with Finish, and a crash before
// that leaves none of it.
//
// A unique value that another row holds is refused by the statement: a row of
// the transaction, or of the store as it is then. Values may go from row to row;
// only rows that end up with each other's fail at COMMIT, with 23505, since a
// store without transactions can't exchange two keys safely.
package txn
