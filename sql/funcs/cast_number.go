package funcs

import (
	"math"

	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/types"
	"github.com/s3db-sql/s3db-sql/sql/vec"
)

// widenKernel is a cast that cannot fail.
func widenKernel[T, U number]() Kernel {
	return func(c *Call, args []vec.Vector, sel []int32, n int) (vec.Vector, error) {
		r := rows{n: n, once: args[0].IsConst()}
		out := widenColumn[T, U](columnOf[T](args[0]))
		r.nulls = nullBits(args[0], len(out.vals))
		return vectorOf(&r, c.Result, out.vals, n), nil
	}
}

// int2ToInt4 serves also as the cast of int2 to oid and the reg* types, which are
// binary-coercible from int4 but held differently.
func int2ToInt4() Kernel {
	toInt4, toOid := widenKernel[int16, int32](), widenKernel[int16, uint32]()
	return func(c *Call, args []vec.Vector, sel []int32, n int) (vec.Vector, error) {
		if c.Result.Rep == types.RepUint32 {
			return toOid(c, args, sel, n)
		}
		return toInt4(c, args, sel, n)
	}
}

// narrow is a cast between integers that fails where the value does not fit.
func narrow[T, U int16 | int32 | int64 | uint32](name string) Kernel {
	return E1(func(a T) (U, error) {
		u := U(a)
		if T(u) != a || (a < 0) != (u < 0) {
			return 0, outOfRange(name)
		}
		return u, nil
	})
}

// floatToInt rounds half to even, as rint does.
func floatToInt[T float, U integer](name string, limit float64) Kernel {
	return E1(func(a T) (U, error) {
		f := math.RoundToEven(float64(a))
		if !(f >= -limit && f < limit) {
			return 0, outOfRange(name)
		}
		return U(f), nil
	})
}

func float8ToFloat4(a float64) (float32, error) {
	f := float32(a)
	if isInf(f) && !isInf(a) {
		return 0, floatOverflow()
	}
	if f == 0 && a != 0 {
		return 0, floatUnderflow()
	}
	return f, nil
}

func intNumeric[T integer](a T) types.Numeric { return types.NumericFromInt64(int64(a)) }

// jsonbNumber casts a jsonb number; null too is refused (jsonb.c,
// cannotCastJsonbValue).
func jsonbNumber[R any](name string, f func(types.Numeric) (R, error)) Kernel {
	return E1(func(j *types.JSON) (r R, err error) {
		if j.Kind != types.JSONNumber {
			return r, cannotCastJSONB(j, name)
		}
		return f(j.Num)
	})
}

func cannotCastJSONB(j *types.JSON, name string) error {
	kind := [...]string{
		types.JSONNull: "null", types.JSONString: "string", types.JSONNumber: "numeric", types.JSONFalse: "boolean",
		types.JSONTrue: "boolean", types.JSONArray: "array", types.JSONObject: "object",
	}[j.Kind]
	return pgerr.New(pgerr.InvalidParameterValue, "cannot cast jsonb %s to type %s", kind, name)
}

func jsonbBool(j *types.JSON) (bool, error) {
	if j.Kind != types.JSONTrue && j.Kind != types.JSONFalse {
		return false, cannotCastJSONB(j, "boolean")
	}
	return j.Kind == types.JSONTrue, nil
}

func init() {
	kernels{
		"i2tod": widenKernel[int16, float64](), "i2tof": widenKernel[int16, float32](),
		"i4tod": widenKernel[int32, float64](), "i4tof": widenKernel[int32, float32](),
		"i8tod": widenKernel[int64, float64](), "i8tof": widenKernel[int64, float32](),
		"ftod":   widenKernel[float32, float64](),
		"i2toi4": int2ToInt4(), "int28": widenKernel[int16, int64](),
		"int48": widenKernel[int32, int64](), "oidtoi8": widenKernel[uint32, int64](),

		"i4toi2": narrow[int32, int16]("smallint"),
		"int84":  narrow[int64, int32]("integer"),
		"int82":  narrow[int64, int16]("smallint"),
		"i8tooid": E1(func(a int64) (uint32, error) {
			if a < 0 || a > math.MaxUint32 {
				return 0, outOfRange("OID")
			}
			return uint32(a), nil
		}),

		"dtoi2": floatToInt[float64, int16]("smallint", 1<<15),
		"ftoi2": floatToInt[float32, int16]("smallint", 1<<15),
		"dtoi4": floatToInt[float64, int32]("integer", 1<<31),
		"ftoi4": floatToInt[float32, int32]("integer", 1<<31),
		"dtoi8": floatToInt[float64, int64]("bigint", 1<<63),
		"ftoi8": floatToInt[float32, int64]("bigint", 1<<63),
		"dtof":  E1(float8ToFloat4),

		"int2_numeric":   F1(intNumeric[int16]),
		"int4_numeric":   F1(intNumeric[int32]),
		"int8_numeric":   F1(intNumeric[int64]),
		"float4_numeric": F1(types.NumericFromFloat32),
		"float8_numeric": F1(types.NumericFromFloat64),
		"numeric_int2":   E1(types.Numeric.ToInt2),
		"numeric_int4":   E1(types.Numeric.ToInt4),
		"numeric_int8":   E1(types.Numeric.ToInt8),
		"numeric_float4": E1(types.Numeric.Float32),
		"numeric_float8": E1(types.Numeric.Float64),
		"numeric":        E2(types.Numeric.ApplyTypmod),

		"int4_bool": F1(func(a int32) bool { return a != 0 }),
		"bool_int4": F1(func(a bool) int32 { return int32(boolKey(a)) }),

		"jsonb_numeric": jsonbNumber("numeric", func(n types.Numeric) (types.Numeric, error) { return n, nil }),
		"jsonb_int2":    jsonbNumber("smallint", types.Numeric.ToInt2),
		"jsonb_int4":    jsonbNumber("integer", types.Numeric.ToInt4),
		"jsonb_int8":    jsonbNumber("bigint", types.Numeric.ToInt8),
		"jsonb_float4":  jsonbNumber("real", types.Numeric.Float32),
		"jsonb_float8":  jsonbNumber("double precision", types.Numeric.Float64),
		"jsonb_bool":    E1(jsonbBool),
	}.bind()
}
