package bind

import (
	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/parser"
	"github.com/s3db-sql/s3db-sql/sql/plan"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

// collationOptions are those of CREATE COLLATION.
var collationOptions = map[string]bool{
	"from": true, "locale": true, "lc_collate": true, "lc_ctype": true, "provider": true, "deterministic": true, "version": true,
}

// utf8Encoding is pg_char_to_encoding('UTF8').
const utf8Encoding = 6

// createCollation is DefineCollation.
func (b *binder) createCollation(d *parser.DefineStmt) plan.Statement {
	schema, name := qualified(nameParts(d.Defnames))
	schema = b.creationSchema(&parser.RangeVar{Schemaname: schema, Relname: name, Location: -1})
	x := &collationBuilder{binder: b, given: map[string]*parser.DefElem{}}
	for _, n := range d.Definition {
		x.option(n.GetDefElem())
	}
	x.checkTogether()
	c := x.define()
	c.Schema, c.Name = schema, name
	out := &plan.CreateCollation{Collation: c}
	if b.reg.CollationByName(schema, name) != nil {
		what := "collation \"" + name + "\" already exists"
		if c.Encoding >= 0 {
			what = "collation \"" + name + "\" for encoding \"UTF8\" already exists"
		}
		if !d.IfNotExists {
			failAt(-1, pgerr.DuplicateObject, "%s", what)
		}
		out.Skipped = what + ", skipping"
	}
	return out
}

type collationBuilder struct {
	*binder
	given map[string]*parser.DefElem
}

func (x *collationBuilder) option(o *parser.DefElem) {
	pos := x.at(o.Location)
	switch {
	case !collationOptions[o.Defname]:
		failAt(pos, pgerr.SyntaxError, "collation attribute \"%s\" not recognized", o.Defname)
	case x.given[o.Defname] != nil:
		failAt(pos, pgerr.SyntaxError, "conflicting or redundant options")
	}
	x.given[o.Defname] = o
}

func (x *collationBuilder) checkTogether() {
	conflict := func(detail string) {
		fail(pgerr.New(pgerr.SyntaxError, "conflicting or redundant options").WithDetail("%s", detail))
	}
	switch {
	case x.given["locale"] != nil && (x.given["lc_collate"] != nil || x.given["lc_ctype"] != nil):
		conflict("LOCALE cannot be specified together with LC_COLLATE or LC_CTYPE.")
	case x.given["from"] != nil && len(x.given) != 1:
		conflict("FROM cannot be specified together with any other options.")
	}
}

func (x *collationBuilder) text(name string) string {
	if o := x.given[name]; o != nil {
		return x.defString(o)
	}
	return ""
}

// define makes the entry without its name, and looks whether its locale is
// known.
func (x *collationBuilder) define() *catalog.Collation {
	if from := x.given["from"]; from != nil {
		return x.copied(from)
	}
	c := &catalog.Collation{Encoding: -1}
	c.Nondeterministic = x.given["deterministic"] != nil && !x.defBool(x.given["deterministic"])
	switch provider := x.text("provider"); provider {
	case "icu":
		c.Provider, c.ICULocale = types.ProviderICU, x.text("locale")
		x.require("locale", c.ICULocale != "" || x.given["locale"] != nil)
		if c.ICULocale == "" {
			c.ICULocale = "und"
		}
	case "", "libc":
		c.Provider, c.Encoding = types.ProviderLibc, utf8Encoding
		c.Collate, c.Ctype = x.text("lc_collate"), x.text("lc_ctype")
		if x.given["locale"] != nil {
			c.Collate, c.Ctype = x.text("locale"), x.text("locale")
		}
		x.require("lc_collate", c.Collate != "")
		x.require("lc_ctype", c.Ctype != "")
	default:
		failAt(-1, pgerr.InvalidObjectDefinition, "unrecognized collation provider: %s", provider)
	}
	x.checkLocale(c)
	return c
}

func (x *collationBuilder) require(name string, given bool) {
	if !given {
		failAt(-1, pgerr.InvalidObjectDefinition, "parameter \"%s\" must be specified", name)
	}
}

// checkLocale is pg_newlocale_from_collation, which CREATE COLLATION calls to see
// that it works.
func (x *collationBuilder) checkLocale(c *catalog.Collation) {
	if c.Nondeterministic && c.Provider != types.ProviderICU {
		failAt(-1, pgerr.FeatureNotSupported, "nondeterministic collations not supported with this provider")
	}
	_, err := types.NewCollation(types.Collation{Provider: c.Provider, Collate: c.Collate, ICULocale: c.ICULocale})
	if c.Provider == types.ProviderLibc && err != nil {
		fail(pgerr.New(pgerr.InvalidParameterValue, "could not create locale \"%s\": No such file or directory", c.Collate).
			WithDetail("The operating system could not find any locale data for the locale name \"%s\".", c.Collate))
	}
	if err != nil {
		fail(err)
	}
}

func (x *collationBuilder) copied(o *parser.DefElem) *catalog.Collation {
	names := nameParts(o.Arg.GetList().GetItems())
	if tn := o.Arg.GetTypeName(); tn != nil { // defGetQualifiedName
		names = nameParts(tn.Names)
	}
	from := x.collation(names, -1)
	if from.Provider == types.ProviderDefault {
		failAt(-1, pgerr.InvalidObjectDefinition, "collation \"default\" cannot be copied")
	}
	return &catalog.Collation{Provider: from.Provider, Collate: from.Collate, Ctype: from.Ctype, ICULocale: from.ICULocale,
		Nondeterministic: from.Nondeterministic, Encoding: from.Encoding}
}

// droppedCollation is one object of DROP COLLATION.
func (b *binder) droppedCollation(d *parser.DropStmt, n *parser.Node) (*plan.RoutineObject, string) {
	names := nameParts(n.GetList().GetItems())
	schema := ""
	if len(names) > 1 {
		schema = names[len(names)-2]
	}
	if notice := b.missingSchemaNotice(names); notice != "" && d.MissingOk {
		return nil, notice
	}
	c := b.findCollation(schema, names[len(names)-1])
	switch {
	case c == nil && d.MissingOk:
		return nil, "collation \"" + dotted(names) + "\" does not exist, skipping"
	case c == nil:
		failAt(-1, pgerr.UndefinedObject, "collation \"%s\" for encoding \"UTF8\" does not exist", dotted(names))
	case c.OID < types.FirstNormalOID:
		failAt(-1, pgerr.DependentObjectsStillExist, "cannot drop collation %s because it is required by the database system", quoteIdent(c.Name))
	}
	b.dropObject(catalog.ClassCollation, c.OID, c.Namespace, "collation", c.Name)
	return &plan.RoutineObject{OID: c.OID, Class: plan.CollationObject, Description: "collation " + quoteIdent(c.Name)}, ""
}

// checkBytewise refuses what keys can't do: a key holds the bytes of a value, and
// under a nondeterministic collation other bytes are the same value.
func (b *binder) checkBytewise(t *types.Type, what string) {
	if t != nil && !t.Bytewise() {
		unsupported(-1, "%s under a nondeterministic collation", what)
	}
}
