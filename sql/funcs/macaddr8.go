package funcs

import (
	"bytes"

	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

func combineMAC8s(op func(a, b byte) byte) func(a, b types.MAC8) types.MAC8 {
	return func(a, b types.MAC8) types.MAC8 {
		for i := range a {
			a[i] = op(a[i], b[i])
		}
		return a
	}
}

// narrowedMAC is macaddr8tomacaddr: 22003 for what is no widened macaddr.
func narrowedMAC(v types.MAC8) (types.MAC, error) {
	if v[3] != 0xff || v[4] != 0xfe {
		return types.MAC{}, pgerr.New(pgerr.NumericValueOutOfRange, "macaddr8 data out of range to convert to macaddr").
			WithHint("Only addresses that have FF and FE as values in the 4th and 5th bytes from the left, for example xx:xx:xx:ff:fe:xx:xx:xx, are eligible to be converted from macaddr8 to macaddr.")
	}
	return types.MAC{v[0], v[1], v[2], v[5], v[6], v[7]}, nil
}

func init() {
	compare := func(a, b types.MAC8) int { return bytes.Compare(a[:], b[:]) }
	bindSix(underNames, "macaddr8", by(compare))
	kernels{
		"macaddr8_cmp":      F2(threeWay(compare)),
		"macaddr8_and":      F2(combineMAC8s(func(a, b byte) byte { return a & b })),
		"macaddr8_or":       F2(combineMAC8s(func(a, b byte) byte { return a | b })),
		"macaddr8_not":      F1(func(a types.MAC8) types.MAC8 { return combineMAC8s(func(x, _ byte) byte { return ^x })(a, a) }),
		"macaddr8_trunc":    F1(func(a types.MAC8) types.MAC8 { return types.MAC8{a[0], a[1], a[2]} }),
		"macaddr8_set7bit":  F1(func(a types.MAC8) types.MAC8 { a[0] |= 0x02; return a }),
		"macaddrtomacaddr8": F1(types.MAC.Widened),
		"macaddr8tomacaddr": E1(narrowedMAC),
	}.bind()
}
