// Package pgbench runs PostgreSQL's own pgbench, select-only, on s3db-sql over its
// embedded store and beside it on PostgreSQL, on the same machine in one run, and
// measures how long a connection takes on both.
//
//	make pgbench                             writes docs/benchmarks.md
//	go test ./bench/pgbench -pgbench -v      prints only
//
// The servers take turns, and the median round counts.
package pgbench
