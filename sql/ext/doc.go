// Package ext are the extensions that CREATE EXTENSION makes: PostgreSQL's contrib
// modules of the same names. A package below is an extension. As in PostgreSQL it is
// a script of definitions, which runs in the schema that the user chose, and a
// library of code that its functions name: LANGUAGE C AS '$libdir/name', 'symbol'.
// So an extension's functions, types, operators and casts are ordinary objects of the
// database, which nobody sees before CREATE EXTENSION, and are told from others by
// their membership alone (pg_depend).
//
// Registering an extension is one call in its package's init; the server imports the
// packages.
package ext
