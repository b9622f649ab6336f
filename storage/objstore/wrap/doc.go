// Package wrap has the decorators of object stores, one file each: Metered
// counts requests for the bill, Limited bounds concurrency, Prefixed gives a
// database its part of a bucket, Faulty injects faults and latency for tests.
// A decorated store is a Store and passes the same conformance suite. The
// package must not know any implementation.
package wrap
