package settings

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

func checkTimeZone(value string) (string, error) {
	name, _, err := Zone(value)
	return name, err
}

// Zone resolves a value of TimeZone: a name of the zone database in any case, a
// POSIX specification, LOCAL and DEFAULT, or an offset in hours east of UTC
// ("-3", "5.5"). It returns the canonical name, which it resolves again.
func Zone(value string) (string, *time.Location, error) {
	v := strings.Trim(strings.TrimSpace(value), "'")
	switch strings.ToLower(v) {
	case "utc", "", "default", "local", "zulu", "z":
		return "UTC", time.UTC, nil
	}
	if hours, err := strconv.ParseFloat(v, 64); err == nil && hours > -168 && hours < 168 {
		v = offsetName(hours)
	}
	loc, err := types.LoadZone(v)
	if err != nil {
		return "", nil, pgerr.New(pgerr.InvalidParameterValue, "invalid value for parameter \"TimeZone\": \"%s\"", value)
	}
	if again, err := types.LoadZone(loc.String()); err == nil && again == loc {
		return loc.String(), loc, nil
	}
	return strings.ToUpper(v), loc, nil // a POSIX specification
}

// offsetName is PostgreSQL's name for an offset: POSIX, with the sign turned.
func offsetName(hours float64) string {
	seconds := int(hours * 3600)
	sign, posix, abs := '+', "-", seconds
	if seconds < 0 {
		sign, posix, abs = '-', "+", -seconds
	}
	text := fmt.Sprintf("%c%02d", sign, abs/3600)
	if m := abs / 60 % 60; m != 0 {
		text += fmt.Sprintf(":%02d", m)
	}
	return fmt.Sprintf("<%s>%s%s", text, posix, text[1:])
}
