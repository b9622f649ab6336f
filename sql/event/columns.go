package event

import (
	"slices"

	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/sql/funcs"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

// Columns are those of a relation that events tell of: its visible ones, but for
// secrets, which never leave by an event.
func Columns(rel *catalog.Relation) []*catalog.Column {
	return slices.DeleteFunc(slices.Clone(rel.VisibleColumns()), func(c *catalog.Column) bool { return c.Secret })
}

// Render makes a document of a row's values, one for each of columns, as to_json has
// them.
func Render(rel *catalog.Relation, columns []*catalog.Column, values []any) Document {
	env := types.DefaultEnv()
	out := make(Document, len(columns))
	for i, c := range columns {
		out[i] = Field{c.Num, c.Name, funcs.AppendJSON(env, nil, c.Type, hideSecrets(rel, c, values[i]))}
	}
	return out
}

// hideSecrets leaves out the secrets of a nested object.
func hideSecrets(rel *catalog.Relation, c *catalog.Column, v any) any {
	j, ok := v.(*types.JSON)
	if !ok {
		return v
	}
	for _, leaf := range rel.Columns {
		if leaf.Secret && len(leaf.Path) > 1 && leaf.Path[0] == c.Name {
			j = without(j, leaf.Path[1:])
		}
	}
	return j
}

// without is j without the member that path leads to.
func without(j *types.JSON, path []string) *types.JSON {
	inner := j.Get(path[0])
	if inner == nil {
		return j
	}
	members := slices.DeleteFunc(slices.Clone(j.Obj), func(m types.JSONMember) bool { return m.Key == path[0] })
	if len(path) > 1 {
		members = append(members, types.JSONMember{Key: path[0], Value: without(inner, path[1:])})
	}
	return types.JSONFromMembers(members)
}

// Reader says which columns of events a role may read, nil for none of the relation: it
// must be able to SELECT the key and see every row. A nil role has left the catalog.
func Reader(r catalog.Reader, rel *catalog.Relation, role *catalog.Role) func(num int16) bool {
	if role == nil || rel.RowSecurityFor(r, role) || !mayUseSchema(r, rel, role) {
		return nil
	}
	access := rel.Access()
	if have, _ := access.Rights(r, role, rel.Kind.Access()); have&catalog.ACLSelect != 0 {
		return func(int16) bool { return true }
	}
	may := func(num int16) bool {
		have, _ := access.ColumnRights(r, role, num)
		return have&catalog.ACLSelect != 0
	}
	if pk := rel.PrimaryKey(); pk != nil {
		for _, c := range pk.Columns {
			if !may(c.Num) {
				return nil
			}
		}
		return may
	}
	return nil
}

func mayUseSchema(r catalog.Reader, rel *catalog.Relation, role *catalog.Role) bool {
	s := r.SchemaByName(rel.Schema)
	if s == nil {
		return true
	}
	have, _ := catalog.Access{Owner: s.Owner, ACL: s.ACL}.Rights(r, role, catalog.AccessSchema)
	return have&catalog.ACLUsage != 0
}
