// Package lock is the lock manager (lock.c and deadlock.c): advisory locks, on
// numbers that mean something to applications only (PostgreSQL documentation,
// 13.3.5), locks of tables in PostgreSQL's eight modes, and locks of rows, for writers
// that wait for each other instead of failing (ADR 13). That no write is lost does not
// depend on the latter: writes are conditional.
//
// Locks hold among the sessions of one process. The package must not know SQL,
// sessions or storage: an owner is a pointer that the session gives.
package lock
