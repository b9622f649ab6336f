package pgcatalog

import (
	"slices"

	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/catalog/opclass"
	"github.com/s3db-sql/s3db-sql/sql/funcs"
	"github.com/s3db-sql/s3db-sql/sql/tsearch"
)

// visibilityAnswers are the Schema Visibility Inquiry Functions (table 9.70):
// NULL for an oid that belongs to no object.
var visibilityAnswers = map[string]answer{
	"pg_table_is_visible": tableIsVisible,
	"pg_type_is_visible":  typeIsVisible,
	"pg_function_is_visible": ofFunction(func(f *Function, q *call) (any, error) {
		return f.namespace != q.TempSchema() && q.pathHas(f.namespace), nil
	}),
	"pg_operator_is_visible": operatorIsVisible,
	"pg_collation_is_visible": func(q *call) (any, error) {
		c := q.Catalog().Types().CollationByOID(q.oid(0))
		if c == nil {
			return nil, nil
		}
		return c.Namespace == "" || q.pathHas(c.Namespace), nil
	},
	"pg_opclass_is_visible": func(q *call) (any, error) {
		if c := opclass.Of(q.Catalog()).ByOID(q.oid(0)); c != nil {
			return q.pathHas(c.Namespace), nil
		}
		return nil, nil
	},
	"pg_opfamily_is_visible": func(q *call) (any, error) {
		if f := opclass.Of(q.Catalog()).Family(q.oid(0)); f != nil {
			return q.pathHas(f.Namespace), nil
		}
		return nil, nil
	},
	"pg_conversion_is_visible":     inPgCatalog(func(oid catalog.OID) bool { return conversionByOID(oid) != nil }),
	"pg_statistics_obj_is_visible": always(nil),
	"pg_ts_parser_is_visible":      inPgCatalog(func(oid catalog.OID) bool { return oid == tsearch.DefaultParser }),
	"pg_ts_dict_is_visible":        inPgCatalog(func(oid catalog.OID) bool { return tsearch.FindDictionary(oid) != nil }),
	"pg_ts_config_is_visible":      inPgCatalog(func(oid catalog.OID) bool { return tsearch.FindConfig(oid) != nil }),
	"pg_ts_template_is_visible":    inPgCatalog(func(oid catalog.OID) bool { return tsearch.FindTemplate(oid) != nil }),
}

// inPgCatalog is visible if pg_catalog is in the search path.
func inPgCatalog(exists func(oid catalog.OID) bool) answer {
	return func(q *call) (any, error) {
		if !exists(q.oid(0)) {
			return nil, nil
		}
		return q.pathHas(Schema.Name), nil
	}
}

// operatorIsVisible: one of the same name and operands in a schema that comes first
// hides an operator.
func operatorIsVisible(q *call) (any, error) {
	own := q.Catalog().Routines().Operator(q.oid(0))
	if own == nil {
		o := funcs.OperatorByOID(q.oid(0))
		if o == nil {
			return nil, nil
		}
		own = &catalog.Operator{Schema: Schema.Name, Name: o.Name, Left: o.Left, Right: o.Right}
	}
	return isVisible(q.View, own.Schema, func(schema string) bool {
		if schema == Schema.Name {
			return funcs.FindOperator(own.Name, own.Left, own.Right) != nil
		}
		return slices.ContainsFunc(q.Catalog().Routines().Operators(own.Name), func(o *catalog.Operator) bool {
			return o.Schema == schema && o.Left == own.Left && o.Right == own.Right
		})
	}), nil
}

func (q *call) pathHas(schema string) bool {
	if schema == "" {
		schema = Schema.Name
	}
	return slices.Contains(q.SearchPath(), schema)
}

// tableIsVisible: relations and indexes share one space of names.
func tableIsVisible(q *call) (any, error) {
	rel := outline(q.View, q.oid(0))
	if rel == nil {
		return nil, nil
	}
	name := rel.Name
	if rel.OID != q.oid(0) {
		ix := indexOf(rel, q.oid(0))
		if ix == nil {
			return nil, nil
		}
		name = ix.Name
	}
	return isVisible(q.View, rel.Schema, func(schema string) bool { return q.hasClass(schema, name) }), nil
}

func (q *call) hasClass(schema, name string) bool {
	if q.Catalog().Relation(schema, name) != nil {
		return true
	}
	_, ix := indexByName(q.View, schema, name)
	return ix != nil
}

func typeIsVisible(q *call) (any, error) {
	var result any
	typeByOID(q.View, q.oid(0), func(t typeRow) {
		result = isVisible(q.View, t.Namespace, func(schema string) bool {
			other := q.Catalog().Types().ByName(schema, t.Name) != nil
			return other || q.Catalog().Relation(schema, t.Name) != nil
		})
	})
	return result, nil
}

// schemaNamed finds a schema; nil for none.
func (q *call) schemaNamed(name string) *catalog.Schema { return q.Catalog().SchemaByName(name) }
