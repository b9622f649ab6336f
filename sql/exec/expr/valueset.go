package expr

import (
	"github.com/s3db-sql/s3db-sql/sql/exec/columns"
	"github.com/s3db-sql/s3db-sql/sql/funcs"
	"github.com/s3db-sql/s3db-sql/sql/types"
	"github.com/s3db-sql/s3db-sql/sql/vec"
)

// valueSet answers x = ANY (values) by hashing.
type valueSet struct {
	typ     *types.Type // in which members and x are compared
	table   *columns.Table
	members int
	hasNull bool
	found   []int32
}

// newValueSet makes a set of members of type elem for tests of values of type
// left; nil if the two cannot be hashed alike.
func newValueSet(left, elem *types.Type) *valueSet {
	t, ok := columns.Common(left, elem)
	if !ok || t.Hash == nil || t.Compare == nil {
		return nil
	}
	return &valueSet{typ: t, table: columns.NewTable([]*types.Type{t})}
}

// hashableEquality says whether o is an = whose equality is that of the types'
// hashes.
func hashableEquality(o *funcs.Operator) bool { return o != nil && o.Name == "=" && o.Hashes }

// add adds the rows of v that are alive.
func (s *valueSet) add(v vec.Vector, sel []int32, n int) {
	live := make([]int32, 0, n)
	each(sel, n, func(i int) {
		if v.IsNull(i) {
			s.hasNull = true
		} else {
			live = append(live, int32(i))
		}
	})
	s.members += count(sel, n)
	keys := []vec.Vector{columns.Widen(v, s.typ)}
	s.table.Insert(keys, live, n, s.table.Hash(keys, live, n), make([]int32, len(live)))
}

// test computes = ANY for each row of v; with not, its negation <> ALL.
func (s *valueSet) test(t *types.Type, v vec.Vector, sel []int32, n int, not bool) vec.Vector {
	if s.members == 0 {
		return vec.NewConst(t, not, n)
	}
	if v.IsConst() && n > 0 {
		r := s.test(t, vec.Flatten(v.Slice(0, 1)), nil, 1, not)
		return vec.Const(t, vec.Flatten(r).Value(0), n)
	}
	keys := []vec.Vector{columns.Widen(v, s.typ)}
	if cap(s.found) < n {
		s.found = make([]int32, n)
	}
	found := s.found[:count(sel, n)]
	s.table.Find(keys, sel, n, s.table.Hash(keys, sel, n), found)
	out, k := make([]bool, n), 0
	var nulls vec.Bitmap
	each(sel, n, func(i int) {
		hit := found[k] >= 0
		k++
		if v.IsNull(i) || !hit && s.hasNull {
			if nulls == nil {
				nulls = vec.NewBitmap(n)
			}
			nulls.Set(i)
			return
		}
		out[i] = hit != not
	})
	return vec.NewVec(t, out, nulls)
}
