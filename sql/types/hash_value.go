package types

import (
	"encoding/binary"
	"math"
	"strings"

	"github.com/s3db-sql/s3db-sql/pgerr"
)

// HashExtended is the extended hash function of t's default hash operator class
// (support function 2 in pg_amproc) of a value that is not NULL: 42883 where the
// type has none. The lower half, with seed 0, is its 32-bit hash function.
func HashExtended(t *Type, v any, seed uint64) (uint64, error) {
	for t.Domain != nil {
		t = t.Domain.Base
	}
	t = t.Form()
	switch x := v.(type) {
	case *Array:
		if f := hashFuncs[t.OID]; f == nil {
			return hashArrayValue(x, seed)
		}
	case *Record:
		return hashRecord(x, seed)
	}
	if t.Kind == 'e' {
		return HashUint32(uint32(t.labelOID(v.(string))), seed), nil
	}
	if f := hashFuncs[t.OID]; f != nil {
		return f(v, seed), nil
	}
	return 0, pgerr.New(pgerr.UndefinedFunction, "could not identify an extended hash function for type %s", t.SQLName())
}

func (t *Type) labelOID(name string) OID {
	for _, l := range t.Labels {
		if l.Name == name {
			return l.OID
		}
	}
	return 0
}

func hashAs[T any](f func(v T, seed uint64) uint64) func(any, uint64) uint64 {
	return func(v any, seed uint64) uint64 { return f(v.(T), seed) }
}

var hashFuncs map[OID]func(v any, seed uint64) uint64

func init() {
	text := hashAs(func(v string, seed uint64) uint64 { return HashBytes([]byte(v), seed) })
	address := hashAs(hashInet)
	oid := hashAs(HashUint32)
	moment := hashAs(hashInt8)
	hashFuncs = map[OID]func(any, uint64) uint64{
		BoolOID:   hashAs(func(v bool, seed uint64) uint64 { return HashUint32(uint32(boolByte(v)), seed) }),
		CharOID:   hashAs(hashChar),
		Int2OID:   hashAs(func(v int16, seed uint64) uint64 { return HashUint32(uint32(int32(v)), seed) }),
		Int4OID:   hashAs(func(v int32, seed uint64) uint64 { return HashUint32(uint32(v), seed) }),
		Int8OID:   moment,
		Float4OID: hashAs(func(v float32, seed uint64) uint64 { return hashFloat8(float64(v), seed) }),
		Float8OID: hashAs(hashFloat8), NumericOID: hashAs(hashNumeric),
		TextOID: text, VarcharOID: text, NameOID: text,
		BpcharOID: hashAs(func(v string, seed uint64) uint64 { return HashBytes([]byte(strings.TrimRight(v, " ")), seed) }),
		ByteaOID:  hashAs(HashBytes),
		DateOID:   hashAs(func(v int32, seed uint64) uint64 { return HashUint32(uint32(v), seed) }),
		TimeOID:   moment, TimestampOID: moment, TimestamptzOID: moment,
		TimetzType.OID:   hashAs(hashTimeTZ),
		IntervalOID:      hashAs(func(v Interval, seed uint64) uint64 { return hashInt8(v.cmpValue(), seed) }),
		UUIDOID:          hashAs(func(v UUID, seed uint64) uint64 { return HashBytes(v[:], seed) }),
		MacaddrType.OID:  hashAs(func(v MAC, seed uint64) uint64 { return HashBytes(v[:], seed) }),
		Macaddr8Type.OID: hashAs(func(v MAC8, seed uint64) uint64 { return HashBytes(v[:], seed) }),
		InetOID:          address, CidrType.OID: address,
		OidOID: oid, XidType.OID: oid, CidType.OID: oid,
		Xid8Type.OID:      hashAs(func(v XID8, seed uint64) uint64 { return hashInt8(int64(v), seed) }),
		PgLsnType.OID:     hashAs(func(v LSN, seed uint64) uint64 { return hashInt8(int64(v), seed) }),
		TidType.OID:       hashAs(hashTID),
		OidVectorType.OID: hashAs(hashOidVector),
		JSONBOID:          hashAs(hashJSONB),
	}
}

// hashInt8 is hashint8: the hash of a value that fits an int4 is that int4's.
func hashInt8(v int64, seed uint64) uint64 {
	lo, hi := uint32(v), uint32(v>>32)
	if v < 0 {
		hi = ^hi
	}
	return HashUint32(lo^hi, seed)
}

func hashChar(v string, seed uint64) uint64 {
	b := int8(0)
	if v != "" {
		b = int8(v[0])
	}
	return HashUint32(uint32(int32(b)), seed)
}

// hashFloat8 is hashfloat8: both zeros and all NaNs are one.
func hashFloat8(v float64, seed uint64) uint64 {
	if v == 0 {
		return seed
	}
	b := math.Float64bits(v)
	if math.IsNaN(v) {
		b = 0x7ff8000000000000
	}
	return HashBytes(binary.LittleEndian.AppendUint64(nil, b), seed)
}

