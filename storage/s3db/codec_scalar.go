package s3db

import (
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"math"
	"math/big"
	"net/netip"
	"strconv"
	"strings"

	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

// ---- money, decimal, geo --------------------------------------------------

// scaled is base 62 of round(v·10^N) after a mark.
func (k *coder) scaled(mark string) codec {
	return codec{
		decode: func(s string) (any, error) { return k.decodeScaled(mark, s) },
		encode: func(v any) (string, error) { return k.encodeScaled(mark, v) },
	}
}

func (k *coder) decodeScaled(mark, s string) (any, error) {
	rest, ok := strings.CutPrefix(s, mark)
	f, digits := parse62Int(rest)
	if !ok || !digits {
		return nil, errForm
	}
	n, _ := big.NewFloat(f).Int(nil)
	v := types.NumericFromBigInt(n, int32(k.a.Scale))
	if k.t.OID == types.NumericOID {
		return v, nil
	}
	return k.o.in(k.t, v.String())
}

func (k *coder) encodeScaled(mark string, v any) (string, error) {
	n, ok := v.(types.Numeric)
	if !ok {
		return "", pgerr.Internal("s3db: a decimal attribute was given a %T", v)
	}
	if !n.IsFinite() || !n.Round(int32(k.a.Scale)).Equal(n) {
		return "", cantHold(k.a, "It has %d digits after the point; %s has more.", k.a.Scale, n.String())
	}
	i := n.Round(int32(k.a.Scale)).Unscaled()
	if i.CmpAbs(big.NewInt(maxSafe)) > 0 {
		return "", cantHold(k.a, "%s is beyond what s3db.js numbers hold exactly.", n.String())
	}
	return mark + base62Int(i.Int64()), nil
}

// geo is ~ and base 62 of round((v+offset)·10^N).
func (k *coder) geo(offset float64) codec {
	return codec{
		decode: func(s string) (any, error) {
			rest, ok := strings.CutPrefix(s, "~")
			f, digits := parse62(rest)
			if !ok || !digits {
				return nil, errForm
			}
			scale := math.Pow10(k.a.Scale)
			return (f - offset*scale) / scale, nil // whole until the division: as near to the decimal as a double is
		},
		encode: func(v any) (string, error) {
			f, ok := v.(float64)
			if !ok || !(math.Abs(f) <= offset) {
				return "", cantHold(k.a, "It holds numbers between %g and %g.", -offset, offset)
			}
			return "~" + base62(uint64(jsRound((f+offset)*math.Pow10(k.a.Scale)))), nil
		},
	}
}

// decodePoint reads latitude and longitude. As a point it is (longitude,
// latitude), the order of PostgreSQL's earthdistance; as jsonb it is the
// library's own object.
func (k *coder) decodePoint(s string) (any, error) {
	lat, lon, ok := strings.Cut(strings.TrimPrefix(s, "~"), "~")
	y, err1 := k.geo(90).decode("~" + lat)
	x, err2 := k.geo(180).decode("~" + lon)
	if !ok || err1 != nil || err2 != nil {
		return nil, errForm
	}
	if k.t.OID == types.JSONBOID {
		return types.ParseJSONB(fmt.Sprintf(`{"latitude":%s,"longitude":%s}`, jsNumber(y.(float64)), jsNumber(x.(float64))))
	}
	return k.o.in(k.t, "("+jsNumber(x.(float64))+","+jsNumber(y.(float64))+")")
}

func (k *coder) encodePoint(v any) (string, error) {
	lat, lon, ok := k.coordinates(v)
	if !ok {
		return "", cantHold(k.a, "It holds a latitude and a longitude.")
	}
	y, err := k.geo(90).encode(lat)
	if err != nil {
		return "", err
	}
	x, err := k.geo(180).encode(lon)
	return y + x, err
}

// coordinates accepts a point, and the forms that the library does: an object
// with lat and lon or latitude and longitude, an array of both.
func (k *coder) coordinates(v any) (lat, lon float64, ok bool) {
	j, isJSON := v.(*types.JSON)
	if !isJSON {
		x, y, _ := strings.Cut(strings.Trim(k.o.out(k.t, v), "()"), ",")
		lon, err1 := strconv.ParseFloat(x, 64)
		lat, err2 := strconv.ParseFloat(y, 64)
		return lat, lon, err1 == nil && err2 == nil
	}
	a, b := j.Get("lat"), j.Get("lon")
	if a == nil {
		a, b = j.Get("latitude"), j.Get("longitude")
	}
	if j.Kind == types.JSONArray && len(j.Arr) == 2 {
		a, b = j.Arr[0], j.Arr[1]
	}
	if a == nil || b == nil || a.Kind != types.JSONNumber || b.Kind != types.JSONNumber {
		return 0, 0, false
	}
	lat, err1 := a.Num.Float64()
	lon, err2 := b.Num.Float64()
	return lat, lon, err1 == nil && err2 == nil
}

// ---- uuid, bytes ----------------------------------------------------------

// packedUUID is the length of 21's form: four base-62 numbers of 32 bits.
const packedUUID = 24

func decodeUUID(s string) (any, error) {
	var u types.UUID
	if len(s) == packedUUID && !strings.Contains(s, "-") {
		for i := range 4 {
			f, ok := parse62(s[6*i : 6*i+6])
			if !ok || f >= 1<<32 {
				return nil, errForm
			}
			n := uint32(f)
			u[4*i], u[4*i+1], u[4*i+2], u[4*i+3] = byte(n>>24), byte(n>>16), byte(n>>8), byte(n)
		}
		return u, nil
	}
	n, err := hex.Decode(u[:], []byte(strings.ReplaceAll(s, "-", "")[:min(32, len(strings.ReplaceAll(s, "-", "")))]))
	if err != nil || n != len(u) {
		return nil, errForm
	}
	return u, nil
}

func (k *coder) encodeUUID(v any) (string, error) {
	u := v.(types.UUID)
	if !k.o.packed {
		return dashed(u), nil
	}
	s := ""
	for i := range 4 {
		n := uint64(u[4*i])<<24 | uint64(u[4*i+1])<<16 | uint64(u[4*i+2])<<8 | uint64(u[4*i+3])
		s += pad(base62(n), 6)
	}
	return s, nil
}

func pad(s string, n int) string { return strings.Repeat("0", max(0, n-len(s))) + s }

func decodeBytes(s string) (any, error) {
	b, ok := looseBase64(s)
	if !ok {
		return nil, errForm
	}
	return b, nil
}

func encodeBytes(v any) (string, error) {
	return base64.StdEncoding.EncodeToString(v.([]byte)), nil
}

// ---- network --------------------------------------------------------------

// decodeIP reads base64 of n bytes; other text is kept (trap 2).
func decodeIP(n int) func(string) (string, bool) {
	return func(s string) (string, bool) {
		if b, ok := looseBase64(s); ok && len(b) == n {
			a, _ := netip.AddrFromSlice(b)
			return a.String(), true
		}
		return s, true
	}
}

func encodeIP4(s string) (string, bool) {
	a, err := netip.ParseAddr(strings.TrimSuffix(s, "/32"))
	if err != nil || !a.Is4() {
		return "", false
	}
	b := a.As4()
	return base64.StdEncoding.EncodeToString(b[:]), true
}

func encodeIP6(s string) (string, bool) {
	a, err := netip.ParseAddr(strings.TrimSuffix(s, "/128"))
	if err != nil || !a.Is6() || a.Zone() != "" {
		return "", false
	}
	b := a.As16()
	return base64.StdEncoding.EncodeToString(b[:]), true
}

func decodeMac(s string) (string, bool) {
	if strings.Contains(s, ":") || len(s) != 9 {
		return s, true
	}
	f, ok := parse62(s)
	if !ok || f >= 1<<48 {
		return "", false
	}
	h := pad(strconv.FormatUint(uint64(f), 16), 12)
	return h[:2] + ":" + h[2:4] + ":" + h[4:6] + ":" + h[6:8] + ":" + h[8:10] + ":" + h[10:], true
}

func encodeMac(s string) (string, bool) {
	n, err := strconv.ParseUint(strings.ReplaceAll(s, ":", ""), 16, 48)
	return pad(base62(n), 9), err == nil
}

func decodeCidr(s string) (string, bool) {
	if strings.Contains(s, ".") || len(s) != 7 && len(s) != 8 {
		return s, true
	}
	f, ok1 := parse62(s[:6])
	bits, ok2 := parse62(s[6:])
	if !ok1 || !ok2 || f >= 1<<32 || bits > 32 {
		return "", false
	}
	n := uint32(f)
	return fmt.Sprintf("%d.%d.%d.%d/%d", n>>24, n>>16&255, n>>8&255, n&255, int(bits)), true
}

func encodeCidr(s string) (string, bool) {
	p, err := netip.ParsePrefix(s)
	if err != nil || !p.Addr().Is4() {
		return "", false
	}
	b := p.Addr().As4()
	n := uint64(b[0])<<24 | uint64(b[1])<<16 | uint64(b[2])<<8 | uint64(b[3])
	return pad(base62(n), 6) + base62(uint64(p.Bits())), true
}

// ---- packed texts ---------------------------------------------------------

func decodeSemver(s string) (string, bool) {
	if strings.Contains(s, ".") {
		return s, true
	}
	f, ok := parse62(s)
	n := uint64(f)
	return fmt.Sprintf("%d.%d.%d", n/1e6, n%1e6/1e3, n%1e3), ok && f <= maxSafe
}

func encodeSemver(s string) (string, bool) {
	var n uint64
	parts := strings.Split(s, ".")
	if len(parts) != 3 {
		return "", false
	}
	for i, p := range parts {
		x, err := strconv.ParseUint(p, 10, 32)
		if err != nil || strconv.FormatUint(x, 10) != p || i > 0 && x >= 1000 {
			return "", false // would read back as another version
		}
		n = n*1000 + x
	}
	return base62(n), true
}

func decodePhone(s string) (string, bool) {
	if strings.HasPrefix(s, "+") {
		return s, true
	}
	f, ok := parse62(s)
	return "+" + jsNumber(f), ok && f <= maxSafe
}

func encodePhone(s string) (string, bool) {
	n, err := strconv.ParseUint(strings.TrimPrefix(s, "+"), 10, 53)
	return base62(n), err == nil && "+"+strconv.FormatUint(n, 10) == s
}

func decodeColor(s string) (string, bool) {
	if strings.HasPrefix(s, "#") || len(s) != 5 {
		return s, true
	}
	f, ok := parse62(s)
	return "#" + pad(strconv.FormatUint(uint64(f), 16), 6), ok && f < 1<<24
}

func encodeColor(s string) (string, bool) {
	hexed, ok := strings.CutPrefix(s, "#")
	n, err := strconv.ParseUint(hexed, 16, 24)
	return pad(base62(n), 5), ok && err == nil && len(hexed) == 6 && strings.ToLower(hexed) == hexed
}

// eanLengths by their first digit.
var eanLengths = map[byte]int{'0': 8, '1': 13, '2': 12, '3': 14}

func decodeEan(s string) (string, bool) {
	if s == "" || eanLengths[s[0]] == 0 {
		return "", false
	}
	f, ok := parse62(s[1:])
	if !ok || f > maxSafe {
		return "", false
	}
	return pad(jsNumber(f), eanLengths[s[0]]), true
}

func encodeEan(s string) (string, bool) {
	n, err := strconv.ParseUint(s, 10, 53)
	if err != nil {
		return "", false
	}
	for mark, length := range eanLengths {
		if length == len(s) {
			return string(mark) + base62(n), true
		}
	}
	return "", false
}
