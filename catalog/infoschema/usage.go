package infoschema

import (
	"strings"

	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/catalog/pgcatalog"
	"github.com/s3db-sql/s3db-sql/catalog/virtual"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

func init() {
	registry.Declare(
		viewTableUsage, viewColumnUsage, viewRoutineUsage, columnColumnUsage, checkConstraintRoutineUsage,
		routineUsage("routine_routine_usage", usedRoutine),
		routineUsage("routine_table_usage", usedTable),
		routineUsage("routine_sequence_usage", usedSequence),
		routineUsage("routine_column_usage", usedColumn),
	)
}

// viewUse is what the query of a view uses.
type viewUse struct {
	relation // the view
	table    *catalog.Relation
	column   *catalog.Column     // of the table, nil for the whole
	routine  *pgcatalog.Function // or a function
}

// usesOf yields the references of the views; PostgreSQL has them for views only, not for
// materialized ones.
func usesOf(r relation, yield func(viewUse)) {
	if r.rel.Kind != catalog.View || r.rel.Virtual {
		return
	}
	for _, ref := range r.v.ViewReferences(r.rel) {
		switch ref.Class {
		case catalog.ClassRelation:
			if table := r.v.Catalog().RelationByOID(ref.OID); table != nil {
				yield(viewUse{relation: r, table: table, column: table.Column(ref.Column)})
			}
		case catalog.ClassProc:
			if f := pgcatalog.FunctionByOID(r.v, ref.OID); f != nil {
				yield(viewUse{relation: r, routine: f})
			}
		}
	}
}

// usedBy makes a view's rows of some of the uses.
func usedBy(r relation, is func(viewUse) bool, yield func(viewUse)) {
	usesOf(r, func(u viewUse) {
		if is(u) {
			yield(u)
		}
	})
}

func ofView(cols virtual.Columns[viewUse], prefix string) virtual.Columns[viewUse] {
	cols[prefix+"_catalog"] = func(u viewUse) any { return u.catalog() }
	cols[prefix+"_schema"] = func(u viewUse) any { return u.schema() }
	cols[prefix+"_name"] = func(u viewUse) any { return u.name() }
	return cols
}

func ofTable(cols virtual.Columns[viewUse]) virtual.Columns[viewUse] {
	cols["table_catalog"] = func(u viewUse) any { return u.catalog() }
	cols["table_schema"] = func(u viewUse) any { return u.table.Schema }
	cols["table_name"] = func(u viewUse) any { return u.table.Name }
	return cols
}

// viewTableUsage has each table once.
var viewTableUsage = virtual.Rel[viewUse]{
	Of: "view_table_usage",
	Rows: expand(func(r relation, yield func(viewUse)) {
		last := types.OID(0)
		usedBy(r, func(u viewUse) bool { return u.table != nil && u.table.Kind != catalog.Sequence }, func(u viewUse) {
			if u.table.OID != last { // references are in order
				last = u.table.OID
				yield(u)
			}
		})
	}),
	Columns: ofView(ofTable(virtual.Columns[viewUse]{}), "view"),
}

var viewColumnUsage = virtual.Rel[viewUse]{
	Of: "view_column_usage",
	Rows: expand(func(r relation, yield func(viewUse)) {
		usedBy(r, func(u viewUse) bool { return u.column != nil }, yield)
	}),
	Columns: ofView(ofTable(virtual.Columns[viewUse]{"column_name": func(u viewUse) any { return u.column.Name }}), "view"),
}

var viewRoutineUsage = virtual.Rel[viewUse]{
	Of: "view_routine_usage",
	Rows: expand(func(r relation, yield func(viewUse)) {
		usedBy(r, func(u viewUse) bool { return u.routine != nil }, yield)
	}),
	Columns: ofView(virtual.Columns[viewUse]{
		"specific_catalog": func(u viewUse) any { return u.catalog() },
		"specific_schema":  func(u viewUse) any { return u.routine.Schema() },
		"specific_name":    func(u viewUse) any { return routine{u.v, u.routine}.specificName() },
	}, "table"),
}

// generatedUse is a column that a generated column is made of.
type generatedUse struct {
	column
	of *catalog.Column
}

var columnColumnUsage = virtual.Rel[generatedUse]{
	Of: "column_column_usage",
	Rows: expand(func(r relation, yield func(generatedUse)) {
		columnsOf(r, func(c column) {
			if c.col.Generated == 0 {
				return
			}
			for _, ref := range r.v.ExprReferences(catalog.KeptExpr{Text: c.col.Default, Rel: r.rel}) {
				if of := r.rel.Column(ref.Column); ref.OID == r.rel.OID && of != nil {
					yield(generatedUse{c, of})
				}
			}
		})
	}),
	Columns: virtual.Columns[generatedUse]{
		"table_catalog":    func(u generatedUse) any { return u.catalog() },
		"table_schema":     func(u generatedUse) any { return u.schema() },
		"table_name":       func(u generatedUse) any { return u.name() },
		"column_name":      func(u generatedUse) any { return u.of.Name },
		"dependent_column": func(u generatedUse) any { return u.col.Name },
	},
}

// checkUse is a function that a CHECK calls.
type checkUse struct {
	constraint
	f *pgcatalog.Function
}

var checkConstraintRoutineUsage = virtual.Rel[checkUse]{
	Of: "check_constraint_routine_usage",
	Rows: expand(func(r relation, yield func(checkUse)) {
		constraintsOf(r, func(c constraint) {
			if c.con.Kind != catalog.CheckConstraint {
				return
			}
			for _, ref := range r.v.ExprReferences(catalog.KeptExpr{Text: c.con.Expr, Rel: r.rel}) {
				if f := pgcatalog.FunctionByOID(r.v, ref.OID); ref.Class == catalog.ClassProc && f != nil {
					yield(checkUse{c, f})
				}
			}
		})
	}),
	Columns: virtual.Columns[checkUse]{
		"constraint_catalog": func(u checkUse) any { return u.catalog() },
		"constraint_schema":  func(u checkUse) any { return u.schema() },
		"constraint_name":    func(u checkUse) any { return u.con.Name },
		"specific_catalog":   func(u checkUse) any { return u.catalog() },
		"specific_schema":    func(u checkUse) any { return u.f.Schema() },
		"specific_name":      func(u checkUse) any { return routine{u.v, u.f}.specificName() },
	},
}

// bodyUse is what the SQL-standard body of a function uses.
type bodyUse struct {
	routine
	of any // *pgcatalog.Function, *catalog.Relation, or column
}

// usedPart is what a view of uses has of a reference: nil for what belongs to another.
type usedPart func(v View, ref catalog.Reference) any

func usedRoutine(v View, ref catalog.Reference) any {
	if f := pgcatalog.FunctionByOID(v, ref.OID); ref.Class == catalog.ClassProc && f != nil {
		return f
	}
	return nil
}

func usedRelation(v View, ref catalog.Reference) *catalog.Relation {
	if ref.Class != catalog.ClassRelation {
		return nil
	}
	return v.Catalog().RelationByOID(ref.OID)
}

func usedTable(v View, ref catalog.Reference) any {
	if rel := usedRelation(v, ref); rel != nil && rel.Kind != catalog.Sequence {
		return rel
	}
	return nil
}

func usedSequence(v View, ref catalog.Reference) any {
	if rel := usedRelation(v, ref); rel != nil && rel.Kind == catalog.Sequence {
		return rel
	}
	return nil
}

func usedColumn(v View, ref catalog.Reference) any {
	if rel := usedRelation(v, ref); rel != nil {
		if c := rel.Column(ref.Column); c != nil {
			return column{relation{v, rel}, c}
		}
	}
	return nil
}

// routineUsage is one of the four views of what bodies use; a table stands once however
// many columns are used.
func routineUsage(name string, part usedPart) virtual.Table {
	prefix := strings.TrimSuffix(strings.TrimPrefix(name, "routine_"), "_usage")
	if prefix == "column" {
		prefix = "table"
	}
	cols := virtual.Columns[bodyUse]{
		"specific_catalog": func(u bodyUse) any { return u.v.Database() },
		"specific_schema":  func(u bodyUse) any { return u.Schema() },
		"specific_name":    func(u bodyUse) any { return u.specificName() },
		"routine_catalog":  func(u bodyUse) any { return u.v.Database() },
		"routine_schema":   func(u bodyUse) any { return u.Schema() },
		"routine_name":     func(u bodyUse) any { return u.Name },
	}
	if prefix == "routine" { // the one that is used, by its specific name
		cols["routine_schema"] = func(u bodyUse) any { return u.of.(*pgcatalog.Function).Schema() }
		cols["routine_name"] = func(u bodyUse) any { return routine{u.v, u.of.(*pgcatalog.Function)}.specificName() }
	} else {
		cols[prefix+"_catalog"] = func(u bodyUse) any { return u.v.Database() }
		cols[prefix+"_schema"] = func(u bodyUse) any { return u.relation().Schema }
		cols[prefix+"_name"] = func(u bodyUse) any { return u.relation().Name }
	}
	if name == "routine_column_usage" {
		cols["column_name"] = func(u bodyUse) any { return u.of.(column).col.Name }
	}
	return virtual.Rel[bodyUse]{Of: name, Columns: cols, Rows: func(v View, yield func(bodyUse)) { bodyUses(v, part, yield) }}
}

func (u bodyUse) relation() *catalog.Relation {
	if c, ok := u.of.(column); ok {
		return c.rel
	}
	return u.of.(*catalog.Relation)
}

func bodyUses(v View, part usedPart, yield func(bodyUse)) {
	for _, f := range v.Catalog().Routines().Functions() {
		if f.Body == nil {
			continue
		}
		var last any
		for _, ref := range v.BodyReferences(f) {
			if of := part(v, ref); of != nil && of != last {
				last = of
				yield(bodyUse{routine{v, pgcatalog.FunctionByOID(v, f.OID)}, of})
			}
		}
	}
}
