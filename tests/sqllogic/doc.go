// Package sqllogic runs scripts of SQL with their expected answers against our
// server, over every kind of store, with batches of 1, 3 and 1,024 rows, through
// both query protocols. The answers were produced by a real PostgreSQL 15 and
// are checked in, so the tests need none; where one is installed,
// TestPostgres checks that it still agrees.
//
//	go test ./tests/sqllogic                             all of it
//	go test ./tests/sqllogic -run TestMem/joins          one file
//	go test ./tests/sqllogic -run TestPostgres -update   write the answers anew
//
// # Scripts
//
// A script is a text file testdata/TOPIC.slt in the manner of SQLite's
// sqllogictest. It runs in a database of its own. Records stand between empty
// lines; # begins a comment line.
//
//	statement ok                 succeeds
//	statement count N            succeeds with N in its command tag
//	statement error SQLSTATE     fails so; after ---- may stand the error's
//	                             message, POSITION (in characters), DETAIL and HINT
//	query TYPES [rowsort]        returns the rows after ----
//	connection NAME              go on with that connection (the first is "main")
//	halt                         leave out the rest
//
// A letter of TYPES says what a column is: I integer or oid, R float or numeric,
// B boolean, T anything else. Rows stand one a line, columns between tabs, in
// the server's text format; rowsort sorts them on both sides, for queries whose
// order is free. NULL is null, (empty) the empty text, (row) a row without
// columns; \n, \r and \t stand for these characters, and · for a space at the
// beginning or the end of a value.
//
// The lines before a record's first line can limit it:
//
//	onlyif NAME, skipif NAME     NAME: s3db, postgresql, simple, extended,
//	                             mem, local, s3
//
// What only s3db-sql has (onlyif s3db) has answers that a person reviewed; the
// flag -update with TestMem writes those.
package sqllogic
