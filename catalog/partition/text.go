package partition

import (
	"strconv"
	"strings"

	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

// Namer quotes identifiers where they need it.
type Namer func(name string) string

var strategyNames = map[catalog.PartitionStrategy]string{catalog.ByList: "LIST", catalog.ByRange: "RANGE", catalog.ByHash: "HASH"}

// KeyDef is what follows PARTITION BY (pg_get_partkeydef).
func KeyDef(reg *types.Registry, p *catalog.Partitioning, quote Namer) string {
	var keys []string
	for _, k := range p.Keys {
		text := keyText(k, quote)
		if strings.HasPrefix(k.Expr, "(") {
			text = "(" + text + ")"
		}
		if c := reg.CollationByOID(k.Collation); c != nil {
			text += " COLLATE " + quote(c.Name)
		}
		if k.Opclass != "" {
			text += " " + quote(k.Opclass)
		}
		keys = append(keys, text)
	}
	return strategyNames[p.Strategy] + " (" + strings.Join(keys, ", ") + ")"
}

// KeyColumns are the columns and expressions of the key
// (pg_get_partkeydef_columns).
func KeyColumns(p *catalog.Partitioning, quote Namer) string {
	var keys []string
	for _, k := range p.Keys {
		keys = append(keys, keyText(k, quote))
	}
	return strings.Join(keys, ", ")
}

func keyText(k catalog.PartitionKey, quote Namer) string {
	if k.Column != "" {
		return quote(k.Column)
	}
	return k.Expr
}

// BoundText is the bound as CREATE TABLE takes it (pg_get_expr of relpartbound).
// parent is the partitioned table.
func (d *Desc) BoundText(b *catalog.PartitionBound) string {
	switch {
	case b.Default:
		return "DEFAULT"
	case b.Strategy == catalog.ByHash:
		return "FOR VALUES WITH (modulus " + strconv.Itoa(int(b.Modulus)) + ", remainder " + strconv.Itoa(int(b.Remainder)) + ")"
	case b.Strategy == catalog.ByList:
		var values []string
		for _, x := range b.List {
			values = append(values, datumText(d.Types[0], x))
		}
		return "FOR VALUES IN (" + strings.Join(values, ", ") + ")"
	}
	return "FOR VALUES FROM " + d.RangeText(b.Lower) + " TO " + d.RangeText(b.Upper)
}

// RangeText is one end of a range (get_range_partbound_string).
func (d *Desc) RangeText(xs []catalog.PartitionDatum) string {
	values := make([]string, len(xs))
	for i, x := range xs {
		values[i] = datumText(d.Types[i], x)
	}
	return "(" + strings.Join(values, ", ") + ")"
}

func datumText(t *types.Type, x catalog.PartitionDatum) string {
	switch {
	case x.Infinite < 0:
		return "MINVALUE"
	case x.Infinite > 0:
		return "MAXVALUE"
	case x.Null:
		return "NULL"
	}
	text, _ := constant(t, x.Value)
	return text
}

// constant is get_const_expr's form of a value, without and with the type that it
// needs to be read back.
func constant(t *types.Type, value string) (plain, typed string) {
	for t.Domain != nil {
		t = t.Domain.Base
	}
	quoted := "'" + strings.ReplaceAll(value, "'", "''") + "'"
	typed = quoted + "::" + t.SQLName()
	switch t.OID {
	case types.BoolOID:
		if value == "t" {
			return "true", "true"
		}
		return "false", "false"
	case types.Int4OID:
		if !strings.HasPrefix(value, "-") {
			return value, value
		}
	case types.NumericOID:
		if value[0] >= '0' && value[0] <= '9' && strings.ContainsAny(value, ".eE") {
			return value, value
		}
	}
	return quoted, typed
}
