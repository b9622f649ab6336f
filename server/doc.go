// Package server is the composition root: it opens the store, the catalog and
// the listener that a configuration names, joins wire to sessions, and shuts
// everything down in order. Nothing imports it but cmd/s3db-sql and tests.
//
// It decides nothing that a package below could decide.
package server
