// Package probe finds out by a dozen small requests what an S3 server honours:
// servers accept conditions that they then ignore (s3-servers.md section 2), so
// asking is the only way to know. It leaves nothing behind. The result does not
// change while a server runs; whoever opens a store keeps it.
package probe
