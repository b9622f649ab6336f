// Package mb knows PostgreSQL 15's encodings: their numbers, names and aliases
// (pg_enc, encnames.c), how long their characters are and which are valid
// (wchar.c), and the conversions between them (pg_conversion). The server's own
// encoding is UTF8; the others are those of clients, of COPY and of convert().
//
// The tables of the conversions (tables/) were asked of a real PostgreSQL, every
// character both ways; TestTables asks again. MULE_INTERNAL has no tables: it has
// no conversion to UTF8 in PostgreSQL either, and the others are refused by name.
package mb
