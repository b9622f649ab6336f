// Package servers proves what holds between two server processes that write one
// database at the same time: foreign keys, and numbers that are given once. The
// database lies in an S3 server of the test's own process, which both reach over
// HTTP, as they would S3.
package servers
