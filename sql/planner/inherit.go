package planner

import (
	"strconv"

	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/sql/plan"
)

// tree reads a table and those that inherit from it, one after the other
// (expand_inherited_rtentry): each by a path of its own, under the root's columns.
func (p *physical) tree(s *plan.Scan) plan.Node {
	members, later := p.prune(s)
	switch {
	case len(members) == 0:
		none := &plan.Values{Cols: s.Cols}
		estimate(none)
		return none
	case len(members) == 1:
		own := *s
		return p.member(&own, members[0])
	}
	a := &plan.Append{Cols: s.Cols, Pruning: later}
	for i, rel := range members {
		own := *s
		own.Alias = s.Alias + "_" + strconv.Itoa(i+1)
		a.Children = append(a.Children, p.member(&own, rel))
		if later != nil {
			a.Rels = append(a.Rels, rel)
		}
	}
	for _, c := range s.Cols { // of several tables, so that no key tells their values apart
		delete(p.origins, c.ID)
	}
	estimate(a)
	return a
}

// member is the scan of one table of a tree.
func (p *physical) member(s *plan.Scan, rel *catalog.Relation) plan.Node {
	own := *s
	own.Rel, own.Members, own.Parts, own.Cols, own.Nums = rel, nil, nil, nil, nil
	for i, c := range s.Cols {
		if num := memberNum(s, rel, i); num != 0 {
			own.Cols, own.Nums = append(own.Cols, c), append(own.Nums, num)
		}
	}
	scan := p.scan(&own)
	if len(own.Cols) == len(s.Cols) {
		return scan
	}
	out := &plan.Project{Input: scan, Cols: s.Cols}
	for i, c := range s.Cols {
		meta := plan.Meta{Typ: c.Type, Mod: c.Mod, At: -1}
		if memberNum(s, rel, i) == 0 {
			out.Values = append(out.Values, &plan.Const{Meta: meta})
		} else {
			out.Values = append(out.Values, &plan.Column{Meta: meta, ID: c.ID, Name: c.Name})
		}
	}
	estimate(out)
	return out
}

// memberNum is the number of the scan's column i in a table of the tree, 0 where it
// has none.
func memberNum(s *plan.Scan, rel *catalog.Relation, i int) int16 {
	switch num := s.Nums[i]; {
	case num < 0:
		return num // a system column, or what only the storage knows
	case num > 0:
		if c := catalog.MemberColumn(s.Rel, rel, num); c != nil {
			return c.Num
		}
	case s.Cols[i].Relation == rel.OID:
		return s.Cols[i].Num
	}
	return 0
}
