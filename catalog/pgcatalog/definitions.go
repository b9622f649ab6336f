package pgcatalog

import (
	"strings"

	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/catalog/opclass"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

// naming says how a definition names a relation.
type naming func(rel *catalog.Relation) string

// qualified always names the schema.
func qualified(rel *catalog.Relation) string {
	return quoteIdent(rel.Schema) + "." + quoteIdent(rel.Name)
}

// shortest names the schema where the search path does not find the relation.
func shortest(v View) naming {
	return func(rel *catalog.Relation) string {
		if isVisible(v, rel.Schema, func(schema string) bool { return v.Catalog().Relation(schema, rel.Name) != nil }) {
			return quoteIdent(rel.Name)
		}
		return qualified(rel)
	}
}

// indexDefinition is a CREATE INDEX statement (pg_get_indexdef_worker).
func indexDefinition(v View, rel *catalog.Relation, ix *catalog.Index, name naming, pretty bool) string {
	unique := ""
	if ix.Unique {
		unique = "UNIQUE "
	}
	only := ""
	if rel.Kind == catalog.PartitionedTable {
		only = "ONLY "
	}
	def := "CREATE " + unique + "INDEX " + quoteIdent(ix.Name) + " ON " + only + name(rel) +
		" USING " + quoteIdent(methodOf(ix).Name) + " (" + strings.Join(each(ix, func(k *catalog.IndexKey) string { return keyDefinition(v, rel, ix, k, pretty) }), ", ") + ")"
	if len(ix.Include) > 0 {
		def += " INCLUDE (" + columnList(rel, ix.Include) + ")"
	}
	if ix.NullsNotDistinct {
		def += " NULLS NOT DISTINCT"
	}
	if options := indexOptions(ix); len(options) > 0 {
		def += " WITH (" + optionList(options) + ")"
	}
	if ix.Predicate != "" {
		def += " WHERE " + deparsed(v, catalog.KeptExpr{Text: ix.Predicate, Rel: rel}, pretty)
	}
	return def
}

// indexOptions are pg_class.reloptions of an index.
func indexOptions(ix *catalog.Index) []string {
	if ix.Covering {
		return append([]string{"covering=on"}, ix.Options...)
	}
	return ix.Options
}

// optionList is get_reloptions: the values quoted, but plain identifiers.
func optionList(options []string) string {
	var out []string
	for _, o := range options {
		name, value, _ := strings.Cut(o, "=")
		if quoteIdent(value) != value || value == "" {
			value = "'" + strings.ReplaceAll(value, "'", "''") + "'"
		}
		out = append(out, quoteIdent(name)+"="+value)
	}
	return strings.Join(out, ", ")
}

// className is the operator class that a part of a key shows, "" for the default one.
func className(ix *catalog.Index, k *catalog.IndexKey) string {
	c := opclass.ByOID(k.OpClass)
	switch {
	case c == nil && k.OpClassName == "":
		return ""
	case c == nil:
		return quoteIdent(k.OpClassName)
	case c != opclass.Default(methodOf(ix), k.Type) || k.ClassOptions != "":
		return c.Name
	}
	return ""
}

// keyDefinition is a part of a key with what is not the default of it.
func keyDefinition(v View, rel *catalog.Relation, ix *catalog.Index, k *catalog.IndexKey, pretty bool) string {
	def := keyText(v, rel, k, pretty)
	if k.Collation != 0 && k.Collation != k.Type.Collation {
		def += " COLLATE " + quoteIdent(k.CollationName)
	}
	if name := className(ix, k); name != "" {
		def += " " + name
		if k.ClassOptions != "" {
			def += " (" + k.ClassOptions + ")"
		}
	}
	switch {
	case k.Desc && k.NullsFirst:
		def += " DESC"
	case k.Desc:
		def += " DESC NULLS LAST"
	case k.NullsFirst:
		def += " NULLS FIRST"
	}
	return def
}

// keyText is a column's name, the dotted path of a nested leaf, or an expression.
func keyText(v View, rel *catalog.Relation, k *catalog.IndexKey, pretty bool) string {
	switch {
	case k.BareCall:
		return deparsed(v, catalog.KeptExpr{Text: k.Expr, Rel: rel}, pretty)
	case k.Expr != "":
		return "(" + deparsed(v, catalog.KeptExpr{Text: k.Expr, Rel: rel}, pretty) + ")"
	}
	parts := []string{k.Name}
	if c := rel.Column(k.Num); c != nil && c.Path != nil {
		parts = strings.Split(c.Name, ".")
	} else if c != nil {
		parts[0] = c.Name
	}
	for i, p := range parts {
		parts[i] = quoteIdent(p)
	}
	return strings.Join(parts, ".")
}

// actionText are the actions of foreign keys that a definition shows.
var actionText = map[byte]string{'r': "RESTRICT", 'c': "CASCADE", 'n': "SET NULL", 'd': "SET DEFAULT"}

// constraintDefinition is what follows CONSTRAINT name in DDL; value is the type of a
// domain whose constraint it is, nil for a table's.
func constraintDefinition(v View, rel *catalog.Relation, value *types.Type, con *catalog.Constraint, pretty bool) string {
	switch con.Kind {
	case catalog.PrimaryConstraint:
		return "PRIMARY KEY (" + columnList(rel, con.Columns) + ")" + keyClauses(rel, con)
	case catalog.UniqueConstraint:
		return uniqueWords(rel, con) + " (" + columnList(rel, con.Columns) + ")" + keyClauses(rel, con)
	case catalog.TriggerConstraint:
		return "TRIGGER" + deferral(con)
	case catalog.CheckConstraint:
		def := "CHECK (" + CheckText(v, rel, value, con, pretty) + ")"
		if con.NoInherit {
			def += " NO INHERIT"
		}
		if con.NotValid {
			def += " NOT VALID"
		}
		return def
	}
	return foreignKeyDefinition(v, rel, con)
}

// uniqueWords begin the definition of a UNIQUE constraint.
func uniqueWords(rel *catalog.Relation, con *catalog.Constraint) string {
	if ix := indexOf(rel, con.Index); ix != nil && ix.NullsNotDistinct {
		return "UNIQUE NULLS NOT DISTINCT"
	}
	return "UNIQUE"
}

// keyClauses end the definition of a key.
func keyClauses(rel *catalog.Relation, con *catalog.Constraint) string {
	def := ""
	if ix := indexOf(rel, con.Index); ix != nil && len(ix.Include) > 0 {
		def += " INCLUDE (" + columnList(rel, ix.Include) + ")"
	}
	return def + deferral(con)
}

// deferral says when a constraint is checked, where not at once.
func deferral(con *catalog.Constraint) string {
	def := ""
	if con.Deferrable {
		def += " DEFERRABLE"
	}
	if con.Deferred {
		def += " INITIALLY DEFERRED"
	}
	return def
}

func foreignKeyDefinition(v View, rel *catalog.Relation, con *catalog.Constraint) string {
	ref := v.Catalog().RelationByOID(con.RefRelation)
	if ref == nil {
		ref = &catalog.Relation{Name: "???", Schema: "public"}
	}
	def := "FOREIGN KEY (" + columnList(rel, con.Columns) + ") REFERENCES " + shortest(v)(ref) + "(" + columnList(ref, con.RefColumns) + ")"
	if con.MatchFull {
		def += " MATCH FULL"
	}
	if a := actionText[con.OnUpdate]; a != "" {
		def += " ON UPDATE " + a
	}
	if a := actionText[con.OnDelete]; a != "" {
		def += " ON DELETE " + a
		if len(con.DeleteColumns) > 0 {
			def += " (" + columnList(rel, con.DeleteColumns) + ")"
		}
	}
	def += deferral(con)
	if con.NotValid {
		def += " NOT VALID"
	}
	return def
}

func columnList(rel *catalog.Relation, nums []int16) string {
	var names []string
	for _, n := range nums {
		if c := rel.Column(n); c != nil {
			names = append(names, quoteIdent(c.Name))
		}
	}
	return strings.Join(names, ", ")
}

// isVisible says whether a name in schema is found without naming the schema: no
// earlier schema of the search path has it.
func isVisible(v View, schema string, has func(schema string) bool) bool {
	for _, s := range v.SearchPath() {
		if s == schema {
			return true
		}
		if has(s) {
			return false
		}
	}
	return false
}
