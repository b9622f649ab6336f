package session

import (
	"context"
	"slices"

	"github.com/s3db-sql/s3db-sql/sql/copyfmt"
	"github.com/s3db-sql/s3db-sql/sql/plan"
	"github.com/s3db-sql/s3db-sql/sql/types"
	"github.com/s3db-sql/s3db-sql/sql/vec"
)

// streamed lets a run give values out of line: its rows go to the client as they come.
func streamed(r run) run {
	if q, ok := r.(*queryRun); ok {
		q.external = !q.s.Env().ByteaEscape // the size of that form is not known before
	}
	return r
}

// detoasted is a batch with all its values in line: for who keeps rows.
func detoasted(ctx context.Context, b *vec.Batch) (*vec.Batch, error) {
	is := func(v vec.Vector) bool { return v.Type() == types.ExternalBytea }
	if !slices.ContainsFunc(b.Cols, is) {
		return b, nil
	}
	b = b.Compact()
	cols := slices.Clone(b.Cols)
	for c, v := range cols {
		if !is(v) {
			continue
		}
		out := vec.NewBuilder(types.ByteaType, b.N)
		for i := range b.N {
			x, err := types.Detoasted(ctx, v.Value(i))
			if err != nil {
				return nil, err
			}
			out.Append(x)
		}
		cols[c] = out.Build()
	}
	return vec.NewBatch(cols, b.N), nil
}

// inLine are parameters of which those are in memory that the plan computes with.
func inLine(ctx context.Context, q *plan.Query, params []any) ([]any, error) {
	is := func(v any) bool {
		_, external := v.(*types.External)
		return external
	}
	if !slices.ContainsFunc(params, is) {
		return params, nil
	}
	needed := map[int]bool{}
	if q != nil {
		plan.WalkNodes(q.Root, func(n plan.Node) bool {
			for _, e := range n.Exprs() {
				plan.Walk(e, func(e plan.Expr) bool {
					if p, ok := e.(*plan.Param); ok && p.Typ != types.ExternalBytea {
						needed[p.Index] = true
					}
					return true
				})
			}
			return true
		})
	}
	out := slices.Clone(params)
	for i, v := range out {
		if q != nil && !needed[i+1] {
			continue
		}
		var err error
		if out[i], err = types.Detoasted(ctx, v); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// toastedColumns are the columns of COPY's data, as the plan takes them: out of line where
// they are content.
func toastedColumns(q *plan.Query, columns []copyfmt.Column) []copyfmt.Column {
	out := slices.Clone(columns)
	plan.WalkNodes(q.Root, func(n plan.Node) bool {
		if scan, ok := n.(*plan.CopyScan); ok {
			for i := range out {
				out[i].Type = scan.Cols[i].Type
			}
		}
		return true
	})
	return out
}
