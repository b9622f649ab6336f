package types

import (
	"bytes"
	"encoding/hex"
	"net/netip"
	"strconv"
	"strings"

	"github.com/s3db-sql/s3db-sql/pgerr"
)

// Inet is a value of inet and of cidr: an address with the length of its
// network's prefix. An IPv4 address mapped into IPv6 stays IPv6.
type Inet struct {
	Addr netip.Addr
	Bits uint8
}

// InetType is inet: a host address, with its network.
var InetType = Register(Def[Inet]{
	Type: Type{OID: InetOID, Name: "inet", Array: 1041, Len: -1, Storage: 'm', Category: NetworkAddr, Preferred: true,
		Doc: "IP address/netmask, host address, netmask optional"},
	Impl: inetImpl("inet", false),
})

// CidrType is cidr: a network. Its addresses have no bits right of the mask.
var CidrType = Register(Def[Inet]{
	Type: Type{OID: CidrOID, Name: "cidr", Array: 651, Len: -1, Storage: 'm', Category: NetworkAddr,
		Doc: "network IP address/netmask, network address"},
	Impl: inetImpl("cidr", true),
})

func inetImpl(name string, network bool) Impl[Inet] {
	return Impl[Inet]{
		In:      func(_ *Env, s string, _ int32) (Inet, error) { return parseInet(s, name, network) },
		Out:     func(_ *Env, dst []byte, v Inet) []byte { return v.appendText(dst, network) },
		Recv:    func(_ *Env, b []byte, _ int32) (Inet, error) { return recvInet(b, name, network) },
		Send:    func(_ *Env, dst []byte, v Inet) []byte { return v.appendBinary(dst, network) },
		Compare: Inet.Compare,
		Hash: func(v Inet) uint64 {
			return hashCombine(hashBytes(v.Addr.AsSlice()), uint64(v.Bits))
		},
	}
}

func parseInet(s, name string, network bool) (Inet, error) {
	text, bitsText, masked := strings.Cut(s, "/")
	var v Inet
	var octets int
	var ok bool
	switch {
	case strings.Contains(text, ":"):
		v.Addr, ok = parseIPv6(text)
		octets = 16
	case network && len(text) > 2 && strings.EqualFold(text[:2], "0x"):
		v.Addr, octets, ok = parseIPv4Hex(text[2:])
	default:
		v.Addr, octets, ok = parseIPv4(text)
	}
	if !ok {
		return v, InvalidInput(name, s)
	}
	switch {
	case masked:
		n, err := strconv.ParseUint(bitsText, 10, 8)
		if err != nil || int(n) > v.Addr.BitLen() || !network && int(n) > 8*octets {
			return v, InvalidInput(name, s)
		}
		v.Bits = uint8(n)
	case octets*8 == v.Addr.BitLen():
		v.Bits = uint8(v.Addr.BitLen())
	case network:
		v.Bits = classBits(v.Addr, octets)
	default:
		return v, InvalidInput(name, s)
	}
	if network && !v.isNetwork() {
		return v, pgerr.New(pgerr.InvalidTextRepresentation, "invalid cidr value: \"%s\"", s).
			WithDetail("Value has bits set to right of mask.")
	}
	return v, nil
}

func parseIPv6(s string) (netip.Addr, bool) {
	if strings.Contains(s, "%") {
		return netip.Addr{}, false
	}
	a, err := netip.ParseAddr(s)
	return a, err == nil
}

// parseIPv4 reads one to four octets; those left out are 0.
func parseIPv4(s string) (a netip.Addr, octets int, ok bool) {
	var b [4]byte
	parts := strings.Split(s, ".")
	if len(parts) > len(b) {
		return a, 0, false
	}
	for i, p := range parts {
		if digits, rest := splitDigits(p); digits == "" || rest != "" {
			return a, 0, false
		}
		n, err := strconv.ParseUint(p, 10, 8)
		if err != nil {
			return a, 0, false
		}
		b[i] = byte(n)
	}
	return netip.AddrFrom4(b), len(parts), true
}

// parseIPv4Hex reads two digits for each octet, of the last one perhaps only the first
// (inet_cidr_pton_ipv4).
func parseIPv4Hex(s string) (a netip.Addr, octets int, ok bool) {
	if len(s)%2 == 1 {
		s += "0"
	}
	var b [4]byte
	if len(s) > 2*len(b) {
		return a, 0, false
	}
	octets, err := hex.Decode(b[:], []byte(s))
	return netip.AddrFrom4(b), octets, err == nil
}

