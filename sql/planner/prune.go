package planner

import (
	"slices"

	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/catalog/partition"
	"github.com/s3db-sql/s3db-sql/sql/funcs"
	"github.com/s3db-sql/s3db-sql/sql/plan"
	"github.com/s3db-sql/s3db-sql/sql/planner/access"
)

// prune leaves out the partitions that the scan's filter excludes by the constants in
// it (prune_append_rel_partitions). later has what the executor can still leave out,
// nil for nothing.
func (p *physical) prune(s *plan.Scan) (members []*catalog.Relation, later *plan.Pruning) {
	if s.Parts == nil || s.Filter == nil {
		return s.Members, nil
	}
	m := &pruneMatcher{scan: s, paths: p.paths, columns: map[plan.ColumnID]*catalog.Column{}}
	for i, c := range s.Cols {
		if col := s.Rel.Column(s.Nums[i]); col != nil && s.Nums[i] > 0 && isKey(s.Parts, col.Name) {
			m.columns[c.ID] = col
		}
	}
	pruning := &plan.Pruning{Tree: s.Parts, Cond: m.all(plan.Conjuncts(s.Filter)), Hashes: s.Hashes}
	members, err := pruning.Leaves(func(e plan.Expr) (any, bool, error) {
		if c, ok := e.(*plan.Const); ok {
			return c.Value, true, nil
		}
		if pruning.IsHash(e) {
			v, err := p.env.Evaluate(e)
			return v, err == nil, err
		}
		return nil, false, nil
	})
	if err != nil { // the rows' own comparison will say so
		return s.Members, nil
	}
	if m.open {
		later = pruning
	}
	return members, later
}

// isKey says whether a column is in the key of some level.
func isKey(t *partition.Tree, column string) bool {
	if slices.ContainsFunc(t.Rel.Partitioning.Keys, func(k catalog.PartitionKey) bool { return k.Column == column }) {
		return true
	}
	return slices.ContainsFunc(t.Sub, func(sub *partition.Tree) bool { return sub != nil && isKey(sub, column) })
}

// pruneMatcher finds conditions on the columns of partition keys
// (match_clause_to_partition_key).
type pruneMatcher struct {
	scan    *plan.Scan
	paths   *access.Env
	columns map[plan.ColumnID]*catalog.Column
	// open: some value is known only when the plan runs.
	open bool
}

var unknown = &plan.PruneCond{Op: plan.PruneUnknown}

func (m *pruneMatcher) all(es []plan.Expr) *plan.PruneCond {
	return &plan.PruneCond{Op: plan.PruneAll, Args: m.each(es)}
}

func (m *pruneMatcher) each(es []plan.Expr) []*plan.PruneCond {
	out := make([]*plan.PruneCond, len(es))
	for i, e := range es {
		out[i] = m.cond(e)
	}
	return out
}

func (m *pruneMatcher) cond(e plan.Expr) *plan.PruneCond {
	switch e := e.(type) {
	case *plan.And:
		return m.all(e.Args)
	case *plan.Or:
		return &plan.PruneCond{Op: plan.PruneAny, Args: m.each(e.Args)}
	case *plan.Const:
		if v, _ := e.Value.(bool); !v { // false or NULL: one of no arms
			return &plan.PruneCond{Op: plan.PruneAny}
		}
	case *plan.Column:
		return m.boolean(e, true)
	case *plan.Not:
		return m.boolean(e.Arg, false)
	case *plan.BoolTest:
		if e.Test == plan.IsTrue || e.Test == plan.IsFalse {
			return m.boolean(e.Arg, e.Test == plan.IsTrue)
		}
	case *plan.NullTest:
		return m.nullTest(e)
	case *plan.ArrayOp:
		return m.arrayOp(e)
	case *plan.Call:
		return m.comparison(e)
	}
	return unknown
}

func (m *pruneMatcher) nullTest(e *plan.NullTest) *plan.PruneCond {
	c := m.column(e.Arg)
	if c == nil || e.RowWise {
		return unknown
	}
	op := plan.PruneNull
	if e.Not {
		op = plan.PruneNotNull
	}
	return &plan.PruneCond{Op: op, Column: c.Name}
}

