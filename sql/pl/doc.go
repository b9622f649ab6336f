// Package pl is the seam between the session and procedural languages: Language
// is what pg_language's handlers are in PostgreSQL, SPI what a language may ask
// of the session (the server programming interface, spi.c).
//
// A new language is a package that implements Language and a line in the
// session's table of languages.
package pl
