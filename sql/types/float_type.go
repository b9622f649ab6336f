package types

import (
	"cmp"
	"errors"
	"math"
	"strconv"
	"strings"

	"github.com/s3db-sql/s3db-sql/pgerr"
)

// Float4Type is real.
var Float4Type = Register(Def[float32]{
	Type: Type{OID: Float4OID, Name: "float4", Array: Float4ArrayOID, Len: 4, ByVal: true, Category: NumericCat,
		Doc: "single-precision floating point number, 4-byte storage"},
	Impl: Impl[float32]{
		In: func(_ *Env, s string, _ int32) (float32, error) {
			f, err := ParseFloat(s, 32, "real")
			return float32(f), err
		},
		Out: func(env *Env, dst []byte, v float32) []byte { return AppendFloat4(dst, v, env.extraFloatDigits()) },
		Recv: func(_ *Env, b []byte, _ int32) (float32, error) {
			if len(b) != 4 {
				return 0, badBinary("real")
			}
			return math.Float32frombits(beUint32(b)), nil
		},
		Send:    func(_ *Env, dst []byte, v float32) []byte { return appendBE(dst, uint64(math.Float32bits(v)), 4) },
		Compare: CompareFloat[float32],
		Hash:    func(v float32) uint64 { return HashFloat(float64(v)) },
	},
})

// Float8Type is double precision.
var Float8Type = Register(Def[float64]{
	Type: Type{OID: Float8OID, Name: "float8", Array: Float8ArrayOID, Len: 8, ByVal: true, Align: 'd',
		Category: NumericCat, Preferred: true, Doc: "double-precision floating point number, 8-byte storage"},
	Impl: Impl[float64]{
		In:  func(_ *Env, s string, _ int32) (float64, error) { return ParseFloat(s, 64, "double precision") },
		Out: func(env *Env, dst []byte, v float64) []byte { return AppendFloat8(dst, v, env.extraFloatDigits()) },
		Recv: func(_ *Env, b []byte, _ int32) (float64, error) {
			if len(b) != 8 {
				return 0, badBinary("double precision")
			}
			return math.Float64frombits(beUint64(b)), nil
		},
		Send:    func(_ *Env, dst []byte, v float64) []byte { return appendBE(dst, float8Bits(v), 8) },
		Compare: CompareFloat[float64],
		Hash:    HashFloat,
	},
})

func (e *Env) extraFloatDigits() int {
	if e == nil {
		return 1
	}
	return e.ExtraFloatDigits
}

// CompareFloat is PostgreSQL's order of floats: NaN equals itself and is above
// everything.
func CompareFloat[T float32 | float64](a, b T) int {
	switch {
	case a != a && b != b:
		return 0
	case a != a:
		return 1
	case b != b:
		return -1
	}
	return cmp.Compare(a, b)
}

// HashFloat agrees with CompareFloat: the zeros hash alike, and the NaNs.
func HashFloat(v float64) uint64 {
	switch {
	case v == 0:
		return hashUint64(0)
	case v != v:
		return hashUint64(math.Float64bits(math.NaN()))
	}
	return hashUint64(math.Float64bits(v))
}

// positiveNaN has the bits that PostgreSQL gives NaN; Go's differ in the last.
var positiveNaN = math.Float64frombits(0x7ff8000000000000)

// float8Bits are the bits that are sent.
func float8Bits(v float64) uint64 {
	if v != v {
		v = math.Copysign(positiveNaN, v)
	}
	return math.Float64bits(v)
}

var floatWords = map[string]float64{
	"nan": positiveNaN, "+nan": positiveNaN, "-nan": math.Copysign(positiveNaN, -1),
	"inf": math.Inf(1), "+inf": math.Inf(1), "-inf": math.Inf(-1),
	"infinity": math.Inf(1), "+infinity": math.Inf(1), "-infinity": math.Inf(-1),
}

// ParseFloat parses a float of 32 or 64 bits as PostgreSQL does with C's
// strtod: decimal or hexadecimal, NaN, Infinity, inf, in white space. 22P02;
// 22003 for what is too large, or too small to be told from zero.
func ParseFloat(s string, bits int, typeName string) (float64, error) {
	body := trimSpace(s)
	if len(body) > 0 && len(body) < 10 {
		if f, ok := floatWords[strings.ToLower(body)]; ok {
			return f, nil
		}
	}
	text, zero, ok := floatSyntax(body)
	if !ok {
		return 0, InvalidInput(typeName, s)
	}
	f, err := strconv.ParseFloat(text, bits)
	if errors.Is(err, strconv.ErrRange) || f == 0 && !zero {
		return 0, pgerr.New(pgerr.NumericValueOutOfRange, "\"%s\" is out of range for type %s", body, typeName)
	}
	if err != nil {
		return 0, InvalidInput(typeName, s)
	}
	return f, nil
}

// floatSyntax checks s, gives it as strconv reads it, and says whether it is
// zero as written.
func floatSyntax(s string) (text string, zero, ok bool) {
	if d, ok := scanDecimal(s); ok {
		return s, strings.Trim(d.whole+d.fra, "0") == "", true
	}
	digits := strings.ToLower(strings.TrimLeft(s, "+-"))
	mantissa, isHex := strings.CutPrefix(digits, "0x")
	if !isHex || strings.ContainsRune(s, '_') {
		return s, false, false
	}
	mantissa, _, hasExp := strings.Cut(mantissa, "p")
	if !hasExp {
		s += "p0"
	}
	return s, strings.Trim(mantissa, "0.") == "", true
}
