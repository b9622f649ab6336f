package s3db

import (
	"math"
	"strconv"

	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

// codec turns a hook's string (after the text layer) into a value of the
// column's SQL type, and back. Values are never NULL here; a decoder may
// return nil for a text that means null. A decoder that can't read returns
// errForm (or an error with a SQLSTATE of its own).
type codec struct {
	decode func(text string) (any, error)
	encode func(v any) (string, error)
}

// codecFor picks the codec of an attribute whose column has type t.
func codecFor(a *Attribute, t SQLType, o *Options, era Era) codec {
	k := coder{a: a, t: t, o: o, seed: era == EraSeed}
	switch {
	case a.Hook == HookSecret:
		return codec{k.decodeSecret, k.encodeSecret}
	case a.Form == ObjectForm && a.Hook != HookArray:
		return k.printed()
	case t != a.Type && isExact(a, t):
		return k.exact()
	}
	if make := hookCodecs[a.Hook]; make != nil {
		return make(&k)
	}
	return codec{decodePlain, encodePlain}
}

// coder holds what a codec needs to know.
type coder struct {
	a    *Attribute
	t    SQLType
	o    *Options
	seed bool
}

var hookCodecs map[Hook]func(*coder) codec

func init() {
	hookCodecs = map[Hook]func(*coder) codec{
		HookNumber:    numberCodec,
		HookBoolean:   func(*coder) codec { return codec{decodeBool, encodeBool} },
		HookArray:     arrayCodec,
		HookEmbedding: func(k *coder) codec { return codec{k.decodeFixedArray, k.encodeFixedArray} },
		HookJSON:      func(*coder) codec { return codec{decodeJSON, encodeJSON} },
		HookObject:    func(*coder) codec { return codec{decodeJSON, encodeJSON} },
		HookAny:       func(k *coder) codec { return codec{decodeAny, k.encodeAny} },
		HookMoney:     func(k *coder) codec { return k.scaled("$") },
		HookDecimal:   func(k *coder) codec { return k.scaled("^") },
		HookGeoLat:    func(k *coder) codec { return k.geo(90) },
		HookGeoLon:    func(k *coder) codec { return k.geo(180) },
		HookGeoPoint:  func(k *coder) codec { return codec{k.decodePoint, k.encodePoint} },
		HookUUID:      func(k *coder) codec { return codec{decodeUUID, k.encodeUUID} },
		HookDatetime:  func(*coder) codec { return codec{decodeDatetime, encodeDatetime} },
		HookDate:      func(k *coder) codec { return codec{decodeDate, k.encodeDate} },
		HookDateonly:  func(*coder) codec { return codec{decodeDateonly, encodeDateonly} },
		HookTimeonly:  func(*coder) codec { return codec{decodeTimeonly, encodeTimeonly} },
		HookDuration:  func(k *coder) codec { return codec{decodeDuration, k.encodeDuration} },
		HookIP4:       func(k *coder) codec { return k.viaText(decodeIP(4), encodeIP4) },
		HookIP6:       func(k *coder) codec { return k.viaText(decodeIP(16), encodeIP6) },
		HookMac:       func(k *coder) codec { return k.viaText(decodeMac, encodeMac) },
		HookCidr:      func(k *coder) codec { return k.viaText(decodeCidr, encodeCidr) },
		HookSemver:    func(*coder) codec { return textPair(decodeSemver, encodeSemver) },
		HookPhone:     func(*coder) codec { return textPair(decodePhone, encodePhone) },
		HookColor:     func(*coder) codec { return textPair(decodeColor, encodeColor) },
		HookEan:       func(*coder) codec { return textPair(decodeEan, encodeEan) },
		HookBuffer:    func(*coder) codec { return codec{decodeBytes, encodeBytes} },
		HookBits:      func(*coder) codec { return codec{decodeBytes, encodeBytes} },
	}
}

func decodePlain(s string) (any, error) { return s, nil }

func encodePlain(v any) (string, error) {
	s, ok := v.(string)
	if !ok {
		return "", pgerr.Internal("s3db: a text attribute was given a %T", v)
	}
	return s, nil
}

// textPair lifts a codec of texts.
func textPair(dec, enc func(string) (string, bool)) codec {
	return codec{
		decode: func(s string) (any, error) {
			t, ok := dec(s)
			if !ok {
				return nil, errForm
			}
			return t, nil
		},
		encode: func(v any) (string, error) {
			s, err := encodePlain(v)
			if err != nil {
				return "", err
			}
			if t, ok := enc(s); ok {
				return t, nil
			}
			return s, nil // as the library: what does not fit is stored as it is
		},
	}
}

// viaText is a codec whose SQL type is read and written as text.
func (k *coder) viaText(dec, enc func(string) (string, bool)) codec {
	pair := textPair(dec, enc)
	return codec{
		decode: func(s string) (any, error) {
			t, err := pair.decode(s)
			if err != nil {
				return nil, err
			}
			return k.o.in(k.t, t.(string))
		},
		encode: func(v any) (string, error) { return pair.encode(k.o.out(k.t, v)) },
	}
}

var env = types.StorageEnv()

// in parses text as a value of type t.
func (o *Options) in(t SQLType, s string) (any, error) {
	if t.OID == types.TextOID || t.OID == types.VarcharOID {
		return s, nil
	}
	ty := o.typeOf(t.OID)
	if ty == nil || ty.In == nil {
		return nil, pgerr.Unsupported("a stored attribute of type oid %d", t.OID)
	}
	v, err := ty.In(env, s, -1)
	if err != nil {
		return nil, errForm
	}
	return v, nil
}

// out prints a value of type t.
func (o *Options) out(t SQLType, v any) string {
	if s, ok := v.(string); ok && !o.renamed(t) {
		return s
	}
	return string(o.typeOf(t.OID).Out(env, nil, v))
}

// renamed says whether rows keep another text than the value's own: an enum's.
func (o *Options) renamed(t SQLType) bool {
	if t.OID < types.FirstNormalOID {
		return false
	}
	ty := o.typeOf(t.OID)
	return ty != nil && ty.IsAtRest()
}

func (o *Options) typeOf(oid types.OID) *types.Type {
	if o.Registry != nil {
		return o.Registry.ByOID(oid)
	}
	return types.Builtin().ByOID(oid)
}

// ---- booleans -------------------------------------------------------------

func decodeBool(s string) (any, error) {
	switch s {
	case "1", "true", "yes", "y":
		return true, nil
	}
	return false, nil
}

func encodeBool(v any) (string, error) {
	if v.(bool) {
		return "1", nil
	}
	return "0", nil
}

// ---- numbers --------------------------------------------------------------

// Doubles that JavaScript has no stored form for get one of ours: the library
// reads it as no number, and so as absent.
var specialNumbers = map[string]float64{"~NaN": math.NaN(), "~Infinity": math.Inf(1), "~-Infinity": math.Inf(-1)}

func numberCodec(k *coder) codec {
	switch k.t.OID {
	case types.Int8OID, types.Int4OID, types.Int2OID:
		return codec{k.decodeInt, k.encodeInt}
	}
	return codec{k.decodeFloat, k.encodeFloat}
}

func (k *coder) parseNumber(s string) (float64, bool) {
	switch {
	case k.seed:
		return parse36(s)
	case s == "-0":
		return math.Copysign(0, -1), true
	case k.a.Integer:
		return parse62Int(s)
	}
	if f, ok := specialNumbers[s]; ok {
		return f, true
	}
	return parseDecimal62(s)
}

func (k *coder) decodeFloat(s string) (any, error) {
	f, ok := k.parseNumber(s)
	if !ok {
		return nil, errForm
	}
	if k.t.OID == types.Float4OID {
		return float32(f), nil
	}
	return f, nil
}

func (k *coder) decodeInt(s string) (any, error) {
	f, ok := k.parseNumber(s)
	if !ok || f != math.Trunc(f) {
		return nil, errForm
	}
	if f < -(1<<63) || f >= 1<<63 {
		return nil, pgerr.New(pgerr.NumericValueOutOfRange, "attribute \"%s\": the stored number %s is out of range for type bigint", k.a.Name, jsNumber(f))
	}
	return narrow(int64(f), k.t.OID), nil
}

func narrow(n int64, oid types.OID) any {
	switch oid {
	case types.Int2OID:
		return int16(n)
	case types.Int4OID:
		return int32(n)
	}
	return n
}

func (k *coder) encodeFloat(v any) (string, error) {
	var f float64
	switch v := v.(type) {
	case float64:
		f = v
	case float32: // shortest text of the float4, not of its double
		f, _ = strconv.ParseFloat(strconv.FormatFloat(float64(v), 'g', -1, 32), 64)
	default:
		return "", pgerr.Internal("s3db: a number attribute was given a %T", v)
	}
	switch {
	case math.IsNaN(f) || math.IsInf(f, 0):
		return k.encodeSpecial(f)
	case k.seed:
		return format36(f), nil
	case f == 0 && math.Signbit(f):
		return "-0", nil
	}
	return formatDecimal62(f), nil
}

func (k *coder) encodeSpecial(f float64) (string, error) {
	if k.seed {
		return "", cantHold(k.a, "This format has no form for %s.", jsNumber(f))
	}
	return "~" + jsNumber(f), nil
}

func (k *coder) encodeInt(v any) (string, error) {
	n, ok := asInt64(v)
	if !ok {
		return "", pgerr.Internal("s3db: an integer attribute was given a %T", v)
	}
	if int64(float64(n)) != n || n == math.MaxInt64 {
		return "", pgerr.New(pgerr.NumericValueOutOfRange, "value \"%d\" is out of range for attribute \"%s\"", n, k.a.Name).
			WithDetail("s3db.js numbers are doubles; integers beyond 2^53 are not exact.").
			WithHint("A column declared as bigint, without an s3db.js rule, holds all of them.")
	}
	text := k.formatInt(n)
	if back, err := k.decodeInt(text); err != nil || back != narrow(n, k.t.OID) {
		return "", pgerr.New(pgerr.NumericValueOutOfRange, "value \"%d\" is out of range for attribute \"%s\"", n, k.a.Name).
			WithDetail("s3db.js numbers are doubles; this one does not survive their arithmetic.")
	}
	return text, nil
}

func (k *coder) formatInt(n int64) string {
	if k.seed {
		return strconv.FormatInt(n, 36)
	}
	sign, f := signOf(float64(n))
	return sign + base62Float(f)
}

func asInt64(v any) (int64, bool) {
	switch v := v.(type) {
	case int64:
		return v, true
	case int32:
		return int64(v), true
	case int16:
		return int64(v), true
	}
	return 0, false
}

// ---- secrets --------------------------------------------------------------

func (k *coder) secrets() (*Secrets, error) {
	if k.o.Secrets == nil {
		return nil, wrongPassphrase(k.a).WithHint("No passphrase is set.")
	}
	return k.o.Secrets, nil
}

func wrongPassphrase(a *Attribute) *pgerr.Error {
	return pgerr.New(pgerr.InvalidPassword, "wrong passphrase for attribute \"%s\"", a.Name)
}

func (k *coder) decodeSecret(text string) (any, error) {
	if text == "null" || text == "undefined" {
		return nil, nil // 6.2 does not encrypt them
	}
	if !encrypted(text) {
		return text, nil // was never encrypted
	}
	s, err := k.secrets()
	if err != nil {
		return nil, err
	}
	plain, ok := s.Decrypt(text)
	switch {
	case !ok:
		return nil, wrongPassphrase(k.a)
	case plain == "null" || plain == "undefined":
		return nil, nil
	}
	return plain, nil
}

func (k *coder) encodeSecret(v any) (string, error) {
	plain := k.o.out(k.t, v)
	if plain == "null" || plain == "undefined" {
		return "", cantHold(k.a, "The secret \"%s\" reads back as no value.", plain)
	}
	s, err := k.secrets()
	if err != nil {
		return "", err
	}
	return s.Encrypt(plain), nil
}
