package exec

import (
	"slices"

	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/exec/dml"
	"github.com/s3db-sql/s3db-sql/sql/funcs"
	"github.com/s3db-sql/s3db-sql/sql/plan"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

// addTables adds the tables that an UPDATE or DELETE changes to a set.
func addTables(to map[types.OID]bool, rel *catalog.Relation, members []plan.Member) map[types.OID]bool {
	if to == nil {
		to = map[types.OID]bool{}
	}
	to[rel.OID] = true
	for _, m := range members {
		to[m.Rel.OID] = true
	}
	return to
}

func (b *builder) update(n *plan.Update) (Operator, error) {
	tables := addTables(nil, n.Rel, n.Members)
	op, err := b.updates(n, readsElsewhere(n, tables, n.Image) || firesBefore(n))
	if err != nil {
		return nil, err
	}
	return b.counting(op, n, tables, n.Returning)
}

// firesBefore is anyBefore for an UPDATE, whose rows may move between partitions.
func firesBefore(n *plan.Update) bool {
	events := []catalog.TriggerType{catalog.TriggerUpdate}
	if n.Routing != nil {
		events = append(events, catalog.TriggerInsert, catalog.TriggerDelete)
	}
	return slices.ContainsFunc(events, func(e catalog.TriggerType) bool { return anyBefore(n.Triggers, n.Members, e) })
}

// updates makes the operator: one for the table, or one for each of its tree.
func (b *builder) updates(n *plan.Update, whole bool) (affecting, error) {
	if len(n.Members) == 0 {
		op, err := b.updateOf(n, n, whole)
		if err == nil {
			op.Input, err = b.input(n.Input, n.Returning)
		}
		if err == nil && n.Rel.Kind == catalog.View {
			op.Input = b.wholly(op.Input, n)
		}
		return op, err
	}
	tree, err := b.tree(n, n.Input, n.TableOID, n.Returning, n.Triggers)
	if err != nil {
		return nil, err
	}
	tree.Op, tree.Late = funcs.TriggerUpdate, whole
	for _, m := range n.Members {
		one := *n
		one.Triggers = m.Triggers.AsPart()
		one.Rel, one.Sets, one.Generated, one.Checks = m.Rel, slices.Clone(n.Sets), m.Generated, m.Checks
		one.Target, one.TargetNums = memberTarget(n.Target, m)
		for i := range one.Sets {
			one.Sets[i].Num = m.SetNums[i]
		}
		op, err := b.updateOf(n, &one, whole)
		if err != nil {
			return nil, err
		}
		op.Root, op.InTree, op.TableOID = n.Rel, true, tree.TableOID
		op.Inherited = inheritedRows(n.Rel, m.Rel, tree.Triggers)
		op.Peers, op.PeersFire = tree.Members, n.Routing != nil && slices.ContainsFunc(n.Members, func(m plan.Member) bool { return m.Triggers != nil })
		tree.Members[m.Rel.OID] = op
	}
	return tree, nil
}

// updateOf is the operator of one table; node is the statement's.
func (b *builder) updateOf(node plan.Node, n *plan.Update, whole bool) (*dml.Update, error) {
	cols := append([]plan.Col(nil), n.Input.Columns()...)
	for _, a := range append(slices.Clip(n.Sets), n.Generated...) {
		cols = append(cols, plan.Col{ID: a.New, Type: a.Value.Type(), Mod: -1})
	}
	t, err := b.target(node, n.Rel, n.Target, n.TargetNums, cols, n.Generated, n.Checks, n.Returning, n.Triggers)
	if err != nil {
		return nil, err
	}
	if t.Router, err = b.router(n.Routing, cols); err != nil {
		return nil, err
	}
	f, err := b.found(node, n.Input, n.Image, t)
	if err != nil {
		return nil, err
	}
	u := &dml.Update{Found: f, Whole: whole}
	var values []plan.Expr
	for _, a := range n.Sets {
		u.Sets, values = append(u.Sets, a.Num), append(values, a.Value)
	}
	u.Values, err = b.compiler(n.Input.Columns()).List(values)
	return u, err
}

func (b *builder) delete(n *plan.Delete) (Operator, error) {
	tables := addTables(nil, n.Rel, n.Members)
	op, err := b.deletes(n, readsElsewhere(n, tables, n.Image) || anyBefore(n.Triggers, n.Members, catalog.TriggerDelete))
	if err != nil {
		return nil, err
	}
	return b.counting(op, n, tables, n.Returning)
}

func (b *builder) deletes(n *plan.Delete, whole bool) (affecting, error) {
	if len(n.Members) == 0 {
		op, err := b.deleteOf(n, n)
		if err == nil {
			op.Input, err = b.input(n.Input, n.Returning)
		}
		if err == nil && whole {
			op.Input = b.wholly(op.Input, n)
		}
		return op, err
	}
	tree, err := b.tree(n, n.Input, n.TableOID, n.Returning, n.Triggers)
	if err != nil {
		return nil, err
	}
	tree.Op = funcs.TriggerDelete
	if whole {
		tree.Input = b.wholly(tree.Input, n)
	}
	for _, m := range n.Members {
		one := *n
		one.Rel, one.Triggers = m.Rel, m.Triggers.AsPart()
		one.Target, one.TargetNums = memberTarget(n.Target, m)
		op, err := b.deleteOf(n, &one)
		if err != nil {
			return nil, err
		}
		op.Root, op.InTree, op.TableOID = n.Rel, true, tree.TableOID
		op.Inherited = inheritedRows(n.Rel, m.Rel, tree.Triggers)
		tree.Members[m.Rel.OID] = op
	}
	return tree, nil
}

func (b *builder) deleteOf(node plan.Node, n *plan.Delete) (*dml.Delete, error) {
	t, err := b.target(node, n.Rel, n.Target, n.TargetNums, n.Input.Columns(), nil, nil, n.Returning, n.Triggers)
	if err != nil {
		return nil, err
	}
	f, err := b.found(node, n.Input, n.Image, t)
	return &dml.Delete{Found: f}, err
}

// memberTarget are the target's columns that a table of the tree has.
func memberTarget(cols []plan.Col, m plan.Member) ([]plan.Col, []int16) {
	var own []plan.Col
	var nums []int16
	for i, c := range cols {
		if m.Nums[i] != 0 {
			own, nums = append(own, c), append(nums, m.Nums[i])
		}
	}
	return own, nums
}

// tree makes the operator that gives each row of input to its table.
func (b *builder) tree(n plan.Node, input plan.Node, tableOID plan.ColumnID, returning []plan.Expr, triggers *plan.Triggers) (*dml.Tree, error) {
	in, err := b.input(input, returning)
	if err != nil {
		return nil, err
	}
	at := slices.IndexFunc(input.Columns(), func(c plan.Col) bool { return c.ID == tableOID })
	if at < 0 {
		return nil, pgerr.Internal("the input of %T does not tell the tables of its rows", n)
	}
	fired, err := b.triggers(triggers, n)
	return &dml.Tree{Input: in, TableOID: at, Members: map[types.OID]dml.Member{},
		Acct: b.account(n), OutTypes: plan.ColumnTypes(n.Columns()), Triggers: fired, Written: b.written}, err
}