// hashNumeric is hash_numeric: the digits without zeros at either end, and the
// weight.
func hashNumeric(n Numeric, seed uint64) uint64 {
	switch {
	case !n.IsFinite():
		return seed
	case n.IsZero():
		return seed - 1
	}
	groups, weight := n.baseDigits(nil)
	digits := make([]byte, 0, len(groups)/2)
	for ; len(groups) > 0; groups = groups[nbaseDigits:] {
		digits = binary.LittleEndian.AppendUint16(digits, digitGroup(groups))
	}
	return HashBytes(digits, seed) ^ uint64(int64(weight))
}

// hashTimeTZ is timetz_hash: the zone counts seconds west.
func hashTimeTZ(v TimeTZ, seed uint64) uint64 {
	return hashInt8(v.Micros, seed) ^ HashUint32(uint32(-v.Offset), seed)
}

// cmpValue is interval_cmp_value's lower half.
func (v Interval) cmpValue() int64 {
	const day = 24 * 60 * 60 * 1_000_000
	return v.Micros + (int64(v.Months)*30+int64(v.Days))*day
}

// hashInet hashes the family, as the server has it (PGSQL_AF_INET), the length of
// the prefix and the address.
func hashInet(v Inet, seed uint64) uint64 {
	family := byte(2)
	if v.Addr.Is6() {
		family = 3
	}
	return HashBytes(append([]byte{family, v.Bits}, v.Addr.AsSlice()...), seed)
}

func hashTID(v TID, seed uint64) uint64 {
	var b []byte
	for _, half := range []uint16{uint16(v.Block >> 16), uint16(v.Block), v.Offset} {
		b = binary.LittleEndian.AppendUint16(b, half)
	}
	return HashBytes(b, seed)
}

func hashOidVector(v *Array, seed uint64) uint64 {
	var b []byte
	for _, e := range v.Elems {
		b = binary.LittleEndian.AppendUint32(b, e.(uint32))
	}
	return HashBytes(b, seed)
}

// hashArrayValue is hash_array.
func hashArrayValue(a *Array, seed uint64) (uint64, error) {
	return hashElements(1, a.Elems, func(int) *Type { return a.Elem }, seed)
}

// hashRecord is hash_record.
func hashRecord(r *Record, seed uint64) (uint64, error) {
	return hashElements(0, r.Values, func(i int) *Type { return r.Types[i] }, seed)
}

func hashElements(h uint64, elems []any, typ func(i int) *Type, seed uint64) (uint64, error) {
	for i, e := range elems {
		x := uint64(0)
		if e != nil {
			var err error
			if x, err = HashExtended(typ(i), e, seed); err != nil {
				return 0, err
			}
		}
		h = h<<5 - h + x
	}
	return h, nil
}

// The flags of a container's header, which jsonb_hash mixes in (jsonb.h).
const (
	jsonbObject = 0x20000000
	jsonbArray  = 0x40000000
)

// hashJSONB is jsonb_hash: a scalar is an array of one element.
func hashJSONB(j *JSON, seed uint64) uint64 {
	switch {
	case j.Kind == JSONArray && len(j.Arr) == 0, j.Kind == JSONObject && len(j.Obj) == 0:
		return seed
	case j.Kind == JSONArray, j.Kind == JSONObject:
		return hashContainer(j, 0, seed)
	}
	return hashScalar(j, jsonbArray<<32|jsonbArray, seed)
}

func hashContainer(j *JSON, h, seed uint64) uint64 {
	switch j.Kind {
	case JSONArray:
		h ^= jsonbArray<<32 | jsonbArray
		for _, e := range j.Arr {
			h = hashContainer(e, h, seed)
		}
		return h
	case JSONObject:
		h ^= jsonbObject<<32 | jsonbObject
		for _, m := range j.Obj {
			h = hashContainer(m.Value, hashScalar(JSONFromString(m.Key), h, seed), seed)
		}
		return h
	}
	return hashScalar(j, h, seed)
}

// hashScalar is JsonbHashScalarValueExtended.
func hashScalar(j *JSON, h, seed uint64) uint64 {
	var x uint64
	switch j.Kind {
	case JSONNull:
		x = seed + 1
	case JSONString:
		x = HashBytes([]byte(j.Str), seed)
	case JSONNumber:
		x = hashNumeric(j.Num, seed)
	default:
		x = hashBoolean(j.Kind == JSONTrue, seed)
	}
	return h<<1&0xfffffffefffffffe | h>>31&0x100000001 ^ x
}

func hashBoolean(v bool, seed uint64) uint64 {
	switch {
	case seed != 0:
		return HashUint32(uint32(boolByte(v)), seed)
	case v:
		return 2
	}
	return 4
}
