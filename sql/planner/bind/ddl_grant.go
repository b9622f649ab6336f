package bind

import (
	"slices"
	"strings"

	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/parser"
	"github.com/s3db-sql/s3db-sql/sql/plan"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

// granted is an object of GRANT.
type granted struct {
	catalog.Object
	catalog.Access
	kind catalog.AccessKind
	noun string
	name string
	rel  *catalog.Relation // of tables and sequences
}

// grantKind is what GRANT may say of a kind of object.
type grantKind struct {
	access catalog.AccessKind
	// word is what messages call the kind; all looks the objects up that are named.
	word string
	find func(b *binder, t parser.ObjectType, n *parser.Node) granted
}

var grantKinds map[parser.ObjectType]grantKind

func init() {
	grantKinds = map[parser.ObjectType]grantKind{
		parser.ObjectType_OBJECT_TABLE:          {catalog.AccessTable, "relation", (*binder).grantedRelation},
		parser.ObjectType_OBJECT_SEQUENCE:       {catalog.AccessSequence, "sequence", (*binder).grantedRelation},
		parser.ObjectType_OBJECT_DATABASE:       {catalog.AccessDatabase, "database", (*binder).grantedDatabase},
		parser.ObjectType_OBJECT_SCHEMA:         {catalog.AccessSchema, "schema", (*binder).grantedSchema},
		parser.ObjectType_OBJECT_FUNCTION:       {catalog.AccessFunction, "function", (*binder).grantedFunction},
		parser.ObjectType_OBJECT_PROCEDURE:      {catalog.AccessFunction, "procedure", (*binder).grantedFunction},
		parser.ObjectType_OBJECT_ROUTINE:        {catalog.AccessFunction, "routine", (*binder).grantedFunction},
		parser.ObjectType_OBJECT_LANGUAGE:       {catalog.AccessLanguage, "language", (*binder).grantedLanguage},
		parser.ObjectType_OBJECT_TYPE:           {catalog.AccessType, "type", (*binder).grantedType},
		parser.ObjectType_OBJECT_DOMAIN:         {catalog.AccessType, "domain", (*binder).grantedType},
		parser.ObjectType_OBJECT_LARGEOBJECT:    {catalog.AccessLarge, "large object", (*binder).grantedLarge},
		parser.ObjectType_OBJECT_TABLESPACE:     {catalog.AccessTablespace, "tablespace", nil},
		parser.ObjectType_OBJECT_FDW:            {catalog.AccessWrapper, "foreign-data wrapper", nil},
		parser.ObjectType_OBJECT_FOREIGN_SERVER: {catalog.AccessServer, "foreign server", nil},
		parser.ObjectType_OBJECT_PARAMETER_ACL:  {catalog.AccessParameter, "parameter", nil},
	}
}

// grant is GRANT and REVOKE of privileges (ExecuteGrantStmt).
func (b *binder) grant(g *parser.GrantStmt) plan.Statement {
	out := &plan.Grant{Tag: "GRANT"}
	if !g.IsGrant {
		out.Tag = "REVOKE"
	}
	if g.Grantor != nil && b.definedRole(b.roleName(g.Grantor)).OID != b.currentOID() {
		failAt(-1, pgerr.FeatureNotSupported, "grantor must be current user")
	}
	kind := grantKinds[g.Objtype]
	if kind.find == nil {
		unsupported(-1, "GRANT on a %s", kind.word)
	}
	base := b.grantOf(g)
	objects := b.grantedObjects(g, kind)
	rights, columns := b.grantedRights(g, kind)
	for _, o := range objects {
		if o.rel != nil {
			b.grantOnRelation(out, base, g, o, rights, columns)
			continue
		}
		b.grantOn(out, base, o, rights, len(g.Privileges) == 0, 0, "")
	}
	return out
}

// grantOf is what all items of a statement share.
func (b *binder) grantOf(g *parser.GrantStmt) catalog.Grant {
	out := catalog.Grant{Revoke: !g.IsGrant, Option: g.GrantOption, Cascade: g.Behavior == parser.DropBehavior_DROP_CASCADE}
	for _, n := range g.Grantees {
		out.Grantees = append(out.Grantees, b.grantee(n.GetRoleSpec(), out.Option && !out.Revoke))
	}
	return out
}

func (b *binder) grantee(r *parser.RoleSpec, option bool) catalog.OID {
	if r.Roletype != parser.RoleSpecType_ROLESPEC_PUBLIC {
		return b.definedRole(b.roleName(r)).OID
	}
	if option {
		failAt(-1, pgerr.InvalidGrantOperation, "grant options can only be granted to roles")
	}
	return catalog.PublicRole
}

func (b *binder) grantedObjects(g *parser.GrantStmt, kind grantKind) []granted {
	var out []granted
	for _, n := range g.Objects {
		if g.Targtype == parser.GrantTargetType_ACL_TARGET_ALL_IN_SCHEMA {
			out = append(out, b.grantedIn(g.Objtype, n.GetString_().GetSval())...)
			continue
		}
		out = append(out, kind.find(b, g.Objtype, n))
	}
	return out
}

// grantedIn are the objects of a kind in a schema (objectsInSchemaToOids).
func (b *binder) grantedIn(t parser.ObjectType, schema string) []granted {
	if b.env.Catalog.SchemaByName(schema) == nil {
		failAt(-1, pgerr.InvalidSchemaName, "schema \"%s\" does not exist", schema)
	}
	b.mayUseSchema(schema)
	var out []granted
	if t == parser.ObjectType_OBJECT_TABLE || t == parser.ObjectType_OBJECT_SEQUENCE {
		for _, rel := range b.env.Catalog.Relations() {
			if rel.Schema == schema && (rel.Kind == catalog.Sequence) == (t == parser.ObjectType_OBJECT_SEQUENCE) && rel.Kind != catalog.CompositeType {
				out = append(out, relationObject(rel))
			}
		}
		return out
	}
	for _, f := range b.routines().Functions() {
		if f.Schema == schema && (t == parser.ObjectType_OBJECT_ROUTINE || (f.Kind == 'p') == (t == parser.ObjectType_OBJECT_PROCEDURE)) {
			out = append(out, b.functionObject(f.OID, f.Name, f.Kind))
		}
	}
	return out
}

func relationObject(rel *catalog.Relation) granted {
	return granted{Object: catalog.Object{Class: catalog.ClassRelation, OID: rel.OID}, Access: rel.Access(), kind: rel.Kind.Access(),
		noun: relationNoun(rel), name: rel.Name, rel: rel}
}

// grantedRelation is ExecGrant_Relation's check of the kind.
func (b *binder) grantedRelation(t parser.ObjectType, n *parser.Node) granted {
	rv := n.GetRangeVar()
	rel := b.maybeRelation(rv)
	if rel == nil {
		if _, ix := b.findIndex(rv.Schemaname, rv.Relname); ix != nil {
			failAt(-1, pgerr.WrongObjectType, "\"%s\" is an index", rv.Relname)
		}
		rel = b.definedRelation(rv)
	}
	switch {
	case rel.Kind == catalog.CompositeType:
		failAt(-1, pgerr.WrongObjectType, "\"%s\" is a composite type", rel.Name)
	case t == parser.ObjectType_OBJECT_SEQUENCE && rel.Kind != catalog.Sequence:
		failAt(-1, pgerr.WrongObjectType, "\"%s\" is not a sequence", rel.Name)
	}
	return relationObject(rel)
}

func (b *binder) grantedDatabase(_ parser.ObjectType, n *parser.Node) granted {
	d := b.databaseNamed(n.GetString_().GetSval())
	return granted{Object: catalog.Object{Class: catalog.ClassDatabase, OID: d.OID}, Access: catalog.Access{Owner: d.Owner, ACL: d.ACL},
		kind: catalog.AccessDatabase, noun: "database", name: d.Name}
}

func (b *binder) grantedSchema(_ parser.ObjectType, n *parser.Node) granted {
	name := n.GetString_().GetSval()
	s := b.env.Catalog.SchemaByName(name)
	if s == nil {
		failAt(-1, pgerr.InvalidSchemaName, "schema \"%s\" does not exist", name)
	}
	return granted{Object: catalog.Object{Class: catalog.ClassSchema, OID: s.OID}, Access: catalog.Access{Owner: s.Owner, ACL: s.ACL},
		kind: catalog.AccessSchema, noun: "schema", name: name}
}

func (b *binder) object(class, oid catalog.OID, kind catalog.AccessKind, noun, name string) granted {
	o := catalog.Object{Class: class, OID: oid}
	return granted{Object: o, Access: b.env.Catalog.Access(o), kind: kind, noun: noun, name: name}
}

func (b *binder) functionObject(oid catalog.OID, name string, kind byte) granted {
	return b.object(catalog.ClassProc, oid, catalog.AccessFunction, calledNouns[kind], name)
}

// grantedFunction may be a built-in one, too.
func (b *binder) grantedFunction(t parser.ObjectType, n *parser.Node) granted {
	o := n.GetObjectWithArgs()
	schema, name := qualified(nameParts(o.Objname))
	if schema == "" || schema == "pg_catalog" {
		args, _ := b.objectArgs(o.Objargs, true)
		for _, f := range known().funcs[name] {
			if o.ArgsUnspecified || slices.Equal(f.Args, args) && len(args) == len(o.Objargs) {
				return b.functionObject(f.OID, name, byte(f.Kind))
			}
		}
	}
	f, _ := b.namedRoutine(t, o, false)
	return b.functionObject(f.OID, f.Name, f.Kind)
}

// LanguageObject is a language that functions are written in.
func LanguageObject(name string) catalog.Object {
	return catalog.Object{Class: catalog.ClassLanguage, OID: catalog.LanguageNamed(name).OID}
}

func (b *binder) grantedLanguage(_ parser.ObjectType, n *parser.Node) granted {
	name := n.GetString_().GetSval()
	l := catalog.LanguageNamed(name)
	switch {
	case l == nil:
		failAt(-1, pgerr.UndefinedObject, "language \"%s\" does not exist", name)
	case !l.Trusted:
		fail(pgerr.New(pgerr.WrongObjectType, "language \"%s\" is not trusted", name).
			WithDetail("GRANT and REVOKE are not allowed on untrusted languages, because only superusers can use untrusted languages."))
	}
	return b.object(catalog.ClassLanguage, l.OID, catalog.AccessLanguage, "language", name)
}

func (b *binder) grantedType(t parser.ObjectType, n *parser.Node) granted {
	typ := b.definedType(n.GetList().GetItems())
	if typ.IsArray() {
		fail(pgerr.New(pgerr.InvalidGrantOperation, "cannot set privileges of array types").
			WithHint("Set the privileges of the element type instead."))
	}
	if t == parser.ObjectType_OBJECT_DOMAIN && typ.Kind != 'd' {
		failAt(-1, pgerr.WrongObjectType, "\"%s\" is not a domain", typ.Name)
	}
	return b.object(catalog.ClassType, typ.OID, catalog.AccessType, "type", typ.Name)
}

// columnRight is a privilege on columns.
type columnRight struct {
	right catalog.Privilege // 0: all
	names []string
}

// grantedRights reads the list of privileges: those of whole objects, and of columns.
func (b *binder) grantedRights(g *parser.GrantStmt, kind grantKind) (rights catalog.Privilege, columns []columnRight) {
	all := kind.access.All()
	if g.Objtype == parser.ObjectType_OBJECT_TABLE { // since sequences are granted so, too
		all |= catalog.AccessSequence.All()
	}
	if len(g.Privileges) == 0 {
		return kind.access.All(), nil
	}
	for _, n := range g.Privileges {
		p := n.GetAccessPriv()
		word := strings.ToUpper(p.PrivName)
		right := catalog.PrivilegeOf(word)
		if right == 0 && word != "" {
			failAt(-1, pgerr.SyntaxError, "unrecognized privilege type \"%s\"", p.PrivName)
		}
		if len(p.Cols) > 0 {
			if g.Objtype != parser.ObjectType_OBJECT_TABLE {
				failAt(-1, pgerr.InvalidGrantOperation, "column privileges are only valid for relations")
			}
			if right&^catalog.ACLColumns != 0 {
				failAt(-1, pgerr.InvalidGrantOperation, "invalid privilege type %s for column", word)
			}
			columns = append(columns, columnRight{right, nameParts(p.Cols)})
			continue
		}
		if right&^all != 0 {
			failAt(-1, pgerr.InvalidGrantOperation, "invalid privilege type %s for %s", word, kind.word)
		}
		rights |= right
	}
	return rights, columns
}

// grantOnRelation is ExecGrant_Relation: the table's own privileges, then its columns'.
// A right that is revoked from the table is revoked from its columns.
func (b *binder) grantOnRelation(out *plan.Grant, base catalog.Grant, g *parser.GrantStmt, o granted, rights catalog.Privilege, columns []columnRight) {
	all := len(g.Privileges) == 0
	if g.Objtype == parser.ObjectType_OBJECT_TABLE && all {
		rights = o.kind.All()
	}
	if g.Objtype == parser.ObjectType_OBJECT_TABLE {
		rights = b.restrictToKind(out, o, rights)
	}
	byColumn := map[int16]catalog.Privilege{}
	if base.Revoke && o.kind == catalog.AccessTable {
		for num := range o.Columns {
			if r := rights & catalog.ACLColumns; r != 0 {
				byColumn[num] = r
			}
		}
	}
	for _, c := range columns {
		right := c.right
		if right == 0 {
			right = catalog.ACLColumns
		}
		if o.kind == catalog.AccessSequence && right&^catalog.ACLSelect != 0 {
			out.Warnings = append(out.Warnings, pgerr.Notice(pgerr.SeverityWarning, pgerr.InvalidGrantOperation,
				"sequence \"%s\" only supports SELECT column privileges", o.name))
			right &= catalog.ACLSelect
		}
		for _, name := range c.names {
			byColumn[b.grantedColumn(o.rel, name)] |= right
		}
	}
	if rights != 0 {
		b.grantOn(out, base, o, rights, all, 0, "")
	}
	for _, c := range o.rel.Columns {
		if r := byColumn[c.Num]; r != 0 {
			b.grantOn(out, base, o, r, r == catalog.ACLColumns, c.Num, c.Name)
		}
	}
}

// restrictToKind leaves what a sequence, or a relation that is none, can have.
func (b *binder) restrictToKind(out *plan.Grant, o granted, rights catalog.Privilege) catalog.Privilege {
	extra := rights &^ o.kind.All()
	switch {
	case extra == 0:
		return rights
	case o.kind == catalog.AccessSequence:
		out.Warnings = append(out.Warnings, pgerr.Notice(pgerr.SeverityWarning, pgerr.InvalidGrantOperation,
			"sequence \"%s\" only supports USAGE, SELECT, and UPDATE privileges", o.name))
		return rights & o.kind.All()
	}
	failAt(-1, pgerr.InvalidGrantOperation, "invalid privilege type %s for table", extra.Words()[0])
	return 0
}

func (b *binder) grantedColumn(rel *catalog.Relation, name string) int16 {
	c := findWritable(rel, name)
	if c == nil {
		failAt(-1, pgerr.UndefinedColumn, "column \"%s\" of relation \"%s\" does not exist", name, rel.Name)
	}
	return topColumn(rel, c)
}

// grantOn adds one object, or column of it, as the best grantor (select_best_grantor).
func (b *binder) grantOn(out *plan.Grant, base catalog.Grant, o granted, rights catalog.Privilege, all bool, num int16, column string) {
	base.Object, base.Kind, base.Column = o.Object, o.kind, num
	list := o.List(o.kind)
	if num != 0 {
		base.Kind = catalog.AccessColumn
		list = append(slices.Clone(list), o.Columns[num]...)
	}
	var may catalog.Privilege
	base.Grantor, may = catalog.BestGrantor(b.env.Catalog, b.restricted(), rights, list, o.Owner)
	base.Rights = rights & may
	b.checkGrant(out, base, o, rights, all, column)
	out.Items = append(out.Items, base)
}

// checkGrant is restrict_and_check_grant: 42501 for a role that has nothing at all on
// the object, a warning where not everything can be granted.
func (b *binder) checkGrant(out *plan.Grant, g catalog.Grant, o granted, rights catalog.Privilege, all bool, column string) {
	role := b.restricted()
	if role != nil && g.Rights == 0 {
		have, grantable := o.Rights(b.env.Catalog, role, o.kind)
		if g.Column != 0 {
			more, moreGrantable := o.ColumnRights(b.env.Catalog, role, g.Column)
			have, grantable = (have|more)&catalog.ACLColumns, (grantable|moreGrantable)&catalog.ACLColumns
		}
		switch {
		case have|grantable != 0:
		case g.Column != 0:
			failAt(-1, pgerr.InsufficientPrivilege, "permission denied for column \"%s\" of relation \"%s\"", column, o.name)
		default:
			failAt(-1, pgerr.InsufficientPrivilege, "permission denied for %s %s", o.noun, o.name)
		}
	}
	what := "\"" + o.name + "\""
	if g.Column != 0 {
		what = "column \"" + column + "\" of relation \"" + o.name + "\""
	}
	verb, code := "were granted", pgerr.WarningPrivilegeNotGranted
	if g.Revoke {
		verb, code = "could be revoked", pgerr.WarningPrivilegeNotRevoked
	}
	switch {
	case g.Rights == 0:
		out.Warnings = append(out.Warnings, pgerr.Notice(pgerr.SeverityWarning, code, "no privileges %s for %s", verb, what))
	case !all && g.Rights != rights:
		out.Warnings = append(out.Warnings, pgerr.Notice(pgerr.SeverityWarning, code, "not all privileges %s for %s", verb, what))
	}
}

// defaultKinds are what ALTER DEFAULT PRIVILEGES is about.
var defaultKinds = map[parser.ObjectType]catalog.AccessKind{
	parser.ObjectType_OBJECT_TABLE: catalog.AccessTable, parser.ObjectType_OBJECT_SEQUENCE: catalog.AccessSequence,
	parser.ObjectType_OBJECT_FUNCTION: catalog.AccessFunction, parser.ObjectType_OBJECT_TYPE: catalog.AccessType,
	parser.ObjectType_OBJECT_SCHEMA: catalog.AccessSchema, parser.ObjectType_OBJECT_ROUTINE: catalog.AccessFunction,
}

// defaultPrivileges is ALTER DEFAULT PRIVILEGES (ExecAlterDefaultPrivilegesStmt).
func (b *binder) defaultPrivileges(a *parser.AlterDefaultPrivilegesStmt) plan.Statement {
	g := a.Action
	base := b.grantOf(g)
	base.Kind = defaultKinds[g.Objtype]
	kind := grantKinds[g.Objtype]
	base.Rights = kind.access.All()
	if len(g.Privileges) > 0 {
		base.Rights = b.defaultRights(g, kind)
	}
	roles, schemas := b.defaultTargets(a)
	out := &plan.GrantDefault{}
	for _, role := range roles {
		for _, schema := range schemas {
			item := base
			item.OID, item.Grantor = schema, role
			out.Items = append(out.Items, plan.DefaultGrant{Role: role, Grant: item})
		}
	}
	return out
}

func (b *binder) defaultRights(g *parser.GrantStmt, kind grantKind) catalog.Privilege {
	var rights catalog.Privilege
	for _, n := range g.Privileges {
		p := n.GetAccessPriv()
		word := strings.ToUpper(p.PrivName)
		right := catalog.PrivilegeOf(word)
		switch {
		case len(p.Cols) > 0:
			failAt(-1, pgerr.InvalidGrantOperation, "default privileges cannot be set for columns")
		case right == 0:
			failAt(-1, pgerr.SyntaxError, "unrecognized privilege type \"%s\"", p.PrivName)
		case right&^kind.access.All() != 0:
			failAt(-1, pgerr.InvalidGrantOperation, "invalid privilege type %s for %s", word, kind.word)
		}
		rights |= right
	}
	return rights
}

// defaultTargets are FOR ROLE, the current one without it, and IN SCHEMA, 0 for any.
func (b *binder) defaultTargets(a *parser.AlterDefaultPrivilegesStmt) (roles, schemas []catalog.OID) {
	for _, n := range a.Options {
		d := n.GetDefElem()
		for _, item := range d.Arg.GetList().GetItems() {
			if d.Defname == "roles" {
				role := b.definedRole(b.roleName(item.GetRoleSpec()))
				b.mayBecome(role)
				roles = append(roles, role.OID)
				continue
			}
			name := item.GetString_().GetSval()
			s := b.env.Catalog.SchemaByName(name)
			if s == nil {
				failAt(-1, pgerr.InvalidSchemaName, "schema \"%s\" does not exist", name)
			}
			if a.Action.Objtype == parser.ObjectType_OBJECT_SCHEMA {
				failAt(-1, pgerr.InvalidGrantOperation, "cannot use IN SCHEMA clause when using GRANT/REVOKE ON SCHEMAS")
			}
			schemas = append(schemas, s.OID)
		}
	}
	if roles == nil {
		roles = []types.OID{b.currentOID()}
	}
	if schemas == nil {
		schemas = []types.OID{0}
	}
	return roles, schemas
}
