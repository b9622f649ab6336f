package datetime

// QuickDate reads YYYY-MM-DD, the form that nearly all dates have; ok is false
// for every other text and for dates that do not exist.
func QuickDate(s string) (days int, ok bool) {
	if len(s) != 10 {
		return 0, false
	}
	return quickDate(s)
}

func quickDate(s string) (days int, ok bool) {
	if s[4] != '-' || s[7] != '-' {
		return 0, false
	}
	century, ok1 := two(s)
	yy, ok2 := two(s[2:])
	month, ok3 := two(s[5:])
	day, ok4 := two(s[8:])
	year := century*100 + yy
	if !(ok1 && ok2 && ok3 && ok4) || year == 0 || month < 1 || month > 12 || day < 1 || day > DaysInMonth(year, month) {
		return 0, false
	}
	return DaysOf(year, month, day), true
}

// two reads two digits.
func two(s string) (int, bool) {
	a, b := s[0]-'0', s[1]-'0'
	return int(a)*10 + int(b), a < 10 && b < 10
}

// QuickTimestamp reads YYYY-MM-DD[(T| )HH:MM:SS[.ffffff][Z|±HH[:MM]]]: the
// local microseconds since 2000-01-01, and the offset in seconds if zoned. ok
// is false for every other text.
func QuickTimestamp(s string) (local int64, offset int, zoned, ok bool) {
	if len(s) < 10 {
		return 0, 0, false, false
	}
	days, ok := quickDate(s)
	if !ok {
		return 0, 0, false, false
	}
	local = int64(days) * Day
	if len(s) == 10 {
		return local, 0, false, true
	}
	clock, rest, ok := quickTime(s[10:])
	if !ok {
		return 0, 0, false, false
	}
	if rest != "" {
		offset, ok = quickZone(rest)
		zoned = true
	}
	return local + clock, offset, zoned, ok
}

// quickTime reads (T| )HH:MM:SS[.ffffff].
func quickTime(s string) (micros int64, rest string, ok bool) {
	if len(s) < 9 || s[0] != ' ' && s[0] != 'T' || s[3] != ':' || s[6] != ':' {
		return 0, "", false
	}
	hour, ok1 := two(s[1:])
	minute, ok2 := two(s[4:])
	second, ok3 := two(s[7:])
	if !(ok1 && ok2 && ok3) || hour > 23 || minute > 59 || second > 59 {
		return 0, "", false
	}
	micros = int64(hour)*Hour + int64(minute)*Minute + int64(second)*Second
	rest = s[9:]
	if rest == "" || rest[0] != '.' {
		return micros, rest, true
	}
	digits, rest := cutDigits(rest[1:])
	if digits == "" || len(digits) > 6 {
		return 0, "", false
	}
	unit := Second
	for i := range len(digits) {
		unit /= 10
		micros += int64(digits[i]-'0') * unit
	}
	return micros, rest, true
}

// quickZone reads Z, ±HH or ±HH:MM.
func quickZone(s string) (offset int, ok bool) {
	if s == "Z" {
		return 0, true
	}
	if len(s) != 3 && len(s) != 6 || s[0] != '+' && s[0] != '-' {
		return 0, false
	}
	hour, ok := two(s[1:])
	minute := 0
	if len(s) == 6 && ok {
		minute, ok = two(s[4:])
		ok = ok && s[3] == ':'
	}
	if !ok || hour > 15 || minute > 59 {
		return 0, false
	}
	offset = hour*3600 + minute*60
	if s[0] == '-' {
		offset = -offset
	}
	return offset, true
}
