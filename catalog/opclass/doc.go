// Package opclass has PostgreSQL's access methods and their operator classes and
// families: what an index may be declared with (pg_am.dat, pg_opclass.dat,
// pg_opfamily.dat).
//
// A Set adds what CREATE OPERATOR CLASS and FAMILY made. The package must not know
// plans: it is a table of names.
package opclass
