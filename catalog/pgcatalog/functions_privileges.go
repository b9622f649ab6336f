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
	// words are the privileges that there are; public those that everybody has. nil:
	// what is granted of a relation decides.
	words, public []string
	// columns is 1 where a column follows the object.
	columns int
}

var tablePrivileges = []string{"SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE", "REFERENCES", "TRIGGER"}

var columnPrivileges = []string{"SELECT", "INSERT", "UPDATE", "REFERENCES"}

var privileges = map[string]privilege{
	"has_table_privilege":                {exists: classExists, words: tablePrivileges},
	"has_any_column_privilege":           {exists: classExists, words: columnPrivileges},
	"has_column_privilege":               {exists: columnExists, words: columnPrivileges, columns: 1},
	"has_sequence_privilege":             {exists: sequenceExists, words: []string{"USAGE", "SELECT", "UPDATE"}},
	"has_schema_privilege":               {exists: schemaExists, words: []string{"CREATE", "USAGE"}, public: []string{"USAGE"}},
	"has_database_privilege":             {exists: databaseExists, words: []string{"CREATE", "CONNECT", "TEMPORARY", "TEMP"}, public: []string{"CONNECT"}},
	"has_function_privilege":             {exists: functionExists, words: []string{"EXECUTE"}, public: []string{"EXECUTE", "USAGE"}},
	"has_type_privilege":                 {exists: typeExists, words: []string{"USAGE"}, public: []string{"EXECUTE", "USAGE"}},
	"has_language_privilege":             {exists: languageExists, words: []string{"USAGE"}, public: []string{"EXECUTE", "USAGE"}},
	"has_tablespace_privilege":           {exists: tablespaceExists, words: []string{"CREATE"}, public: []string{}},
	"has_server_privilege":               {exists: noneExists("server"), words: []string{"USAGE"}, public: []string{}},
	"has_foreign_data_wrapper_privilege": {exists: noneExists("foreign-data wrapper"), words: []string{"USAGE"}, public: []string{}},
	"has_parameter_privilege":            {exists: anyParameter, words: []string{"SET", "ALTER SYSTEM"}, public: []string{}},
}

func privilegeAnswers() map[string]answer {
	m := map[string]answer{"acldefault": aclDefault, "pg_has_role": hasRole}
	for name, p := range privileges {
		m[name] = p.answer
	}
	return m
}

// answer says whether a role has one of the privileges of a list. Unknown names are
// errors, as in PostgreSQL.
func (p privilege) answer(q *call) (any, error) {
	at := len(q.args) - 2 - p.columns
	if at == 1 {
		if err := q.checkRole(0); err != nil {
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
	role := q.User()
	if at == 1 {
		role = q.roleArgument(0)
	}
	return p.has(q, role, at), nil
}

// roleArgument is the name of the role that an argument names or has the oid of.
func (q *call) roleArgument(i int) string {
	if name, ok := q.args[i].(string); ok {
		return name
	}
	return RoleName(q.View, q.oid(i))
}

// has says whether a role has one of the privileges of the last argument.
func (p privilege) has(q *call, name string, at int) bool {
	role := catalog.RoleByName(q.Catalog(), name)
	if role == nil && name == "public" {
		role = &catalog.Role{Name: name}
	}
	if role == nil || role.Superuser {
		return true // a client whose name is no role is the operator's
	}
	list := strings.Split(strings.ToUpper(q.text(len(q.args)-1)), ",")
	return slices.ContainsFunc(list, func(word string) bool {
		word, grant := strings.CutSuffix(strings.TrimSpace(word), " WITH GRANT OPTION")
		if p.public != nil {
			return !grant && slices.Contains(p.public, word)
		}
		rel := q.privilegeRelation(at)
		if rel == nil {
			return false
		}
		rights, grantable := catalog.Rights(q.Catalog(), role, rel)
		if grant {
			rights = grantable
		}
		return rights&catalog.PrivilegeOf(word) != 0
	})
}

// privilegeRelation is the relation that an argument names.
func (q *call) privilegeRelation(i int) *catalog.Relation {
	oid, err := q.object(i, types.RegClass)
	if err != nil {
		return nil
	}
	rel := outline(q.View, oid)
	if rel != nil && rel.Virtual {
		return &catalog.Relation{Kind: rel.Kind, Owner: rel.Owner, ACL: []catalog.ACLItem{{Grantor: rel.Owner, Rights: catalog.ACLSelect}}}
	}
	return rel
}

// hasRole is pg_has_role: USAGE of the privileges that are inherited, MEMBER of those
// that SET ROLE gives.
func hasRole(q *call) (any, error) {
	at := len(q.args) - 2
	if err := q.checkRole(at); err != nil {
		return nil, err
	}
	who := q.User()
	if at == 1 {
		if err := q.checkRole(0); err != nil {
			return nil, err
		}
		who = q.roleArgument(0)
	}
	p := privilege{words: []string{"USAGE", "MEMBER"}}
	if err := p.check(q.text(len(q.args) - 1)); err != nil {
		return nil, err
	}
	role, of := catalog.RoleByName(q.Catalog(), who), catalog.RoleByName(q.Catalog(), q.roleArgument(at))
	if role == nil || role.Superuser || of == nil {
		return true, nil
	}
	inherited := !strings.Contains(strings.ToUpper(q.text(len(q.args)-1)), "MEMBER")
	return slices.Contains(catalog.RolesOf(q.Catalog(), role, inherited), of.OID), nil
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

// checkRole checks a role's name; an oid that is none is nobody's.
func (q *call) checkRole(i int) error {
	name, ok := q.args[i].(string)
	if !ok || name == "public" {
		return nil
	}
	for _, r := range q.Catalog().Roles() {
		if r.Name == name {
			return nil
		}
	}
	return pgerr.New(pgerr.UndefinedObject, "role \"%s\" does not exist", name)
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
	return q.among(i, "language", map[string]types.OID{"internal": internalLanguage})
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

// ownerRights are what an owner may do to an object of each kind, publicRights
// what everybody may (acldefault's letters).
var (
	ownerRights = map[string]string{"r": "arwdDxt", "s": "rwU", "d": "CTc", "f": "X", "l": "U", "L": "rw", "n": "UC", "p": "sA",
		"t": "C", "F": "U", "S": "U", "T": "U", "c": ""}
	publicRights = map[string]string{"d": "Tc", "f": "X", "l": "U", "T": "U"}
)

// aclDefault: 22023 for a letter that is no kind of object.
func aclDefault(q *call) (any, error) {
	kind := q.text(0)
	rights, ok := ownerRights[kind]
	if !ok {
		return nil, pgerr.New(pgerr.InvalidParameterValue, "unrecognized object type abbreviation: %s", kind)
	}
	owner := quoteIdent(RoleName(q.View, q.oid(1)))
	var items []string
	if r := publicRights[kind]; r != "" {
		items = append(items, "="+r+"/"+owner)
	}
	if rights != "" {
		items = append(items, owner+"="+rights+"/"+owner)
	}
	return arrayOf(types.AclItemOID, items), nil
}
