package pgcatalog

import (
	"strings"

	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/sql/parser"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

// deparsed is an expression as PostgreSQL shows it; what can't be analysed any more is
// shown as it is kept, with parentheses around an operation unless pretty.
func deparsed(v View, e catalog.KeptExpr, pretty bool) string {
	if d := v.Deparser(); d != nil {
		if text, ok := d.Expr(e, pretty); ok {
			return text
		}
	}
	text, err := namedRegclass(v, e.Text)
	if err != nil {
		text = e.Text
	}
	return enclosed(text, pretty)
}

// namedRegclass is a kept text with names for the oids of relations.
func namedRegclass(v View, text string) (string, error) {
	return parser.RegclassNames(text, func(oid types.OID) string {
		if rel := v.Catalog().RelationByOID(oid); rel != nil {
			return shortest(v)(rel)
		}
		return ""
	})
}

// enclosed is the text of an expression as ruleutils gives it: operators have
// parentheses around them, unless it is to be pretty.
func enclosed(text string, pretty bool) string {
	if pretty || !parser.IsOperation(text) {
		return text
	}
	return "(" + text + ")"
}

// DefaultText is a column's default or generation expression.
func DefaultText(v View, rel *catalog.Relation, c *catalog.Column) string {
	return defaultText(v, rel, c, false)
}

func defaultText(v View, rel *catalog.Relation, c *catalog.Column, pretty bool) string {
	e := catalog.KeptExpr{Text: c.Default, As: c.Type, Typmod: c.Typmod}
	if c.Generated != 0 {
		e.Rel = rel
	}
	return deparsed(v, e, pretty)
}

// DomainDefaultText is a domain's default.
func DomainDefaultText(v View, t *types.Type) string {
	base, typmod := t.BaseType(-1)
	return deparsed(v, catalog.KeptExpr{Text: t.Domain.Default, As: base, Typmod: typmod}, false)
}

// CheckText is the condition of a CHECK of a table, or of a domain over value, without
// the parentheses of the clause.
func CheckText(v View, rel *catalog.Relation, value *types.Type, con *catalog.Constraint, pretty bool) string {
	return deparsed(v, catalog.KeptExpr{Text: con.Expr, Rel: rel, Value: value}, pretty)
}

// ViewText is the query of a view as pg_views has it.
func ViewText(v View, rel *catalog.Relation) string {
	return viewDefinition(v, rel, catalog.DeparseLayout{Wrap: wrapDefault})
}

// viewDefinition is the query of a view; the views of schema s3db have none.
func viewDefinition(v View, rel *catalog.Relation, layout catalog.DeparseLayout) string {
	if rel.Definition == "" {
		return systemView(rel, layout.Pretty)
	}
	if d := v.Deparser(); d != nil {
		if text, ok := d.View(rel, layout); ok {
			return text
		}
	}
	return " " + strings.TrimSuffix(strings.TrimSpace(rel.Definition), ";") + ";"
}

// typeText is format_type_with_typemod, with the type's schema where the search path
// does not find it.
func typeText(v View, t *types.Type, typmod int32) string {
	if d := v.Deparser(); d != nil {
		return d.Type(t, typmod)
	}
	return types.FormatType(t, typmod)
}
