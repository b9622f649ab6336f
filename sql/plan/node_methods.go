package plan

import "slices"

// Columns, Inputs and Exprs of every node, and their copying counterparts.

func (n *Scan) Columns() []Col            { return n.Cols }
func (n *Scan) Inputs() []Node            { return nil }
func (n *Scan) WithInputs(in []Node) Node { return n }
func (n *Scan) visit(x *exprVisitor) Node {
	c := own(x, n)
	x.opt(&c.Filter)
	x.slice(&c.Content)
	return c
}
func (n *Scan) Exprs() []Expr            { return collect(n) }
func (n *Scan) WithExprs(es []Expr) Node { return replace(n, es) }

func (n *Join) Columns() []Col { return joinColumns(n.Kind, n.Left, n.Right) }
func (n *Join) Inputs() []Node { return []Node{n.Left, n.Right} }
func (n *Join) WithInputs(in []Node) Node {
	c := *n
	c.Left, c.Right = in[0], in[1]
	return &c
}
func (n *Join) visit(x *exprVisitor) Node {
	c := own(x, n)
	x.opt(&c.On)
	return c
}
func (n *Join) Exprs() []Expr            { return collect(n) }
func (n *Join) WithExprs(es []Expr) Node { return replace(n, es) }

func (n *Aggregate) Columns() []Col { return slices.Concat(n.GroupCols, n.AggCols, n.GroupingCols) }
func (n *Aggregate) Inputs() []Node { return []Node{n.Input} }
func (n *Aggregate) WithInputs(in []Node) Node {
	c := *n
	c.Input = in[0]
	return &c
}
func (n *Aggregate) visit(x *exprVisitor) Node {
	c := own(x, n)
	x.list(&c.GroupBy)
	x.aggs(&c.Aggs)
	return c
}
func (n *Aggregate) Exprs() []Expr            { return collect(n) }
func (n *Aggregate) WithExprs(es []Expr) Node { return replace(n, es) }

func (n *SetOp) Columns() []Col { return n.Cols }
func (n *SetOp) Inputs() []Node { return []Node{n.Left, n.Right} }
func (n *SetOp) WithInputs(in []Node) Node {
	c := *n
	c.Left, c.Right = in[0], in[1]
	return &c
}
func (n *SetOp) Exprs() []Expr            { return nil }
func (n *SetOp) WithExprs(es []Expr) Node { return n }

func (n *Filter) Columns() []Col { return n.Input.Columns() }
func (n *Filter) Inputs() []Node { return []Node{n.Input} }
func (n *Filter) WithInputs(in []Node) Node {
	c := *n
	c.Input = in[0]
	return &c
}
func (n *SecurityBarrier) Columns() []Col { return n.Input.Columns() }
func (n *SecurityBarrier) Inputs() []Node { return []Node{n.Input} }
func (n *SecurityBarrier) WithInputs(in []Node) Node {
	c := *n
	c.Input = in[0]
	return &c
}
func (n *SecurityBarrier) Exprs() []Expr            { return nil }
func (n *SecurityBarrier) WithExprs(es []Expr) Node { return n }

func (n *Filter) visit(x *exprVisitor) Node {
	c := own(x, n)
	x.one(&c.Cond)
	return c
}
func (n *Filter) Exprs() []Expr            { return collect(n) }
func (n *Filter) WithExprs(es []Expr) Node { return replace(n, es) }

func (n *Project) Columns() []Col { return n.Cols }
func (n *Project) Inputs() []Node { return []Node{n.Input} }
func (n *Project) WithInputs(in []Node) Node {
	c := *n
	c.Input = in[0]
	return &c
}
func (n *Project) Exprs() []Expr { return n.Values }
func (n *Project) WithExprs(es []Expr) Node {
	c := *n
	c.Values = es
	return &c
}

func (n *ProjectSet) Columns() []Col { return n.Cols }
func (n *ProjectSet) Inputs() []Node { return []Node{n.Input} }
func (n *ProjectSet) WithInputs(in []Node) Node {
	c := *n
	c.Input = in[0]
	return &c
}
func (n *ProjectSet) Exprs() []Expr { return n.Values }
func (n *ProjectSet) WithExprs(es []Expr) Node {
	c := *n
	c.Values = es
	return &c
}

