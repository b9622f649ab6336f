package exec

import (
	"context"
	"slices"

	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/sql/exec/expr"
	"github.com/s3db-sql/s3db-sql/sql/plan"
	"github.com/s3db-sql/s3db-sql/sql/vec"
)

// appendAll puts out one input after the other; each is open only while it is
// read. Partitions that the values of this run exclude are left out.
type appendAll struct {
	inputs []Operator
	at     int
	opened bool
	prune  *pruner
	skip   []bool
}

// pruner leaves out partitions when the plan runs (ExecFindMatchingSubPlans).
type pruner struct {
	*plan.Pruning
	rels  []*catalog.Relation
	exprs map[plan.Expr]expr.Expr
}

func (b *builder) append(n *plan.Append) (Operator, error) {
	a := &appendAll{}
	for _, c := range n.Children {
		op, err := b.build(c)
		if err != nil {
			return nil, err
		}
		a.inputs = append(a.inputs, op)
	}
	if n.Pruning == nil {
		return a, nil
	}
	a.prune = &pruner{Pruning: n.Pruning, rels: n.Rels, exprs: map[plan.Expr]expr.Expr{}}
	return a, a.prune.compile(b.compiler(nil))
}

func (p *pruner) compile(c *expr.Compiler) (err error) {
	p.Cond.Walk(func(cond *plan.PruneCond) {
		es := slices.Clip(cond.Values)
		if cond.Array != nil {
			es = append(es, cond.Array)
		}
		for _, e := range es {
			if err == nil {
				p.exprs[e], err = c.Compile(e)
			}
		}
	})
	return err
}

// skipped says which inputs have no row for this run.
func (p *pruner) skipped() ([]bool, error) {
	leaves, err := p.Leaves(func(e plan.Expr) (any, bool, error) {
		x := p.exprs[e]
		if x == nil { // a hash function of the database's
			return nil, false, nil
		}
		v, err := x.Eval(vec.NewBatch(nil, 1), nil)
		if err != nil {
			return nil, false, err
		}
		return v.Value(0), true, nil
	})
	if err != nil {
		return nil, err
	}
	out := make([]bool, len(p.rels))
	for i, rel := range p.rels {
		out[i] = !slices.ContainsFunc(leaves, func(l *catalog.Relation) bool { return l.OID == rel.OID })
	}
	return out, nil
}

func (a *appendAll) Open(context.Context) (err error) {
	a.at, a.opened = 0, false
	if a.prune != nil {
		a.skip, err = a.prune.skipped()
	}
	return err
}

func (a *appendAll) Next(ctx context.Context) (*vec.Batch, error) {
	for ; a.at < len(a.inputs); a.at++ {
		if a.skip != nil && a.skip[a.at] {
			continue
		}
		if !a.opened {
			a.opened = true
			if err := a.inputs[a.at].Open(ctx); err != nil {
				return nil, err
			}
		}
		b, err := a.inputs[a.at].Next(ctx)
		if b != nil || err != nil {
			return b, err
		}
		if err := a.Close(); err != nil {
			return nil, err
		}
	}
	return nil, nil
}

func (a *appendAll) Close() error {
	if !a.opened {
		return nil
	}
	a.opened = false
	return a.inputs[a.at].Close()
}
