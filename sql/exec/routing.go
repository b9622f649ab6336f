package exec

import (
	"slices"

	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/exec/dml"
	"github.com/s3db-sql/s3db-sql/sql/exec/expr"
	"github.com/s3db-sql/s3db-sql/sql/plan"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

// router compiles the keys of a Routing over cols; nil for none.
func (b *builder) router(r *plan.Routing, cols []plan.Col) (*dml.Router, error) {
	if r == nil {
		return nil, nil
	}
	top, err := b.routerLevel(r.Top, cols)
	return &dml.Router{Top: top, Root: r.Root, Types: b.rt.Types}, err
}

func (b *builder) routerLevel(l *plan.RoutingLevel, cols []plan.Col) (*dml.RouterLevel, error) {
	out := &dml.RouterLevel{Desc: l.Desc, Sub: make([]*dml.RouterLevel, len(l.Sub))}
	var err error
	if out.Keys, err = b.compiler(cols).CompileAll(l.Keys); err != nil {
		return nil, err
	}
	out.Hashes = make([]expr.Expr, len(l.Hashes))
	for i, e := range l.Hashes {
		if e == nil {
			continue
		}
		if out.Hashes[i], err = b.compiler(cols).Compile(e); err != nil {
			return nil, err
		}
	}
	for i, sub := range l.Sub {
		if sub == nil {
			continue
		}
		if out.Sub[i], err = b.routerLevel(sub, cols); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// route is an INSERT into a partitioned table.
func (b *builder) route(n *plan.Insert, op *dml.Insert) (*dml.Route, error) {
	out := &dml.Route{Target: op.Target, Input: op.Input, InputNums: op.InputNums, Origin: op.Origin, Line: op.Line,
		Leaves: map[types.OID]*dml.Insert{}, InOrder: op.Returning.Len() > 0, Operations: op.Operations()}
	for _, m := range n.Routing.Leaves {
		leaf, err := b.leafInsert(n, m)
		if err != nil {
			return nil, err
		}
		leaf.Origin, leaf.Line, leaf.Router = op.Origin, op.Line, op.Router
		out.Leaves[m.Rel.OID] = leaf
		leaf.Inherited = inheritedRows(n.Rel, m.Rel, op.Triggers)
		out.InOrder = out.InOrder || leaf.Triggers != nil
	}
	return out, nil
}

// insertMembers are the partitions that an INSERT writes to, none where its table is
// not partitioned.
func insertMembers(n *plan.Insert) []plan.Member {
	if n.Routing == nil {
		return nil
	}
	return n.Routing.Leaves
}

// leafInsert is the operator of one partition: the statement's columns by the
// partition's numbers.
func (b *builder) leafInsert(n *plan.Insert, m plan.Member) (*dml.Insert, error) {
	cols, nums := memberTarget(n.Target, m)
	t, err := b.target(n, m.Rel, cols, nums, n.Target, m.Generated, m.Checks, n.Returning, m.Triggers.AsPart())
	if err != nil {
		return nil, err
	}
	t.Root = n.Rel
	op := &dml.Insert{Target: t}
	for _, num := range n.Nums {
		op.InputNums = append(op.InputNums, catalog.MemberColumn(n.Rel, m.Rel, num).Num)
	}
	if n.OnConflict == nil {
		return op, nil
	}
	oc := *n.OnConflict
	if oc.Arbiters, err = memberIndexes(n.Rel, m.Rel, oc.Arbiters); err != nil {
		return nil, err
	}
	oc.Sets = slices.Clone(oc.Sets)
	for i := range oc.Sets {
		oc.Sets[i].Num = catalog.MemberColumn(n.Rel, m.Rel, oc.Sets[i].Num).Num
	}
	op.Conflict, err = b.onConflict(&oc)
	return op, err
}

// memberIndexes are a partition's indexes that stand for those of the partitioned
// table.
func memberIndexes(root, member *catalog.Relation, indexes []*catalog.Index) ([]*catalog.Index, error) {
	var out []*catalog.Index
	for _, ix := range indexes {
		own := catalog.MemberIndex(root, member, ix)
		if own == nil {
			return nil, pgerr.Internal("partition %s lacks index %s", member.Name, ix.Name)
		}
		out = append(out, own)
	}
	return out, nil
}
