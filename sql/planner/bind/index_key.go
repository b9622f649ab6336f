package bind

import (
	"slices"

	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/plan"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

// IndexKey is what an index holds of a row, bound over Inputs, the columns of the
// relation that it reads.
type IndexKey struct {
	Inputs []plan.Col
	Keys   []plan.Expr
	// Predicate is nil for an index of all rows.
	Predicate plan.Expr
}

// IndexKeys binds the key of an index of rel. The result does not depend on the
// session: env needs the catalog, and the names of text search.
func IndexKeys(env *Env, rel *catalog.Relation, ix *catalog.Index) (out *IndexKey, err error) {
	defer recoverBind(&err)
	b := newBinder(env)
	cols, nums, item := b.newScope(nil).rowOf(rel, rel.Name)
	out = &IndexKey{Keys: b.indexKeys(rel, ix, item), Predicate: b.indexPredicate(rel, ix, item)}
	for _, num := range ix.Inputs {
		out.Inputs = append(out.Inputs, cols[slices.Index(nums, num)])
	}
	for id := range plan.ColumnsOf(append(slices.Clip(out.Keys), predicateOf(out.Predicate)...)...) {
		if !slices.ContainsFunc(out.Inputs, func(c plan.Col) bool { return c.ID == id }) {
			return nil, pgerr.Internal("index \"%s\" reads a column that it was not made of", ix.Name)
		}
	}
	return out, nil
}

func predicateOf(e plan.Expr) []plan.Expr {
	if e == nil {
		return nil
	}
	return []plan.Expr{e}
}

// indexKeys are the parts of an index's key over a row of its relation.
func (b *binder) indexKeys(rel *catalog.Relation, ix *catalog.Index, item *nsItem) []plan.Expr {
	out := make([]plan.Expr, len(ix.Keys))
	for i := range ix.Keys {
		k := &ix.Keys[i]
		if k.Expr != "" {
			out[i] = b.indexText(rel, k.Expr, item, kindIndexExpression)
			continue
		}
		c := rel.Column(k.Num)
		col := item.findColumn(c.Name, false, -1)
		if col == nil && item.hidden != nil {
			col = item.hidden(c.Name, false)
		}
		if col == nil {
			fail(pgerr.Internal("index \"%s\" has lost a column", ix.Name))
		}
		out[i] = col.expr
	}
	return out
}

func (b *binder) indexPredicate(rel *catalog.Relation, ix *catalog.Index, item *nsItem) plan.Expr {
	if ix.Predicate == "" {
		return nil
	}
	return b.boolean(b.indexText(rel, ix.Predicate, item, kindIndexPredicate), "WHERE")
}

// indexText binds an expression of an index, which means the same in every
// session: names are those of the table's schema and of public, and literals are
// read with the default settings. Of the names in literals those of text search
// configurations and dictionaries mean the same everywhere.
func (b *binder) indexText(rel *catalog.Relation, text string, item *nsItem, kind exprKind) plan.Expr {
	saved := b.env
	defer func() { b.env = saved }()
	env := *saved
	env.SearchPath, env.Settings = []string{rel.Schema, "public"}, nil
	env.TypesEnv = types.DefaultEnv()
	if saved.TypesEnv != nil {
		env.TypesEnv.Types = saved.TypesEnv.Types
		if saved.TypesEnv.Names != nil {
			env.TypesEnv.Names = textSearchNames{saved.TypesEnv.Names}
		}
	}
	if env.TypesEnv.Types == nil {
		env.TypesEnv.Types = b.reg
	}
	b.env = &env
	return b.textExpr(text, item, kind)
}

// textSearchNames knows of a session's names those of text search, which are all in
// pg_catalog, where every search path looks.
type textSearchNames struct{ types.Names }

// OIDOf implements types.Names.
func (n textSearchNames) OIDOf(kind types.RegKind, name string) (types.OID, error) {
	if kind != types.RegConfig && kind != types.RegDictionary {
		return 0, pgerr.Unsupported("a name in an index expression")
	}
	return n.Names.OIDOf(kind, name)
}
