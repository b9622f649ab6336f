// Package pgtrgm is the extension pg_trgm (contrib/pg_trgm): how alike texts are by the
// trigrams that they share. Its operator class for GIN may be named in indexes, which
// are declared only, as all of GIN; that for GiST is not there.
package pgtrgm
