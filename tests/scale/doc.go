// Package scale measures what must stay bounded: memory while a large table is
// read, requests under LIMIT, goroutines after many clients. S3DB_TEST_LONG=1
// makes the tests as long as the promise is: a million rows, a minute.
package scale
