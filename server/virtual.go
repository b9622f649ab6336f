package server

import (
	"context"

	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/catalog/store"
	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/exec"
	"github.com/s3db-sql/s3db-sql/sql/funcs"
	"github.com/s3db-sql/s3db-sql/sql/session"
	"github.com/s3db-sql/s3db-sql/storage"
)

// virtual gives the catalog its virtual relations.
func (db *database) virtual(env *store.Env) {
	env.VirtualSchemas = []*catalog.Schema{{OID: catalog.PgCatalogOID, Name: "pg_catalog", Owner: catalog.BootstrapSuperuser}}
}

func (db *database) virtualSource(v session.View) exec.VirtualSource { return noVirtual{} }

func (db *database) functions(v session.View) funcs.Catalog { return noVirtual{} }

type noVirtual struct{}

func (noVirtual) Open(ctx context.Context, rel *catalog.Relation, nums []int16, keys map[int16]any) (storage.Scanner, error) {
	return nil, pgerr.Unsupported("catalog relation %s", rel.Name)
}

func (noVirtual) Lookup(c *funcs.Call, kind string, args []any) (any, error) {
	return nil, pgerr.Unsupported("function %s", kind)
}
