package infoschema

import (
	"github.com/s3db-sql/s3db-sql/catalog/pgcatalog"
	"github.com/s3db-sql/s3db-sql/catalog/virtual"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

func init() { registry.Declare(characterSets, collations, collationApplicability) }

// named is a name in the database that asks.
type named struct {
	v    View
	name string
}

// collated is a collation in the database that asks.
type collated struct {
	v View
	*types.Collation
}

func eachCollation(v View, yield func(collated)) {
	for _, c := range v.Catalog().Types().Collations() {
		yield(collated{v, c})
	}
}

func (c collated) schema() string { return collationSchema(c.Collation) }

// collationSchema is a collation's schema by name.
func collationSchema(c *types.Collation) string {
	if c.Namespace == "" {
		return pgcatalog.Schema.Name
	}
	return c.Namespace
}

var collations = virtual.Rel[collated]{
	Of:   "collations",
	Rows: eachCollation,
	Columns: virtual.Columns[collated]{
		"collation_catalog": func(c collated) any { return c.v.Database() },
		"collation_schema":  func(c collated) any { return c.schema() },
		"collation_name":    func(c collated) any { return c.Name },
		"pad_attribute":     is[collated]("NO PAD"),
	},
}

var collationApplicability = virtual.Rel[collated]{
	Of:   "collation_character_set_applicability",
	Rows: eachCollation,
	Columns: virtual.Columns[collated]{
		"collation_catalog":  func(c collated) any { return c.v.Database() },
		"collation_schema":   func(c collated) any { return c.schema() },
		"collation_name":     func(c collated) any { return c.Name },
		"character_set_name": is[collated]("UTF8"),
	},
}

var characterSets = virtual.Rel[named]{
	Of:   "character_sets",
	Rows: func(v View, yield func(named)) { yield(named{v, "UTF8"}) },
	Columns: virtual.Columns[named]{
		"character_set_name":      func(c named) any { return c.name },
		"character_repertoire":    is[named]("UCS"),
		"form_of_use":             func(c named) any { return c.name },
		"default_collate_catalog": func(c named) any { return c.v.Database() },
		"default_collate_schema":  is[named](pgcatalog.Schema.Name),
		"default_collate_name":    is[named]("C"),
	},
}
