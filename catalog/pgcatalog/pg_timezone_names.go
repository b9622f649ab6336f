package pgcatalog

import (
	"strings"
	"time"

	"github.com/s3db-sql/s3db-sql/catalog/virtual"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

func init() { registry.Declare(pgTimezoneNames) }

// zone is a time zone at one moment.
type zone struct {
	name string
	at   time.Time
}

var pgTimezoneNames = virtual.Rel[zone]{
	Of:   "pg_timezone_names",
	Size: virtual.Size{Fixed: 600},
	Rows: func(v View, yield func(zone)) { zones(v.Now(), yield) },
	Columns: virtual.Columns[zone]{
		"name":       func(z zone) any { return z.name },
		"abbrev":     func(z zone) any { return z.abbreviation() },
		"utc_offset": func(z zone) any { return z.offset() },
		"is_dst":     func(z zone) any { return z.at.IsDST() },
	},
	Lookups: []virtual.Lookup[zone]{
		{By: []string{"name"}, Find: func(v View, keys []any, yield func(zone)) {
			name := keys[0].(string)
			for known := range strings.Lines(timezonesText) {
				if strings.TrimSuffix(known, "\n") == name {
					zoneAt(name, v.Now(), yield)
				}
			}
		}},
	},
}

func zones(now time.Time, yield func(zone)) {
	for line := range strings.Lines(timezonesText) {
		zoneAt(strings.TrimSuffix(line, "\n"), now, yield)
	}
}

// zoneAt yields the zone unless the zone database that the program carries does
// not have it.
func zoneAt(name string, now time.Time, yield func(zone)) {
	if loc, err := time.LoadLocation(name); err == nil {
		yield(zone{name, now.In(loc)})
	}
}

func (z zone) abbreviation() string {
	name, _ := z.at.Zone()
	return name
}

func (z zone) offset() types.Interval {
	_, seconds := z.at.Zone()
	return types.Interval{Micros: int64(seconds) * 1_000_000}
}
