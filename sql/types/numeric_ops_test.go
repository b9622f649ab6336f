package types

import (
	"fmt"
	"strconv"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/s3db-sql/s3db-sql/pgerr"
)

// ours renders a result or an error as the golden files have it.
func ours(text string, err error) string {
	if e := pgerr.As(err); e != nil {
		return errorText(string(e.Code), e.Message, e.Detail, e.Hint, e.Where)
	}
	return escapeField(text)
}

// numericOps are the operations that numeric_ops.txt names: their SQL, and ours.
var numericOps = map[string]struct {
	sql  string
	call func(a, b Numeric) (fmt.Stringer, error)
}{
	"+":     {"%s + %s", two(Numeric.Add)},
	"-":     {"%s - %s", two(Numeric.Sub)},
	"*":     {"%s * %s", two(Numeric.Mul)},
	"/":     {"%s / %s", two(Numeric.Div)},
	"%":     {"%s %% %s", two(Numeric.Mod)},
	"div":   {"div(%s, %s)", two(Numeric.DivTrunc)},
	"power": {"power(%s, %s)", two(Numeric.Power)},
	"log":   {"log(%s, %s)", two(func(a, b Numeric) (Numeric, error) { return b.LogBase(a) })},
	"lcm":   {"lcm(%s, %s)", two(Numeric.LCM)},
	"gcd":   {"gcd(%s, %s)", two(func(a, b Numeric) (Numeric, error) { return a.GCD(b), nil })},
	"cmp": {"numeric_cmp(%s, %s)", func(a, b Numeric) (fmt.Stringer, error) {
		return plain(strconv.Itoa(a.Cmp(b))), nil
	}},
	"round": {"round(%s, (%s)::int)", two(func(a, b Numeric) (Numeric, error) {
		scale, _ := b.Int32()
		return a.Round(scale), nil
	})},
	"trunc": {"trunc(%s, (%s)::int)", two(func(a, b Numeric) (Numeric, error) {
		scale, _ := b.Int32()
		return a.Trunc(scale), nil
	})},
	"sqrt":       {"sqrt(%s)", one(Numeric.Sqrt)},
	"exp":        {"exp(%s)", one(Numeric.Exp)},
	"ln":         {"ln(%s)", one(Numeric.Ln)},
	"log10":      {"log(10, %s)", one(Numeric.Log10)},
	"ceil":       {"ceil(%s)", plainOne(Numeric.Ceil)},
	"floor":      {"floor(%s)", plainOne(Numeric.Floor)},
	"neg":        {"- %s", plainOne(Numeric.Neg)},
	"abs":        {"abs(%s)", plainOne(Numeric.Abs)},
	"sign":       {"sign(%s)", plainOne(Numeric.SignNumeric)},
	"trim_scale": {"trim_scale(%s)", plainOne(Numeric.TrimScale)},
	"float8": {"(%s)::float8", func(a, _ Numeric) (fmt.Stringer, error) {
		f, err := a.Float64()
		return plain(AppendFloat8(nil, f, 1)), err
	}},
	"float4": {"(%s)::float4", func(a, _ Numeric) (fmt.Stringer, error) {
		f, err := a.Float32()
		return plain(AppendFloat4(nil, f, 1)), err
	}},
	"int8":      {"(%s)::int8", toInt(Numeric.ToInt8)},
	"int4":      {"(%s)::int4", toInt(Numeric.ToInt4)},
	"int2":      {"(%s)::int2", toInt(Numeric.ToInt2)},
	"min_scale": {"min_scale(%s)", toInt(func(n Numeric) (int32, error) { return n.MinScale(), nil })},
	"send": {"numeric_send(%s)", func(a, _ Numeric) (fmt.Stringer, error) {
		return plain(fmt.Sprintf("\\x%x", a.AppendBinary(nil))), nil
	}},
	"fromfloat8": {"(%s)::float8::numeric", func(a, _ Numeric) (fmt.Stringer, error) {
		f, err := a.Float64()
		return NumericFromFloat64(f), err
	}},
	"fromfloat4": {"(%s)::float4::numeric", func(a, _ Numeric) (fmt.Stringer, error) {
		f, err := a.Float32()
		return NumericFromFloat32(f), err
	}},
	"factorial": {"factorial((%s)::int8)", func(a, _ Numeric) (fmt.Stringer, error) {
		i, _ := a.Int64()
		return NumericFactorial(i)
	}},
}

type plain string

func (p plain) String() string { return string(p) }

func two(f func(a, b Numeric) (Numeric, error)) func(a, b Numeric) (fmt.Stringer, error) {
	return func(a, b Numeric) (fmt.Stringer, error) { return f(a, b) }
}

func one(f func(a Numeric) (Numeric, error)) func(a, b Numeric) (fmt.Stringer, error) {
	return func(a, _ Numeric) (fmt.Stringer, error) { return f(a) }
}

func plainOne(f func(a Numeric) Numeric) func(a, b Numeric) (fmt.Stringer, error) {
	return func(a, _ Numeric) (fmt.Stringer, error) { return f(a), nil }
}

func toInt[T int16 | int32 | int64](f func(a Numeric) (T, error)) func(a, b Numeric) (fmt.Stringer, error) {
	return func(a, _ Numeric) (fmt.Stringer, error) {
		v, err := f(a)
		return plain(strconv.FormatInt(int64(v), 10)), err
	}
}

// TestNumericOps compares arithmetic with PostgreSQL's, digit for digit.
func TestNumericOps(t *testing.T) {
	ask := func(conn *pgx.Conn, in []string) string {
		op := numericOps[in[0]]
		args := []any{quoteSQL(in[1]) + "::numeric", quoteSQL(in[2]) + "::numeric"}
		return oracleText(t, conn, "SELECT "+fmt.Sprintf(op.sql, args[:strings.Count(op.sql, "%s")]...))
	}
	golden(t, "numeric_ops.txt", 3, ask, func(t *testing.T, in []string, want string) {
		op, ok := numericOps[in[0]]
		require.True(t, ok, "operation %s", in[0])
		a, err := ParseNumeric(in[1])
		require.NoError(t, err)
		var b Numeric
		if in[2] != "" {
			b, err = ParseNumeric(in[2])
			require.NoError(t, err)
		}
		got, err := op.call(a, b)
		assert.Equal(t, want, ours(fmt.Sprint(got), err))
	})
}

// TestWidthBucket compares width_bucket with PostgreSQL's.
func TestWidthBucket(t *testing.T) {
	ask := func(conn *pgx.Conn, in []string) string {
		return oracleText(t, conn, fmt.Sprintf("SELECT width_bucket(%s::numeric, %s::numeric, %s::numeric, %s::int)",
			quoteSQL(in[0]), quoteSQL(in[1]), quoteSQL(in[2]), quoteSQL(in[3])))
	}
	golden(t, "numeric_width_bucket.txt", 4, ask, func(t *testing.T, in []string, want string) {
		var n [3]Numeric
		for i := range n {
			var err error
			n[i], err = ParseNumeric(in[i])
			require.NoError(t, err)
		}
		count, err := ParseInt(in[3], 32, "integer")
		require.NoError(t, err)
		got, err := n[0].WidthBucket(n[1], n[2], int32(count))
		assert.Equal(t, want, ours(strconv.Itoa(int(got)), err))
	})
}
