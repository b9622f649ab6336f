// Package datetime is the calendar behind PostgreSQL's date and time types:
// the proleptic Gregorian calendar, time zones, the reading of every form of
// input that PostgreSQL 15 reads (datetime.c) and its output styles.
//
// It works on plain numbers (days and microseconds since 2000-01-01, fields of
// a civil date) and knows nothing of the type registry or of sessions: what it
// needs of one comes in a Config. It never reads the clock.
package datetime
