// Command genast writes the alias files of package parser: every message, enum
// and oneof wrapper of the syntax tree that pg_query_go declares, and the
// grammar's keyword list. Run it with go generate in sql/parser after a change
// of pg_query_go's version.
package main
