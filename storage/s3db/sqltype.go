package s3db

import "github.com/s3db-sql/s3db-sql/sql/types"

// typeByHook is sql-surface.md section 2, Types.
var typeByHook = map[Hook]types.OID{
	HookNone: types.TextOID, HookEmbedding: types.Float4ArrayOID, HookSecret: types.TextOID,
	HookPassword: types.TextOID, HookIP4: types.InetOID, HookIP6: types.InetOID,
	HookBuffer: types.ByteaOID, HookBits: types.ByteaOID, HookMoney: types.NumericOID,
	HookDecimal: types.NumericOID, HookText: types.TextOID, HookGeoLat: types.Float8OID,
	HookGeoLon: types.Float8OID, HookGeoPoint: types.PointOID, HookNumber: types.Float8OID,
	HookBoolean: types.BoolOID, HookJSON: types.JSONBOID, HookObject: types.JSONBOID,
	HookUUID: types.UUIDOID, HookDatetime: types.TimestamptzOID, HookDateonly: types.DateOID,
	HookTimeonly: types.TimeOID, HookDate: types.TimestamptzOID, HookMac: types.MacaddrOID,
	HookCidr: types.CidrOID, HookSemver: types.TextOID, HookPhone: types.TextOID,
	HookColor: types.TextOID, HookDuration: types.IntervalOID, HookEan: types.TextOID,
	HookAny: types.JSONBOID,
}

// fallbacks for types that a build of the server does not have.
var fallbacks = map[types.OID]types.OID{
	types.InetOID: types.TextOID, types.CidrOID: types.TextOID, types.MacaddrOID: types.TextOID,
	types.PointOID: types.JSONBOID,
}

func sqlTypeOf(a *Attribute) SQLType {
	oid := typeByHook[a.Hook]
	switch {
	case a.Form == PropsForm:
		oid = types.JSONBOID
	case a.Hook == HookArray:
		oid = arrayType(a)
	case a.Hook == HookNumber && a.Integer:
		oid = types.Int8OID
	}
	if types.Builtin().ByOID(oid) == nil {
		if f, ok := fallbacks[oid]; ok {
			oid = f
		}
	}
	return SQLType{oid, -1}
}

// arrayType is T[] for scalar elements; arrays of anything else are jsonb.
func arrayType(a *Attribute) types.OID {
	if a.Items == nil || a.Items.Children != nil {
		return types.JSONBOID
	}
	switch a.Items.Hook {
	case HookNone:
		return types.TextArrayOID
	case HookNumber:
		if a.Integer {
			return types.Int8ArrayOID
		}
		return types.Float8ArrayOID
	case HookBoolean:
		return types.BoolArrayOID
	}
	return types.JSONBOID
}

var knownBases = map[string]bool{
	"string": true, "email": true, "url": true, "enum": true, "number": true, "boolean": true, "bool": true,
	"array": true, "object": true, "json": true, "any": true, "secret": true, "secretAny": true, "secretNumber": true,
	"password": true, "date": true, "datetime": true, "dateonly": true, "timeonly": true, "uuid": true, "ip4": true,
	"ip6": true, "mac": true, "cidr": true, "color": true, "semver": true, "phone": true, "duration": true,
	"ean": true, "money": true, "crypto": true, "decimal": true, "geo": true, "buffer": true, "bits": true,
	"embedding": true, "text": true, "cron": true, "locale": true, "currency": true, "country": true,
	"class": true, "equal": true, "forbidden": true, "function": true, "luhn": true, "multi": true,
	"objectID": true, "record": true, "tuple": true, "custom": true, "currencyCode": true,
}

// knownBase says whether the word is a type of s3db.js or fastest-validator.
func knownBase(word string) bool { return knownBases[word] }