func (n *Values) Columns() []Col            { return n.Cols }
func (n *Values) Inputs() []Node            { return nil }
func (n *Values) WithInputs(in []Node) Node { return n }
func (n *Values) visit(x *exprVisitor) Node {
	c := own(x, n)
	x.rows(&c.Rows)
	return c
}
func (n *Values) Exprs() []Expr            { return collect(n) }
func (n *Values) WithExprs(es []Expr) Node { return replace(n, es) }

func (n *FuncScan) Columns() []Col            { return n.Cols }
func (n *FuncScan) Inputs() []Node            { return nil }
func (n *FuncScan) WithInputs(in []Node) Node { return n }
func (n *FuncScan) Exprs() []Expr             { return n.Calls }
func (n *FuncScan) WithExprs(es []Expr) Node {
	c := *n
	c.Calls = es
	return &c
}

func (n *Sort) Columns() []Col { return n.Input.Columns() }
func (n *Sort) Inputs() []Node { return []Node{n.Input} }
func (n *Sort) WithInputs(in []Node) Node {
	c := *n
	c.Input = in[0]
	return &c
}
func (n *Sort) visit(x *exprVisitor) Node {
	c := own(x, n)
	x.keys(&c.Keys)
	return c
}
func (n *Sort) Exprs() []Expr            { return collect(n) }
func (n *Sort) WithExprs(es []Expr) Node { return replace(n, es) }

func (n *Limit) Columns() []Col { return n.Input.Columns() }
func (n *Limit) Inputs() []Node { return []Node{n.Input} }
func (n *Limit) WithInputs(in []Node) Node {
	c := *n
	c.Input = in[0]
	return &c
}
func (n *Limit) visit(x *exprVisitor) Node {
	c := own(x, n)
	x.opt(&c.Count)
	x.opt(&c.Offset)
	x.keys(&c.Keys)
	return c
}
func (n *Limit) Exprs() []Expr            { return collect(n) }
func (n *Limit) WithExprs(es []Expr) Node { return replace(n, es) }

func (n *Sample) Columns() []Col { return n.Input.Columns() }
func (n *Sample) Inputs() []Node { return []Node{n.Input} }
func (n *Sample) WithInputs(in []Node) Node {
	c := *n
	c.Input = in[0]
	return &c
}
func (n *Sample) visit(x *exprVisitor) Node {
	c := own(x, n)
	x.one(&c.ID)
	x.one(&c.Percent)
	x.one(&c.Seed)
	return c
}
func (n *Sample) Exprs() []Expr            { return collect(n) }
func (n *Sample) WithExprs(es []Expr) Node { return replace(n, es) }

func (n *LockRows) Columns() []Col { return n.Input.Columns() }
func (n *LockRows) Inputs() []Node { return []Node{n.Input} }
func (n *LockRows) WithInputs(in []Node) Node {
	c := *n
	c.Input = in[0]
	return &c
}
func (n *LockRows) visit(x *exprVisitor) Node {
	c := own(x, n)
	owned(x, &c.Rels)
	for i := range c.Rels {
		x.one(&c.Rels[i].ID)
		x.one(&c.Rels[i].ETag)
		x.opt(&c.Rels[i].TableOID)
	}
	return c
}
func (n *LockRows) Exprs() []Expr            { return collect(n) }
func (n *LockRows) WithExprs(es []Expr) Node { return replace(n, es) }

func (n *DistinctRows) Columns() []Col { return n.Input.Columns() }
func (n *DistinctRows) Inputs() []Node { return []Node{n.Input} }
func (n *DistinctRows) WithInputs(in []Node) Node {
	c := *n
	c.Input = in[0]
	return &c
}
func (n *DistinctRows) Exprs() []Expr { return n.On }
func (n *DistinctRows) WithExprs(es []Expr) Node {
	c := *n
	c.On = es
	return &c
}

