// Package badinput gives the server what it must refuse: stores that can't be
// reached, damaged objects, rows that are too large, ids with every awkward
// character. Each must end in a clear error with its SQLSTATE, without a secret
// in it, and leave nothing half-written.
package badinput
