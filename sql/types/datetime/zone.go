package datetime

import (
	_ "embed" // the lists of names
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
	_ "time/tzdata" // zones where the system has none
)

//go:embed zones.txt
var zoneList string

// zoneNames maps zone names in lower case to their spelling.
var zoneNames = sync.OnceValue(func() map[string]string {
	names := map[string]string{}
	for _, n := range strings.Fields(zoneList) {
		names[strings.ToLower(n)] = n
	}
	return names
})

// ZoneNames returns the names of pg_timezone_names, sorted.
func ZoneNames() []string { return strings.Fields(zoneList) }

var zoneCache sync.Map // lower-case name → *time.Location; only names that exist

// LoadZone finds a zone by its name in any case ("europe/berlin"), or makes one
// of a POSIX specification ("EST5EDT", "<+03>-3", "UTC+2"); nil if it is
// neither.
func LoadZone(name string) *time.Location {
	if len(name) > 255 || name == "" {
		return nil
	}
	key := strings.TrimPrefix(strings.ToLower(name), "posix/")
	if loc, ok := zoneCache.Load(key); ok {
		return loc.(*time.Location)
	}
	spelled, known := zoneNames()[key]
	if !known {
		return parsePosix(strings.ToUpper(name))
	}
	loc, err := time.LoadLocation(spelled)
	if err != nil {
		return nil
	}
	zoneCache.Store(key, loc)
	return loc
}

// OffsetAt is the zone's offset in seconds east of Greenwich, and its
// abbreviation, at microseconds since 2000-01-01 UTC.
func OffsetAt(micros int64, loc *time.Location) (offset int, abbrev string) {
	if loc == time.UTC {
		return 0, "UTC"
	}
	abbrev, offset = unixTime(floorSeconds(micros), loc).Zone()
	return offset, abbrev
}

func unixTime(seconds int64, loc *time.Location) time.Time {
	return time.Unix(seconds+EpochSeconds, 0).In(loc)
}

// floorSeconds are whole seconds since 2000-01-01.
func floorSeconds(micros int64) int64 {
	s := micros / Second
	if micros%Second < 0 {
		s--
	}
	return s
}

// LocalOffset is the offset in seconds east of Greenwich that a zone has at
// local microseconds since 2000-01-01. Local times that a change of offset
// skips, or runs through twice, are read with the offset of standard time, as
// DetermineTimeZoneOffset does.
func LocalOffset(local int64, loc *time.Location) int {
	if loc == time.UTC {
		return 0
	}
	const day = 24 * 60 * 60
	sec := floorSeconds(local)
	before := unixTime(sec-day, loc)
	_, beforeOff := before.Zone()
	_, change := before.ZoneBounds()
	if change.IsZero() {
		return beforeOff
	}
	boundary := change.Unix() - EpochSeconds
	_, afterOff := change.Zone()
	beforeTime, afterTime := sec-int64(beforeOff), sec-int64(afterOff)
	switch {
	case beforeTime < boundary && afterTime < boundary:
		return beforeOff
	case beforeTime > boundary && afterTime >= boundary:
		return afterOff
	case beforeTime > afterTime: // clocks go forward: the time is skipped
		return beforeOff
	}
	return afterOff
}

// FixedOffset says whether a zone's offset is one and the same for all time,
// as far as its next change from a moment tells.
func FixedOffset(loc *time.Location, at time.Time) (offset int, fixed bool) {
	start, end := at.In(loc).ZoneBounds()
	_, offset = at.In(loc).Zone()
	return offset, start.IsZero() && end.IsZero()
}

//go:embed abbrevs.txt
var abbrevList string

// Abbrev is a time zone's abbreviation: an offset, or for those whose meaning
// changed over time a zone.
type Abbrev struct {
	Name   string // upper case
	Offset int    // seconds east of Greenwich
	DST    bool
	Zone   string // not empty for the changing ones
}

// Abbrevs are the abbreviations of PostgreSQL's default set, by name.
var Abbrevs = sync.OnceValue(func() []Abbrev {
	var list []Abbrev
	for line := range strings.Lines(abbrevList) {
		f := strings.Fields(line)
		a := Abbrev{Name: f[0], DST: len(f) > 2}
		var err error
		if a.Offset, err = strconv.Atoi(f[1]); err != nil {
			a.Zone = f[1]
		}
		list = append(list, a)
	}
	return list
})

// maxTokenLen is how much of a word PostgreSQL compares with its key words.
const maxTokenLen = 10

// findAbbrev finds an abbreviation given in lower case, or nil.
func findAbbrev(word string) *Abbrev {
	list := Abbrevs()
	i, found := slices.BinarySearchFunc(list, strings.ToUpper(word), func(a Abbrev, w string) int {
		return strings.Compare(a.Name, w)
	})
	if !found {
		return nil
	}
	return &list[i]
}

// LookupZone finds the zone that AT TIME ZONE and its like name: an
// abbreviation, or else what LoadZone finds. nil if there is none.
func LookupZone(name string) *Zone {
	if a := findAbbrev(name); a != nil {
		if a.Zone == "" {
			return &Zone{loc: time.FixedZone(a.Name, a.Offset)}
		}
		return &Zone{loc: LoadZone(a.Zone), abbrev: a.Name}
	}
	if loc := LoadZone(name); loc != nil {
		return &Zone{loc: loc}
	}
	return nil
}

// Zone is a time zone as users name them.
type Zone struct {
	loc    *time.Location
	abbrev string // of loc, whose offset at the time in question counts
}

// NewZone makes a Zone of a location.
func NewZone(loc *time.Location) *Zone { return &Zone{loc: loc} }

// OffsetAt is the offset east of Greenwich in seconds at UTC microseconds.
func (z *Zone) OffsetAt(micros int64) int {
	if z.abbrev != "" {
		if off, ok := abbrevOffset(floorSeconds(micros), z.abbrev, z.loc); ok {
			return off
		}
	}
	off, _ := OffsetAt(micros, z.loc)
	return off
}

// LocalOffset is the offset east of Greenwich in seconds at local microseconds.
func (z *Zone) LocalOffset(local int64) int {
	off := LocalOffset(local, z.loc)
	if z.abbrev != "" {
		if o, ok := abbrevOffset(floorSeconds(local)-int64(off), z.abbrev, z.loc); ok {
			return o
		}
	}
	return off
}

// abbrevOffset is what an abbreviation means in a zone at seconds since
// 2000-01-01: its latest use up to then, or else its first one after.
func abbrevOffset(sec int64, abbrev string, loc *time.Location) (offset int, ok bool) {
	at := unixTime(sec, loc)
	for t := at; ; {
		if name, off := t.Zone(); name == abbrev {
			return off, true
		}
		start, _ := t.ZoneBounds()
		if start.IsZero() {
			break
		}
		t = start.Add(-time.Second)
	}
	for t := at; t.Year() < 2100; {
		_, end := t.ZoneBounds()
		if end.IsZero() {
			break
		}
		t = end
		if name, off := t.Zone(); name == abbrev {
			return off, true
		}
	}
	return 0, false
}
