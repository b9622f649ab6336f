package infoschema

import (
	"fmt"

	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/catalog/pgcatalog"
	"github.com/s3db-sql/s3db-sql/catalog/virtual"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

func init() {
	registry.Declare(
		checkConstraints,
		constraintColumnUsage,
		constraintTableUsage,
		keyColumnUsage,
		referentialConstraints,
		tableConstraints,
	)
}

// constraint of a relation. A NOT NULL is a check without a name of its own.
type constraint struct {
	relation
	con *catalog.Constraint
	// value is the type of a domain whose constraint it is, nil for a table's.
	value *types.Type
}

func (c constraint) constraintName() any { return c.con.Name }

// constraintsOf yields the constraints of the database's own tables, but for those
// of constraint triggers, which the standard does not have.
func constraintsOf(r relation, yield func(constraint)) {
	for _, con := range pgcatalog.Constraints(r.rel) {
		if con.Kind != catalog.TriggerConstraint {
			yield(constraint{relation: r, con: con})
		}
	}
}

// withNotNull adds the NOT NULLs, named as PostgreSQL names them here.
func withNotNull(r relation, yield func(constraint)) {
	constraintsOf(r, yield)
	if r.rel.Virtual {
		return
	}
	for _, c := range r.rel.VisibleColumns() {
		if c.NotNull {
			yield(constraint{relation: r, con: &catalog.Constraint{
				Name: fmt.Sprintf("%d_%d_%d_not_null", r.rel.Namespace, r.rel.OID, c.Num),
				Kind: catalog.CheckConstraint, Expr: c.Name + " IS NOT NULL",
			}})
		}
	}
}

// keyed are the columns that name a constraint and its table.
func keyed(cols virtual.Columns[constraint]) virtual.Columns[constraint] {
	cols["constraint_catalog"] = func(c constraint) any { return c.catalog() }
	cols["constraint_schema"] = func(c constraint) any { return c.schema() }
	cols["constraint_name"] = constraint.constraintName
	return cols
}

var constraintTypes = map[catalog.ConstraintKind]string{
	catalog.CheckConstraint: "CHECK", catalog.PrimaryConstraint: "PRIMARY KEY",
	catalog.UniqueConstraint: "UNIQUE", catalog.ForeignConstraint: "FOREIGN KEY",
}

var tableConstraints = virtual.Rel[constraint]{
	Of:   "table_constraints",
	Rows: expand(withNotNull),
	Columns: keyed(virtual.Columns[constraint]{
		"table_catalog":      func(c constraint) any { return c.catalog() },
		"table_schema":       func(c constraint) any { return c.schema() },
		"table_name":         func(c constraint) any { return c.name() },
		"constraint_type":    func(c constraint) any { return constraintTypes[c.con.Kind] },
		"is_deferrable":      func(c constraint) any { return yesNo(c.con.Deferrable) },
		"initially_deferred": func(c constraint) any { return yesNo(c.con.Deferred) },
		"enforced":           is[constraint]("YES"),
		"nulls_distinct":     func(c constraint) any { return nullsDistinct(c.con) },
	}),
	Lookups: byTable("table_schema", "table_name", withNotNull),
}

func nullsDistinct(con *catalog.Constraint) any {
	if con.Kind == catalog.UniqueConstraint {
		return "YES"
	}
	return nil
}

var checkConstraints = virtual.Rel[constraint]{
	Of: "check_constraints",
	Rows: func(v View, yield func(constraint)) {
		eachFull(v, func(r relation) {
			withNotNull(r, func(c constraint) {
				if c.con.Kind == catalog.CheckConstraint {
					yield(c)
				}
			})
		})
		domainChecks(v, yield)
	},
	Columns: keyed(virtual.Columns[constraint]{"check_clause": func(c constraint) any { return checkClause(c) }}),
}

// checkClause has the parentheses of PostgreSQL's pg_get_constraintdef.
func checkClause(c constraint) any {
	if c.con.OID == 0 {
		return c.con.Expr
	}
	text := "(" + pgcatalog.CheckText(c.v, c.rel, c.value, c.con, false) + ")"
	if c.con.NoInherit {
		text += " NO INHERIT"
	}
	if c.con.NotValid {
		text += " NOT VALID"
	}
	return text
}

// keyColumn is one column of a key.
type keyColumn struct {
	constraint
	i int
}

func keyColumnsOf(r relation, yield func(keyColumn)) {
	constraintsOf(r, func(c constraint) {
		if c.con.Kind == catalog.CheckConstraint {
			return
		}
		for i := range c.con.Columns {
			yield(keyColumn{c, i})
		}
	})
}

func (k keyColumn) columnName() any {
	if c := k.rel.Column(k.con.Columns[k.i]); c != nil {
		return c.Name
	}
	return nil
}

// positionInReferenced is where the column that this one refers to stands in its
// key; NULL for what is no foreign key.
func (k keyColumn) positionInReferenced() any {
	_, key := k.referenced()
	if key == nil {
		return nil
	}
	for i, num := range key.Columns {
		if num == k.con.RefColumns[k.i] {
			return int32(i + 1)
		}
	}
	return nil
}

var keyColumnUsage = virtual.Rel[keyColumn]{
	Of:   "key_column_usage",
	Rows: expand(keyColumnsOf),
	Columns: virtual.Columns[keyColumn]{
		"constraint_catalog":            func(k keyColumn) any { return k.catalog() },
		"constraint_schema":             func(k keyColumn) any { return k.schema() },
		"constraint_name":               func(k keyColumn) any { return k.con.Name },
		"table_catalog":                 func(k keyColumn) any { return k.catalog() },
		"table_schema":                  func(k keyColumn) any { return k.schema() },
		"table_name":                    func(k keyColumn) any { return k.name() },
		"column_name":                   keyColumn.columnName,
		"ordinal_position":              func(k keyColumn) any { return int32(k.i + 1) },
		"position_in_unique_constraint": keyColumn.positionInReferenced,
	},
	Lookups: byTable("table_schema", "table_name", keyColumnsOf),
}

// referenced is the table and key that a foreign key refers to.
func (c constraint) referenced() (*catalog.Relation, *catalog.Constraint) {
	if c.con.Kind != catalog.ForeignConstraint {
		return nil, nil
	}
	ref := c.v.Catalog().RelationByOID(c.con.RefRelation)
	if ref == nil {
		return nil, nil
	}
	return ref, c.con.ReferencedKey(ref)
}

var referentialRules = map[byte]string{'c': "CASCADE", 'n': "SET NULL", 'd': "SET DEFAULT", 'r': "RESTRICT", 'a': "NO ACTION", 0: "NO ACTION"}

// ifReferenced is a fact of the key that a foreign key refers to.
func ifReferenced(fact func(c constraint, ref *catalog.Relation, key *catalog.Constraint) any) func(constraint) any {
	return func(c constraint) any {
		ref, key := c.referenced()
		if key == nil {
			return nil
		}
		return fact(c, ref, key)
	}
}

var referentialConstraints = virtual.Rel[constraint]{
	Of: "referential_constraints",
	Rows: expand(func(r relation, yield func(constraint)) {
		constraintsOf(r, func(c constraint) {
			if c.con.Kind == catalog.ForeignConstraint {
				yield(c)
			}
		})
	}),
	Columns: keyed(virtual.Columns[constraint]{
		"unique_constraint_catalog": ifReferenced(func(c constraint, _ *catalog.Relation, _ *catalog.Constraint) any { return c.catalog() }),
		"unique_constraint_schema":  ifReferenced(func(_ constraint, ref *catalog.Relation, _ *catalog.Constraint) any { return ref.Schema }),
		"unique_constraint_name":    ifReferenced(func(_ constraint, _ *catalog.Relation, key *catalog.Constraint) any { return key.Name }),
		"match_option":              func(c constraint) any { return matchOption(c.con) },
		"update_rule":               func(c constraint) any { return referentialRules[c.con.OnUpdate] },
		"delete_rule":               func(c constraint) any { return referentialRules[c.con.OnDelete] },
	}),
}

func matchOption(con *catalog.Constraint) any {
	if con.MatchFull {
		return "FULL"
	}
	return "NONE"
}

// usage is a column, or a table, that a constraint speaks of: for a foreign key
// that of the other table.
type usage struct {
	constraint
	table *catalog.Relation
	num   int16
}

func usagesOf(r relation, yield func(usage)) {
	constraintsOf(r, func(c constraint) {
		table, nums := r.rel, pgcatalog.ConstraintColumns(r.rel, c.con)
		if c.con.Kind == catalog.ForeignConstraint {
			table, nums = c.v.Catalog().RelationByOID(c.con.RefRelation), c.con.RefColumns
		}
		if table == nil {
			return
		}
		for _, num := range nums {
			yield(usage{c, table, num})
		}
	})
}

func (u usage) columnName() any {
	if c := u.table.Column(u.num); c != nil {
		return c.Name
	}
	return nil
}

func usageColumns(cols virtual.Columns[usage]) virtual.Columns[usage] {
	cols["table_catalog"] = func(u usage) any { return u.catalog() }
	cols["table_schema"] = func(u usage) any { return u.table.Schema }
	cols["table_name"] = func(u usage) any { return u.table.Name }
	cols["constraint_catalog"] = func(u usage) any { return u.catalog() }
	cols["constraint_schema"] = func(u usage) any { return u.schema() }
	cols["constraint_name"] = func(u usage) any { return u.con.Name }
	return cols
}

var constraintColumnUsage = virtual.Rel[usage]{
	Of:      "constraint_column_usage",
	Rows:    expand(usagesOf),
	Columns: usageColumns(virtual.Columns[usage]{"column_name": usage.columnName}),
}

// constraintTableUsage has each table of a key once.
var constraintTableUsage = virtual.Rel[usage]{
	Of: "constraint_table_usage",
	Rows: expand(func(r relation, yield func(usage)) {
		var last *catalog.Constraint
		usagesOf(r, func(u usage) {
			if u.con != last && u.con.Kind != catalog.CheckConstraint {
				last = u.con
				yield(u)
			}
		})
	}),
	Columns: usageColumns(virtual.Columns[usage]{}),
}