// classBits is the prefix that a network without mask had when networks had
// classes, but as long as its octets.
func classBits(a netip.Addr, octets int) uint8 {
	bits := 8
	switch first := a.As4()[0]; {
	case first >= 240:
		bits = 32
	case first == 224 && octets == 1:
		return 4
	case first >= 224:
		bits = 8
	case first >= 192:
		bits = 24
	case first >= 128:
		bits = 16
	}
	return uint8(max(bits, octets*8))
}

func (v Inet) isNetwork() bool {
	p, err := v.Addr.Prefix(int(v.Bits))
	return err == nil && p.Addr() == v.Addr
}

// appendText writes the address; an inet of a single host has no mask.
func (v Inet) appendText(dst []byte, network bool) []byte {
	if v.Addr.Is4() {
		dst = v.Addr.AppendTo(dst)
	} else {
		dst = appendIPv6(dst, v.Addr.As16())
	}
	if !network && int(v.Bits) == v.Addr.BitLen() {
		return dst
	}
	return strconv.AppendUint(append(dst, '/'), uint64(v.Bits), 10)
}

// appendIPv6 writes the eight groups with the first longest run of zeros left
// out, and the last two as IPv4 where the rest is zero or the mapping's prefix.
func appendIPv6(dst []byte, b [16]byte) []byte {
	var words [8]uint16
	for i := range words {
		words[i] = beUint16(b[2*i:])
	}
	from, n := longestZeros(words)
	for i := 0; i < len(words); i++ {
		switch {
		case i >= from && i < from+n:
			if i == from {
				dst = append(dst, ':')
			}
			continue
		case i > 0:
			dst = append(dst, ':')
		}
		if i == 6 && from == 0 && (n == 6 || n == 7 && words[7] != 1 || n == 5 && words[5] == 0xffff) {
			return netip.AddrFrom4([4]byte(b[12:])).AppendTo(dst)
		}
		dst = strconv.AppendUint(dst, uint64(words[i]), 16)
	}
	if n > 0 && from+n == len(words) {
		dst = append(dst, ':')
	}
	return dst
}

func longestZeros(words [8]uint16) (from, n int) {
	for i := 0; i < len(words); i++ {
		run := 0
		for i+run < len(words) && words[i+run] == 0 {
			run++
		}
		if run > n && run > 1 {
			from, n = i, run
		}
		i += run
	}
	return from, n
}

// Families of the binary form.
const (
	wireIPv4 = 2
	wireIPv6 = 3
)

func (v Inet) appendBinary(dst []byte, network bool) []byte {
	family := byte(wireIPv6)
	if v.Addr.Is4() {
		family = wireIPv4
	}
	addr := v.Addr.AsSlice()
	return append(append(dst, family, v.Bits, boolByte(network), byte(len(addr))), addr...)
}

func recvInet(b []byte, name string, network bool) (Inet, error) {
	bad := func(what string) (Inet, error) {
		return Inet{}, pgerr.New(pgerr.InvalidBinaryRepresentation, "invalid %s in external \"%s\" value", what, name)
	}
	if len(b) < 4 {
		return Inet{}, badBinary(name)
	}
	if b[0] != wireIPv4 && b[0] != wireIPv6 {
		return bad("address family")
	}
	addr, ok := netip.AddrFromSlice(b[4:])
	if !ok || addr.Is4() != (b[0] == wireIPv4) || int(b[3]) != len(b)-4 {
		return bad("length")
	}
	v := Inet{addr, b[1]}
	if int(v.Bits) > addr.BitLen() {
		return bad("bits")
	}
	if network && !v.isNetwork() {
		return Inet{}, pgerr.New(pgerr.InvalidBinaryRepresentation, "invalid external \"cidr\" value").
			WithDetail("Value has bits set to right of mask.")
	}
	return v, nil
}

// Compare is network_cmp: IPv4 first, then by network, shorter prefixes first,
// then by host.
func (v Inet) Compare(w Inet) int {
	if v.Addr.BitLen() != w.Addr.BitLen() {
		return cmpInt64(int64(v.Addr.BitLen()), int64(w.Addr.BitLen()))
	}
	common := int(min(v.Bits, w.Bits))
	vp, _ := v.Addr.Prefix(common)
	wp, _ := w.Addr.Prefix(common)
	if c := bytes.Compare(vp.Addr().AsSlice(), wp.Addr().AsSlice()); c != 0 {
		return c
	}
	if c := cmpInt64(int64(v.Bits), int64(w.Bits)); c != 0 {
		return c
	}
	return bytes.Compare(v.Addr.AsSlice(), w.Addr.AsSlice())
}
