package types

import (
	"bytes"
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/s3db-sql/s3db-sql/pgerr"
)

// MAC is a macaddr.
type MAC [6]byte

// MacaddrType is macaddr.
var MacaddrType = Register(Def[MAC]{
	Type: Type{OID: MacaddrOID, Name: "macaddr", Array: 1040, Len: 6, Category: UserDefined,
		Doc: "XX:XX:XX:XX:XX:XX, MAC address"},
	Impl: Impl[MAC]{
		In: func(_ *Env, s string, _ int32) (MAC, error) { return parseMAC(s) },
		Out: func(_ *Env, dst []byte, v MAC) []byte {
			return fmt.Appendf(dst, "%02x:%02x:%02x:%02x:%02x:%02x", v[0], v[1], v[2], v[3], v[4], v[5])
		},
		Recv: func(_ *Env, b []byte, _ int32) (MAC, error) {
			if len(b) != len(MAC{}) {
				return MAC{}, badBinary("macaddr")
			}
			return MAC(b), nil
		},
		Send:    func(_ *Env, dst []byte, v MAC) []byte { return append(dst, v[:]...) },
		Compare: func(a, b MAC) int { return bytes.Compare(a[:], b[:]) },
		Hash:    func(v MAC) uint64 { return hashBytes(v[:]) },
	},
})

// macForms are the written forms, in the order in which macaddr_in tries them: how many
// characters an octet has at most, 0 for any, and what stands behind each.
var macForms = []struct {
	width      int
	separators [len(MAC{}) - 1]string
}{
	{0, [5]string{":", ":", ":", ":", ":"}},
	{0, [5]string{"-", "-", "-", "-", "-"}},
	{2, [5]string{"", "", ":", "", ""}},
	{2, [5]string{"", "", "-", "", ""}},
	{2, [5]string{"", ".", "", ".", ""}},
	{2, [5]string{"", "-", "", "-", ""}},
	{2, [5]string{}},
}

// parseMAC reads six octets in any of the usual groupings. What counts as an octet is
// what C's scanf reads by %x, which PostgreSQL uses: blanks, a sign and 0x may precede.
// Errors: 22P02, 22003.
func parseMAC(s string) (MAC, error) {
	for _, f := range macForms {
		octets, ok := scanOctets(s, f.width, f.separators[:])
		if !ok {
			continue
		}
		var m MAC
		for i, v := range octets {
			if v < 0 || v > 0xff {
				return m, pgerr.New(pgerr.NumericValueOutOfRange, "invalid octet value in \"macaddr\" value: \"%s\"", s)
			}
			m[i] = byte(v)
		}
		return m, nil
	}
	return MAC{}, InvalidInput("macaddr", s)
}

func scanOctets(s string, width int, separators []string) (octets [len(MAC{})]int32, ok bool) {
	for i := range octets {
		if octets[i], s, ok = scanHex(s, width); !ok {
			return octets, false
		}
		if i < len(separators) {
			if s, ok = strings.CutPrefix(s, separators[i]); !ok {
				return octets, false
			}
		}
	}
	return octets, trimSpace(s) == ""
}

// scanHex reads a number as scanf's %x does, of at most width characters, 0 for any.
func scanHex(s string, width int) (v int32, rest string, ok bool) {
	s = strings.TrimLeft(s, " \t\n\v\f\r")
	field := s
	if width > 0 {
		field = s[:min(width, len(s))]
	}
	digits := strings.TrimPrefix(field, "-")
	negative := len(digits) < len(field)
	if !negative {
		digits = strings.TrimPrefix(field, "+")
	}
	if len(digits) > 2 && digits[0] == '0' && digits[1]|0x20 == 'x' {
		digits = digits[2:]
	}
	n := 0
	for n < len(digits) && strings.IndexByte("0123456789abcdefABCDEF", digits[n]) >= 0 {
		n++
	}
	u, err := strconv.ParseUint(digits[:n], 16, 64)
	if n == 0 {
		return 0, s, false
	}
	if err != nil {
		u = math.MaxUint64 // strtoul's answer to a number that is too large
	}
	if v = int32(u); negative {
		v = -v
	}
	return v, s[len(field)-len(digits)+n:], true
}
