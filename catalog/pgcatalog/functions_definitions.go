package pgcatalog

import (
	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

// definitionAnswers are PostgreSQL's System Catalog Information Functions that
// give the SQL of an object (documentation, table 9.71). An oid that belongs to
// no object gives NULL.
var definitionAnswers = map[string]answer{
	"pg_get_expr":          expr,
	"pg_get_indexdef":      indexDef,
	"pg_get_constraintdef": constraintDef,
	"pg_get_viewdef":       viewDef,
	"pg_get_triggerdef":    triggerDef,
	"pg_get_userbyid":      func(q *call) (any, error) { return RoleName(q.View, q.oid(0)), nil },

	"pg_get_serial_sequence":              serialSequence,
	"pg_get_replica_identity_index":       replicaIdentityIndex,
	"pg_get_ruledef":                      ruleDef,
	"pg_get_statisticsobjdef":             always(nil),
	"pg_get_statisticsobjdef_columns":     always(nil),
	"pg_get_statisticsobjdef_expressions": always(nil),
	"pg_options_to_table":                 optionsToTable,
	"pg_collation_for":                    collationFor,
	"pg_relation_is_publishable":          always(false),
	"pg_relation_is_updatable":            relationIsUpdatable,
	"pg_column_is_updatable":              columnIsUpdatable,
	"row_security_active":                 rowSecurityActive,
	"pg_column_compression":               always(nil),
}

// indexDef: with a column number it is only that column; pretty leaves the
// schema out where the search path finds the table.
func indexDef(q *call) (any, error) {
	rel, ix := indexByOID(q.View, q.oid(0))
	if ix == nil {
		return nil, nil
	}
	if len(q.args) == 3 {
		if n := q.args[1].(int32); n != 0 {
			return indexColumn(q.View, rel, ix, int(n), q.flag(2)), nil
		}
	}
	if q.flag(2) {
		return indexDefinition(q.View, rel, ix, shortest(q.View), true), nil
	}
	return indexDefinition(q.View, rel, ix, qualified, false), nil
}

func indexColumn(v View, rel *catalog.Relation, ix *catalog.Index, n int, pretty bool) string {
	switch n--; {
	case n < 0 || n >= len(ix.Keys)+len(ix.Include):
		return ""
	case n >= len(ix.Keys):
		return columnList(rel, ix.Include[n-len(ix.Keys):][:1])
	}
	return keyText(v, rel, &ix.Keys[n], pretty)
}

func constraintDef(q *call) (any, error) {
	if rel, con := constraintByOID(q.View, q.oid(0)); con != nil {
		return constraintDefinition(q.View, rel, nil, con, q.flag(1)), nil
	}
	domain, rel, con := domainConstraint(q.View, q.oid(0))
	if con == nil {
		return nil, nil
	}
	base, _ := domain.BaseType(-1)
	return constraintDefinition(q.View, rel, base, con, q.flag(1)), nil
}

func viewDef(q *call) (any, error) {
	oid, err := q.object(0, types.RegClass)
	if err != nil {
		return nil, err
	}
	rel := q.Catalog().RelationByOID(oid)
	if rel == nil || rel.Kind != catalog.View && rel.Kind != catalog.MaterializedView {
		return nil, nil
	}
	return orNull(viewDefinition(q.View, rel, q.layout())), nil
}

// wrapDefault is WRAP_COLUMN_DEFAULT: a line for each item.
const wrapDefault = 0

// layout is what pg_get_viewdef's second argument asks for: pretty, or the width of the
// lines of a pretty text.
func (q *call) layout() catalog.DeparseLayout {
	if len(q.args) < 2 {
		return catalog.DeparseLayout{Wrap: wrapDefault}
	}
	if width, ok := q.args[1].(int32); ok {
		return catalog.DeparseLayout{Pretty: true, Wrap: int(width)}
	}
	return catalog.DeparseLayout{Pretty: q.flag(1), Wrap: wrapDefault}
}

// expr is an expression as the catalog's relations show it, SQL text; a partition's bound
// is shown as it is.
func expr(q *call) (any, error) {
	rel := q.Catalog().RelationByOID(q.oid(1))
	if rel != nil && rel.Bound != nil && boundText(q.View, rel) == q.args[0] {
		return q.args[0], nil
	}
	if c := defaultColumn(rel, q.text(0)); c != nil {
		return defaultText(q.View, rel, c, q.flag(2)), nil
	}
	e := catalog.KeptExpr{Text: q.text(0), Rel: rel}
	if d := q.Deparser(); d != nil {
		if text, ok := d.Expr(e, q.flag(2)); ok {
			return text, nil
		}
	}
	return namedRegclass(q.View, e.Text)
}

func serialSequence(q *call) (any, error) {
	oid, err := q.named(types.RegClass, q.text(0))
	if err != nil {
		return nil, err
	}
	c, err := q.column(oid, q.text(1))
	if err != nil {
		return nil, err
	}
	if seq := catalog.ColumnSequence(q.Catalog(), oid, c.Num, false); seq != nil {
		return qualified(seq), nil
	}
	return nil, nil
}

// column finds a column by name: 42703 if there is none.
func (q *call) column(rel types.OID, name string) (*catalog.Column, error) {
	r := q.Catalog().RelationByOID(rel)
	if r == nil {
		return nil, pgerr.New(pgerr.UndefinedTable, "relation with OID %d does not exist", rel)
	}
	if c := r.ColumnByName(name); c != nil {
		return c, nil
	}
	return nil, pgerr.New(pgerr.UndefinedColumn, "column \"%s\" of relation \"%s\" does not exist", name, r.Name)
}

func replicaIdentityIndex(q *call) (any, error) {
	rel := q.Catalog().RelationByOID(q.oid(0))
	if rel == nil || rel.PrimaryConstraint() == nil {
		return nil, nil
	}
	return rel.PrimaryConstraint().Index, nil
}

func optionsToTable(q *call) (any, error) {
	var rows [][]any
	for _, e := range q.args[0].(*types.Array).Elems {
		name, value, ok := cut(e)
		row := []any{name, nil}
		if ok {
			row[1] = value
		}
		rows = append(rows, row)
	}
	return rows, nil
}

func collationFor(q *call) (any, error) {
	t := q.Args[0]
	if !t.Collatable() && t.OID != types.UnknownOID {
		return nil, pgerr.New(pgerr.DatatypeMismatch, "collations are not supported by type %s", t.SQLName())
	}
	if c := q.Catalog().Types().CollationByOID(t.Collation); c != nil {
		return qualifiedCollation(q, c), nil
	}
	return nil, nil
}

// qualifiedCollation is generate_collation_name: quoted, with its schema where
// the search path needs it.
func qualifiedCollation(q *call, c *types.Collation) string {
	if c.Namespace == "" || q.pathHas(c.Namespace) {
		return quoteIdent(c.Name)
	}
	return quoteQualified(c.Namespace, c.Name)
}

// quoteQualified is a function's or type's name with its schema.
func quoteQualified(namespace, name string) string {
	if namespace == "" {
		namespace = Schema.Name
	}
	return quoteIdent(namespace) + "." + quoteIdent(name)
}
