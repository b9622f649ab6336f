package ruleutils

import (
	"slices"
	"strings"

	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/sql/funcs"
	"github.com/s3db-sql/s3db-sql/sql/parser"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

func quoteIdent(s string) string { return parser.QuoteIdent(s) }

const pgCatalog = "pg_catalog"

// visible says whether a name in schema is found without the schema: it is on the
// path, and no earlier schema there has the name.
func (c *Context) visible(schema string, has func(schema string) bool) bool {
	for _, s := range c.Path {
		if s == schema {
			return true
		}
		if has(s) {
			return false
		}
	}
	return false
}

func qualify(schema, name string) string { return quoteIdent(schema) + "." + quoteIdent(name) }

// today is the relation as the catalog has it, which may have given it or its columns
// other names since the tree was made.
func (c *Context) today(rel *catalog.Relation) *catalog.Relation {
	if c.Catalog != nil {
		if now := c.Catalog.RelationByOID(rel.OID); now != nil {
			return now
		}
	}
	return rel
}

// relationName is generate_relation_name.
func (c *Context) relationName(rel *catalog.Relation) string {
	if c.visible(rel.Schema, func(schema string) bool { return c.Catalog.Relation(schema, rel.Name) != nil }) {
		return quoteIdent(rel.Name)
	}
	return qualify(rel.Schema, rel.Name)
}

// TypeName is format_type_with_typemod: what a built-in type is called in SQL,
// another one's name with its schema where the path does not find it.
func (c *Context) TypeName(t *types.Type, typmod int32) string {
	t = c.typeToday(t)
	base, suffix := t, ""
	if t.IsArray() && t.Kind != 'd' && t.OID != types.Int2VectorOID && t.OID != types.OidVectorOID {
		if elem := c.typeByOID(t.Elem); elem != nil {
			base, suffix = elem, "[]"
		}
	}
	if base.Namespace == pgCatalog || base.Namespace == "" {
		return types.FormatType(t, typmod)
	}
	name := quoteIdent(base.Name)
	if !c.visible(base.Namespace, func(schema string) bool { return c.typeNamed(schema, base.Name) }) {
		name = qualify(base.Namespace, base.Name)
	}
	if typmod >= 0 && base.TypmodOut != nil {
		name += base.TypmodOut(typmod)
	}
	return name + suffix
}

func (c *Context) registry() *types.Registry {
	if c.Catalog != nil && c.Catalog.Types() != nil {
		return c.Catalog.Types()
	}
	return types.Builtin()
}

func (c *Context) typeByOID(oid types.OID) *types.Type { return c.registry().ByOID(oid) }

// typeToday is the type as the catalog has it now: its name and its labels may be others
// than when the tree was made.
func (c *Context) typeToday(t *types.Type) *types.Type {
	if now := c.typeByOID(t.OID); now != nil {
		return now
	}
	return t
}

func (c *Context) typeNamed(schema, name string) bool {
	return c.registry().ByName(schema, name) != nil
}

// collationName is generate_collation_name.
func (c *Context) collationName(oid types.OID) string {
	col := c.registry().CollationByOID(oid)
	if col == nil {
		return quoteIdent("default")
	}
	schema := col.Namespace
	if schema == "" || schema == pgCatalog || slices.Contains(c.Path, schema) {
		return quoteIdent(col.Name)
	}
	return qualify(schema, col.Name)
}

// functionName is generate_function_name. In GROUP BY, cube and rollup are grouping
// sets if their schema does not stand before them.
func (c *Context) functionName(f *funcs.Func, grouping bool) string {
	schema, name := f.Namespace, f.Name
	if c.Catalog != nil {
		if now := c.Catalog.Routines().Function(f.OID); now != nil {
			schema, name = now.Schema, now.Name
		}
	}
	if schema == "" {
		schema = pgCatalog
	}
	forced := grouping && (name == "cube" || name == "rollup")
	if !forced && c.visible(schema, func(schema string) bool { return c.hasFunction(schema, f) }) {
		return quoteIdent(name)
	}
	return qualify(schema, name)
}

// hasFunction says whether a schema has a function of the database's own that a call
// with f's arguments means.
func (c *Context) hasFunction(schema string, f *funcs.Func) bool {
	if schema == pgCatalog {
		return slices.ContainsFunc(funcs.ByName(f.Name), func(o *funcs.Func) bool { return slices.Equal(o.Args, f.Args) })
	}
	if c.Catalog == nil {
		return false
	}
	for _, o := range c.Catalog.Routines().Named(f.Name) {
		if o.Schema == schema && slices.Equal(o.InputTypes(), f.Args) {
			return true
		}
	}
	return false
}

// operatorName is generate_operator_name.
func (c *Context) operatorName(op *funcs.Operator) string {
	schema := pgCatalog
	if c.Catalog != nil {
		if own := c.Catalog.Routines().Operator(op.OID); own != nil {
			schema = own.Schema
		}
	}
	if schema == pgCatalog || c.visible(schema, func(schema string) bool { return c.hasOperator(schema, op) }) {
		return op.Name
	}
	return "OPERATOR(" + quoteIdent(schema) + "." + op.Name + ")"
}

func (c *Context) hasOperator(schema string, op *funcs.Operator) bool {
	return slices.ContainsFunc(c.Catalog.Routines().Operators(op.Name), func(o *catalog.Operator) bool {
		return o.Schema == schema && o.Left == op.Left && o.Right == op.Right
	})
}

// quoteLiteral is simple_quote_literal, which never writes E”.
func (c *Context) quoteLiteral(s string) string {
	s = strings.ReplaceAll(s, "'", "''")
	if c.Backslashes {
		s = strings.ReplaceAll(s, `\`, `\\`)
	}
	return "'" + s + "'"
}
