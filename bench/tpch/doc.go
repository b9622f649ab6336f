// Package tpch runs TPC-H's 22 queries on s3db-sql, over data in its embedded store,
// beside PostgreSQL on the same machine in one run: all answers must be equal, and
// the times and peak memory of both go to docs/benchmarks.md.
//
//	make tpch                     scale 0.1; writes docs/benchmarks.md
//	go test ./bench/tpch -tpch -scale 0.01 -v
//
// Data and texts are made from a seed by the specification's sizes and ranges; the
// queries have its validation parameters. The rows of no table are in any other form
// than s3db.js's: one object each.
package tpch
