package planner

import (
	"slices"

	"github.com/s3db-sql/s3db-sql/sql/plan"
	"github.com/s3db-sql/s3db-sql/sql/planner/access"
	"github.com/s3db-sql/s3db-sql/storage"
)

// A listing can give rows in the order of their key, so that the first of them cost no
// more than they themselves.

// presorted says whether the rows below n may come by keys: those of a table that is
// read by listing it, or the references of one value, by its primary key. What else is to be sorted by does not matter,
// since the key is unique.
func presorted(n plan.Node, keys []plan.SortKey) bool {
	col, ok := keys[0].Expr.(*plan.Column)
	if !ok || keys[0].Desc || !access.KeyOrdered("<", []plan.Expr{col}) {
		return false
	}
	s, id := scanBelow(n, col.ID)
	if s == nil || s.Path.Kept != nil || !listedByKey(&s.Path) {
		return false
	}
	pk := s.Rel.PrimaryKey()
	at := slices.IndexFunc(s.Cols, func(c plan.Col) bool { return c.ID == id })
	return at >= 0 && pk != nil && len(pk.Columns) == 1 && pk.Columns[0].Ordered && s.Nums[at] == pk.Columns[0].Num
}

// listedByKey says that a path lists what is named by ids alone.
func listedByKey(p *plan.AccessPath) bool {
	switch p.Kind {
	case storage.FullScan, storage.KeyOnly:
		return true
	case storage.Partition, storage.TrustedPartition:
		several := func(t plan.KeyTerm) bool { return len(t.Values) != 1 || len(t.Arrays) > 0 }
		return len(p.Prefix) == len(p.Index.Columns) && !slices.ContainsFunc(p.Prefix, several)
	}
	return false
}

// scanBelow is the scan whose rows n passes on as they come, and the id that a column of
// n has there; nil where there is none.
func scanBelow(n plan.Node, id plan.ColumnID) (*plan.TableScan, plan.ColumnID) {
	for {
		switch t := n.(type) {
		case *plan.TableScan:
			return t, id
		case *plan.Filter:
			n = t.Input
		case *plan.Project:
			at := slices.IndexFunc(t.Cols, func(c plan.Col) bool { return c.ID == id })
			if at < 0 {
				return nil, 0
			}
			v, ok := t.Values[at].(*plan.Column)
			if !ok {
				return nil, 0
			}
			n, id = t.Input, v.ID
		default:
			return nil, 0
		}
	}
}
