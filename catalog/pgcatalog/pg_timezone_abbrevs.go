package pgcatalog

import (
	"github.com/s3db-sql/s3db-sql/catalog/virtual"
	"github.com/s3db-sql/s3db-sql/sql/types"
	"github.com/s3db-sql/s3db-sql/sql/types/datetime"
)

func init() { registry.Declare(pgTimezoneAbbrevs) }

// zoneAbbrev is what an abbreviation means at the statement's time.
type zoneAbbrev struct {
	name   string
	offset int // seconds east of Greenwich
	dst    bool
}

var pgTimezoneAbbrevs = virtual.Rel[zoneAbbrev]{
	Of:   "pg_timezone_abbrevs",
	Size: virtual.Size{Fixed: 195},
	Rows: func(v View, yield func(zoneAbbrev)) {
		for _, a := range datetime.Abbrevs() {
			row := zoneAbbrev{a.Name, a.Offset, a.DST}
			if a.Zone != "" {
				zoneAt(a.Zone, v.Now(), func(z zone) {
					_, row.offset = z.at.Zone()
					row.dst = z.at.IsDST()
				})
			}
			yield(row)
		}
	},
	Columns: virtual.Columns[zoneAbbrev]{
		"abbrev":     func(a zoneAbbrev) any { return a.name },
		"utc_offset": func(a zoneAbbrev) any { return types.Interval{Micros: int64(a.offset) * 1_000_000} },
		"is_dst":     func(a zoneAbbrev) any { return a.dst },
	},
}
