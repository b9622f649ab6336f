package types

import (
	"bytes"
	"fmt"
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

// macForms are the separators, and the digits of each part, of the written
// forms other than six parts of any length.
var macForms = []struct {
	sep    string
	digits int
}{{":", 6}, {"-", 6}, {".", 4}, {"-", 4}, {"", 12}}

// parseMAC reads six octets in any of the usual groupings.
func parseMAC(s string) (MAC, error) {
	body := trimSpace(s)
	for _, sep := range []string{":", "-"} {
		if parts := strings.Split(body, sep); len(parts) == len(MAC{}) {
			return macOctets(s, parts)
		}
	}
	for _, f := range macForms {
		parts := []string{body}
		if f.sep != "" {
			parts = strings.Split(body, f.sep)
		}
		if digits := strings.Join(parts, ""); len(digits) == 2*len(MAC{}) && allOfLength(parts, f.digits) {
			var octets []string
			for i := 0; i < len(digits); i += 2 {
				octets = append(octets, digits[i:i+2])
			}
			return macOctets(s, octets)
		}
	}
	return MAC{}, InvalidInput("macaddr", s)
}

func allOfLength(parts []string, n int) bool {
	for _, p := range parts {
		if len(p) != n {
			return false
		}
	}
	return true
}

func macOctets(s string, parts []string) (MAC, error) {
	var m MAC
	for i, p := range parts {
		v, err := strconv.ParseUint(p, 16, 32)
		if err != nil {
			return m, InvalidInput("macaddr", s)
		}
		if v > 0xff {
			return m, pgerr.New(pgerr.NumericValueOutOfRange, "invalid octet value in \"macaddr\" value: \"%s\"", s)
		}
		m[i] = byte(v)
	}
	return m, nil
}
