package settings

import (
	"fmt"
	"strconv"
	"strings"
	"time"
	_ "time/tzdata" // zone names must not depend on the machine

	"github.com/s3db-sql/s3db-sql/pgerr"
)

func checkTimeZone(value string) (string, error) {
	name, _, err := Zone(value)
	return name, err
}

// Zone resolves a value of TimeZone: a name of the zone database in any case,
// LOCAL and DEFAULT, or an offset in hours east of UTC ("-3", "5.5"). It returns
// the canonical name.
func Zone(value string) (string, *time.Location, error) {
	v := strings.Trim(strings.TrimSpace(value), "'")
	switch strings.ToLower(v) {
	case "utc", "", "default", "local", "zulu", "z":
		return "UTC", time.UTC, nil
	}
	if hours, err := strconv.ParseFloat(v, 64); err == nil && hours > -168 && hours < 168 {
		return fixedZone(hours)
	}
	if loc, err := time.LoadLocation(v); err == nil && !strings.Contains(v, "..") {
		return v, loc, nil
	}
	if name := canonicalZone(v); name != "" {
		loc, err := time.LoadLocation(name)
		if err == nil {
			return name, loc, nil
		}
	}
	return "", nil, pgerr.New(pgerr.InvalidParameterValue, "invalid value for parameter \"TimeZone\": \"%s\"", value)
}

// canonicalZone finds a zone's spelling: each word capitalised as the zone
// database does.
func canonicalZone(v string) string {
	up := strings.ToUpper(v)
	for _, try := range []string{up, title(v)} {
		if _, err := time.LoadLocation(try); err == nil {
			return try
		}
	}
	return ""
}

func title(v string) string {
	b := []byte(strings.ToLower(v))
	start := true
	for i, c := range b {
		if start && c >= 'a' && c <= 'z' {
			b[i] = c - 'a' + 'A'
		}
		start = c == '/' || c == '_' || c == '-'
	}
	return string(b)
}

// fixedZone is PostgreSQL's name for an offset: POSIX, with the sign turned.
func fixedZone(hours float64) (string, *time.Location, error) {
	seconds := int(hours * 3600)
	sign, abs := '+', seconds
	if seconds < 0 {
		sign, abs = '-', -seconds
	}
	text := fmt.Sprintf("%c%02d", sign, abs/3600)
	if m := abs / 60 % 60; m != 0 {
		text += fmt.Sprintf(":%02d", m)
	}
	posix := "-"
	if seconds < 0 {
		posix = "+"
	}
	name := fmt.Sprintf("<%s>%s%s", text, posix, text[1:])
	return name, time.FixedZone(text, seconds), nil
}
