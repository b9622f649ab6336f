package bind

import (
	"slices"

	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/parser"
	"github.com/s3db-sql/s3db-sql/sql/plan"
)

// builtinExtensions are there from the start (pg_extension); there are no others.
var builtinExtensions = []string{"plpgsql", "plv8", "s3db"}

// createExtension finds the extension there (42710, or a notice), or not available.
func (b *binder) createExtension(stmt parser.Statement, n *parser.CreateExtensionStmt) plan.Statement {
	if !slices.Contains(builtinExtensions, n.Extname) {
		fail(pgerr.New(pgerr.FeatureNotSupported, "extension \"%s\" is not available", n.Extname).
			WithDetail("Extensions are part of the server here: plpgsql, plv8 and s3db."))
	}
	if !n.IfNotExists {
		failAt(-1, pgerr.DuplicateObject, "extension \"%s\" already exists", n.Extname)
	}
	return &plan.Nothing{Tag: parser.CommandTag(stmt.Node), Notices: []*pgerr.Error{
		pgerr.Notice(pgerr.SeverityNotice, pgerr.DuplicateObject, "extension \"%s\" already exists, skipping", n.Extname)}}
}
