package infoschema

import (
	"github.com/s3db-sql/s3db-sql/catalog/pgcatalog"
	"github.com/s3db-sql/s3db-sql/catalog/virtual"
)

// named is a name in the database that asks.
type named struct {
	v    View
	name string
}

func eachCollation(v View, yield func(named)) {
	for _, name := range []string{"default", "C", "POSIX"} {
		yield(named{v, name})
	}
}

var collations = virtual.Rel[named]{
	Of:   "collations",
	Rows: eachCollation,
	Columns: virtual.Columns[named]{
		"collation_catalog": func(c named) any { return c.v.Database() },
		"collation_schema":  is[named](pgcatalog.Schema.Name),
		"collation_name":    func(c named) any { return c.name },
		"pad_attribute":     is[named]("NO PAD"),
	},
}

var collationApplicability = virtual.Rel[named]{
	Of:   "collation_character_set_applicability",
	Rows: eachCollation,
	Columns: virtual.Columns[named]{
		"collation_catalog":  func(c named) any { return c.v.Database() },
		"collation_schema":   is[named](pgcatalog.Schema.Name),
		"collation_name":     func(c named) any { return c.name },
		"character_set_name": is[named]("UTF8"),
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