func (n *Window) Columns() []Col { return slices.Concat(n.Input.Columns(), n.Cols) }
func (n *Window) Inputs() []Node { return []Node{n.Input} }
func (n *Window) WithInputs(in []Node) Node {
	c := *n
	c.Input = in[0]
	return &c
}
func (n *Window) visit(x *exprVisitor) Node {
	c := own(x, n)
	x.list(&c.PartitionBy)
	x.keys(&c.OrderBy)
	x.opt(&c.Frame.StartOffset)
	x.opt(&c.Frame.EndOffset)
	x.wins(&c.Calls)
	return c
}
func (n *Window) Exprs() []Expr            { return collect(n) }
func (n *Window) WithExprs(es []Expr) Node { return replace(n, es) }

func (n *With) Columns() []Col { return n.Body.Columns() }
func (n *With) Inputs() []Node { return []Node{n.Body} }
func (n *With) WithInputs(in []Node) Node {
	c := *n
	c.Body = in[0]
	return &c
}
func (n *With) Exprs() []Expr            { return nil }
func (n *With) WithExprs(es []Expr) Node { return n }

func (n *CTEScan) Columns() []Col            { return n.Cols }
func (n *CTEScan) Inputs() []Node            { return nil }
func (n *CTEScan) WithInputs(in []Node) Node { return n }
func (n *CTEScan) Exprs() []Expr             { return nil }
func (n *CTEScan) WithExprs(es []Expr) Node  { return n }

func (n *RecursiveUnion) Columns() []Col { return n.Cols }
func (n *RecursiveUnion) Inputs() []Node { return []Node{n.Seed, n.Step} }
func (n *RecursiveUnion) WithInputs(in []Node) Node {
	c := *n
	c.Seed, c.Step = in[0], in[1]
	return &c
}
func (n *RecursiveUnion) Exprs() []Expr            { return nil }
func (n *RecursiveUnion) WithExprs(es []Expr) Node { return n }

func (n *NamedTuplestoreScan) Columns() []Col            { return n.Cols }
func (n *NamedTuplestoreScan) Inputs() []Node            { return nil }
func (n *NamedTuplestoreScan) WithInputs(in []Node) Node { return n }
func (n *NamedTuplestoreScan) Exprs() []Expr             { return nil }
func (n *NamedTuplestoreScan) WithExprs(es []Expr) Node  { return n }

func (n *WorkTable) Columns() []Col            { return n.Cols }
func (n *WorkTable) Inputs() []Node            { return nil }
func (n *WorkTable) WithInputs(in []Node) Node { return n }
func (n *WorkTable) Exprs() []Expr             { return nil }
func (n *WorkTable) WithExprs(es []Expr) Node  { return n }

func (n *CopyScan) Columns() []Col            { return n.Cols }
func (n *CopyScan) Inputs() []Node            { return nil }
func (n *CopyScan) WithInputs(in []Node) Node { return n }
func (n *CopyScan) Exprs() []Expr             { return nil }
func (n *CopyScan) WithExprs(es []Expr) Node  { return n }

func (n *TableScan) Columns() []Col            { return n.Cols }
func (n *TableScan) Inputs() []Node            { return nil }
func (n *TableScan) WithInputs(in []Node) Node { return n }
func (n *TableScan) visit(x *exprVisitor) Node {
	c := own(x, n)
	x.opt(&c.Filter)
	x.path(&c.Path)
	x.slice(&c.Content)
	return c
}
func (n *TableScan) Exprs() []Expr            { return collect(n) }
func (n *TableScan) WithExprs(es []Expr) Node { return replace(n, es) }

func (n *VirtualScan) Columns() []Col            { return n.Cols }
func (n *VirtualScan) Inputs() []Node            { return nil }
func (n *VirtualScan) WithInputs(in []Node) Node { return n }
func (n *VirtualScan) visit(x *exprVisitor) Node {
	c := own(x, n)
	x.opt(&c.Filter)
	x.keyMap(&c.Keys)
	return c
}
func (n *VirtualScan) Exprs() []Expr            { return collect(n) }
func (n *VirtualScan) WithExprs(es []Expr) Node { return replace(n, es) }

