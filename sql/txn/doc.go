// Package txn keeps the writes of a transaction: buffered in a block, applied
// at once in autocommit, and taken back when a statement or the transaction
// fails. It shows a transaction its own writes through an overlay over
// storage.Tables.
//
// It decides nothing about rows (storage does) and nothing about when a
// transaction begins or ends (session does).
//
// A block's COMMIT applies its rows side by side, each conditionally; when one
// fails, those that were applied are restored from their old images. A crash in
// the middle of a COMMIT can leave a part of it: the transaction record of
// storage.md section 4 closes that gap and is not built yet.
package txn
