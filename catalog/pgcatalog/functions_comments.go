package pgcatalog

import "github.com/s3db-sql/s3db-sql/sql/types"

// commentAnswers are the Comment Information Functions (table 9.77).
var commentAnswers = map[string]answer{
	"obj_description":   objDescription,
	"shobj_description": sharedDescription,
	"col_description": func(q *call) (any, error) {
		return q.comment(classClass, q.oid(0), q.args[1].(int32)), nil
	},
}

// objDescription without a catalog's name takes any object with that oid.
func objDescription(q *call) (any, error) {
	if len(q.args) == 2 {
		return q.comment(q.catalogNamed(q.text(1)), q.oid(0), 0), nil
	}
	for _, class := range []types.OID{classClass, classType, classProc, classOperator, classOpclass, classOpfamily, classNamespace, classConstraint, classTrigger, classConversion, classAm, classLanguage, classExtension,
		classTsConfig, classTsDict, classTsParser, classTsTemplate} {
		if text := q.comment(class, q.oid(0), 0); text != nil {
			return text, nil
		}
	}
	return nil, nil
}

func sharedDescription(q *call) (any, error) {
	class := q.catalogNamed(q.text(1))
	var text any
	pgShdescription.Rows(q.View, func(d description) {
		if d.class == class && d.object == q.oid(0) {
			text = d.text
		}
	})
	return text, nil
}

// catalogNamed is the oid of a relation of pg_catalog, 0 for none.
func (q *call) catalogNamed(name string) types.OID {
	if rel := q.Catalog().Relation(Schema.Name, name); rel != nil {
		return rel.OID
	}
	return 0
}

func (q *call) comment(class, oid types.OID, sub int32) any {
	var text any
	describe(q.View, class, oid, func(d description) {
		if d.sub == sub {
			text = d.text
		}
	})
	return text
}
