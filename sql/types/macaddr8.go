package types

import (
	"bytes"
	"fmt"
	"strings"
)

// MAC8 is a macaddr8.
type MAC8 [8]byte

// Macaddr8Type is macaddr8. Its input takes macaddr's too.
var Macaddr8Type = Register(Def[MAC8]{
	Type: Type{OID: 774, Name: "macaddr8", Array: 775, Len: 8, Category: UserDefined,
		Doc: "XX:XX:XX:XX:XX:XX:XX:XX, MAC address"},
	Impl: Impl[MAC8]{
		In: func(_ *Env, s string, _ int32) (MAC8, error) { return parseMAC8(s) },
		Out: func(_ *Env, dst []byte, v MAC8) []byte {
			return fmt.Appendf(dst, "%02x:%02x:%02x:%02x:%02x:%02x:%02x:%02x", v[0], v[1], v[2], v[3], v[4], v[5], v[6], v[7])
		},
		Recv: func(_ *Env, b []byte, _ int32) (MAC8, error) {
			switch len(b) {
			case len(MAC{}):
				return MAC(b).Widened(), nil
			case len(MAC8{}):
				return MAC8(b), nil
			}
			return MAC8{}, badBinary("macaddr8")
		},
		Send:    func(_ *Env, dst []byte, v MAC8) []byte { return append(dst, v[:]...) },
		Compare: func(a, b MAC8) int { return bytes.Compare(a[:], b[:]) },
		Hash:    func(v MAC8) uint64 { return hashBytes(v[:]) },
	},
})

// Widened is the EUI-64 form of an EUI-48 address: FF and FE in its middle.
func (m MAC) Widened() MAC8 { return MAC8{m[0], m[1], m[2], 0xff, 0xfe, m[3], m[4], m[5]} }

// parseMAC8 is macaddr8_in: six or eight pairs of digits, after each of which
// the same separator may stand.
func parseMAC8(s string) (MAC8, error) {
	var octets []byte
	var spacer byte
	rest := strings.TrimLeft(s, spaces)
	for len(rest) > 1 {
		hi, lo := hexValue(rest[0]), hexValue(rest[1])
		if hi < 0 || lo < 0 {
			return MAC8{}, InvalidInput("macaddr8", s)
		}
		octets, rest = append(octets, byte(hi<<4|lo)), rest[2:]
		if rest != "" && strings.IndexByte(":-.", rest[0]) >= 0 {
			if spacer != 0 && spacer != rest[0] {
				return MAC8{}, InvalidInput("macaddr8", s)
			}
			spacer, rest = rest[0], rest[1:]
		}
		if body := strings.TrimLeft(rest, spaces); len(body) < len(rest) && (len(octets) == 6 || len(octets) == 8) {
			if body != "" {
				return MAC8{}, InvalidInput("macaddr8", s)
			}
			rest = ""
		}
	}
	switch len(octets) {
	case len(MAC{}):
		return MAC(octets).Widened(), nil
	case len(MAC8{}):
		return MAC8(octets), nil
	}
	return MAC8{}, InvalidInput("macaddr8", s)
}
