package bind

import (
	"slices"

	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/funcs"
	"github.com/s3db-sql/s3db-sql/sql/plan"
)

// expandTree lets a scan read what a scan without ONLY reads
// (expand_inherited_rtentry).
func (b *binder) expandTree(scan *plan.Scan) {
	if scan.Rel.Kind != catalog.PartitionedTable {
		scan.Members = b.tree(scan.Rel)
		return
	}
	scan.Parts = b.partitionTree(scan.Rel)
	scan.Members = scan.Parts.Leaves()
	scan.Hashes = map[catalog.OID]*funcs.Func{}
	b.hashFunctions(scan.Parts, scan.Hashes)
}

// tree is a table with those that inherit from it, nil where none does.
func (b *binder) tree(rel *catalog.Relation) []*catalog.Relation {
	if rel.Kind != catalog.Table || rel.Virtual || b.env.Catalog == nil {
		return nil
	}
	tree := catalog.Tree(b.env.Catalog, rel)
	if len(tree) == 1 {
		return nil
	}
	for _, member := range tree[1:] {
		checkMember(rel, member)
	}
	return tree
}

// children are the tables that inherit from rel and are not among have.
func (b *binder) children(rel *catalog.Relation, have []catalog.OID) []catalog.OID {
	var out []catalog.OID
	for _, member := range catalog.Tree(b.env.Catalog, rel)[1:] {
		if !slices.Contains(have, member.OID) {
			out = append(out, member.OID)
		}
	}
	return out
}

// checkMember is make_inh_translation_list: another writer may have changed the
// attributes of one of the tables.
func checkMember(root, member *catalog.Relation) {
	for _, c := range root.VisibleColumns() {
		switch own := member.ColumnByName(c.Name); {
		case own == nil:
			failAt(-1, pgerr.InternalError, "could not find inherited attribute \"%s\" of relation \"%s\"", c.Name, member.Name)
		case own.Type.OID != c.Type.OID || own.Typmod != c.Typmod:
			failAt(-1, pgerr.InternalError, "attribute \"%s\" of relation \"%s\" does not match parent's type", c.Name, member.Name)
		}
	}
}

// targetTree lets the scan of an UPDATE or DELETE read the whole tree, with the
// columns that only members have, so that each row is whole, and the table that a
// row is of.
func (s *scope) targetTree(to *writeTarget, row *nsItem, scan *plan.Scan) ([]*catalog.Relation, plan.ColumnID) {
	if !to.tree {
		return nil, 0
	}
	s.b.expandTree(scan)
	if scan.Members == nil {
		return nil, 0
	}
	for _, member := range scan.Members {
		for _, c := range member.VisibleColumns() {
			if to.table.ColumnByName(c.Name) == nil {
				s.memberColumn(scan, member, c)
			}
		}
	}
	tableOID := s.hiddenColumn(row, scan, "tableoid", false)
	return scan.Members, tableOID.expr.(*plan.Column).ID
}

func (s *scope) memberColumn(scan *plan.Scan, member *catalog.Relation, c *catalog.Column) {
	col := s.b.outputCol(c.Name, c.Type, c.Typmod)
	col.Relation, col.Num = member.OID, c.Num
	scan.Cols, scan.Nums = append(scan.Cols, col), append(scan.Nums, 0)
}

// memberRows are the tables of the tree, for those whose rows go.
func (c *changed) memberRows() []plan.Member {
	var out []plan.Member
	for _, rel := range c.members {
		out = append(out, c.member(rel))
	}
	return out
}

// member maps the target's columns to one table of the tree.
func (c *changed) member(rel *catalog.Relation) plan.Member {
	m := plan.Member{Rel: rel, Nums: make([]int16, len(c.nums))}
	for i, num := range c.nums {
		switch own := catalog.MemberColumn(c.table, rel, num); {
		case num < 0:
			m.Nums[i] = num
		case num == 0 && c.cols[i].Relation == rel.OID:
			m.Nums[i] = c.cols[i].Num
		case num > 0 && own != nil:
			m.Nums[i] = own.Num
		}
	}
	return m
}

// memberUpdates binds what an UPDATE has to compute and check in each table of its
// tree.
func (s *scope) memberUpdates(c *changed, up *plan.Update) {
	up.TableOID = c.tableOID
	events := catalog.TriggerUpdate
	if up.Routing = s.updateRouting(c, up); up.Routing != nil {
		events |= catalog.TriggerInsert | catalog.TriggerDelete // of a row that moves
	}
	for _, rel := range c.members {
		m := c.member(rel)
		sets := make([]plan.Assignment, len(up.Sets))
		for i, a := range up.Sets {
			sets[i] = a
			sets[i].Num = catalog.MemberColumn(c.table, rel, a.Num).Num
			m.SetNums = append(m.SetNums, sets[i].Num)
		}
		m.Triggers = s.b.triggers(rel, events)
		m.Generated = s.generatedBy(rel, m.Triggers, sets, s.memberRow(c, m, sets))
		for i := range m.Generated {
			s.shareGenerated(c, rel, &m.Generated[i], up.Generated)
		}
		m.Checks = s.checks(rel, s.memberRow(c, m, append(sets, m.Generated...)))
		for _, k := range up.Checks { // of a view or of policies, over columns that all tables have
			if k.View || k.Policy != plan.NoPolicy {
				m.Checks = append(m.Checks, k)
			}
		}
		up.Members = append(up.Members, m)
	}
}

// shareGenerated puts a generated value where RETURNING looks for the root's.
func (s *scope) shareGenerated(c *changed, rel *catalog.Relation, a *plan.Assignment, root []plan.Assignment) {
	for _, of := range root {
		if own := catalog.MemberColumn(c.table, rel, of.Num); own != nil && own.Num == a.Num {
			a.New = of.New
		}
	}
}

// memberRow is the row of one table of the tree after the assignments.
func (s *scope) memberRow(c *changed, m plan.Member, sets []plan.Assignment) *nsItem {
	it := &nsItem{name: m.Rel.Name, rel: m.Rel, source: m.Rel, relVisible: true, colsVisible: true}
	for i, num := range m.Nums {
		if num <= 0 {
			continue
		}
		e := colExpr(c.cols[i], -1)
		for _, a := range sets {
			if a.Num == num {
				e = &plan.Column{Meta: e.Meta, ID: a.New, Name: e.Name}
			}
		}
		it.cols = append(it.cols, &nsCol{name: m.Rel.Column(num).Name, expr: e, rel: m.Rel.OID, num: num})
	}
	it.hidden = func(name string, fold bool) *nsCol { return s.leafOfRow(it, name, fold) }
	return it
}
