package s3db

import "github.com/s3db-sql/s3db-sql/sql/types"

// Spread fills the columns below the objects of set (nil: all top-level ones)
// from the objects' JSON, and adds them to set. 23514 for a member that is no
// value of its attribute, as Validate and Encode say.
func (s *Schema) Spread(row *Row, set []bool) error {
	for i, l := range s.current.leaves {
		if !l.object || set == nil && s.Columns[i].Parent >= 0 || set != nil && !set[i] {
			continue
		}
		j, _ := row.Values[i].(*types.JSON)
		if err := s.spread(row, set, l, j); err != nil {
			return err
		}
	}
	return nil
}

func (s *Schema) spread(row *Row, set []bool, l *leaf, j *types.JSON) error {
	for _, c := range l.children {
		var m *types.JSON
		if j != nil && j.Kind == types.JSONObject {
			m = j.Get(c.attr.Path[len(c.attr.Path)-1])
		}
		v, err := s.memberValue(c, m)
		if err != nil {
			return err
		}
		row.Values[c.column] = v
		if set != nil {
			set[c.column] = true
		}
		if c.object {
			if err := s.spread(row, set, c, m); err != nil {
				return err
			}
		}
	}
	return nil
}

func (s *Schema) memberValue(l *leaf, m *types.JSON) (any, error) {
	if m == nil || m.Kind == types.JSONNull && (l.object || l.typ.OID != types.JSONBOID) {
		return nil, nil
	}
	if l.object {
		return m, nil
	}
	v, err := s.opt.fromJSON(l.typ, m)
	if err == errForm {
		return nil, badMember(l.attr, m)
	}
	return v, err
}

// Gather puts the columns of set that are members of objects into the JSON of
// the objects around them, and adds those to set. An object that is set itself
// is left as it is.
func (s *Schema) Gather(row *Row, set []bool) {
	given := append([]bool(nil), set...)
	for i := len(s.Columns) - 1; i >= 0; i-- { // members stand behind their object
		parent := s.Columns[i].Parent
		if !set[i] || parent < 0 || given[parent] {
			continue
		}
		l := s.current.leaves[i]
		old, _ := row.Values[parent].(*types.JSON)
		row.Values[parent] = withMember(old, l.attr.Path[len(l.attr.Path)-1], s.jsonOf(l, row.Values[i]))
		set[parent] = true
	}
}

func (s *Schema) jsonOf(l *leaf, v any) *types.JSON {
	if l.object {
		j, _ := v.(*types.JSON)
		return j
	}
	if v == nil {
		return nil
	}
	return s.opt.toJSON(l.typ, v)
}

// withMember is the object with another value of a member, without it where
// the value is nil; nil stays nil then.
func withMember(old *types.JSON, key string, v *types.JSON) any {
	var members []types.JSONMember
	if old != nil && old.Kind == types.JSONObject {
		members = dropMember(old.Obj, key)
	}
	if v != nil {
		members = append(members, types.JSONMember{Key: key, Value: v})
	}
	if old == nil && members == nil {
		return nil
	}
	return types.JSONFromMembers(members)
}
