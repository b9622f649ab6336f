package server

// The extensions that CREATE EXTENSION finds.
import (
	_ "github.com/s3db-sql/s3db-sql/sql/ext/fuzzystrmatch"
	_ "github.com/s3db-sql/s3db-sql/sql/ext/pgcrypto"
	_ "github.com/s3db-sql/s3db-sql/sql/ext/pgtrgm"
	_ "github.com/s3db-sql/s3db-sql/sql/ext/uuidossp"
)
