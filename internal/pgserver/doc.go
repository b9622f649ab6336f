// Package pgserver starts a real PostgreSQL 15 for tests: the oracle that writes
// their expectations and checks that they still hold. Its cluster has encoding
// UTF8, locale C and time zone UTC, as the tests of our server have, lives in a
// temporary folder and goes with the test.
//
// Where PostgreSQL is not installed a test is skipped on a developer's machine
// and fails in continuous integration (CI=true). It imports nothing of ours.
package pgserver
