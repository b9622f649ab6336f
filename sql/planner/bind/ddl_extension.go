package bind

import (
	"slices"

	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/ext"
	"github.com/s3db-sql/s3db-sql/sql/parser"
	"github.com/s3db-sql/s3db-sql/sql/plan"
)

// builtinExtensions are there from the start (pg_extension) and stay.
var builtinExtensions = []string{"plpgsql", "plv8", "s3db"}

// createExtension is CreateExtension of extension.c.
func (b *binder) createExtension(stmt parser.Statement, n *parser.CreateExtensionStmt) plan.Statement {
	if slices.Contains(builtinExtensions, n.Extname) || b.routines().Extension(n.Extname) != nil {
		if !n.IfNotExists {
			failAt(-1, pgerr.DuplicateObject, "extension \"%s\" already exists", n.Extname)
		}
		return &plan.Nothing{Tag: parser.CommandTag(stmt.Node), Notices: []*pgerr.Error{
			pgerr.Notice(pgerr.SeverityNotice, pgerr.DuplicateObject, "extension \"%s\" already exists, skipping", n.Extname)}}
	}
	e := ext.Named(n.Extname)
	if e == nil {
		fail(pgerr.New(pgerr.FeatureNotSupported, "extension \"%s\" is not available", n.Extname).
			WithDetail("Extensions are part of the server here: pg_available_extensions lists them."))
	}
	out := &plan.CreateExtension{Name: e.Name, Owner: catalog.BootstrapSuperuser}
	b.extensionOptions(e, n, out)
	b.mayCreateExtension(e)
	if out.Schema == "" {
		out.Schema = b.namedCreationSchema(&parser.RangeVar{Location: -1})
	}
	if role := catalog.RoleByName(b.env.Catalog, b.env.User); role != nil {
		out.Owner = role.OID
	}
	return out
}

// extensionOptions are SCHEMA, VERSION and CASCADE, which none needs.
func (b *binder) extensionOptions(e *ext.Extension, n *parser.CreateExtensionStmt, out *plan.CreateExtension) {
	for _, item := range n.Options {
		d := item.GetDefElem()
		switch d.Defname {
		case "schema":
			out.Schema = b.schemaName(defText(d))
			if b.env.Catalog.SchemaByName(out.Schema) == nil {
				failAt(-1, pgerr.InvalidSchemaName, "schema \"%s\" does not exist", defText(d))
			}
		case "new_version":
			if v := defText(d); v != e.Version {
				failAt(-1, pgerr.InvalidParameterValue, "extension \"%s\" has no installation script nor update path for version \"%s\"", e.Name, v)
			}
		}
	}
}

// mayCreateExtension is 42501 for who is no superuser, unless the extension is trusted
// and the role may create in the database.
func (b *binder) mayCreateExtension(e *ext.Extension) {
	role := b.restricted()
	if role == nil {
		return
	}
	db := b.env.Catalog.Database()
	rights, _ := b.env.Catalog.Access(catalog.Object{Class: catalog.ClassDatabase, OID: db.OID}).Rights(b.env.Catalog, role, catalog.AccessDatabase)
	if e.Trusted && rights&catalog.ACLCreate != 0 {
		return
	}
	hint := "Must be superuser to create this extension."
	if e.Trusted {
		hint = "Must have CREATE privilege on current database to create this extension."
	}
	fail(pgerr.New(pgerr.InsufficientPrivilege, "permission denied to create extension \"%s\"", e.Name).WithHint("%s", hint))
}

// dropExtensions is DROP EXTENSION.
func (b *binder) dropExtensions(d *parser.DropStmt) plan.Statement {
	out := &plan.DropExtension{Cascade: d.Behavior == parser.DropBehavior_DROP_CASCADE}
	for _, n := range d.Objects {
		name := n.GetString_().GetSval()
		e := b.routines().Extension(name)
		switch {
		case e != nil:
			b.mustOwn(e.Owner, "extension", name)
			out.Extensions = append(out.Extensions, e)
		case slices.Contains(builtinExtensions, name):
			unsupported(-1, "dropping extension \"%s\"", name)
		case d.MissingOk:
			out.Missing = append(out.Missing, name)
		default:
			failAt(-1, pgerr.UndefinedObject, "extension \"%s\" does not exist", name)
		}
	}
	return out
}

// commentExtension finds the extension of COMMENT ON EXTENSION.
func (b *binder) commentExtension(c *parser.CommentStmt) (catalog.OID, int16) {
	name := c.Object.GetString_().GetSval()
	e := b.routines().Extension(name)
	switch {
	case e == nil && slices.Contains(builtinExtensions, name):
		unsupported(-1, "COMMENT ON a built-in extension")
	case e == nil:
		failAt(-1, pgerr.UndefinedObject, "extension \"%s\" does not exist", name)
	}
	b.mustOwn(e.Owner, "extension", name)
	return e.OID, 0
}
