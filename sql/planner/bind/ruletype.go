package bind

import (
	"strings"

	"github.com/s3db-sql/s3db-sql/sql/types"
)

// ruleTypes are the SQL types of s3db.js rules by their first word; every other
// word is text. Only expressions in a CREATE or ALTER statement use them, to be
// bound before the column exists: the storage format decides the column's type.
var ruleTypes = map[string]types.OID{
	"number": types.Float8OID, "boolean": types.BoolOID, "uuid": types.UUIDOID, "money": types.NumericOID,
	"decimal": types.NumericOID, "datetime": types.TimestamptzOID, "date": types.TimestamptzOID,
	"dateonly": types.DateOID, "timeonly": types.TimeOID, "object": types.JSONBOID, "json": types.JSONBOID,
	"any": types.JSONBOID, "ip4": types.InetOID, "ip6": types.InetOID, "mac": types.MacaddrOID, "cidr": types.CidrOID,
	"duration": types.IntervalOID, "embedding": types.Float4ArrayOID, "geo": types.PointOID,
}

// ruleType is the type that a rule such as 'number|integer|positive' gives, nil
// for a type that is not there.
func (b *binder) ruleType(rule string) *types.Type {
	parts := strings.Split(rule, "|")
	word, _, _ := strings.Cut(parts[0], ":")
	oid, known := ruleTypes[word]
	switch {
	case word == "array":
		return b.arrayRuleType(parts[1:])
	case !known:
		oid = types.TextOID
	}
	for _, p := range parts[1:] {
		if word == "number" && p == "integer" {
			oid = types.Int8OID
		}
	}
	return b.reg.ByOID(oid)
}

func (b *binder) arrayRuleType(options []string) *types.Type {
	elem := b.reg.ByOID(types.TextOID)
	for _, o := range options {
		if items, ok := strings.CutPrefix(o, "items:"); ok {
			elem = b.ruleType(items)
		}
	}
	if elem == nil {
		return nil
	}
	return b.reg.ByOID(elem.Array)
}
