// Package clients runs real clients against our server: psql, pgx, the protocol
// scripts of wire/pgtest, and the clients of suites, each in its own language.
//
// What psql shows stands in transcripts, testdata/*.txt and README.md: text as a
// person sees it in a terminal. With -update the answers are written anew, from
// our server; those under testdata/postgresql are also held against a real
// PostgreSQL 15, and are written from it.
package clients
