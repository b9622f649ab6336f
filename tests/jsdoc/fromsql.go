package jsdoc

import (
	"encoding/hex"
	"fmt"
	"math/big"
	"net"
	"net/netip"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5/pgtype"
)

// FromSQL gives a value, as pgx decodes it by its type oid, the form that it has
// in a document of s3db.js: numbers are float64, points in time ISO text.
func FromSQL(oid uint32, v any) any {
	switch v := v.(type) {
	case []any:
		out := make([]any, len(v))
		for i, e := range v {
			out[i] = FromSQL(0, e)
		}
		return out
	case int16:
		return float64(v)
	case int32:
		return float64(v)
	case int64:
		return float64(v)
	case float32:
		f, _ := strconv.ParseFloat(strconv.FormatFloat(float64(v), 'g', -1, 32), 64) // its own text
		return f
	case time.Time:
		return moment(oid, v)
	case fmt.Stringer:
		return named(oid, v)
	}
	return scalar(v)
}

// scalar is for the types of pgtype, which have no common form.
func scalar(v any) any {
	switch v := v.(type) {
	case pgtype.Numeric:
		return number(v)
	case pgtype.Time:
		return clockText(v.Microseconds)
	case pgtype.Interval:
		return Duration(v.Days, v.Microseconds)
	case pgtype.Point:
		return map[string]any{"longitude": v.P.X, "latitude": v.P.Y}
	case [16]byte:
		h := hex.EncodeToString(v[:])
		return strings.Join([]string{h[:8], h[8:12], h[12:16], h[16:20], h[20:]}, "-")
	}
	return v
}

// named is for the types whose own text is the document's.
func named(oid uint32, v fmt.Stringer) any {
	switch v := v.(type) {
	case netip.Prefix:
		if oid == pgtype.InetOID && v.IsSingleIP() {
			return v.Addr().String()
		}
	case net.HardwareAddr:
		return v.String()
	}
	return v.String()
}

func moment(oid uint32, v time.Time) string {
	if oid == pgtype.DateOID {
		return v.Format(time.DateOnly)
	}
	return v.UTC().Format("2006-01-02T15:04:05.000Z")
}

func clockText(us int64) string {
	return time.UnixMicro(us).UTC().Format("15:04:05.000")
}

func number(n pgtype.Numeric) any {
	if n.NaN || !n.Valid {
		return nil
	}
	f, _ := new(big.Rat).SetString(n.Int.String() + "e" + strconv.Itoa(int(n.Exp)))
	out, _ := f.Float64()
	return out
}

// Duration is ISO 8601 text as s3db.js writes it: P1DT2H3M4.5S, PT0S.
func Duration(days int32, us int64) string {
	date, clock := "P", ""
	if days > 0 {
		date += strconv.Itoa(int(days)) + "D"
	}
	for _, unit := range []struct {
		us     int64
		letter string
	}{{3600e6, "H"}, {60e6, "M"}} {
		if n := us / unit.us; n > 0 {
			clock += strconv.FormatInt(n, 10) + unit.letter
		}
		us %= unit.us
	}
	if us > 0 {
		clock += strings.TrimSuffix(strconv.FormatFloat(float64(us)/1e6, 'f', 3, 64), ".000") + "S"
	}
	if clock != "" {
		return date + "T" + clock
	}
	if date == "P" {
		return "PT0S"
	}
	return date
}
