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

// createDomain is DefineDomain.
func (b *binder) createDomain(c *parser.CreateDomainStmt) plan.Statement {
	d := &domainBuilder{binder: b, def: &catalog.TypeDef{Kind: 'd'}}
	d.def.Schema, d.def.Name = b.newTypeName(c.Domainname)
	d.base, d.def.Typmod = b.typeNameType(c.TypeName)
	if d.base.Kind == 'p' {
		failAt(b.at(c.TypeName.Location), pgerr.DatatypeMismatch, "\"%s\" is not a valid base type for a domain", typeNameText(c.TypeName))
	}
	d.def.Base = d.base.OID
	if d.def.Collation = b.declaredCollation(c.CollClause, d.base); d.def.Collation != 0 {
		d.base = b.collated(d.base, d.def.Collation)
	}
	d.constraints(c.Constraints)
	return &plan.CreateType{Def: d.def}
}

// domainBuilder is a domain being defined.
type domainBuilder struct {
	*binder
	def        *catalog.TypeDef
	base       *types.Type
	sawDefault bool
	sawNull    map[bool]bool // NOT NULL and NULL
}

// domainClauses are the constraints that domains can't have, in words.
var domainClauses = map[parser.ConstrType]string{
	parser.ConstrType_CONSTR_UNIQUE:    "unique constraints not possible for domains",
	parser.ConstrType_CONSTR_PRIMARY:   "primary key constraints not possible for domains",
	parser.ConstrType_CONSTR_EXCLUSION: "exclusion constraints not possible for domains",
	parser.ConstrType_CONSTR_FOREIGN:   "foreign key constraints not possible for domains",
}

func (d *domainBuilder) constraints(ns []*parser.Node) {
	d.sawNull = map[bool]bool{}
	for _, n := range ns {
		k := n.GetConstraint()
		switch k.Contype {
		case parser.ConstrType_CONSTR_DEFAULT:
			if d.sawDefault {
				failAt(-1, pgerr.SyntaxError, "multiple default expressions")
			}
			d.sawDefault = true
			d.def.Default = d.defaultText(d.def.Name, d.base, d.def.Typmod, k.RawExpr)
		case parser.ConstrType_CONSTR_NOTNULL:
			d.null(true)
		case parser.ConstrType_CONSTR_NULL:
			d.null(false)
		case parser.ConstrType_CONSTR_CHECK:
		case parser.ConstrType_CONSTR_ATTR_DEFERRABLE, parser.ConstrType_CONSTR_ATTR_NOT_DEFERRABLE,
			parser.ConstrType_CONSTR_ATTR_DEFERRED, parser.ConstrType_CONSTR_ATTR_IMMEDIATE:
			failAt(-1, pgerr.FeatureNotSupported, "specifying constraint deferrability not supported for domains")
		default:
			failAt(-1, pgerr.SyntaxError, "%s", domainClauses[k.Contype])
		}
	}
	for _, n := range ns {
		if k := n.GetConstraint(); k.Contype == parser.ConstrType_CONSTR_CHECK {
			d.def.Checks = append(d.def.Checks, d.domainCheck(k, d.def.Name, d.base, d.def.Typmod, d.names()))
		}
	}
}

func (d *domainBuilder) names() []string {
	var out []string
	for _, c := range d.def.Checks {
		out = append(out, c.Name)
	}
	return out
}

func (d *domainBuilder) null(not bool) {
	if d.sawNull[!not] {
		failAt(-1, pgerr.SyntaxError, "conflicting NULL/NOT NULL constraints")
	}
	d.sawNull[not], d.def.NotNull = true, not
}

// domainCheck is domainAddConstraint: the expression is over VALUE.
func (b *binder) domainCheck(k *parser.Constraint, domain string, base *types.Type, typmod int32, names []string) catalog.CheckDef {
	if k.IsNoInherit {
		failAt(-1, pgerr.InvalidObjectDefinition, "check constraints for domains cannot be marked NO INHERIT")
	}
	name := k.Conname
	taken := func(n string) bool { return slices.Contains(names, n) }
	switch {
	case name == "":
		name = freeName(domain, "", "check", taken)
	case taken(name):
		failAt(-1, pgerr.DuplicateObject, "constraint \"%s\" for domain \"%s\" already exists", name, domain)
	}
	kept, _ := b.frozen(k.RawExpr, func(n *parser.Node) plan.Expr { return b.bindDomainCheck(n, base, typmod) })
	return catalog.CheckDef{Name: name, Expr: b.domainText(kept)}
}

// domainText is the text of a CHECK, with VALUE as PostgreSQL shows it.
func (b *binder) domainText(n *parser.Node) string {
	const mark = "value\x01" // no name can be that
	n = parser.Clone(n)
	parser.Walk(n, func(n *parser.Node) bool {
		if c := n.GetColumnRef(); c != nil && len(c.Fields) == 1 && c.Fields[0].GetString_().GetSval() == domainValue {
			c.Fields[0].GetString_().Sval = mark
		}
		return true
	})
	return strings.ReplaceAll(b.exprText(n), `"`+mark+`"`, "VALUE")
}

