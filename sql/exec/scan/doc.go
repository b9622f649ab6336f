// Package scan reads tables and catalog relations: it turns an access path's
// expressions into storage paths and rechecks the whole predicate on every row.
//
// The package must not choose paths; what a path means is the storage's
// business.
package scan
