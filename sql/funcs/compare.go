package funcs

import (
	"cmp"
	"math"
	"strings"

	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/types"
	"github.com/s3db-sql/s3db-sql/sql/vec"
)

// The names of the six comparison functions of a type follow one of three
// patterns; the order is that of opEq … opGe.
var (
	plainNames = [6]string{"*eq", "*ne", "*lt", "*le", "*gt", "*ge"}
	underNames = [6]string{"*_eq", "*_ne", "*_lt", "*_le", "*_gt", "*_ge"}
	textNames  = [6]string{"texteq", "textne", "text_lt", "text_le", "text_gt", "text_ge"}
)

func bindSix(names [6]string, prefix string, ks [6]Kernel) {
	for op, name := range names {
		bindEach(strings.ReplaceAll(name, "*", prefix), func(f *Func) { f.Kernel = ks[op] })
	}
}

// ordered is the six kernels over operands that left and right turn into T.
func ordered[T cmp.Ordered](left, right func(c *Call, v vec.Vector) column[T]) [6]Kernel {
	var ks [6]Kernel
	for op, l := range loops[T]() {
		ks[op] = compareOrdered(l, left, right)
	}
	return ks
}

// by is the six kernels of a three-way comparison.
func by[T any](compare func(a, b T) int) [6]Kernel {
	return byCall(func(*Call) (func(a, b T) int, error) { return compare, nil })
}

func byCall[T any](cmpOf func(c *Call) (func(a, b T) int, error)) [6]Kernel {
	var ks [6]Kernel
	for op, accept := range accepts {
		ks[op] = compareBy(accept, cmpOf)
	}
	return ks
}

// byImpl compares as the type of the call's first argument does.
func byImpl[T any]() [6]Kernel {
	return byCall(func(c *Call) (func(a, b T) int, error) {
		if impl := types.ImplOf[T](c.Args[0]); impl != nil && impl.Compare != nil {
			return impl.Compare, nil
		}
		return boxedCompare[T](c.Args[0])
	})
}

func boxedCompare[T any](t *types.Type) (func(a, b T) int, error) {
	if t.Compare == nil {
		return nil, pgerr.New(pgerr.UndefinedFunction, "could not identify a comparison function for type %s", t.Name)
	}
	return func(a, b T) int { return t.Compare(a, b) }, nil
}

func same[T any](_ *Call, v vec.Vector) column[T] { return columnOf[T](v) }

// as turns values into another type that orders the same: a pass over the
// vector, an allocation per batch.
func as[T, U any](f func(T) U) func(*Call, vec.Vector) column[U] {
	return func(_ *Call, v vec.Vector) column[U] { return mapColumn(columnOf[T](v), f) }
}

func mapColumn[T, U any](c column[T], f func(T) U) column[U] {
	out := make([]U, len(c.vals))
	for i, v := range c.vals {
		out[i] = f(v)
	}
	return column[U]{out, c.mask}
}

type number interface {
	int16 | int32 | int64 | uint32 | float32 | float64
}

// widen converts numbers without a call per row.
func widen[T, U number](_ *Call, v vec.Vector) column[U] { return widenColumn[T, U](columnOf[T](v)) }

func widenColumn[T, U number](c column[T]) column[U] {
	out := make([]U, len(c.vals))
	for i, v := range c.vals {
		out[i] = U(v)
	}
	return column[U]{out, c.mask}
}

// floatKey maps a float to an integer of the same order, as PostgreSQL orders
// them: -0 equals 0, and NaN equals NaN and is above everything.
func floatKey(f float64) int64 {
	if f != f {
		return math.MaxInt64
	}
	bits := int64(math.Float64bits(f + 0)) // -0 + 0 is 0
	return bits ^ int64(uint64(bits>>63)>>1)
}

func floatKeys[T float32 | float64](_ *Call, v vec.Vector) column[int64] {
	c := columnOf[T](v)
	out := make([]int64, len(c.vals))
	for i, f := range c.vals {
		out[i] = floatKey(float64(f))
	}
	return column[int64]{out, c.mask}
}

// compareFloatsKernel compares floats as they are, where there is no NaN among
// them, and else by their keys.
func compareFloatsKernel[A, B float](op int) Kernel {
	keys := compareOrdered(loops[int64]()[op], floatKeys[A], floatKeys[B])
	plain := compareOrdered(loops[float64]()[op], asFloat64[A], asFloat64[B])
	return func(c *Call, args []vec.Vector, sel []int32, n int) (vec.Vector, error) {
		if hasNaN(columnOf[A](args[0]).vals) || hasNaN(columnOf[B](args[1]).vals) {
			return keys(c, args, sel, n)
		}
		return plain(c, args, sel, n)
	}
}

func floatComparisons[A, B float]() [6]Kernel {
	var ks [6]Kernel
	for op := range ks {
		ks[op] = compareFloatsKernel[A, B](op)
	}
	return ks
}

func hasNaN[T float](vals []T) bool {
	for _, v := range vals {
		if v != v {
			return true
		}
	}
	return false
}

// asFloat64 is the column itself where it holds float64.
func asFloat64[T float](_ *Call, v vec.Vector) column[float64] {
	if f, ok := v.(*vec.Vec[float64]); ok {
		return column[float64]{f.Vals, f.Mask()}
	}
	return widenColumn[T, float64](columnOf[T](v))
}