// domainValue is the name by which a CHECK of a domain calls what it checks.
const domainValue = "value"

func (b *binder) bindDomainCheck(n *parser.Node, base *types.Type, typmod int32) plan.Expr {
	item := b.columnsItem("", []plan.Col{{ID: plan.ElemColumn, Name: domainValue, Type: base, Mod: typmod}})
	s := b.newScope(nil)
	s.items, s.all = []*nsItem{item}, []*nsItem{item}
	return b.boolean(s.bind(n, kindCheck), "CHECK")
}

// DomainCheck binds the text of a domain's CHECK over the value, which is the
// column plan.ElemColumn.
func DomainCheck(env *Env, text string, base *types.Type, typmod int32) (out plan.Expr, err error) {
	defer recoverBind(&err)
	b := newBinder(env)
	b.inlined = true
	return b.bindDomainCheck(parseText(text), base, typmod), nil
}

// DomainCheckUses lists the functions that a CHECK of a domain uses.
func DomainCheckUses(env *Env, d *types.Domain, k types.DomainCheck) (out []types.OID, err error) {
	defer recoverBind(&err)
	b := newBinder(env)
	b.bindDomainCheck(parseText(k.Expr), d.Base, d.Typmod)
	return b.relationOIDs(), nil
}

// domainNamed is checkDomainOwner.
func (b *binder) domainNamed(names []*parser.Node) *types.Type {
	t := b.definedType(names)
	if t.Kind != 'd' {
		failAt(-1, pgerr.WrongObjectType, "%s is not a domain", b.typeName(t))
	}
	return t
}

// domainConstraint is 42704 where the domain has no constraint of that name.
func (b *binder) domainConstraint(t *types.Type, name string) {
	if !slices.ContainsFunc(t.Domain.Checks, func(c types.DomainCheck) bool { return c.Name == name }) {
		failAt(-1, pgerr.UndefinedObject, "constraint \"%s\" for domain \"%s\" does not exist", name, t.Name)
	}
}

// alterDomain is ALTER DOMAIN; the letters are AlterDomainStmt's.
func (b *binder) alterDomain(a *parser.AlterDomainStmt) plan.Statement {
	t := b.domainNamed(a.TypeName)
	out := &plan.AlterType{Type: t.OID, Tag: "ALTER DOMAIN"}
	switch a.Subtype {
	case "T":
		text := ""
		if a.Def != nil {
			text = b.defaultText(t.Name, t.Domain.Base, t.Domain.Typmod, a.Def)
		}
		out.Actions = append(out.Actions, catalog.SetDomainDefault{Default: text})
	case "N", "O":
		if not := a.Subtype == "O"; t.Domain.NotNull != not {
			out.Actions = append(out.Actions, catalog.SetDomainNotNull{NotNull: not})
		}
	case "C":
		b.addDomainConstraint(out, t, a.Def.GetConstraint())
	case "X":
		b.dropDomainConstraint(out, t, a)
	case "V":
		if !slices.ContainsFunc(t.Domain.Checks, func(c types.DomainCheck) bool { return c.Name == a.Name }) {
			failAt(-1, pgerr.UndefinedObject, "constraint \"%s\" of domain \"%s\" does not exist", a.Name, b.typeName(t))
		}
		out.Actions = append(out.Actions, catalog.ValidateDomainCheck{Name: a.Name})
	}
	return out
}

func (b *binder) addDomainConstraint(out *plan.AlterType, t *types.Type, k *parser.Constraint) {
	switch k.Contype {
	case parser.ConstrType_CONSTR_CHECK:
	case parser.ConstrType_CONSTR_NOTNULL:
		out.Actions = append(out.Actions, catalog.SetDomainNotNull{NotNull: true})
		return
	default:
		failAt(-1, pgerr.SyntaxError, "%s", domainClauses[k.Contype])
	}
	var names []string
	for _, c := range t.Domain.Checks {
		names = append(names, c.Name)
	}
	def := b.domainCheck(k, t.Name, t.Domain.Base, t.Domain.Typmod, names)
	out.Actions = append(out.Actions, catalog.AddDomainCheck{Check: def, NotValid: k.SkipValidation})
}

func (b *binder) dropDomainConstraint(out *plan.AlterType, t *types.Type, a *parser.AlterDomainStmt) {
	switch {
	case slices.ContainsFunc(t.Domain.Checks, func(c types.DomainCheck) bool { return c.Name == a.Name }):
		out.Actions = append(out.Actions, catalog.DropDomainCheck{Name: a.Name})
	case a.MissingOk:
		out.Skipped = pgerr.Notice(pgerr.SeverityNotice, pgerr.SuccessfulCompletion, "constraint \"%s\" of domain \"%s\" does not exist, skipping", a.Name, b.typeName(t))
	default:
		failAt(-1, pgerr.UndefinedObject, "constraint \"%s\" of domain \"%s\" does not exist", a.Name, b.typeName(t))
	}
}
