// Package lock is the lock manager of advisory locks: shared and exclusive locks on
// numbers that mean something to applications only (PostgreSQL documentation,
// 13.3.5; lock.c and deadlock.c). Rows need none here: writes are conditional.
//
// Locks hold among the sessions of one process. The package must not know SQL,
// sessions or storage: an owner is a pointer that the session gives.
package lock
