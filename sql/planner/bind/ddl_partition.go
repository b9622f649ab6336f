package bind

import (
	"slices"

	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/parser"
	"github.com/s3db-sql/s3db-sql/sql/plan"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

// maxPartitionKeys is PARTITION_MAX_KEYS.
const maxPartitionKeys = 32

var partitionStrategies = map[parser.PartitionStrategy]catalog.PartitionStrategy{
	parser.PartitionStrategy_PARTITION_STRATEGY_LIST:  catalog.ByList,
	parser.PartitionStrategy_PARTITION_STRATEGY_RANGE: catalog.ByRange,
	parser.PartitionStrategy_PARTITION_STRATEGY_HASH:  catalog.ByHash,
}

// partitionBy is PARTITION BY (transformPartitionSpec, ComputePartitionAttrs).
func (t *tableBuilder) partitionBy(spec *parser.PartitionSpec) {
	p := &catalog.Partitioning{Strategy: partitionStrategies[spec.Strategy]}
	switch n := len(spec.PartParams); {
	case p.Strategy == catalog.ByList && n != 1:
		failAt(-1, pgerr.InvalidObjectDefinition, "cannot use \"list\" partition strategy with more than one column")
	case n > maxPartitionKeys:
		failAt(-1, pgerr.TooManyColumns, "cannot partition using more than %d columns", maxPartitionKeys)
	}
	for i, n := range spec.PartParams {
		p.Keys = append(p.Keys, t.partitionKey(p.Strategy, n.GetPartitionElem(), i+1))
	}
	t.def.Partitioning = p
}

// partitionKey binds element number n of the key.
func (t *tableBuilder) partitionKey(strategy catalog.PartitionStrategy, el *parser.PartitionElem, n int) catalog.PartitionKey {
	var k catalog.PartitionKey
	var typ *types.Type
	pos := t.at(el.Location)
	if k.Column = el.Name; el.Name == "" {
		k, typ = t.partitionExpression(el, n)
	}
	if k.Column != "" {
		typ = t.partitionColumn(k.Column, pos)
	}
	k.Type = typ.OID
	if len(el.Collation) > 0 {
		if typ.Collation == 0 {
			failAt(-1, pgerr.DatatypeMismatch, "collations are not supported by type %s", t.typeName(typ))
		}
		c := t.collation(nameParts(el.Collation), pos)
		if c.OID != typ.Collation {
			k.Collation = c.OID
		}
		typ = c.Of(typ)
	}
	if !typ.Bytewise() {
		unsupported(pos, "a nondeterministic collation in a partition key")
	}
	t.partitionOpclass(strategy, &k, nameParts(el.Opclass), typ)
	return k
}

// partitionColumn is the type of a plain column of the key: 42703, 42P17.
func (t *tableBuilder) partitionColumn(name string, pos int) *types.Type {
	if systemColumns[name] {
		failAt(pos, pgerr.InvalidObjectDefinition, "cannot use system column \"%s\" in partition key", name)
	}
	i := t.columnNamed(name)
	if i < 0 {
		failAt(pos, pgerr.UndefinedColumn, "column \"%s\" named in partition key does not exist", name)
	}
	c := t.def.Columns[i]
	t.notGenerated(name, pos)
	typ, _ := t.definedType(c)
	if typ == nil || c.Children != nil {
		unsupported(pos, "a nested column in a partition key")
	}
	return typ
}

// notGenerated is 42P17 for a generated column.
func (t *tableBuilder) notGenerated(name string, pos int) {
	if i := t.columnNamed(name); i >= 0 && t.def.Columns[i].Generated != "" {
		fail(pgerr.New(pgerr.InvalidObjectDefinition, "cannot use generated column in partition key").
			WithDetail("Column \"%s\" is a generated column.", name).AtByte(pos))
	}
}

// partitionExpression binds an expression of the key; one that is only a column is a
// plain column.
func (t *tableBuilder) partitionExpression(el *parser.PartitionElem, n int) (catalog.PartitionKey, *types.Type) {
	s := t.newScope(nil)
	s.items, s.all = []*nsItem{t.item}, []*nsItem{t.item}
	e := s.bind(el.Expr, kindPartitionExpression)
	if c, ok := e.(*plan.Column); ok && t.columns[c.ID] != nil {
		return catalog.PartitionKey{Column: t.columns[c.ID].name}, nil
	}
	used := 0
	plan.Walk(e, func(e plan.Expr) bool {
		if c, ok := e.(*plan.Column); ok {
			used++
			if info := t.columns[c.ID]; info != nil {
				t.notGenerated(info.name, t.at(el.Location))
			}
		}
		return true
	})
	switch typ := e.Type(); {
	case typ.Kind == 'p' || typ.OID == types.UnknownOID:
		failAt(-1, pgerr.InvalidTableDefinition, "partition key column %d has pseudo-type %s", n, t.typeName(typ))
	case mutable(e):
		failAt(-1, pgerr.InvalidObjectDefinition, "functions in partition key expression must be marked IMMUTABLE")
	case used == 0:
		failAt(-1, pgerr.InvalidObjectDefinition, "cannot use constant expression as partition key")
	}
	text := t.ownText(t.pinned(el.Expr, e))
	if el.Expr.GetFuncCall() == nil {
		text = "(" + text + ")"
	}
	return catalog.PartitionKey{Expr: text}, e.Type()
}

// checkKeys is 0A000 for a primary key or UNIQUE that does not have the whole
// partition key (DefineIndex).
func (t *tableBuilder) checkKeys() {
	if t.def.PrimaryName != "" {
		checkUniqueKey(t.def.Name, "PRIMARY KEY", t.def.Partitioning, t.def.PrimaryKey)
	}
	for _, u := range t.def.Unique {
		checkUniqueKey(t.def.Name, "UNIQUE", t.def.Partitioning, u.Columns)
	}
}

func checkUniqueKey(table, what string, p *catalog.Partitioning, columns []string) {
	for _, k := range p.Keys {
		switch {
		case k.Column == "":
			fail(pgerr.New(pgerr.FeatureNotSupported, "unsupported %s constraint with partition key definition", what).
				WithDetail("%s constraints cannot be used when partition keys include expressions.", what))
		case !slices.Contains(columns, k.Column):
			fail(pgerr.New(pgerr.FeatureNotSupported, "unique constraint on partitioned table must include all partitioning columns").
				WithDetail("%s constraint on table \"%s\" lacks column \"%s\" which is part of the partition key.", what, table, k.Column))
		}
	}
}
