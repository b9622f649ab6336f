package pgcatalog

import (
	"fmt"
	"strings"

	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/catalog/virtual"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

func init() { registry.Declare(pgAttrdef) }

// columnDefault is a column with a default or a generation expression.
type columnDefault struct {
	v   View
	rel *catalog.Relation
	col *catalog.Column
}

// pgAttrdef holds expressions as SQL text, which is what pg_get_expr gives back, with
// the number of the column: what is implied by its type shows in pretty text only.
var pgAttrdef = virtual.Rel[columnDefault]{
	Of:   "pg_attrdef",
	Size: virtual.Size{PerRelation: 2},
	Rows: func(v View, yield func(columnDefault)) {
		owned(v, func(rel *catalog.Relation) { defaultsOf(v, rel, yield) })
	},
	Columns: virtual.Columns[columnDefault]{
		"oid":     func(d columnDefault) any { return derivedOID(classAttrdef, d.rel.OID, d.col.Num) },
		"adrelid": func(d columnDefault) any { return d.rel.OID },
		"adnum":   func(d columnDefault) any { return d.col.Num },
		"adbin":   columnDefault.bin,
	},
	Lookups: []virtual.Lookup[columnDefault]{
		{By: []string{"adrelid", "adnum"}, Find: func(v View, keys []any, yield func(columnDefault)) {
			byOID(v, keys[0].(types.OID), func(rel *catalog.Relation) {
				if c := rel.Column(keys[1].(int16)); c != nil {
					defaultOf(v, rel, c, yield)
				}
			})
		}},
		{By: []string{"adrelid"}, Each: 3, Find: func(v View, keys []any, yield func(columnDefault)) {
			byOID(v, keys[0].(types.OID), func(rel *catalog.Relation) { defaultsOf(v, rel, yield) })
		}},
	},
}

func (d columnDefault) bin() any {
	return fmt.Sprintf("%s"+defaultMark, DefaultText(d.v, d.rel, d.col), d.col.Num)
}

const defaultMark = " /* column %d */"

// defaultColumn is the column of an adbin; nil for an expression of another kind.
func defaultColumn(rel *catalog.Relation, bin string) *catalog.Column {
	mark := strings.LastIndex(bin, " /*")
	var num int16
	if rel == nil || mark < 0 {
		return nil
	}
	if _, err := fmt.Sscanf(bin[mark:], defaultMark, &num); err != nil {
		return nil
	}
	return rel.Column(num)
}

func defaultsOf(v View, rel *catalog.Relation, yield func(columnDefault)) {
	for _, c := range rel.VisibleColumns() {
		defaultOf(v, rel, c, yield)
	}
}

func defaultOf(v View, rel *catalog.Relation, c *catalog.Column, yield func(columnDefault)) {
	if c.Default != "" {
		yield(columnDefault{v, rel, c})
	}
}
