package session

import (
	"sync"

	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/sql/exec"
	"github.com/s3db-sql/s3db-sql/sql/planner/bind"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

// IndexKeys is the catalog.KeyMaker: expressions of indexes are immutable, so that
// what they give depends on the catalog alone, not on any session.
func IndexKeys(r catalog.Reader, rel *catalog.Relation, ix *catalog.Index) catalog.KeyFunc {
	compiled := sync.OnceValues(func() (catalog.KeyFunc, error) {
		key, err := bind.IndexKeys(&bind.Env{Catalog: r}, rel, ix)
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
