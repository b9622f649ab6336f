package funcs

import (
	"cmp"
	"strings"

	"github.com/s3db-sql/s3db-sql/sql/funcs/catalog"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

// compareCross is the comparison of two number types by a wider one.
func compareCross[A, B, W number]() Kernel {
	return F2(func(a A, b B) int32 { return int32(cmp.Compare(W(a), W(b))) })
}

// compareImplKernel is a comparison function of a type's own order.
func compareImplKernel() Kernel {
	return Strict(func(c *Call, args []any) (any, error) {
		compare, err := boxedCompare[any](c.Args[0])
		if err != nil {
			return nil, err
		}
		return int32(sign(compare(args[0], args[1]))), nil
	})
}

// chooseBoxed is *_larger (want 1) and *_smaller (want -1) of a type's order.
func chooseBoxed(want int) Kernel {
	return Strict(func(c *Call, args []any) (any, error) {
		compare, err := boxedCompare[any](c.Args[0])
		if err != nil {
			return nil, err
		}
		if sign(compare(args[0], args[1])) == want {
			return args[0], nil
		}
		return args[1], nil
	})
}

// bindSend binds the send functions, which give a value's binary form.
func bindSend() {
	for _, p := range catalog.Procs() {
		isSend := strings.HasSuffix(p.Source, "send") && len(p.Args) == 1 && p.Result == types.ByteaOID
		if !isSend || types.Builtin().ByOID(p.Args[0]) == nil {
			continue
		}
		bindEach(p.Signature, func(f *Func) {
			f.Kernel = Strict(func(c *Call, args []any) (any, error) { return c.Args[0].Send(c.Env, nil, args[0]), nil })
		})
	}
}

func init() {
	blank := func(f func(a, b string) int32) func(a, b string) int32 {
		return func(a, b string) int32 { return f(trimBlanks(a), trimBlanks(b)) }
	}
	pattern := ordered(as(trimBlanks), as(trimBlanks))
	ks := kernels{
		"bpchar_larger":     collatedPick(1, compareBlank),
		"bpchar_smaller":    collatedPick(-1, compareBlank),
		"bpcharcmp":         collatedDiff(blank(byteDiff)),
		"btfloat4cmp":       F2(threeWay(compareFloats[float32])),
		"btfloat8cmp":       F2(threeWay(compareFloats[float64])),
		"btfloat48cmp":      F2(func(a float32, b float64) int32 { return int32(compareFloats(float64(a), b)) }),
		"btfloat84cmp":      F2(func(a float64, b float32) int32 { return int32(compareFloats(a, float64(b))) }),
		"btint48cmp":        compareCross[int32, int64, int64](),
		"btint84cmp":        compareCross[int64, int32, int64](),
		"btint24cmp":        compareCross[int16, int32, int64](),
		"btint42cmp":        compareCross[int32, int16, int64](),
		"btint28cmp":        compareCross[int16, int64, int64](),
		"btint82cmp":        compareCross[int64, int16, int64](),
		"btboolcmp":         F2(func(a, b bool) int32 { return int32(boolKey(a)) - int32(boolKey(b)) }),
		"btcharcmp":         F2(func(a, b string) int32 { return firstByteValue(a) - firstByteValue(b) }),
		"btnametextcmp":     F2(byteDiff),
		"bttextnamecmp":     F2(byteDiff),
		"time_cmp":          F2(threeWay(cmp.Compare[int64])),
		"timetz_cmp":        F2(threeWay(types.TimeTZ.Compare)),
		"uuid_cmp":          F2(func(a, b types.UUID) int32 { return byteDiff(string(a[:]), string(b[:])) }),
		"btarraycmp":        compareImplKernel(),
		"jsonb_cmp":         F2(threeWay((*types.JSON).Compare)),
		"enum_cmp":          compareImplKernel(),
		"enum_larger":       chooseBoxed(1),
		"enum_smaller":      chooseBoxed(-1),
		"btoidvectorcmp":    compareImplKernel(),
		"bttidcmp":          compareImplKernel(),
		"tidlarger":         chooseBoxed(1),
		"tidsmaller":        chooseBoxed(-1),
		"int8dec":           E1(func(a int64) (int64, error) { return subOne(a) }),
		"nameconcatoid":     F2(nameConcatOid),
		"bpchar_pattern_lt": pattern[opLt], "bpchar_pattern_le": pattern[opLe],
		"bpchar_pattern_ge": pattern[opGe], "bpchar_pattern_gt": pattern[opGt],
		"bttext_pattern_cmp":   F2(byteDiff),
		"btbpchar_pattern_cmp": F2(blank(byteDiff)),
	}
	ks.bind()
	bindSix(plainNames, "oidvector", byImpl[*types.Array]())
	bindSix(plainNames, "tid", byImpl[any]())
	bindMinMaxBy("tid", implCompare[any])
	bindSend()
	bindIO()
}

func orFirst(a, b string, first bool) string {
	if first {
		return a
	}
	return b
}

func firstByteValue(s string) int32 {
	if s == "" {
		return 0
	}
	return int32(s[0])
}

func subOne(a int64) (int64, error) {
	if a-1 > a {
		return 0, outOfRange("bigint")
	}
	return a - 1, nil
}

// nameConcatOid keeps the oid, cutting the name.
func nameConcatOid(name string, oid uint32) string {
	suffix := "_" + string(types.ByOID(types.OidOID).Out(nil, nil, oid))
	return clipBytes(name, nameDataLen-len(suffix)) + suffix
}
