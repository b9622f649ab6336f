// Package auth decides how a client must prove who it is, and checks the proof:
// trust, or SCRAM-SHA-256 and SCRAM-SHA-256-PLUS (RFC 5802, RFC 7677, RFC 5929)
// with PostgreSQL's verifiers and wording. Cleartext and MD5 passwords are never
// offered.
//
// It does no I/O and knows no protocol messages: package wire carries them. It
// does not say what a user may do, nor whether a database exists.
package auth
