package bind

import (
	"slices"

	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/parser"
	"github.com/s3db-sql/s3db-sql/sql/plan"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

// absentKind is a kind of object that nobody can make here: DROP finds none but those
// that every database has.
type absentKind struct {
	noun string
	// qualified: its names may have a schema.
	qualified bool
	// builtin says whether every database has one of that name.
	builtin func(b *binder, name string) bool
}

var absentKinds map[parser.ObjectType]absentKind

func init() {
	absentKinds = map[parser.ObjectType]absentKind{
		parser.ObjectType_OBJECT_ACCESS_METHOD:   {noun: "access method", builtin: oneOf("heap", "btree", "hash", "gist", "gin", "spgist", "brin")},
		parser.ObjectType_OBJECT_EVENT_TRIGGER:   {noun: "event trigger"},
		parser.ObjectType_OBJECT_FDW:             {noun: "foreign-data wrapper"},
		parser.ObjectType_OBJECT_FOREIGN_SERVER:  {noun: "server"},
		parser.ObjectType_OBJECT_LANGUAGE:        {noun: "language", builtin: oneOf("internal", "c", "sql")},
		parser.ObjectType_OBJECT_PUBLICATION:     {noun: "publication"},
		parser.ObjectType_OBJECT_COLLATION:       {noun: "collation", qualified: true, builtin: registered(types.RegCollation)},
		parser.ObjectType_OBJECT_CONVERSION:      {noun: "conversion", qualified: true},
		parser.ObjectType_OBJECT_STATISTIC_EXT:   {noun: "statistics object", qualified: true},
		parser.ObjectType_OBJECT_TSPARSER:        {noun: "text search parser", qualified: true, builtin: oneOf("default")},
		parser.ObjectType_OBJECT_TSDICTIONARY:    {noun: "text search dictionary", qualified: true, builtin: registered(types.RegDictionary)},
		parser.ObjectType_OBJECT_TSTEMPLATE:      {noun: "text search template", qualified: true, builtin: oneOf("simple", "synonym", "ispell", "thesaurus", "snowball")},
		parser.ObjectType_OBJECT_TSCONFIGURATION: {noun: "text search configuration", qualified: true, builtin: registered(types.RegConfig)},
		parser.ObjectType_OBJECT_FOREIGN_TABLE:   {noun: "foreign table", qualified: true},
	}
}

func oneOf(names ...string) func(*binder, string) bool {
	return func(_ *binder, name string) bool { return slices.Contains(names, name) }
}

func registered(kind types.RegKind) func(*binder, string) bool {
	return func(b *binder, name string) bool {
		_, err := b.env.TypesEnv.Names.OIDOf(kind, quoteIdent(name))
		return err == nil
	}
}

// dropAbsent is DROP of those kinds; nil for others.
func (b *binder) dropAbsent(d *parser.DropStmt) plan.Statement {
	find := b.absentFinder(d.RemoveType)
	if find == nil {
		return nil
	}
	out := &plan.Nothing{Tag: parser.CommandTag(&parser.Node{Node: &parser.Node_DropStmt{DropStmt: d}})}
	for _, n := range d.Objects {
		missing, notice := find(n)
		if !d.MissingOk && missing != nil {
			fail(missing)
		}
		out.Notices = append(out.Notices, pgerr.Notice(pgerr.SeverityNotice, pgerr.SuccessfulCompletion, "%s, skipping", notice))
	}
	return out
}

// absentFinder says how one object of a DROP is looked for: the error without IF
// EXISTS, and the notice with it.
func (b *binder) absentFinder(t parser.ObjectType) func(*parser.Node) (*pgerr.Error, string) {
	if k, ok := absentKinds[t]; ok {
		return func(n *parser.Node) (*pgerr.Error, string) { return b.absentNamed(k, n) }
	}
	switch t {
	case parser.ObjectType_OBJECT_OPCLASS:
		return func(n *parser.Node) (*pgerr.Error, string) { return b.absentOperators("operator class", n) }
	case parser.ObjectType_OBJECT_OPFAMILY:
		return func(n *parser.Node) (*pgerr.Error, string) { return b.absentOperators("operator family", n) }
	case parser.ObjectType_OBJECT_TRANSFORM:
		return b.absentTransform
	}
	return nil
}

func missingObject(format string, args ...any) (*pgerr.Error, string) {
	e := pgerr.New(pgerr.UndefinedObject, format, args...)
	return e, e.Message
}

// missingSchema is 3F000 for the schema of a name, nil if it exists.
func (b *binder) missingSchema(schema string) *pgerr.Error {
	if schema == "" || b.env.Catalog.SchemaByName(b.schemaName(schema)) != nil {
		return nil
	}
	return pgerr.New(pgerr.InvalidSchemaName, "schema \"%s\" does not exist", schema)
}

func (b *binder) absentNamed(k absentKind, n *parser.Node) (*pgerr.Error, string) {
	parts := []string{n.GetString_().GetSval()}
	if k.qualified {
		parts = nameParts(n.GetList().GetItems())
	}
	schema, name := qualified(parts)
	if e := b.missingSchema(schema); e != nil {
		return e, e.Message
	}
	if k.builtin != nil && (schema == "" || schema == "pg_catalog") && k.builtin(b, name) {
		failAt(-1, pgerr.DependentObjectsStillExist, "cannot drop %s %s because it is required by the database system", k.noun, quoteIdent(name))
	}
	e, notice := missingObject("%s \"%s\" does not exist", k.noun, dotted(parts))
	if k.noun == "collation" {
		e = pgerr.New(pgerr.UndefinedObject, "collation \"%s\" for encoding \"UTF8\" does not exist", dotted(parts))
	}
	return e, notice
}

// absentOperators is an operator class or family: 42704 also for the access method.
func (b *binder) absentOperators(noun string, n *parser.Node) (*pgerr.Error, string) {
	parts := nameParts(n.GetList().GetItems())
	method, parts := parts[0], parts[1:]
	if !absentKinds[parser.ObjectType_OBJECT_ACCESS_METHOD].builtin(b, method) {
		failAt(-1, pgerr.UndefinedObject, "access method \"%s\" does not exist", method)
	}
	schema, _ := qualified(parts)
	if e := b.missingSchema(schema); e != nil {
		return e, e.Message
	}
	return missingObject("%s \"%s\" does not exist for access method \"%s\"", noun, dotted(parts), method)
}

// absentOfTable is an object that has its name within a table: 42P01 for the table.
func (b *binder) absentOfTable(noun, of string, n *parser.Node) (*pgerr.Error, string) {
	rel, name, missing := b.tableObject(n)
	if missing != nil {
		return missing, missing.Message
	}
	e, _ := missingObject("%s \"%s\" for %s \"%s\" does not exist", noun, name, of, rel)
	return e, noun + " \"" + name + "\" for relation \"" + rel + "\" does not exist"
}

// tableObject takes [schema.]table.name apart; missing is the error of a table that
// does not exist.
func (b *binder) tableObject(n *parser.Node) (table, name string, missing *pgerr.Error) {
	parts := nameParts(n.GetList().GetItems())
	name = parts[len(parts)-1]
	parts = parts[:len(parts)-1]
	schema, table := qualified(parts)
	if missing = b.missingSchema(schema); missing == nil && b.findRelation(schema, table) == nil {
		missing = pgerr.New(pgerr.UndefinedTable, "relation \"%s\" does not exist", dotted(parts))
	}
	return table, name, missing
}

func (b *binder) absentTransform(n *parser.Node) (*pgerr.Error, string) {
	items := n.GetList().GetItems()
	tn, language := items[0].GetTypeName(), items[1].GetString_().GetSval()
	t := b.maybeTypeName(tn)
	if t == nil {
		return missingObject("type \"%s\" does not exist", typeNameText(tn))
	}
	notice := "transform for type " + typeNameText(tn) + " language \"" + language + "\" does not exist"
	if !absentKinds[parser.ObjectType_OBJECT_LANGUAGE].builtin(b, language) {
		return pgerr.New(pgerr.UndefinedObject, "language \"%s\" does not exist", language), notice
	}
	e, _ := missingObject("transform for type %s language \"%s\" does not exist", b.typeName(t), language)
	return e, notice
}

// dropShared is DROP of what a whole server has: roles, databases, tablespaces and
// subscriptions.
func (b *binder) dropShared(noun string, code pgerr.Code, names []string, missingOK bool, tag string, exists func(string) bool) plan.Statement {
	out := &plan.Nothing{Tag: tag}
	for _, name := range names {
		switch {
		case exists(name):
			unsupported(-1, "%s", tag)
		case !missingOK:
			failAt(-1, code, "%s \"%s\" does not exist", noun, name)
		}
		out.Notices = append(out.Notices, pgerr.Notice(pgerr.SeverityNotice, pgerr.SuccessfulCompletion, "%s \"%s\" does not exist, skipping", noun, name))
	}
	return out
}

func (b *binder) dropDatabase(d *parser.DropdbStmt) plan.Statement {
	return b.dropShared("database", pgerr.InvalidCatalogName, []string{d.Dbname}, d.MissingOk, "DROP DATABASE", func(name string) bool {
		for _, db := range b.env.Catalog.Databases() {
			if db.Name == name {
				return true
			}
		}
		return false
	})
}

func (b *binder) dropTablespace(d *parser.DropTableSpaceStmt) plan.Statement {
	return b.dropShared("tablespace", pgerr.UndefinedObject, []string{d.Tablespacename}, d.MissingOk, "DROP TABLESPACE",
		func(name string) bool { return oneOf("pg_default", "pg_global")(b, name) })
}

func (b *binder) dropSubscription(d *parser.DropSubscriptionStmt) plan.Statement {
	return b.dropShared("subscription", pgerr.UndefinedObject, []string{d.Subname}, d.MissingOk, "DROP SUBSCRIPTION",
		func(string) bool { return false })
}
