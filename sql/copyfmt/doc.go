// Package copyfmt reads and writes the formats of COPY: text, csv and binary,
// as PostgreSQL 15 does (copyfromparse.c and copyto.c).
//
// It is pure: bytes on one side, batches of typed values on the other, one line
// after the other in constant memory. It knows no protocol, no table and no
// session; the caller moves the bytes.
package copyfmt
