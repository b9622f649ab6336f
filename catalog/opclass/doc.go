// Package opclass has PostgreSQL's access methods and their operator classes and
// families: what an index may be declared with (pg_am.dat, pg_opclass.dat,
// pg_opfamily.dat).
//
// The package must not know catalogs or plans: it is a table of names.
package opclass
