package bind

import (
	"strings"

	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/plan"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

// What definitions ask of the current role: to own what they change, and CREATE where
// they make something. All is 42501.

// owns says whether the current role has the privileges of an owner.
func (b *binder) owns(owner catalog.OID) bool {
	role := b.restricted()
	return role == nil || catalog.HasPrivsOf(b.env.Catalog, role, owner)
}

func (b *binder) mustOwn(owner catalog.OID, noun, name string) {
	if !b.owns(owner) {
		failAt(-1, pgerr.InsufficientPrivilege, "must be owner of %s %s", noun, name)
	}
}

// requireOwner is for a role that changes a relation that it does not own.
func (b *binder) requireOwner(rel *catalog.Relation) {
	if b.restricted() != nil {
		b.mustOwn(rel.Owner, relationNoun(rel), rel.Name)
	}
}

// requireDrop is requireOwner for DROP, which the owner of the schema may do as well.
func (b *binder) requireDrop(rel *catalog.Relation) {
	if b.restricted() != nil && !b.ownsSchema(rel.Schema) {
		b.requireOwner(rel)
	}
}

func (b *binder) ownsSchema(name string) bool {
	s := b.env.Catalog.SchemaByName(name)
	return s != nil && b.owns(s.Owner)
}

func (b *binder) ownerOf(class, oid catalog.OID) catalog.OID {
	return b.env.Catalog.Access(catalog.Object{Class: class, OID: oid}).Owner
}

// ownObject is for objects that are no relations; in a schema, whose owner may drop them.
func (b *binder) ownObject(class, oid catalog.OID, noun, name string) {
	if b.restricted() != nil {
		b.mustOwn(b.ownerOf(class, oid), noun, name)
	}
}

// dropObject is ownObject for DROP.
func (b *binder) dropObject(class, oid catalog.OID, schema, noun, name string) {
	if b.restricted() != nil && !b.ownsSchema(schema) {
		b.ownObject(class, oid, noun, name)
	}
}

// ownType is for ALTER and COMMENT ON TYPE.
func (b *binder) ownType(t *types.Type) {
	if b.restricted() != nil {
		b.mustOwn(b.ownerOf(catalog.ClassType, t.OID), "type", b.typeName(t))
	}
}

// ownSchema is for what only the owner of a schema may do.
func (b *binder) ownSchema(name string) {
	if s := b.env.Catalog.SchemaByName(name); s != nil && b.restricted() != nil {
		b.mustOwn(s.Owner, "schema", name)
	}
}

// schemaRights are those of the current role on a schema; all on the temporary one.
func (b *binder) schemaRights(s *catalog.Schema) catalog.Privilege {
	role := b.restricted()
	if role == nil || s.Name == b.env.TempSchema {
		return catalog.AccessSchema.All()
	}
	rights, _ := catalog.Access{Owner: s.Owner, ACL: s.ACL}.Rights(b.env.Catalog, role, catalog.AccessSchema)
	return rights
}

// mayCreateIn asks for CREATE on a schema, for a temporary relation for TEMPORARY on the
// database.
func (b *binder) mayCreateIn(schema string) {
	if b.restricted() == nil {
		return
	}
	if schema == b.env.TempSchema {
		if b.databaseRights()&catalog.ACLCreateTemp == 0 {
			failAt(-1, pgerr.InsufficientPrivilege, "permission denied to create temporary tables in database \"%s\"", b.env.Database)
		}
		return
	}
	if s := b.env.Catalog.SchemaByName(schema); s != nil && b.schemaRights(s)&catalog.ACLCreate == 0 {
		b.deniedSchema(schema)
	}
}

// mayUseSchema is LookupExplicitNamespace's check, of names that the client wrote.
func (b *binder) mayUseSchema(schema string) {
	if b.inlined || b.restricted() == nil {
		return
	}
	if s := b.env.Catalog.SchemaByName(schema); s != nil && b.schemaRights(s)&catalog.ACLUsage == 0 {
		b.deniedSchema(schema)
	}
}

func (b *binder) databaseRights() catalog.Privilege {
	d := b.env.Catalog.Database()
	rights, _ := catalog.Access{Owner: d.Owner, ACL: d.ACL}.Rights(b.env.Catalog, b.restricted(), catalog.AccessDatabase)
	return rights
}

// mayCreateSchema asks for CREATE on the database.
func (b *binder) mayCreateSchema() {
	if b.restricted() != nil && b.databaseRights()&catalog.ACLCreate == 0 {
		failAt(-1, pgerr.InsufficientPrivilege, "permission denied for database %s", b.env.Database)
	}
}

func (b *binder) deniedSchema(schema string) {
	failAt(-1, pgerr.InsufficientPrivilege, "permission denied for schema %s", schema)
}

// mayUseType asks for USAGE on a type that a definition names; an array type has its
// elements'.
func (b *binder) mayUseType(t *types.Type) {
	role := b.restricted()
	if role == nil || t == nil {
		return
	}
	oid := t.OID
	if t.IsArray() {
		oid = t.Elem
	}
	if oid < types.FirstNormalOID && b.env.Catalog.Access(catalog.Object{Class: catalog.ClassType, OID: oid}).ACL == nil {
		return
	}
	access := b.env.Catalog.Access(catalog.Object{Class: catalog.ClassType, OID: oid})
	if rights, _ := access.Rights(b.env.Catalog, role, catalog.AccessType); rights&catalog.ACLUsage == 0 {
		failAt(-1, pgerr.InsufficientPrivilege, "permission denied for type %s", b.typeName(b.typ(oid)))
	}
}

func (b *binder) mayUseOID(oid catalog.OID) {
	if oid != 0 {
		b.mayUseType(b.reg.ByOID(oid))
	}
}

func (b *binder) mayUseColumns(cols []catalog.ColumnDef) {
	for _, c := range cols {
		b.mayUseOID(c.Type)
	}
}

// mayUseLanguage asks for USAGE on the language of a function.
func (b *binder) mayUseLanguage(oid catalog.OID, name string, trusted bool) {
	role := b.restricted()
	if role == nil {
		return
	}
	access := b.env.Catalog.Access(catalog.Object{Class: catalog.ClassLanguage, OID: oid})
	if rights, _ := access.Rights(b.env.Catalog, role, catalog.AccessLanguage); !trusted || rights&catalog.ACLUsage == 0 {
		failAt(-1, pgerr.InsufficientPrivilege, "permission denied for language %s", name)
	}
}

// mayDefine is 42501 for a definition that nothing else checks.
func (b *binder) mayDefine(stmt plan.Statement) {
	if b.restricted() == nil {
		return
	}
	switch d := stmt.(type) {
	case *plan.CreateTable:
		b.mayCreateIn(d.Def.Schema)
		if d.As == nil {
			b.mayUseColumns(d.Def.Columns)
		}
	case *plan.AlterTable:
		for _, a := range d.Actions {
			switch a := a.(type) {
			case catalog.AddColumn:
				b.mayUseColumns([]catalog.ColumnDef{a.Column})
			case catalog.AlterType:
				b.mayUseOID(a.Type)
			}
		}
	case *plan.CreateView:
		b.mayCreateIn(d.Def.Schema)
		if old := b.env.Catalog.Relation(d.Def.Schema, d.Def.Name); old != nil {
			b.requireOwner(old)
		}
	case *plan.CreateSequence:
		b.mayCreateIn(d.Def.Schema)
	case *plan.CreateType:
		b.mayCreateIn(d.Def.Schema)
		b.mayUseOID(d.Def.Base)
		b.mayUseColumns(d.Def.Attributes)
	case *plan.AlterType:
		for _, a := range d.Actions {
			switch a := a.(type) {
			case catalog.AddAttribute:
				b.mayUseColumns([]catalog.ColumnDef{a.Attribute})
			case catalog.RetypeAttribute:
				b.mayUseOID(a.Type)
			}
		}
	case *plan.CreateFunction:
		if strings.HasPrefix(d.Tag, "ALTER") { // which has asked
			return
		}
		b.mayCreateIn(d.Function.Schema)
		for _, p := range d.Function.Params {
			b.mayUseOID(p.Type)
		}
		b.mayUseOID(d.Function.Result)
		if old := d.Function.OID; old != 0 {
			b.ownObject(catalog.ClassProc, old, calledNouns[d.Function.Kind], d.Function.Name)
		}
	case *plan.CreateOperator:
		if strings.HasPrefix(d.Tag, "ALTER") {
			b.ownObject(catalog.ClassOperator, d.Operator.OID, "operator", d.Operator.Name)
			return
		}
		b.mayCreateIn(d.Operator.Schema)
		b.mayUseOID(d.Operator.Left)
		b.mayUseOID(d.Operator.Right)
	case *plan.CreateCollation:
		b.mayCreateIn(d.Collation.Schema)
	case *plan.CreateCast:
		b.ownCast(b.typ(d.Cast.From), b.typ(d.Cast.To))
	}
}
