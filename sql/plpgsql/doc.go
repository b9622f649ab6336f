// Package plpgsql is the language PL/pgSQL: parser (pl_gram.y), compiler
// (pl_comp.c) and interpreter (pl_exec.c), whose structure and names it has.
//
// A function's text becomes a tree of statements over numbered variables
// (datums). Everything that is SQL in it — each expression, too — stays text,
// in which variables are parameters: the number of a variable's parameter is
// its datum's number plus one. It is bound and planned through pl.SPI when it is
// first run, once for a session and a version of the catalog; expressions
// without queries are then evaluated without one.
//
// The package knows neither storage nor protocol; what runs SQL is the session,
// behind pl.SPI. Values are boxed, as everywhere outside of vectors.
package plpgsql
