// Package testserver runs our real server inside a test: the composition root
// that cmd/s3db-sql starts, on a free port of this machine, over a store that
// the test names. Process runs it as a process of its own, where a test measures
// memory or kills it.
//
// Only tests and benchmarks import it.
package testserver
