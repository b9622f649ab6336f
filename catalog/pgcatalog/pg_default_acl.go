package pgcatalog

import (
	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/catalog/virtual"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

func init() { registry.Declare(pgDefaultACL, pgDbRoleSetting, pgInitPrivs) }

// defaultACL is a row of pg_default_acl, and who asks.
type defaultACL struct {
	catalog.DefaultACL
	v View
}

var pgDefaultACL = virtual.Rel[defaultACL]{
	Of: "pg_default_acl",
	Rows: func(v View, yield func(defaultACL)) {
		for _, d := range v.Catalog().DefaultACLs() {
			yield(defaultACL{d, v})
		}
	},
	Columns: virtual.Columns[defaultACL]{
		"oid":             func(d defaultACL) any { return defaultACLOID(d.DefaultACL) },
		"defaclrole":      func(d defaultACL) any { return d.Role },
		"defaclnamespace": func(d defaultACL) any { return d.Schema },
		"defaclobjtype":   defaultACL.objType,
		"defaclacl":       func(d defaultACL) any { return aclArray(d.v, d.ACL) },
	},
}

func defaultACLOID(d catalog.DefaultACL) catalog.OID {
	return derivedOID(d.Role, d.Schema, int16(d.Kind))
}

// defaultACLNouns are what default privileges are on, as messages have it.
var defaultACLNouns = map[catalog.AccessKind]string{
	catalog.AccessTable: "relations", catalog.AccessSequence: "sequences", catalog.AccessFunction: "functions",
	catalog.AccessType: "types", catalog.AccessSchema: "schemas",
}

// describedDefaultACL is the description of default privileges, whose identity nobody asks.
func describedDefaultACL(q *call, o object) *described {
	for _, d := range q.Catalog().DefaultACLs() {
		if defaultACLOID(d) != o.oid {
			continue
		}
		text := "on new " + defaultACLNouns[d.Kind] + " belonging to role " + RoleName(q.View, d.Role)
		if s := schemaByOID(q.View, d.Schema); s != nil {
			text += " in schema " + s.Name
		}
		return global("default privileges", text)
	}
	return nil
}

// objType is S for sequences, where acldefault has s.
func (d defaultACL) objType() any {
	if d.Kind == catalog.AccessSequence {
		return "S"
	}
	return string(rune(d.Kind))
}

// pgDbRoleSetting are the parameters that sessions begin with.
var pgDbRoleSetting = virtual.Rel[catalog.RoleSetting]{
	Of: "pg_db_role_setting",
	Rows: func(v View, yield func(catalog.RoleSetting)) {
		for _, s := range v.Catalog().RoleSettings() {
			yield(s)
		}
	},
	Columns: virtual.Columns[catalog.RoleSetting]{
		"setdatabase": func(s catalog.RoleSetting) any { return s.Database },
		"setrole":     func(s catalog.RoleSetting) any { return s.Role },
		"setconfig":   func(s catalog.RoleSetting) any { return arrayOf(types.TextOID, s.Config) },
	},
}

// roleConfig are a role's own parameters in every database (pg_roles.rolconfig).
func roleConfig(v View, role types.OID) any {
	for _, s := range v.Catalog().RoleSettings() {
		if s.Role == role && s.Database == 0 {
			return arrayOf(types.TextOID, s.Config)
		}
	}
	return nil
}

// initPriv is a row of pg_init_privs: what an object of the server's own, or an
// extension's, began with.
type initPriv struct {
	object catalog.Object
	schema types.OID
	acl    []catalog.ACLItem
	v      View
}

// kind is 'e' for what an extension brought (pg_dump leaves its grants out, too), 'i'
// for what initdb did.
func (p initPriv) kind() string {
	if p.schema == catalog.S3DBSchemaOID {
		return "e"
	}
	return "i"
}

var pgInitPrivs = virtual.Rel[initPriv]{
	Of:   "pg_init_privs",
	Size: virtual.Size{Fixed: 250},
	Rows: func(v View, yield func(initPriv)) {
		for _, rel := range Outlines(v) {
			if rel.Virtual {
				yield(initPriv{catalog.Object{Class: catalog.ClassRelation, OID: rel.OID}, namespaceOID(v, rel.Schema), catalog.InitialRelationACL(rel), v})
			}
		}
		for _, s := range v.Catalog().Schemas() {
			if acl := catalog.InitialAccess(catalog.Object{Class: catalog.ClassSchema, OID: s.OID}).ACL; acl != nil {
				yield(initPriv{catalog.Object{Class: catalog.ClassSchema, OID: s.OID}, s.OID, acl, v})
			}
		}
		EachFunction(v, func(f *Function) {
			o := catalog.Object{Class: catalog.ClassProc, OID: f.OID}
			if acl := catalog.InitialAccess(o).ACL; acl != nil {
				yield(initPriv{o, Schema.OID, acl, v})
			}
		})
	},
	Columns: virtual.Columns[initPriv]{
		"objoid":    func(p initPriv) any { return p.object.OID },
		"classoid":  func(p initPriv) any { return p.object.Class },
		"objsubid":  is[initPriv](int32(0)),
		"privtype":  func(p initPriv) any { return p.kind() },
		"initprivs": func(p initPriv) any { return aclArray(p.v, p.acl) },
	},
}
