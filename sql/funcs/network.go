package funcs

import (
	"bytes"
	"fmt"
	"math/big"
	"net/netip"
	"strings"

	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

// maskedInet is v with every host bit set by fill: 0 gives the network, 0xff the
// broadcast address.
func maskedInet(v types.Inet, fill byte) netip.Addr {
	b := v.Addr.AsSlice()
	for i := range b {
		m := maskByte(int(v.Bits), i)
		b[i] = b[i]&m | fill&^m
	}
	a, _ := netip.AddrFromSlice(b)
	return a
}

// maskByte is byte i of a mask of bits.
func maskByte(bits, i int) byte {
	left := min(max(bits-8*i, 0), 8)
	return ^byte(0) << (8 - left)
}

func fullBits(a netip.Addr) uint8 { return uint8(a.BitLen()) }

func networkOf(v types.Inet) types.Inet { return types.Inet{Addr: maskedInet(v, 0), Bits: v.Bits} }

func broadcastOf(v types.Inet) types.Inet { return types.Inet{Addr: maskedInet(v, 0xff), Bits: v.Bits} }

// maskOf is netmask (invert false) or hostmask.
func maskOf(invert bool) func(v types.Inet) types.Inet {
	return func(v types.Inet) types.Inet {
		b := v.Addr.AsSlice()
		for i := range b {
			if b[i] = maskByte(int(v.Bits), i); invert {
				b[i] = ^b[i]
			}
		}
		a, _ := netip.AddrFromSlice(b)
		return types.Inet{Addr: a, Bits: fullBits(a)}
	}
}

func inetText(v types.Inet, network bool) string {
	t := types.InetType
	if network {
		t = types.CidrType
	}
	return string(t.Out(nil, nil, v))
}

// hostText is the address without its mask.
func hostText(v types.Inet) string {
	s, _, _ := strings.Cut(inetText(types.Inet{Addr: v.Addr, Bits: fullBits(v.Addr)}, false), "/")
	return s
}

func familyOf(v types.Inet) int32 {
	if v.Addr.Is4() {
		return 4
	}
	return 6
}

// fullText always shows the mask.
func fullText(v types.Inet) string { return fmt.Sprintf("%s/%d", hostText(v), v.Bits) }

// abbrevCidr leaves out the octets that the mask leaves out.
func abbrevCidr(v types.Inet) string {
	if !v.Addr.Is4() {
		return fullText(v)
	}
	b := v.Addr.As4()
	octets := max((int(v.Bits)+7)/8, 1)
	parts := make([]string, octets)
	for i := range parts {
		parts[i] = fmt.Sprint(b[i])
	}
	return fmt.Sprintf("%s/%d", strings.Join(parts, "."), v.Bits)
}

func setMaskLen(network bool) func(v types.Inet, bits int32) (types.Inet, error) {
	return func(v types.Inet, bits int32) (types.Inet, error) {
		full := fullBits(v.Addr)
		if bits == -1 {
			bits = int32(full)
		}
		if bits < 0 || bits > int32(full) {
			return v, pgerr.New(pgerr.InvalidParameterValue, "invalid mask length: %d", bits)
		}
		v.Bits = uint8(bits)
		if network {
			v.Addr = maskedInet(v, 0)
		}
		return v, nil
	}
}

// containedIn says whether a lies in the network of b; strictly, or equal too.
func containedIn(strict bool) func(a, b types.Inet) bool {
	return func(a, b types.Inet) bool {
		if a.Addr.BitLen() != b.Addr.BitLen() || a.Bits < b.Bits || strict && a.Bits == b.Bits {
			return false
		}
		return sameNetwork(a, b, b.Bits)
	}
}

func sameNetwork(a, b types.Inet, bits uint8) bool {
	return maskedInet(types.Inet{Addr: a.Addr, Bits: bits}, 0) == maskedInet(types.Inet{Addr: b.Addr, Bits: bits}, 0)
}

func networksOverlap(a, b types.Inet) bool {
	return a.Addr.BitLen() == b.Addr.BitLen() && sameNetwork(a, b, min(a.Bits, b.Bits))
}

func swapArgs[A, R any](f func(a, b A) R) func(a, b A) R {
	return func(a, b A) R { return f(b, a) }
}

func differentFamilies(verb string) error {
	return pgerr.New(pgerr.InvalidParameterValue, "cannot %s inet values of different sizes", verb)
}

// combineInets is & and |.
func combineInets(verb string, op func(a, b byte) byte) func(a, b types.Inet) (types.Inet, error) {
	return func(a, b types.Inet) (types.Inet, error) {
		if a.Addr.BitLen() != b.Addr.BitLen() {
			return a, differentFamilies(verb)
		}
		x, y := a.Addr.AsSlice(), b.Addr.AsSlice()
		for i := range x {
			x[i] = op(x[i], y[i])
		}
		addr, _ := netip.AddrFromSlice(x)
		return types.Inet{Addr: addr, Bits: max(a.Bits, b.Bits)}, nil
	}
}

func invertInet(v types.Inet) types.Inet {
	b := v.Addr.AsSlice()
	for i := range b {
		b[i] = ^b[i]
	}
	v.Addr, _ = netip.AddrFromSlice(b)
	return v
}

func inetNumber(a netip.Addr) *big.Int { return new(big.Int).SetBytes(a.AsSlice()) }

func addInet(v types.Inet, n *big.Int) (types.Inet, error) {
	sum := n.Add(inetNumber(v.Addr), n)
	size := v.Addr.BitLen() / 8
	if sum.Sign() < 0 || sum.BitLen() > v.Addr.BitLen() {
		return v, pgerr.New(pgerr.NumericValueOutOfRange, "result is out of range")
	}
	v.Addr, _ = netip.AddrFromSlice(sum.FillBytes(make([]byte, size)))
	return v, nil
}

func inetPlus(v types.Inet, n int64) (types.Inet, error) { return addInet(v, big.NewInt(n)) }

// inetMinus negates as PostgreSQL does, so that the least bigint stays itself.
func inetMinus(v types.Inet, n int64) (types.Inet, error) { return inetPlus(v, -n) }

func inetDistance(a, b types.Inet) (int64, error) {
	if a.Addr.BitLen() != b.Addr.BitLen() {
		return 0, differentFamilies("subtract")
	}
	d := new(big.Int).Sub(inetNumber(a.Addr), inetNumber(b.Addr))
	if !d.IsInt64() {
		return 0, pgerr.New(pgerr.NumericValueOutOfRange, "result is out of range")
	}
	return d.Int64(), nil
}

// mergeInets is the smallest network that holds both.
func mergeInets(a, b types.Inet) (types.Inet, error) {
	if a.Addr.BitLen() != b.Addr.BitLen() {
		return a, pgerr.New(pgerr.InvalidParameterValue, "cannot merge addresses from different families")
	}
	bits := min(a.Bits, b.Bits)
	for !sameNetwork(a, b, bits) {
		bits--
	}
	return networkOf(types.Inet{Addr: a.Addr, Bits: bits}), nil
}

func combineMACs(op func(a, b byte) byte) func(a, b types.MAC) types.MAC {
	return func(a, b types.MAC) types.MAC {
		for i := range a {
			a[i] = op(a[i], b[i])
		}
		return a
	}
}

func init() {
	and, or := func(a, b byte) byte { return a & b }, func(a, b byte) byte { return a | b }
	compareMAC := func(a, b types.MAC) int { return bytes.Compare(a[:], b[:]) }
	bindSix(underNames, "network", by(types.Inet.Compare))
	bindSix(underNames, "macaddr", by(compareMAC))
	bindMinMaxBy("inet", fixedCompare(types.Inet.Compare))
	kernels{
		"network_cmp":            F2(threeWay(types.Inet.Compare)),
		"network_larger":         F2(larger(types.Inet.Compare)),
		"network_smaller":        F2(smaller(types.Inet.Compare)),
		"network_network":        F1(networkOf),
		"network_broadcast":      F1(broadcastOf),
		"network_netmask":        F1(maskOf(false)),
		"network_hostmask":       F1(maskOf(true)),
		"network_masklen":        F1(func(v types.Inet) int32 { return int32(v.Bits) }),
		"network_host":           F1(hostText),
		"network_family":         F1(familyOf),
		"network_show":           F1(fullText),
		"inet_abbrev":            F1(func(v types.Inet) string { return inetText(v, false) }),
		"cidr_abbrev":            F1(abbrevCidr),
		"inet_set_masklen":       E2(setMaskLen(false)),
		"cidr_set_masklen":       E2(setMaskLen(true)),
		"inet_to_cidr":           F1(networkOf),
		"network_sub":            F2(containedIn(true)),
		"network_subeq":          F2(containedIn(false)),
		"network_sup":            F2(swapArgs(containedIn(true))),
		"network_supeq":          F2(swapArgs(containedIn(false))),
		"network_overlap":        F2(networksOverlap),
		"inetnot":                F1(invertInet),
		"inetand":                E2(combineInets("AND", and)),
		"inetor":                 E2(combineInets("OR", or)),
		"inetpl":                 E2(inetPlus),
		"inetmi_int8":            E2(inetMinus),
		"inetmi":                 E2(inetDistance),
		"int8pl_inet(int8,inet)": E2(flipped(inetPlus)),
		"inet_merge":             E2(mergeInets),
		"inet_same_family":       F2(func(a, b types.Inet) bool { return a.Addr.BitLen() == b.Addr.BitLen() }),

		"macaddr_cmp":   F2(func(a, b types.MAC) int32 { return int32(compareMAC(a, b)) }),
		"macaddr_and":   F2(combineMACs(and)),
		"macaddr_or":    F2(combineMACs(or)),
		"macaddr_not":   F1(func(a types.MAC) types.MAC { return combineMACs(func(x, _ byte) byte { return ^x })(a, a) }),
		"macaddr_trunc": F1(func(a types.MAC) types.MAC { a[3], a[4], a[5] = 0, 0, 0; return a }),
	}.bind()
}
