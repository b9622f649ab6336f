package datetime

// finishDate checks a date with time as a whole and finds its offset.
func (d *decoder) finishDate() fault {
	if f := d.validDate(); f != fine {
		return f
	}
	if f := d.applyMeridian(); f != fine {
		return f
	}
	if d.have&dateFields != dateFields {
		return badFormat
	}
	return d.findOffset(d.m.Civil)
}

// finishTime checks a time of day as a whole and finds its offset.
func (d *decoder) finishTime() fault {
	if f := d.validDate(); f != fine {
		return f
	}
	if f := d.applyMeridian(); f != fine {
		return f
	}
	if d.m.clockOverflows() {
		return fieldOverflow
	}
	if d.have&timeFields != timeFields {
		return badFormat
	}
	hasDate := d.have&dateFields == dateFields
	if d.named != nil && !hasDate {
		if d.have&hasDST != 0 {
			return badFormat
		}
		offset, fixed := FixedOffset(d.named, d.cfg.Now)
		if !fixed {
			return badFormat // its offset depends on the date
		}
		d.m.Offset = offset
		return fine
	}
	at := d.m.Civil
	switch {
	case d.have&dateFields == 0:
		year, month, day := d.cfg.Now.In(d.cfg.Loc).Date()
		at.Year, at.Month, at.Day = year, int(month), day
	case !hasDate && (d.abbrev != nil || d.have&hasZone == 0):
		return badFormat
	}
	return d.findOffset(at)
}

// findOffset resolves the zone, now that the date is known.
func (d *decoder) findOffset(at Civil) fault {
	local := int64(at.Days())*Day + at.TimeMicros()
	switch {
	case d.named == nil && d.abbrev == nil && d.have&hasZone != 0:
		return fine
	case d.have&hasDST != 0:
		return badFormat
	case d.named != nil:
		d.m.Offset = LocalOffset(local, d.named)
	case d.abbrev != nil:
		z := Zone{loc: LoadZone(d.abbrev.Zone), abbrev: d.abbrev.Name}
		d.m.Offset = z.LocalOffset(local)
	default:
		d.m.Offset = LocalOffset(local, d.cfg.Loc)
	}
	return fine
}

// validDate is ValidateDate: settles the year, and checks month and day.
func (d *decoder) validDate() fault {
	if d.have&hasYear != 0 {
		if f := d.settleYear(); f != fine {
			return f
		}
	}
	if d.have&hasDayOfYear != 0 {
		d.m.Year, d.m.Month, d.m.Day = DateOf(DaysOf(d.m.Year, 1, 1) + d.dayOfYear - 1)
	}
	if d.have&hasMonth != 0 && (d.m.Month < 1 || d.m.Month > 12) {
		return monthDayOverflow
	}
	if d.have&hasDay != 0 && (d.m.Day < 1 || d.m.Day > 31) {
		return monthDayOverflow
	}
	if d.have&dateFields == dateFields && d.m.Day > DaysInMonth(d.m.Year, d.m.Month) {
		return fieldOverflow
	}
	return fine
}

// settleYear applies BC and the century of two-digit years. There is no year 0.
func (d *decoder) settleYear() fault {
	switch {
	case d.julian:
		return fine
	case d.bc && d.m.Year > 0:
		d.m.Year = 1 - d.m.Year
		return fine
	case !d.bc && d.twoDigits && d.m.Year < 70:
		d.m.Year += 2000
	case !d.bc && d.twoDigits && d.m.Year < 100:
		d.m.Year += 1900
	}
	if d.m.Year <= 0 {
		return fieldOverflow
	}
	return fine
}

func (d *decoder) applyMeridian() fault {
	switch {
	case d.meridian == hour24:
		return fine
	case d.m.Hour > 12:
		return fieldOverflow
	case d.meridian == am && d.m.Hour == 12:
		d.m.Hour = 0
	case d.meridian == pm && d.m.Hour != 12:
		d.m.Hour += 12
	}
	return fine
}
