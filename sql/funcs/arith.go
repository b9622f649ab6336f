package funcs

import (
	"cmp"

	"github.com/s3db-sql/s3db-sql/sql/types"
	"github.com/s3db-sql/s3db-sql/sql/vec"
)

// operand turns an argument into a column of T.
type operand[T any] func(*Call, vec.Vector) column[T]

// bindIntArith binds + - * / of one pair of operand types: prefix is "int48".
func bindIntArith[T integer](prefix, name string, mul intLoop[T], left, right operand[T]) {
	kernels{
		prefix + "pl":  intArith(name, addInts[T], left, right),
		prefix + "mi":  intArith(name, subInts[T], left, right),
		prefix + "mul": intArith(name, mul, left, right),
		prefix + "div": intDivide(divide[T](name), left, right),
	}.bind()
}

// bindIntOnly binds what there is for one integer type alone. shiftMask is the
// width that the machine shifts by.
func bindIntOnly[T integer](prefix, name string, shiftMask int32) {
	kernels{
		prefix + "mod":     intDivide(modulo[T], same[T], same[T]),
		prefix + "um":      E1(negate[T](name)),
		prefix + "up":      F1(func(a T) T { return a }),
		prefix + "abs":     E1(absolute[T](name)),
		prefix + "and":     F2(func(a, b T) T { return a & b }),
		prefix + "or":      F2(func(a, b T) T { return a | b }),
		prefix + "xor":     F2(func(a, b T) T { return a ^ b }),
		prefix + "not":     F1(func(a T) T { return ^a }),
		prefix + "shl":     F2(func(a T, b int32) T { return T(int64(a) << (b & shiftMask)) }),
		prefix + "shr":     F2(func(a T, b int32) T { return T(int64(a) >> (b & shiftMask)) }),
		prefix + "larger":  F2(func(a, b T) T { return max(a, b) }),
		prefix + "smaller": F2(func(a, b T) T { return min(a, b) }),
	}.bind()
}

func bindFloatArith[T float](prefix string, left, right operand[T]) {
	kernels{
		prefix + "pl":  floatArith(addFloats[T], left, right),
		prefix + "mi":  floatArith(subFloats[T], left, right),
		prefix + "mul": floatArith(mulFloats[T], left, right),
		prefix + "div": floatArith(divFloats[T], left, right),
	}.bind()
}

func bindFloatOnly[T float](prefix string) {
	kernels{
		prefix + "um":      F1(func(a T) T { return -a }),
		prefix + "up":      F1(func(a T) T { return a }),
		prefix + "abs":     F1(func(a T) T { return absFloat(a) }),
		prefix + "larger":  F2(larger(compareFloats[T])),
		prefix + "smaller": F2(smaller(compareFloats[T])),
	}.bind()
}

// compareFloats orders as PostgreSQL does: NaN above all.
func compareFloats[T float](a, b T) int {
	return cmp.Compare(floatKey(float64(a)), floatKey(float64(b)))
}

func absFloat[T float](a T) T {
	if a <= 0 {
		return 0 - a
	}
	return a
}

func larger[T any](compare func(a, b T) int) func(a, b T) T {
	return func(a, b T) T {
		if compare(a, b) > 0 {
			return a
		}
		return b
	}
}

func smaller[T any](compare func(a, b T) int) func(a, b T) T {
	return func(a, b T) T {
		if compare(a, b) < 0 {
			return a
		}
		return b
	}
}

func init() {
	bindIntArith("int2", "smallint", mulInts[int16], same[int16], same[int16])
	bindIntArith("int4", "integer", mulInts[int32], same[int32], same[int32])
	bindIntArith("int8", "bigint", mulInt64, same[int64], same[int64])
	bindIntArith("int24", "integer", mulInts[int32], widen[int16, int32], same[int32])
	bindIntArith("int42", "integer", mulInts[int32], same[int32], widen[int16, int32])
	bindIntArith("int28", "bigint", mulInt64, widen[int16, int64], same[int64])
	bindIntArith("int82", "bigint", mulInt64, same[int64], widen[int16, int64])
	bindIntArith("int48", "bigint", mulInt64, widen[int32, int64], same[int64])
	bindIntArith("int84", "bigint", mulInt64, same[int64], widen[int32, int64])
	bindIntOnly[int16]("int2", "smallint", 31)
	bindIntOnly[int32]("int4", "integer", 31)
	bindIntOnly[int64]("int8", "bigint", 63)

	bindFloatArith("float4", same[float32], same[float32])
	bindFloatArith("float8", same[float64], same[float64])
	bindFloatArith("float48", widen[float32, float64], same[float64])
	bindFloatArith("float84", same[float64], widen[float32, float64])
	bindFloatOnly[float32]("float4")
	bindFloatOnly[float64]("float8")

	kernels{
		"int4inc": E1(func(a int32) (int32, error) { return addOne(a, "integer") }),
		"int8inc": E1(func(a int64) (int64, error) { return addOne(a, "bigint") }),
		"int4gcd": E2(func(a, b int32) (int32, error) { return gcdInt(a, b, "integer") }),
		"int8gcd": E2(func(a, b int64) (int64, error) { return gcdInt(a, b, "bigint") }),
		"int4lcm": E2(func(a, b int32) (int32, error) { return lcmInt(a, b, "integer") }),
		"int8lcm": E2(func(a, b int64) (int64, error) { return lcmInt(a, b, "bigint") }),

		"oidlarger":  F2(func(a, b uint32) uint32 { return max(a, b) }),
		"oidsmaller": F2(func(a, b uint32) uint32 { return min(a, b) }),

		"numeric_add":       E2(types.Numeric.Add),
		"numeric_sub":       E2(types.Numeric.Sub),
		"numeric_mul":       E2(types.Numeric.Mul),
		"numeric_div":       E2(types.Numeric.Div),
		"numeric_mod":       E2(types.Numeric.Mod),
		"numeric_div_trunc": E2(types.Numeric.DivTrunc),
		"numeric_uminus":    F1(types.Numeric.Neg),
		"numeric_uplus":     F1(func(a types.Numeric) types.Numeric { return a }),
		"numeric_abs":       F1(types.Numeric.Abs),
		"numeric_sign":      F1(types.Numeric.SignNumeric),
		"numeric_cmp":       F2(threeWay(types.Numeric.Cmp)),
		"numeric_larger":    F2(larger(types.Numeric.Cmp)),
		"numeric_smaller":   F2(smaller(types.Numeric.Cmp)),
		"numeric_inc": E1(func(a types.Numeric) (types.Numeric, error) {
			return a.Add(types.NumericFromInt64(1))
		}),
	}.bind()
}

func addOne[T integer](a T, name string) (T, error) {
	if a+1 < a {
		return 0, outOfRange(name)
	}
	return a + 1, nil
}

// gcdInt is Euclid's algorithm on values that may be the least of their type.
func gcdInt[T integer](a, b T, name string) (T, error) {
	for b != 0 {
		if b == -1 {
			return 1, nil
		}
		a, b = b, a%b
	}
	return absolute[T](name)(a)
}

func lcmInt[T integer](a, b T, name string) (T, error) {
	if a == 0 || b == 0 {
		return 0, nil
	}
	g, err := gcdInt(a, b, name)
	if err != nil {
		return 0, err
	}
	a /= g
	p := a * b
	if a != 0 && (p/a != b || (a == -1 && b == -b)) {
		return 0, outOfRange(name)
	}
	return absolute[T](name)(p)
}
