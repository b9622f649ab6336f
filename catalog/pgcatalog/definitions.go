package pgcatalog

import (
	"strings"

	"github.com/s3db-sql/s3db-sql/catalog"
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

// indexDefinition is a CREATE INDEX statement.
func indexDefinition(rel *catalog.Relation, ix *catalog.Index, name naming) string {
	unique := ""
	if ix.Unique {
		unique = "UNIQUE "
	}
	var columns []string
	for _, f := range indexFields(ix) {
		columns = append(columns, fieldText(f))
	}
	def := "CREATE " + unique + "INDEX " + quoteIdent(ix.Name) + " ON " + name(rel) +
		" USING " + accessMethodName + " (" + strings.Join(columns, ", ") + ")"
	if ix.Covering {
		def += " WITH (covering='on')"
	}
	return def
}

// fieldText is a column's name, or the dotted path of a nested leaf.
func fieldText(f catalog.IndexColumn) string {
	parts := strings.Split(f.Name, ".")
	for i, p := range parts {
		parts[i] = quoteIdent(p)
	}
	return strings.Join(parts, ".")
}

// actionText are the actions of foreign keys that a definition shows.
var actionText = map[byte]string{'r': "RESTRICT", 'c': "CASCADE", 'n': "SET NULL", 'd': "SET DEFAULT"}

// constraintDefinition is what follows CONSTRAINT name in DDL.
func constraintDefinition(v View, rel *catalog.Relation, con *catalog.Constraint, pretty bool) string {
	switch con.Kind {
	case catalog.PrimaryConstraint:
		return "PRIMARY KEY (" + columnList(rel, con.Columns) + ")"
	case catalog.UniqueConstraint:
		return "UNIQUE (" + columnList(rel, con.Columns) + ")"
	case catalog.CheckConstraint:
		def := "CHECK ((" + con.Expr + "))"
		if pretty {
			def = "CHECK (" + con.Expr + ")"
		}
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
	if con.Deferrable {
		def += " DEFERRABLE"
	}
	if con.Deferred {
		def += " INITIALLY DEFERRED"
	}
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

// viewDefinition ends with a semicolon, as PostgreSQL's do; the catalog's own
// views have none.
func viewDefinition(rel *catalog.Relation) string {
	if rel.Definition == "" {
		return ""
	}
	return " " + strings.TrimSuffix(strings.TrimSpace(rel.Definition), ";") + ";"
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