func (n *HashJoin) Columns() []Col { return joinColumns(n.Kind, n.Left, n.Right) }
func (n *HashJoin) Inputs() []Node { return []Node{n.Left, n.Right} }
func (n *HashJoin) WithInputs(in []Node) Node {
	c := *n
	c.Left, c.Right = in[0], in[1]
	return &c
}
func (n *HashJoin) visit(x *exprVisitor) Node {
	c := own(x, n)
	x.list(&c.LeftKeys)
	x.list(&c.RightKeys)
	x.opt(&c.Residual)
	return c
}
func (n *HashJoin) Exprs() []Expr            { return collect(n) }
func (n *HashJoin) WithExprs(es []Expr) Node { return replace(n, es) }

func (n *MergeJoin) Columns() []Col { return joinColumns(n.Kind, n.Left, n.Right) }
func (n *MergeJoin) Inputs() []Node { return []Node{n.Left, n.Right} }
func (n *MergeJoin) WithInputs(in []Node) Node {
	c := *n
	c.Left, c.Right = in[0], in[1]
	return &c
}
func (n *MergeJoin) visit(x *exprVisitor) Node {
	c := own(x, n)
	x.keys(&c.LeftKeys)
	x.keys(&c.RightKeys)
	x.opt(&c.Residual)
	return c
}
func (n *MergeJoin) Exprs() []Expr            { return collect(n) }
func (n *MergeJoin) WithExprs(es []Expr) Node { return replace(n, es) }

func (n *NestLoop) Columns() []Col { return joinColumns(n.Kind, n.Left, n.Right) }
func (n *NestLoop) Inputs() []Node { return []Node{n.Left, n.Right} }
func (n *NestLoop) WithInputs(in []Node) Node {
	c := *n
	c.Left, c.Right = in[0], in[1]
	return &c
}
func (n *NestLoop) visit(x *exprVisitor) Node {
	c := own(x, n)
	x.opt(&c.On)
	return c
}
func (n *NestLoop) Exprs() []Expr            { return collect(n) }
func (n *NestLoop) WithExprs(es []Expr) Node { return replace(n, es) }

func (n *LookupJoin) Columns() []Col { return joinColumns(n.Kind, n.Left, n.Right) }
func (n *LookupJoin) Inputs() []Node { return []Node{n.Left} }
func (n *LookupJoin) WithInputs(in []Node) Node {
	c := *n
	c.Left = in[0]
	return &c
}
func (n *LookupJoin) visit(x *exprVisitor) Node {
	c := own(x, n)
	x.list(&c.Keys)
	x.opt(&c.Residual)
	return c
}
func (n *LookupJoin) Exprs() []Expr            { return collect(n) }
func (n *LookupJoin) WithExprs(es []Expr) Node { return replace(n, es) }

func (n *HashAggregate) Columns() []Col { return n.Aggregate.Columns() }
func (n *HashAggregate) Inputs() []Node { return []Node{n.Input} }
func (n *HashAggregate) WithInputs(in []Node) Node {
	c := *n
	c.Input = in[0]
	return &c
}
func (n *HashAggregate) visit(x *exprVisitor) Node {
	c := own(x, n)
	x.aggregate(&c.Aggregate)
	return c
}
func (n *HashAggregate) Exprs() []Expr            { return collect(n) }
func (n *HashAggregate) WithExprs(es []Expr) Node { return replace(n, es) }

func (n *GroupAggregate) Columns() []Col { return n.Aggregate.Columns() }
func (n *GroupAggregate) Inputs() []Node { return []Node{n.Input} }
func (n *GroupAggregate) WithInputs(in []Node) Node {
	c := *n
	c.Input = in[0]
	return &c
}
func (n *GroupAggregate) visit(x *exprVisitor) Node {
	c := own(x, n)
	x.aggregate(&c.Aggregate)
	return c
}
func (n *GroupAggregate) Exprs() []Expr            { return collect(n) }
func (n *GroupAggregate) WithExprs(es []Expr) Node { return replace(n, es) }

func (n *TopN) Columns() []Col { return n.Input.Columns() }
func (n *TopN) Inputs() []Node { return []Node{n.Input} }
func (n *TopN) WithInputs(in []Node) Node {
	c := *n
	c.Input = in[0]
	return &c
}
func (n *TopN) visit(x *exprVisitor) Node {
	c := own(x, n)
	x.keys(&c.Keys)
	x.opt(&c.Count)
	x.opt(&c.Offset)
	return c
}
func (n *TopN) Exprs() []Expr            { return collect(n) }
func (n *TopN) WithExprs(es []Expr) Node { return replace(n, es) }

