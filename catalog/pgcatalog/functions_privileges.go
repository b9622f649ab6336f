package pgcatalog

import (
	"slices"
	"strings"

	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

// privilege describes one function of the has_*_privilege family
// (Access Privilege Inquiry Functions, table 9.69).
type privilege struct {
	// exists resolves the object from argument i: an error for a name that is
	// none, false for an oid that is none.
	exists func(q *call, i int) (bool, error)
	// words are the privileges that there are.
	words []string
	// rights are those of a role on the object of argument i; nil: superusers have all,
	// others none.
	rights func(q *call, role *catalog.Role, i int) (rights, grantable catalog.Privilege)
	// columns is 1 where a column follows the object.
	columns int
}

var tablePrivileges = []string{"SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE", "REFERENCES", "TRIGGER", "RULE"}

var columnPrivileges = []string{"SELECT", "INSERT", "UPDATE", "REFERENCES"}

var privileges = map[string]privilege{
	"has_table_privilege":                {exists: classExists, words: tablePrivileges, rights: relationRights},
	"has_any_column_privilege":           {exists: classExists, words: columnPrivileges, rights: anyColumnRights},
	"has_column_privilege":               {exists: columnExists, words: columnPrivileges, rights: columnRights, columns: 1},
	"has_sequence_privilege":             {exists: sequenceExists, words: []string{"USAGE", "SELECT", "UPDATE"}, rights: relationRights},
	"has_schema_privilege":               {exists: schemaExists, words: []string{"CREATE", "USAGE"}, rights: schemaRights},
	"has_database_privilege":             {exists: databaseExists, words: []string{"CREATE", "CONNECT", "TEMPORARY", "TEMP"}, rights: databaseRights},
	"has_function_privilege":             {exists: functionExists, words: []string{"EXECUTE"}, rights: functionRights},
	"has_type_privilege":                 {exists: typeExists, words: []string{"USAGE"}, rights: typeRights},
	"has_language_privilege":             {exists: languageExists, words: []string{"USAGE"}, rights: languageRights},
	"has_tablespace_privilege":           {exists: tablespaceExists, words: []string{"CREATE"}},
	"has_server_privilege":               {exists: noneExists("server"), words: []string{"USAGE"}},
	"has_foreign_data_wrapper_privilege": {exists: noneExists("foreign-data wrapper"), words: []string{"USAGE"}},
	"has_parameter_privilege":            {exists: anyParameter, words: []string{"SET", "ALTER SYSTEM"}},
}

func privilegeAnswers() map[string]answer {
	m := map[string]answer{"acldefault": aclDefault, "aclexplode": aclExplode, "makeaclitem": makeACLItem, "aclcontains": aclContains, "pg_has_role": hasRole}
	for name, p := range privileges {
		m[name] = p.answer
	}
	return m
}

// answer says whether a role has one of the privileges of a list. Unknown names are
// errors, as in PostgreSQL.
func (p privilege) answer(q *call) (any, error) {
	at := len(q.args) - 2 - p.columns
	role := catalog.RoleByName(q.Catalog(), q.User())
	if at == 1 {
		var err error
		if role, err = q.grantee(0); err != nil {
			return nil, err
		}
	}
	ok, err := p.exists(q, at)
	if err != nil {
		return nil, err
	}
	if err := p.check(q.text(len(q.args) - 1)); err != nil {
		return nil, err
	}
	if !ok {
		return nil, nil
	}
	return p.has(q, role, at), nil
}

// has says whether a role has one of the privileges of the last argument.
func (p privilege) has(q *call, role *catalog.Role, at int) bool {
	var rights, grantable catalog.Privilege
	switch {
	case role == nil || role.Superuser: // a client whose name is no role is the operator's
		rights, grantable = ^rights, ^grantable
	case p.rights != nil:
		rights, grantable = p.rights(q, role, at)
	}
	list := strings.Split(strings.ToUpper(q.text(len(q.args)-1)), ",")
	return slices.ContainsFunc(list, func(word string) bool {
		word, grant := strings.CutSuffix(strings.TrimSpace(word), " WITH GRANT OPTION")
		have := rights
		if grant {
			have = grantable
		}
		return have&catalog.PrivilegeOf(word) != 0
	})
}

// argumentRelation is the relation that an argument names.
func (q *call) argumentRelation(i int) *catalog.Relation {
	oid, err := q.object(i, types.RegClass)
	if err != nil {
		return nil
	}
	return outline(q.View, oid)
}

func relationRights(q *call, role *catalog.Role, i int) (rights, grantable catalog.Privilege) {
	rel := q.argumentRelation(i)
	return rel.Access().Rights(q.Catalog(), role, rel.Kind.Access())
}

func anyColumnRights(q *call, role *catalog.Role, i int) (rights, grantable catalog.Privilege) {
	rights, grantable = relationRights(q, role, i)
	rel := q.argumentRelation(i)
	for num := range rel.ColumnACL {
		r, g := rel.Access().ColumnRights(q.Catalog(), role, num)
		rights, grantable = rights|r, grantable|g
	}
	return rights, grantable
}

func columnRights(q *call, role *catalog.Role, i int) (rights, grantable catalog.Privilege) {
	rights, grantable = relationRights(q, role, i)
	rel := q.argumentRelation(i)
	num, ok := q.args[i+1].(int16)
	if !ok {
		if c, err := q.column(rel.OID, q.args[i+1].(string)); err == nil {
			num = c.Num
		}
	}
	r, g := rel.Access().ColumnRights(q.Catalog(), role, num)
	return rights | r, grantable | g
}

func schemaRights(q *call, role *catalog.Role, i int) (rights, grantable catalog.Privilege) {
	var s *catalog.Schema
	if name, ok := q.args[i].(string); ok {
		s = q.schemaNamed(name)
	} else {
		s = schemaByOID(q.View, q.oid(i))
	}
	if s.Name == q.TempSchema() { // everybody's own
		return catalog.AccessSchema.All(), catalog.AccessSchema.All()
	}
	return catalog.Access{Owner: s.Owner, ACL: s.ACL}.Rights(q.Catalog(), role, catalog.AccessSchema)
}

func databaseRights(q *call, role *catalog.Role, i int) (rights, grantable catalog.Privilege) {
	for _, d := range q.Catalog().Databases() {
		if name, ok := q.args[i].(string); ok && d.Name == name || !ok && d.OID == q.oid(i) {
			return catalog.Access{Owner: d.Owner, ACL: d.ACL}.Rights(q.Catalog(), role, catalog.AccessDatabase)
		}
	}
	return 0, 0
}

func functionRights(q *call, role *catalog.Role, i int) (rights, grantable catalog.Privilege) {
	oid, _ := q.object(i, types.RegProcedure)
	return q.rightsOn(role, catalog.Object{Class: catalog.ClassProc, OID: oid}, catalog.AccessFunction)
}

// typeRights of an array type are those of its elements.
func typeRights(q *call, role *catalog.Role, i int) (rights, grantable catalog.Privilege) {
	oid, _ := q.object(i, types.RegType)
	if t := q.Catalog().Types().ByOID(oid); t != nil && t.IsArray() {
		oid = t.Elem
	}
	return q.rightsOn(role, catalog.Object{Class: catalog.ClassType, OID: oid}, catalog.AccessType)
}

func languageRights(q *call, role *catalog.Role, i int) (rights, grantable catalog.Privilege) {
	for _, l := range catalog.Languages {
		if name, ok := q.args[i].(string); ok && l.Name == name || !ok && l.OID == q.oid(i) {
			return q.rightsOn(role, catalog.Object{Class: catalog.ClassLanguage, OID: l.OID}, catalog.AccessLanguage)
		}
	}
	return 0, 0
}

func (q *call) rightsOn(role *catalog.Role, o catalog.Object, k catalog.AccessKind) (rights, grantable catalog.Privilege) {
	return q.Catalog().Access(o).Rights(q.Catalog(), role, k)
}

// hasRole is pg_has_role: USAGE of the privileges that are inherited, MEMBER of those
// that SET ROLE gives.
func hasRole(q *call) (any, error) {
	at := len(q.args) - 2
	role := catalog.RoleByName(q.Catalog(), q.User())
	if at == 1 {
		var err error
		if role, err = q.grantee(0); err != nil {
			return nil, err
		}
	}
	of, err := q.grantee(at)
	if err != nil {
		return nil, err
	}
	p := privilege{words: []string{"USAGE", "MEMBER"}}
	if err := p.check(q.text(len(q.args) - 1)); err != nil {
		return nil, err
	}
	words := strings.Split(strings.ToUpper(q.text(len(q.args)-1)), ",")
	return slices.ContainsFunc(words, func(word string) bool {
		switch word = strings.TrimSpace(word); {
		case strings.HasSuffix(word, "OPTION"):
			return catalog.IsAdminOf(q.Catalog(), role, of.OID)
		case word == "USAGE":
			return catalog.HasPrivsOf(q.Catalog(), role, of.OID)
		}
		return catalog.IsMemberOf(q.Catalog(), role, of.OID)
	}), nil
}

// check reads a list of privileges, each with an optional grant option.
func (p privilege) check(list string) error {
	for _, word := range strings.Split(list, ",") {
		word = strings.TrimSpace(word)
		upper := strings.ToUpper(word)
		upper = strings.TrimSuffix(strings.TrimSuffix(upper, " WITH GRANT OPTION"), " WITH ADMIN OPTION")
		if !slices.Contains(p.words, upper) {
			return pgerr.New(pgerr.InvalidParameterValue, "unrecognized privilege type: \"%s\"", word)
		}
	}
	return nil
}

// grantee is the role that an argument names (get_role_oid_or_public); one of an oid
// that is none, as PUBLIC, has what everybody has.
func (q *call) grantee(i int) (*catalog.Role, error) {
	name, ok := q.args[i].(string)
	if !ok {
		if role := catalog.RoleByOID(q.Catalog(), q.oid(i)); role != nil {
			return role, nil
		}
		return &catalog.Role{OID: q.oid(i)}, nil
	}
	if role := catalog.RoleByName(q.Catalog(), name); role != nil {
		return role, nil
	}
	if name == "public" {
		return &catalog.Role{Name: name}, nil
	}
	return nil, pgerr.New(pgerr.UndefinedObject, "role \"%s\" does not exist", name)
}

func classExists(q *call, i int) (bool, error) {
	oid, err := q.object(i, types.RegClass)
	return err == nil && outline(q.View, oid) != nil, err
}

func columnExists(q *call, i int) (bool, error) {
	oid, err := q.object(i, types.RegClass)
	if err != nil || outline(q.View, oid) == nil {
		return false, err
	}
	if name, ok := q.args[i+1].(string); ok {
		_, err := q.column(oid, name)
		return err == nil, err
	}
	rel := q.Catalog().RelationByOID(oid)
	return rel != nil && rel.Column(q.args[i+1].(int16)) != nil, nil
}

// sequenceExists is 42809 for a relation that is no sequence.
func sequenceExists(q *call, i int) (bool, error) {
	oid, err := q.object(i, types.RegClass)
	if err != nil {
		return false, err
	}
	rel := outline(q.View, oid)
	if rel != nil && rel.Kind != catalog.Sequence {
		return false, pgerr.New(pgerr.WrongObjectType, "\"%s\" is not a sequence", rel.Name)
	}
	return rel != nil, nil
}

func schemaExists(q *call, i int) (bool, error) {
	if name, ok := q.args[i].(string); ok {
		if q.schemaNamed(name) == nil {
			return false, pgerr.New(pgerr.InvalidSchemaName, "schema \"%s\" does not exist", name)
		}
		return true, nil
	}
	return schemaByOID(q.View, q.oid(i)) != nil, nil
}

func databaseExists(q *call, i int) (bool, error) {
	if name, ok := q.args[i].(string); ok {
		if databaseByName(q.View, name) == nil {
			return false, pgerr.New(pgerr.InvalidCatalogName, "database \"%s\" does not exist", name)
		}
		return true, nil
	}
	return slices.ContainsFunc(q.Catalog().Databases(), func(d *catalog.Database) bool { return d.OID == q.oid(i) }), nil
}

func functionExists(q *call, i int) (bool, error) {
	oid, err := q.object(i, types.RegProcedure)
	if err != nil {
		return false, err
	}
	return functionByOID(q.View, oid) != nil, nil
}

func typeExists(q *call, i int) (bool, error) {
	oid, err := q.object(i, types.RegType)
	if err != nil {
		return false, err
	}
	found := false
	typeByOID(q.View, oid, func(typeRow) { found = true })
	return found, nil
}

func languageExists(q *call, i int) (bool, error) {
	return q.among(i, "language", languageOIDs())
}

func tablespaceExists(q *call, i int) (bool, error) {
	m := map[string]types.OID{}
	for _, t := range tablespaces {
		m[t.name] = t.oid
	}
	return q.among(i, "tablespace", m)
}

func noneExists(kind string) func(q *call, i int) (bool, error) {
	return func(q *call, i int) (bool, error) { return q.among(i, kind, nil) }
}

// among finds an object of a small kind: 42704 for a name that is none.
func (q *call) among(i int, kind string, objects map[string]types.OID) (bool, error) {
	name, ok := q.args[i].(string)
	if !ok {
		for _, oid := range objects {
			if oid == q.oid(i) {
				return true, nil
			}
		}
		return false, nil
	}
	if objects[name] == 0 {
		return false, pgerr.New(pgerr.UndefinedObject, "%s \"%s\" does not exist", kind, name)
	}
	return true, nil
}

func anyParameter(*call, int) (bool, error) { return true, nil }

func languageOIDs() map[string]types.OID {
	m := map[string]types.OID{}
	for _, l := range catalog.Languages {
		m[l.Name] = l.OID
	}
	return m
}
