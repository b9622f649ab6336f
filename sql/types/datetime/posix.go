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
	if !isPosixRule(rest) {
		return nil
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

// isPosixRule says whether s is ,date[/time],date[/time] to its end. Go takes a zone
// file whose rule it can't read as one without a rule.
func isPosixRule(s string) bool {
	for range 2 {
		rest, ok := strings.CutPrefix(s, ",")
		if !ok {
			return false
		}
		if s, ok = posixDate(rest); !ok {
			return false
		}
		if at, timed := strings.CutPrefix(s, "/"); timed {
			if _, s, ok = posixOffset(at); !ok {
				return false
			}
		}
	}
	return s == ""
}

// posixDate cuts the day of a change: Jn, n or Mm.w.d.
func posixDate(s string) (rest string, ok bool) {
	if after, month := strings.CutPrefix(s, "M"); month {
		for i, most := range []int{12, 5, 6} {
			if i > 0 {
				if after, ok = strings.CutPrefix(after, "."); !ok {
					return s, false
				}
			}
			if after, ok = posixNumber(after, min(1, 2-i), most); !ok {
				return s, false
			}
		}
		return after, true
	}
	if after, julian := strings.CutPrefix(s, "J"); julian {
		return posixNumber(after, 1, 365)
	}
	return posixNumber(s, 0, 365)
}

func posixNumber(s string, least, most int) (rest string, ok bool) {
	digits, rest := cutDigits(s)
	n, err := strconv.Atoi(digits)
	return rest, err == nil && n >= least && n <= most
}

// ruleZone makes a zone whose daylight time follows a rule. Go reads rules only
// at the end of a zone file, so this writes the smallest one that has it.
func ruleZone(spec, std string, stdOff int, dst string, dstOff int, rule string) *time.Location {
	footer := "<" + std + ">" + posixText(-stdOff) + "<" + dst + ">" + posixText(-dstOff) + rule // in brackets a name may be shorter than three letters
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

func posixText(west int) string {
	sign := ""
	if west < 0 {
		sign, west = "-", -west
	}
	return sign + strconv.Itoa(west/3600) + ":" + strconv.Itoa(west/60%60) + ":" + strconv.Itoa(west%60)
}