func (n *Append) Columns() []Col { return n.Cols }
func (n *Append) Inputs() []Node { return n.Children }
func (n *Append) WithInputs(in []Node) Node {
	c := *n
	c.Children = in
	return &c
}
func (n *Append) Exprs() []Expr            { return nil }
func (n *Append) WithExprs(es []Expr) Node { return n }

func (n *HashSetOp) Columns() []Col { return n.Cols }
func (n *HashSetOp) Inputs() []Node { return []Node{n.Left, n.Right} }
func (n *HashSetOp) WithInputs(in []Node) Node {
	c := *n
	c.Left, c.Right = in[0], in[1]
	return &c
}
func (n *HashSetOp) Exprs() []Expr            { return nil }
func (n *HashSetOp) WithExprs(es []Expr) Node { return n }

func (n *Insert) Columns() []Col { return n.Cols }
func (n *Insert) Inputs() []Node { return []Node{n.Input} }
func (n *Insert) WithInputs(in []Node) Node {
	c := *n
	c.Input = in[0]
	return &c
}
func (n *Insert) visit(x *exprVisitor) Node {
	c := own(x, n)
	x.sets(&c.Generated)
	x.checks(&c.Checks)
	x.conflict(&c.OnConflict)
	x.routing(&c.Routing)
	x.list(&c.Returning)
	return c
}
func (n *Insert) Exprs() []Expr            { return collect(n) }
func (n *Insert) WithExprs(es []Expr) Node { return replace(n, es) }

func (n *Update) Columns() []Col { return n.Cols }
func (n *Update) Inputs() []Node { return []Node{n.Input} }
func (n *Update) WithInputs(in []Node) Node {
	c := *n
	c.Input = in[0]
	return &c
}
func (n *Update) visit(x *exprVisitor) Node {
	c := own(x, n)
	x.sets(&c.Sets)
	x.sets(&c.Generated)
	x.checks(&c.Checks)
	x.members(&c.Members)
	x.routing(&c.Routing)
	x.list(&c.Returning)
	return c
}
func (n *Update) Exprs() []Expr            { return collect(n) }
func (n *Update) WithExprs(es []Expr) Node { return replace(n, es) }

func (n *Delete) Columns() []Col { return n.Cols }
func (n *Delete) Inputs() []Node { return []Node{n.Input} }
func (n *Delete) WithInputs(in []Node) Node {
	c := *n
	c.Input = in[0]
	return &c
}
func (n *Delete) Exprs() []Expr { return n.Returning }
func (n *Delete) WithExprs(es []Expr) Node {
	c := *n
	c.Returning = es
	return &c
}

func (n *Merge) Columns() []Col { return nil }
func (n *Merge) Inputs() []Node {
	out := []Node{n.Input}
	for _, a := range n.Actions {
		if a.Do != nil {
			out = append(out, a.Do)
		}
	}
	return out
}
func (n *Merge) WithInputs(in []Node) Node {
	c := *n
	c.Input, in = in[0], in[1:]
	c.Actions = slices.Clone(n.Actions)
	for i := range c.Actions {
		if c.Actions[i].Do != nil {
			c.Actions[i].Do, in = in[0], in[1:]
		}
	}
	return &c
}
func (n *Merge) visit(x *exprVisitor) Node {
	c := own(x, n)
	c.Actions = slices.Clone(n.Actions)
	for i := range c.Actions {
		x.opt(&c.Actions[i].Cond)
		x.checks(&c.Actions[i].Checks)
	}
	return c
}
func (n *Merge) Exprs() []Expr            { return collect(n) }
func (n *Merge) WithExprs(es []Expr) Node { return replace(n, es) }

func (n *MergeRows) Columns() []Col            { return n.Cols }
func (n *MergeRows) Inputs() []Node            { return nil }
func (n *MergeRows) WithInputs(in []Node) Node { return n }
func (n *MergeRows) Exprs() []Expr             { return nil }
func (n *MergeRows) WithExprs(es []Expr) Node  { return n }