// boolean is a condition that is a column, or its contrary.
func (m *pruneMatcher) boolean(e plan.Expr, v bool) *plan.PruneCond {
	c := m.column(e)
	if c == nil {
		return unknown
	}
	k := &plan.Const{Meta: plan.M(e.Type(), -1), Value: v}
	return &plan.PruneCond{Op: plan.PruneEqual, Column: c.Name, Values: []plan.Expr{k}}
}

// column is the key's column that e is, relabelled or not; nil for none.
func (m *pruneMatcher) column(e plan.Expr) *catalog.Column {
	for {
		c, ok := e.(*plan.Convert)
		if !ok || c.Kind != plan.ConvertRelabel {
			break
		}
		e = c.Arg
	}
	if c, ok := e.(*plan.Column); ok {
		return m.columns[c.ID]
	}
	return nil
}

// fixed says whether e has one value for the whole scan, which is then converted to
// the column's type: nil if that can't be done.
func (m *pruneMatcher) fixed(op string, e plan.Expr, to *catalog.Column) plan.Expr {
	for id := range plan.ColumnsOf(e) {
		if slices.ContainsFunc(m.scan.Cols, func(c plan.Col) bool { return c.ID == id }) {
			return nil
		}
	}
	if plan.IsVolatile(e) {
		return nil
	}
	_, isConst := e.(*plan.Const)
	if !isConst && op != "=" && !access.SameValues(e.Type(), to.Type) {
		return nil
	}
	out := access.ConvertKey(e, to, m.paths)
	if out == nil {
		return nil
	}
	if _, isConst := out.(*plan.Const); !isConst {
		m.open = true
	}
	return out
}

var pruneOps = map[string]plan.PruneOp{"=": plan.PruneEqual, ">": plan.PruneLow, ">=": plan.PruneLow, "<": plan.PruneHigh, "<=": plan.PruneHigh}

func (m *pruneMatcher) comparison(c *plan.Call) *plan.PruneCond {
	if c.Op == nil || len(c.Args) != 2 || !c.Op.Known() {
		return unknown
	}
	op, col, value := c.Op.Name, m.widened(c.Op, c.Args[0], c.Args[1]), c.Args[1]
	if col == nil {
		op, col, value = access.Commuted[op], m.widened(c.Op, c.Args[1], c.Args[0]), c.Args[0]
	}
	if _, known := pruneOps[op]; col == nil || !known || !access.KeyOrdered(op, c.Args) {
		return unknown
	}
	v := m.fixed(op, value, col)
	if v == nil {
		return unknown
	}
	return &plan.PruneCond{Op: pruneOps[op], Column: col.Name, Values: []plan.Expr{v}, Inclusive: op == "<=" || op == ">="}
}

// widened is column, but sees through the cast of a column that is compared with a
// constant of a wider type.
func (m *pruneMatcher) widened(op *funcs.Operator, e, value plan.Expr) *catalog.Column {
	c, isCast := e.(*plan.Call)
	if _, isConst := value.(*plan.Const); isCast && isConst && op.Name == "=" && c.Display == plan.DisplayImplicitCast && len(c.Args) == 1 {
		e = c.Args[0]
	}
	return m.column(e)
}

func (m *pruneMatcher) arrayOp(a *plan.ArrayOp) *plan.PruneCond {
	col := m.column(a.Left)
	if col == nil || a.All || a.Op == nil || !a.Op.Known() || a.Op.Name != "=" || !a.Left.Type().Bytewise() {
		return unknown
	}
	out := &plan.PruneCond{Op: plan.PruneEqual, Column: col.Name}
	list, ok := a.Array.(*plan.ArrayExpr)
	if !ok {
		return m.wholeArray(out, a.Array, col)
	}
	for _, e := range list.Elems {
		v := m.fixed("=", e, col)
		if v == nil {
			return unknown
		}
		out.Values = append(out.Values, v)
	}
	return out
}

// wholeArray uses an array whose elements are of the column's type.
func (m *pruneMatcher) wholeArray(out *plan.PruneCond, array plan.Expr, col *catalog.Column) *plan.PruneCond {
	if array.Type().Elem != col.Type.OID || plan.IsVolatile(array) || len(plan.ColumnsOf(array)) > 0 {
		return unknown
	}
	if _, isConst := array.(*plan.Const); !isConst {
		m.open = true
	}
	out.Array = array
	return out
}
