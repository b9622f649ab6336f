package datetime

import (
	"encoding/binary"
	"strconv"
	"strings"
	"time"
)

// parsePosix makes a zone of a POSIX TZ specification in upper case:
// std offset[dst[offset][,rule]]. The offsets count west of Greenwich. nil if
// it is none.
func parsePosix(spec string) *time.Location {
	name, rest, ok := posixName(spec)
	if !ok || rest == "" {
		return nil
	}
	west, rest, ok := posixOffset(rest)
	if !ok {
		return nil
	}
	if rest == "" {
		return time.FixedZone(name, -west)
	}
	dst, rest, ok := posixName(rest)
	if !ok {
		return nil
	}
	dstWest := west - 3600
	if rest != "" && rest[0] != ',' {
		if dstWest, rest, ok = posixOffset(rest); !ok {
			return nil
		}
	}
	if rest == "" {
		rest = ",M3.2.0,M11.1.0" // what PostgreSQL's library falls back to
	}
	return ruleZone(spec, name, -west, dst, -dstWest, rest)
}

// posixName cuts a zone's name: letters, anything in angle
// brackets, or none before an offset (PostgreSQL takes "+03" so).
func posixName(s string) (name, rest string, ok bool) {
	if strings.HasPrefix(s, "<") {
		return strings.Cut(s[1:], ">")
	}
	i := 0
	for i < len(s) && isAlpha(s[i]) {
		i++
	}
	nameless := i == 0 && s != "" && strings.IndexByte("+-0123456789", s[0]) >= 0
	return s[:i], s[i:], i > 0 || nameless
}

// posixOffset cuts [+-]hh[:mm[:ss]], in seconds.
func posixOffset(s string) (seconds int, rest string, ok bool) {
	sign := 1
	if s != "" && (s[0] == '+' || s[0] == '-') {
		if s[0] == '-' {
			sign = -1
		}
		s = s[1:]
	}
	unit := 3600
	for limit := 167; unit > 0; limit = 59 {
		digits, after := cutDigits(s)
		n, err := strconv.Atoi(digits)
		if err != nil || n > limit {
			return 0, s, false
		}
		seconds += n * unit
		s, unit = after, unit/60
		if !strings.HasPrefix(s, ":") {
			break
		}
		s = s[1:]
	}
	return sign * seconds, s, true
}

// ruleZone makes a zone whose daylight time follows a rule. Go reads rules only
// at the end of a zone file, so this writes the smallest one that has it.
func ruleZone(spec, std string, stdOff int, dst string, dstOff int, rule string) *time.Location {
	footer := quotedName(std) + posixText(-stdOff) + quotedName(dst) + posixText(-dstOff) + rule
	names := std + "\x00" + dst + "\x00"
	header := func(b []byte, times, types, chars uint32) []byte {
		b = append(b, "TZif2"...)
		b = append(b, make([]byte, 15)...)
		for _, n := range []uint32{0, 0, 0, times, types, chars} {
			b = binary.BigEndian.AppendUint32(b, n)
		}
		return b
	}
	zone := func(b []byte, off int, isDST, name byte) []byte {
		return append(binary.BigEndian.AppendUint32(b, uint32(int32(off))), isDST, name)
	}
	b := header(nil, 0, 1, 1)
	b = append(zone(b, stdOff, 0, 0), 0)
	b = header(b, 1, 2, uint32(len(names)))
	b = binary.BigEndian.AppendUint64(b, 1<<63) // from the beginning of time on
	b = append(b, 0)
	b = zone(zone(b, stdOff, 0, 0), dstOff, 1, byte(len(std)+1))
	b = append(b, names...)
	b = append(b, "\n"+footer+"\n"...)
	loc, err := time.LoadLocationFromTZData(spec, b)
	if err != nil {
		return nil
	}
	return loc
}

func quotedName(name string) string {
	if strings.IndexFunc(name, func(r rune) bool { return r >= 0x80 || !isAlpha(byte(r)) }) < 0 {
		return name
	}
	return "<" + name + ">"
}

func posixText(west int) string {
	sign := ""
	if west < 0 {
		sign, west = "-", -west
	}
	return sign + strconv.Itoa(west/3600) + ":" + strconv.Itoa(west/60%60) + ":" + strconv.Itoa(west%60)
}
