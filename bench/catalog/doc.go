// Package catalog measures what clients ask of the system catalogs: the statements
// of psql's \d, pgjdbc's metadata, ORMs' reflection and Metabase's sync, in a
// database of many tables.
//
//	make catalog                                 writes its part of docs/benchmarks.md
//	go test ./bench/catalog -v -catalog          prints only
//
// An ordinary test run counts instead: what asks about one table must make as many
// rows of the catalog in a small database as in a large one, and no request.
package catalog
