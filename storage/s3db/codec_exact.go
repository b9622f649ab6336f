package s3db

import (
	"encoding/base64"
	"math"
	"strconv"
	"time"

	"github.com/s3db-sql/s3db-sql/sql/types"
)

// isExact says that a column of SQL type t travels as text (or JSON) in the
// attribute, because s3db.js has no type that holds all its values.
func isExact(a *Attribute, t SQLType) bool {
	switch a.Hook {
	case HookNone, HookJSON, HookAny:
		return t.OID != types.TextOID && t.OID != types.VarcharOID && !(a.Hook == HookJSON && t.OID == types.JSONBOID)
	}
	return false
}

// exact is the codec of such a column. Times are ISO text, so that JavaScript's
// Date and its partition rules understand them; arrays are JSON arrays; bytea
// is base64; all else is PostgreSQL's own text.
func (k *coder) exact() codec {
	ty := k.o.typeOf(k.t.OID)
	switch {
	case k.t.OID == types.JSONOID:
		return codec{decodePlain, encodePlain}
	case k.t.OID == types.ByteaOID:
		return codec{decodeBytes, encodeBytes}
	case ty != nil && ty.IsArray():
		return codec{k.decodeArrayJSON, k.encodeExactArray}
	}
	return codec{
		decode: func(s string) (any, error) { return k.o.fromText(k.t, s) },
		encode: func(v any) (string, error) { return k.o.isoText(k.t, v), nil },
	}
}

// lowerKey marks the JSON form of an array that does not begin at 1: its
// PostgreSQL text.
const lowerKey = "$array"

func (k *coder) encodeExactArray(v any) (string, error) {
	if s, err := k.encodeArrayJSON(v); err == nil {
		return s, nil
	}
	text := types.JSONFromString(k.o.out(k.t, v))
	return compactJSON(types.JSONFromMembers([]types.JSONMember{{Key: lowerKey, Value: text}})), nil
}

// fromText is the inverse of isoText.
func (o *Options) fromText(t SQLType, s string) (any, error) {
	switch t.OID {
	case types.TimestamptzOID, types.TimestampOID:
		if us, ok := parseISO(s); ok {
			return us, nil
		}
	case types.NumericOID:
		return numericIn(s)
	case types.ByteaOID:
		return decodeBytes(s)
	}
	return o.in(t, s)
}

func numericIn(s string) (any, error) {
	n, err := types.ParseNumeric(s)
	if err != nil {
		return nil, errForm
	}
	return n, nil
}

// isoText is a value as text: ISO for times, JavaScript's words for numbers and
// booleans, PostgreSQL's text for the rest.
func (o *Options) isoText(t SQLType, v any) string {
	switch v := v.(type) {
	case string:
		if !o.renamed(t) {
			return v
		}
	case bool:
		return strconv.FormatBool(v)
	case float64:
		return jsNumber(v)
	case types.UUID:
		return dashed(v)
	case []byte:
		return base64.StdEncoding.EncodeToString(v)
	case *types.JSON:
		return compactJSON(v)
	case int64:
		if s, ok := timestampText(t, v); ok {
			return s
		}
	case int32:
		if s, ok := dateText(t, v); ok {
			return s
		}
	}
	return o.out(t, v)
}

var timeLayouts = map[types.OID]string{
	types.TimeOID: "15:04:05.000", types.TimestampOID: "2006-01-02T15:04:05.000", types.TimestamptzOID: "2006-01-02T15:04:05.000",
}

// timestampText prints with milliseconds, or with microseconds where there are
// any; infinity is left to PostgreSQL's text, as are years that ISO text has no
// four digits for.
func timestampText(t SQLType, us int64) (string, bool) {
	layout := timeLayouts[t.OID]
	if layout == "" || us == math.MaxInt64 || us == math.MinInt64 || t.OID == types.TimeOID && us >= dayMicro {
		return "", false
	}
	at := isoOf(us)
	if y := at.Year(); y < 1 || y > 9999 {
		return "", false
	}
	if us%1000 != 0 {
		layout += "000"
	}
	s := at.Format(layout)
	if t.OID == types.TimestamptzOID {
		s += "Z"
	}
	return s, true
}

// dateText is the ISO text of a date whose year has four digits.
func dateText(t SQLType, days int32) (string, bool) {
	if t.OID != types.DateOID || days == math.MaxInt32 || days == math.MinInt32 {
		return "", false
	}
	at := time.Unix((int64(days)+epochDays)*86400, 0).UTC()
	return at.Format("2006-01-02"), at.Year() >= 1 && at.Year() <= 9999
}

// printed is the codec of an attribute given as an object: the library stores
// what JavaScript prints and reads it back as text; we read it as its type.
func (k *coder) printed() codec {
	if k.t.OID == types.JSONBOID {
		return codec{decodeAny, k.encodeAny}
	}
	return codec{
		decode: func(s string) (any, error) { return k.o.fromText(k.t, s) },
		encode: func(v any) (string, error) { return k.o.isoText(k.t, v), nil },
	}
}

// TextOf prints a value of a built-in type as the format does where it travels
// as text: ISO for times, JavaScript's words for numbers and booleans.
func TextOf(t SQLType, v any) string { return (&Options{}).isoText(t, v) }
