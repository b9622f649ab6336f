package infoschema

import (
	"strconv"
	"strings"

	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/catalog/pgcatalog"
	"github.com/s3db-sql/s3db-sql/catalog/virtual"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

// typed is something of a type, as the standard's data type descriptors have it.
type typed struct {
	v         View
	typ       *types.Type
	mod       int32
	collation types.OID
	bare      bool // only the type's name, no lengths and precisions
}

// withType adds the columns of a data type descriptor; udt is what precedes
// _catalog, _schema and _name of the underlying type.
func withType[T any](cols virtual.Columns[T], of func(T) typed, udt string) virtual.Columns[T] {
	for name, get := range map[string]func(typed) any{
		"data_type":                typed.dataType,
		"character_maximum_length": typed.length,
		"character_octet_length":   typed.octets,
		"numeric_precision":        typed.precision,
		"numeric_precision_radix":  typed.radix,
		"numeric_scale":            typed.scale,
		"datetime_precision":       typed.fraction,
		"interval_type":            typed.intervalFields,
		"collation_catalog":        func(t typed) any { return t.ifCollated(func(*types.Collation) string { return t.v.Database() }) },
		"collation_schema":         func(t typed) any { return t.ifCollated(collationSchema) },
		"collation_name":           func(t typed) any { return t.ifCollated(func(c *types.Collation) string { return c.Name }) },
		udt + "_catalog":           func(t typed) any { return t.v.Database() },
		udt + "_schema":            func(t typed) any { return t.typ.Namespace },
		udt + "_name":              func(t typed) any { return t.typ.Name },
	} {
		cols[name] = func(row T) any {
			t := of(row)
			if t.typ == nil { // a procedure returns nothing
				return nil
			}
			return get(t)
		}
	}
	return cols
}

// intervalFields are what an interval is limited to: DAY TO SECOND(3).
func (t typed) intervalFields() any {
	if t.bare || t.typ.OID != types.IntervalOID {
		return nil
	}
	_, fields, _ := strings.Cut(types.FormatType(t.typ, t.mod), " ")
	return orNull(strings.ToUpper(fields))
}

// ifCollated: the default collation is NULL.
func (t typed) ifCollated(of func(*types.Collation) string) any {
	if t.collation == 0 || t.collation == catalog.CollationDefault {
		return nil
	}
	if c := t.v.Catalog().Types().CollationByOID(t.collation); c != nil {
		return of(c)
	}
	return nil
}

func (t typed) dataType() any {
	switch {
	case t.typ.IsArray():
		return "ARRAY"
	case t.typ.Namespace != pgcatalog.Schema.Name:
		return "USER-DEFINED"
	}
	return t.typ.SQLName()
}

// length of a string type, from its modifier.
func (t typed) length() any {
	if t.mod > 0 && (t.typ.OID == types.BitOID || t.typ.OID == types.VarbitOID) {
		return t.mod
	}
	if t.mod < 4 || t.typ.OID != types.VarcharOID && t.typ.OID != types.BpcharOID {
		return nil
	}
	return t.mod - 4
}

// maxOctets is what text without a limit may hold (PostgreSQL's 1 GB), and
// octetsPerChar UTF8's longest character.
const (
	maxOctets     = int32(1 << 30)
	octetsPerChar = 4
)

func (t typed) octets() any {
	switch t.typ.OID {
	case types.TextOID, types.VarcharOID, types.BpcharOID:
	default:
		return nil
	}
	if n, ok := t.length().(int32); ok {
		return n * octetsPerChar
	}
	if t.bare {
		return nil
	}
	return maxOctets
}

// binaryPrecision is the precision in bits.
var binaryPrecision = map[types.OID]int32{types.Int2OID: 16, types.Int4OID: 32, types.Int8OID: 64, types.Float4OID: 24, types.Float8OID: 53}

func (t typed) precision() any {
	if t.bare {
		return nil
	}
	if p, ok := binaryPrecision[t.typ.OID]; ok {
		return p
	}
	if t.typ.OID == types.NumericOID && t.mod >= 4 {
		return (t.mod - 4) >> 16 & 0xffff
	}
	return nil
}

func (t typed) radix() any {
	switch {
	case t.bare:
		return nil
	case binaryPrecision[t.typ.OID] != 0:
		return int32(2)
	case t.typ.OID == types.NumericOID:
		return int32(10)
	}
	return nil
}

func (t typed) scale() any {
	if t.bare {
		return nil
	}
	switch t.typ.OID {
	case types.Int2OID, types.Int4OID, types.Int8OID:
		return int32(0)
	case types.NumericOID:
		if t.mod >= 4 {
			// Eleven bits with sign (numeric.c, numeric_typmod_scale).
			return (t.mod-4)&0x7ff ^ 1024 - 1024
		}
	}
	return nil
}

// fraction is the number of digits of seconds.
func (t typed) fraction() any {
	if t.bare {
		return nil
	}
	switch t.typ.OID {
	case types.DateOID:
		return int32(0)
	case types.TimeOID, types.TimetzOID, types.TimestampOID, types.TimestamptzOID:
		if t.mod >= 0 {
			return t.mod
		}
		return int32(6)
	case types.IntervalOID:
		if t.mod < 0 || t.mod&0xffff == 0xffff {
			return int32(6)
		}
		return t.mod & 0xffff
	}
	return nil
}

func decimal(n int) string { return strconv.Itoa(n) }
