package funcs

import (
	"strconv"
	"strings"

	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

// sizeUnits are those of pg_size_pretty: up to limit of the one, then the next.
var sizeUnits = []struct {
	name  string
	limit int64
	shift uint // from bytes
}{{"bytes", 10 * 1024, 0}, {"kB", 20*1024 - 1, 10}, {"MB", 20*1024 - 1, 20}, {"GB", 20*1024 - 1, 30}, {"TB", 20*1024 - 1, 40}, {"PB", 20*1024 - 1, 50}}

// sizePretty divides by truncation and rounds half away from zero at the end,
// as dbsize.c does.
func sizePretty(size int64) string {
	half := int64(0) // size counts half units once it is not bytes
	for i, u := range sizeUnits {
		last := i == len(sizeUnits)-1
		if abs := max(size, -size); last || abs < u.limit {
			if half == 1 {
				size = halfRounded(size)
			}
			return strconv.FormatInt(size, 10) + " " + u.name
		}
		if half == 0 {
			size /= 1 << 9
		} else {
			size /= 1 << 10
		}
		half = 1
	}
	return ""
}

func halfRounded(x int64) int64 {
	if x >= 0 {
		return (x + 1) / 2
	}
	return (x - 1) / 2
}

// sizePrettyNumeric is the same over numerics.
func sizePrettyNumeric(n types.Numeric) (string, error) {
	for i, u := range sizeUnits {
		last := i == len(sizeUnits)-1
		limit := types.NumericFromInt64(u.limit)
		if last || n.Abs().Cmp(limit) < 0 {
			if i > 0 {
				n = halfRoundedNumeric(n)
			}
			return n.String() + " " + u.name, nil
		}
		bits := int64(1 << 10)
		if i == 0 {
			bits = 1 << 9
		}
		var err error
		if n, err = n.DivTrunc(types.NumericFromInt64(bits)); err != nil {
			return "", err
		}
	}
	return "", nil
}

func halfRoundedNumeric(n types.Numeric) types.Numeric {
	one := types.NumericFromInt64(1)
	if n.Sign() < 0 {
		n, _ = n.Sub(one)
	} else {
		n, _ = n.Add(one)
	}
	n, _ = n.DivTrunc(types.NumericFromInt64(2))
	return n
}

// sizeBytes reads "10 GB".
func sizeBytes(s string) (int64, error) {
	bad := func() error { return pgerr.New(pgerr.InvalidParameterValue, "invalid size: \"%s\"", s) }
	trimmed := strings.TrimSpace(s)
	end := 0
	for end < len(trimmed) && strings.IndexByte("0123456789.+-eE", trimmed[end]) >= 0 {
		if (trimmed[end] == 'e' || trimmed[end] == 'E') && (end+1 >= len(trimmed) || strings.IndexByte("0123456789+-", trimmed[end+1]) < 0) {
			break
		}
		end++
	}
	n, err := types.ParseNumeric(trimmed[:end])
	if end == 0 || err != nil {
		return 0, bad()
	}
	if unit := strings.TrimSpace(trimmed[end:]); unit != "" {
		factor, ok := sizeFactor(unit)
		if !ok {
			e := pgerr.New(pgerr.InvalidParameterValue, "invalid size: \"%s\"", s)
			return 0, e.WithDetail("Invalid size unit: \"%s\".", unit).
				WithHint("Valid units are \"bytes\", \"kB\", \"MB\", \"GB\", \"TB\", and \"PB\".")
		}
		if n, err = n.Mul(types.NumericFromInt64(factor)); err != nil {
			return 0, err
		}
	}
	return n.ToInt8()
}

func sizeFactor(unit string) (int64, bool) {
	for _, u := range sizeUnits {
		if strings.EqualFold(u.name, unit) {
			return 1 << u.shift, true
		}
	}
	return 1, lowerASCII(unit) == "b"
}

func init() {
	kernels{
		"pg_size_pretty":         F1(sizePretty),
		"pg_size_pretty_numeric": E1(sizePrettyNumeric),
		"pg_size_bytes":          E1(sizeBytes),
	}.bind()
}
