package session

import (
	"sync"

	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/exec"
	"github.com/s3db-sql/s3db-sql/sql/parser"
	"github.com/s3db-sql/s3db-sql/sql/planner/bind"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

// IndexKeys is the catalog.KeyMaker: expressions of indexes are immutable, so that
// what they give depends on the catalog alone, not on any session.
func IndexKeys(r catalog.Reader, rel *catalog.Relation, ix *catalog.Index) catalog.KeyFunc {
	compiled := sync.OnceValues(func() (catalog.KeyFunc, error) {
		key, err := bind.IndexKeys(&bind.Env{Catalog: r, TypesEnv: &types.Env{Names: textSearchNamesOnly{}}}, rel, ix)
		if err != nil {
			return nil, displaced(err)
		}
		env := types.DefaultEnv()
		env.Types = r.Types()
		return exec.RowKey(key.Keys, key.Predicate, key.Inputs, &exec.Env{Types: env})
	})
	return func(inputs []any) ([]any, bool, error) {
		f, err := compiled()
		if err != nil {
			return nil, false, err
		}
		return f(inputs)
	}
}

// textSearchNamesOnly resolves the names of text search without a session: all are in
// pg_catalog.
type textSearchNamesOnly struct{}

// OIDOf implements types.Names.
func (textSearchNamesOnly) OIDOf(kind types.RegKind, text string) (types.OID, error) {
	parts, err := qualifiedNameList(text)
	if err != nil {
		return 0, err
	}
	space, known := textSearchSpaces[kind]
	if n := len(parts); known && (n == 1 || parts[n-2] == "pg_catalog") {
		if oid, ok := space.byName[parts[n-1]]; ok {
			return oid, nil
		}
	}
	return 0, pgerr.New(pgerr.UndefinedObject, "\"%s\" does not exist in an index expression", text)
}

// NameOf implements types.Names.
func (textSearchNamesOnly) NameOf(kind types.RegKind, oid types.OID) (string, bool) {
	name, ok := textSearchSpaces[kind].byOID[oid]
	return parser.QuoteIdent(name), ok
}
