package store

import (
	"slices"

	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/storage/s3db"
)

// refuseSecrets is 0A000 where what is to be kept in the keys of objects, as names it, needs
// a secret: the keys would have it in clear text, for everybody who may list them.
func refuseSecrets(def *s3db.Definition, t *ownTable, what string, columns []string) error {
	attrs := def.Attributes(s3db.EraModern)
	for _, column := range columns {
		if at := attributeAt(attrs, t.attrName(column)); at != nil && isSecret(at) {
			return pgerr.Unsupported("%s over a secret (\"%s\")", what, column)
		}
	}
	return nil
}

// isSecret says that an attribute is, or is around, a secret.
func isSecret(at *s3db.Attribute) bool {
	return at.Hook == s3db.HookSecret || slices.ContainsFunc(at.Children, isSecret)
}

// refuseUniqueSecrets is refuseSecrets for a unique key: its columns, and those that an
// expression or a predicate of it reads.
func (st *state) refuseUniqueSecrets(resource string, t *ownTable, u catalog.UniqueDef) error {
	what := "a unique constraint"
	if u.Primary {
		what = "a primary key"
	}
	return refuseSecrets(st.definition(resource), t, what, slices.Concat(u.Columns, u.Inputs))
}

// refuseKeyRule is 0A000 for a column of a new table's primary key that has a rule of s3db.js,
// or attributes within: ids stand in the keys of objects as they are, and no rule is applied to them.
func refuseKeyRule(col catalog.ColumnDef) error {
	if col.Children == nil && (col.Rule == "" || col.Rule == "string") {
		return nil
	}
	return pgerr.Unsupported("a primary key over a column with an s3db.js rule (\"%s\")", col.Name).
		WithHint("Declare the column with an SQL type, and what it must be with CHECK.")
}

// refusePartition is refuseSecrets for the fields of a new partition.
func (a *alteration) refusePartition(ix catalog.IndexDef) error {
	var fields []string
	for _, f := range ix.Fields {
		fields = append(fields, f.Name)
	}
	return refuseSecrets(a.def, a.own, "a partition", fields)
}
