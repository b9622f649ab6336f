package funcs

import (
	"cmp"
	"strings"

	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

// bitsFromInt is the last n bits of a number, its sign before them.
func bitsFromInt[T int32 | int64](v T, n int32) types.Bits {
	out := make([]byte, max(n, 1))
	for i := len(out) - 1; i >= 0; i-- {
		out[i] = '0' + byte(v&1)
		v >>= 1
	}
	return types.Bits(out)
}

// bitsToInt reads at most width bits as a number; the first of width is the sign.
func bitsToInt[T int32 | int64](width int, name string) func(v types.Bits) (T, error) {
	return func(v types.Bits) (T, error) {
		if len(v) > width {
			return 0, outOfRange(name)
		}
		var n T
		for i := range len(v) {
			n = n<<1 | T(v[i]-'0')
		}
		return n, nil
	}
}

// combineBits is &, | and #, bit by bit.
func combineBits(verb string, op func(a, b byte) byte) func(a, b types.Bits) (types.Bits, error) {
	return func(a, b types.Bits) (types.Bits, error) {
		if len(a) != len(b) {
			return "", pgerr.New(pgerr.StringDataLengthMismatch, "cannot %s bit strings of different sizes", verb)
		}
		out := make([]byte, len(a))
		for i := range out {
			out[i] = '0' + op(a[i]-'0', b[i]-'0')
		}
		return types.Bits(out), nil
	}
}

func invertBits(v types.Bits) types.Bits {
	out := make([]byte, len(v))
	for i := range out {
		out[i] = '0' + '1' - v[i]
	}
	return types.Bits(out)
}

// shiftBits moves the bits towards the first by n, or towards the last by -n.
func shiftBits(v types.Bits, n int64) types.Bits {
	zeros := strings.Repeat("0", int(min(max(n, -n), int64(len(v)))))
	if n < 0 {
		return types.Bits(zeros) + v[:len(v)-len(zeros)]
	}
	return v[len(zeros):] + types.Bits(zeros)
}

func subBits(v types.Bits, start, length int32, bounded bool) (types.Bits, error) {
	from, end := int64(start), int64(len(v))+1
	if bounded {
		if length < 0 {
			return "", pgerr.New(pgerr.SubstringError, "negative substring length not allowed")
		}
		end = min(end, from+int64(length))
	}
	from = max(from, 1)
	if from >= end {
		return "", nil
	}
	return v[from-1 : end-1], nil
}

func overlayBits(v, with types.Bits, start, length int32) (types.Bits, error) {
	end := int64(start) + int64(length)
	if start <= 0 {
		return "", pgerr.New(pgerr.SubstringError, "negative substring length not allowed")
	}
	if end != int64(int32(end)) {
		return "", outOfRange("integer")
	}
	head, err := subBits(v, 1, start-1, true)
	if err != nil {
		return "", err
	}
	tail, err := subBits(v, int32(end), 0, false)
	return head + with + tail, err
}

// bitPosition is 0 where there is nothing to search, even for nothing.
func bitPosition(v, part types.Bits) int32 {
	if v == "" {
		return 0
	}
	return int32(strings.Index(string(v), string(part)) + 1)
}

func checkBitIndex(v types.Bits, n int32) error {
	if n < 0 || int(n) >= len(v) {
		return pgerr.New(pgerr.ArraySubscriptError, "bit index %d out of valid range (0..%d)", n, len(v)-1)
	}
	return nil
}

func bitAt(v types.Bits, n int32) (int32, error) {
	if err := checkBitIndex(v, n); err != nil {
		return 0, err
	}
	return int32(v[n] - '0'), nil
}

func withBit(v types.Bits, n, bit int32) (types.Bits, error) {
	if err := checkBitIndex(v, n); err != nil {
		return "", err
	}
	if bit != 0 && bit != 1 {
		return "", pgerr.New(pgerr.InvalidParameterValue, "new bit must be 0 or 1")
	}
	return v[:n] + types.Bits('0'+byte(bit)) + v[n+1:], nil
}

func bitStringLength(v types.Bits) int32 { return int32(len(v)) }

func init() {
	and := combineBits("AND", func(a, b byte) byte { return a & b })
	or := combineBits("OR", func(a, b byte) byte { return a | b })
	xor := combineBits("XOR", func(a, b byte) byte { return a ^ b })
	bindSix(plainNames, "bit", by(cmp.Compare[types.Bits]))
	kernels{
		"bitcmp":            compareImplKernel(),
		"bit_and":           E2(and),
		"bit_or":            E2(or),
		"bitxor":            E2(xor),
		"bitnot":            F1(invertBits),
		"bitshiftleft":      F2(func(v types.Bits, n int32) types.Bits { return shiftBits(v, int64(n)) }),
		"bitshiftright":     F2(func(v types.Bits, n int32) types.Bits { return shiftBits(v, -int64(n)) }),
		"bitcat":            F2(func(a, b types.Bits) types.Bits { return a + b }),
		"bitsubstr":         E3(func(v types.Bits, at, n int32) (types.Bits, error) { return subBits(v, at, n, true) }),
		"bitsubstr_no_len":  E2(func(v types.Bits, at int32) (types.Bits, error) { return subBits(v, at, 0, false) }),
		"bitlength":         F1(bitStringLength),
		"bit_length(bit)":   F1(bitStringLength),
		"bitoctetlength":    F1(func(v types.Bits) int32 { return int32((len(v) + 7) / 8) }),
		"bitfromint4":       F2(bitsFromInt[int32]),
		"bitfromint8":       F2(bitsFromInt[int64]),
		"bittoint4":         E1(bitsToInt[int32](32, "integer")),
		"bittoint8":         E1(bitsToInt[int64](64, "bigint")),
		"bit":               E3(types.CoerceBit),
		"varbit":            E3(types.CoerceVarbit),
		"bitposition":       F2(bitPosition),
		"bitoverlay":        Lift4(func(_ *Call, v, w types.Bits, at, n int32) (types.Bits, error) { return overlayBits(v, w, at, n) }),
		"bitoverlay_no_len": E3(func(v, w types.Bits, at int32) (types.Bits, error) { return overlayBits(v, w, at, int32(len(w))) }),
		"bitgetbit":         E2(bitAt),
		"bitsetbit":         E3(withBit),
		"bit_bit_count":     F1(func(v types.Bits) int64 { return int64(strings.Count(string(v), "1")) }),
	}.bind()
	aggregates{
		"bit_and(bit)": foldErr(and),
		"bit_or(bit)":  foldErr(or),
		"bit_xor(bit)": foldErr(xor),
	}.bind()
}
