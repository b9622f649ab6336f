// Package s3dbjs does the same work by s3db.js 21.6.2 and by s3db-sql on one S3 server
// in one run, on a real one (versitygw) and on one in memory that leaves the processors to
// the two: insert many rows into a partitioned resource, get one, get many,
// list a partition, count, filter, delete many. It compares rows per second, S3 requests
// and what AWS would charge for these.
//
//	make s3dbjs                             writes docs/benchmarks.md
//	go test ./bench/s3dbjs -s3dbjs -v       prints only
//
// Both do what their users do: s3db.js runs in the process that asks, s3db-sql in one of
// its own behind PostgreSQL's protocol. They take turns; the median round counts. Reads
// are a new process's first; "again" is the same a second time.
package s3dbjs
