// Package parser turns SQL text into syntax trees. It is PostgreSQL's own
// grammar (libpg_query, PostgreSQL 17) behind one adapter, plus the statements
// PostgreSQL has no word for: CREATE, ALTER, DROP, VERIFY and VACUUM RESOURCE.
//
// The tree types are aliases of pg_query_go's (ast_*.go); no other package may
// import that module. Trees are shared between callers through a cache: they
// are read-only. Every location in a tree is a byte offset into
// Statement.Source.
//
// The C parser recurses over the tree it has built and dies with the process
// when the tree is too deep, so nothing here may call it before the depth
// guard has passed the text. The guard knows the thread stacks of glibc; on
// musl, whose threads have 128 KB whatever the limits say, it does not protect.
// The package knows no names, types or catalogs.
package parser

//go:generate go run ./internal/genast
