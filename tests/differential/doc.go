// Package differential runs the same statements on s3db-sql and on a real PostgreSQL
// and compares the answers: rows, column names, types, command tags and SQLSTATEs.
//
// TestCurated reads testdata/*.sql, a file for each topic, in which a statement ends
// with a semicolon at the end of a line; each file runs in a fresh database of both.
// TestRandom makes schemas, rows and statements from seeds (package gen); -seeds and
// -queries say how many, and make differential N=… runs more than CI does. A
// difference is printed with the smallest schema, rows and statement that still
// show it.
//
// accepted.tsv lists the differences that are known and meant to stay, each with its
// reason. A line that is no difference any more is a failure.
//
// The package's own rules for what counts as equal stand in compare.go. PostgreSQL's
// regression scripts and SQLite's sqllogictest are run by tools of their own, see
// make regress and make slt.
package differential
