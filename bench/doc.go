// Package bench measures our server beside the AWS SDK, against one S3 server
// (versitygw) in one run, at equal concurrency: what do SQL and the protocol
// cost over doing the same requests by hand?
//
//	make bench                                  writes docs/benchmarks.md
//	go test ./bench -v -sidebyside              prints only
//
// Ours and the SDK's take turns, several rounds of each, and the median round
// counts: the machine's mood changes both alike.
package bench
