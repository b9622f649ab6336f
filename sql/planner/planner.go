package planner

import (
	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/sql/plan"
	"github.com/s3db-sql/s3db-sql/sql/planner/access"
	"github.com/s3db-sql/s3db-sql/sql/planner/rules"
	"github.com/s3db-sql/s3db-sql/storage"
)

// Env is what planning may ask for.
type Env struct {
	// Stats estimates a table; it makes no request.
	Stats func(rel *catalog.Relation) storage.Stats
	// Distinct is the number of different values of a column, Share the part of a
	// table that passes a condition on its columns: what is known of columns in memory,
	// ok false for others. Nil knows nothing.
	Distinct func(rel *catalog.Relation, num int16) (n float64, ok bool)
	Share    func(s *plan.Scan, cond plan.Expr) (share float64, ok bool)
	// Shape is what is known of a virtual relation; nil knows nothing.
	Shape func(rel *catalog.Relation) catalog.Shape
	// Evaluate computes an expression without columns and parameters.
	Evaluate func(e plan.Expr) (any, error)
	// Inline returns the expression of a call of a user's function, nil where it
	// is to be called.
	Inline func(c *plan.Call) (plan.Expr, error)
	// NewColumn returns a ColumnID that the statement does not use yet.
	NewColumn func() plan.ColumnID
	// External: parameters and results may be out of line (types.External).
	External bool
	// TrustPartitions is the setting s3db.trust_partitions.
	TrustPartitions bool
}

// Optimize returns the query with a physical plan. Errors are those of constant
// expressions (22012 for 1/0).
func Optimize(q *plan.Query, env *Env) (*plan.Query, error) {
	rc := &rules.Context{Evaluate: env.Evaluate, NewColumn: env.NewColumn, Inline: env.Inline, External: env.External}
	root := rules.Apply(q.Root, rc)
	if rc.Err != nil {
		return nil, rc.Err
	}
	if err := checkImplementable(root); err != nil {
		return nil, err
	}
	env = remembering(env)
	p := &physical{origins: map[plan.ColumnID]origin{}, env: env, paths: &access.Env{
		Stats: env.Stats, Distinct: env.Distinct, Share: env.Share, Evaluate: env.Evaluate, TrustPartitions: env.TrustPartitions,
	}}
	p.volatile = plan.NodeIsVolatile(root)
	c := *q
	c.Root = p.convert(root)
	c.ReadsAgain = plan.ReadsAgain(c.Root)
	return &c, nil
}