func boolKey(b bool) uint8 {
	if b {
		return 1
	}
	return 0
}

// trimBlanks drops what bpchar's comparisons ignore.
func trimBlanks(s string) string { return strings.TrimRight(s, " ") }

func init() {
	bindSix(plainNames, "int2", ordered(same[int16], same[int16]))
	bindSix(plainNames, "int4", ordered(same[int32], same[int32]))
	bindSix(plainNames, "int8", ordered(same[int64], same[int64]))
	bindSix(plainNames, "int24", ordered(widen[int16, int32], same[int32]))
	bindSix(plainNames, "int42", ordered(same[int32], widen[int16, int32]))
	bindSix(plainNames, "int28", ordered(widen[int16, int64], same[int64]))
	bindSix(plainNames, "int82", ordered(same[int64], widen[int16, int64]))
	bindSix(plainNames, "int48", ordered(widen[int32, int64], same[int64]))
	bindSix(plainNames, "int84", ordered(same[int64], widen[int32, int64]))
	bindSix(plainNames, "float4", floatComparisons[float32, float32]())
	bindSix(plainNames, "float8", floatComparisons[float64, float64]())
	bindSix(plainNames, "float48", floatComparisons[float32, float64]())
	bindSix(plainNames, "float84", floatComparisons[float64, float32]())
	bindSix(plainNames, "bool", ordered(as(boolKey), as(boolKey)))
	bindSix(plainNames, "oid", ordered(same[uint32], same[uint32]))
	bindSix(plainNames, "char", ordered(same[string], same[string]))
	text := collatable(ordered(same[string], same[string]))
	bindSix(plainNames, "name", text)
	bindSix(textNames, "", text)
	bindSix([6]string{"nameeqtext", "namenetext", "namelttext", "nameletext", "namegttext", "namegetext"}, "", text)
	bindSix([6]string{"texteqname", "textnename", "textltname", "textlename", "textgtname", "textgename"}, "", text)
	bindSix(plainNames, "bpchar", collatable(ordered(as(trimBlanks), as(trimBlanks))))
	bindSix(underNames, "date", ordered(same[int32], same[int32]))
	bindSix(underNames, "time", ordered(same[int64], same[int64]))
	bindSix(underNames, "timestamp", ordered(same[int64], same[int64]))
	bindSix(plainNames, "bytea", byImpl[[]byte]())
	bindSix(underNames, "interval", byImpl[types.Interval]())
	bindSix(underNames, "numeric", byImpl[types.Numeric]())
	bindSix(underNames, "uuid", byImpl[types.UUID]())
	bindSix(underNames, "jsonb", byImpl[*types.JSON]())
	bindSix(underNames, "array", byImpl[*types.Array]())
	bindSix(underNames, "timetz", byImpl[any]())
	bindSix(underNames, "enum", byImpl[any]())

	xid := ordered(same[uint32], xidKeys)
	kernels{
		"aclitem_eq": ordered(same[string], same[string])[opEq],
		"xideq":      xid[opEq], "xidneq": xid[opNe], "cideq": xid[opEq],
		"text_starts_with": bytewise("substring searches", F2(strings.HasPrefix)),
		"text_pattern_lt":  ordered(same[string], same[string])[opLt],
		"text_pattern_le":  ordered(same[string], same[string])[opLe],
		"text_pattern_ge":  ordered(same[string], same[string])[opGe],
		"text_pattern_gt":  ordered(same[string], same[string])[opGt],
		"bttextcmp":        collatedDiff(byteDiff),
		"btint2cmp":        F2(func(a, b int16) int32 { return int32(a) - int32(b) }),
		"btint4cmp":        F2(threeWay(cmp.Compare[int32])),
		"btint8cmp":        F2(threeWay(cmp.Compare[int64])),
		"date_cmp":         F2(threeWay(cmp.Compare[int32])),
		"timestamp_cmp":    F2(threeWay(cmp.Compare[int64])),
		"btnamecmp":        F2(nameDiff),
		"btoidcmp":         F2(threeWay(cmp.Compare[uint32])),
		"text_larger":      collatedPick(1, strings.Compare),
		"text_smaller":     collatedPick(-1, strings.Compare),
	}.bind()
}

// xidKeys reads an xid, or the int4 that xid = int4 takes.
func xidKeys(c *Call, v vec.Vector) column[uint32] {
	if v.Type().Rep == types.RepInt32 {
		return widen[int32, uint32](c, v)
	}
	return columnOf[uint32](v)
}

// byteDiff is what memcmp and then the lengths say, as PostgreSQL's comparison
// functions hand it on.
func byteDiff(a, b string) int32 {
	for i := range min(len(a), len(b)) {
		if a[i] != b[i] {
			return int32(a[i]) - int32(b[i])
		}
	}
	return int32(cmp.Compare(len(a), len(b)))
}

// nameDiff is strncmp's: names end with a zero byte.
func nameDiff(a, b string) int32 { return byteDiff(a+"\x00", b+"\x00") }

func threeWay[T any](f func(a, b T) int) func(a, b T) int32 {
	return func(a, b T) int32 { return int32(f(a, b)) }
}
