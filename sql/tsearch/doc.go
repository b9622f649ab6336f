// Package tsearch turns text into the values of full text search: the default
// parser cuts a document into tokens, a configuration picks the dictionary of
// each kind of token, and dictionaries turn tokens into lexemes. It is what
// PostgreSQL keeps in backend/tsearch and backend/snowball, with the
// configurations that initdb makes.
//
//	parser.go, parser_rules.go   the default parser (wparser_def.c): a state machine and its table
//	dict.go, stemmer.go          dictionaries: simple, and the Snowball stemmers with their stop words
//	config.go                    configurations and the oids of everything
//	document.go                  to_tsvector (ts_parse.c, to_tsany.c)
//	query.go                     to_tsquery and its kin
//	headline*.go                 ts_headline
//
// The database's locale is C: letters beyond ASCII belong to words, and have no
// case. The package knows no SQL, no vectors and no catalog: functions and
// catalog rows are made of it elsewhere.
//
// The stop words in stop/ are the Snowball project's lists, as PostgreSQL 15
// ships them: Copyright (c) 2001, Dr Martin Porter and (c) 2004-2005, Richard
// Boulton, 3-clause BSD licence, stop/COPYING.
package tsearch
