package datetime

import "time"

// Order is the order of the fields of a date in digits: DateStyle's second
// half.
type Order uint8

// The orders.
const (
	MDY Order = iota
	DMY
	YMD
)

// Config is what reading an input depends on.
type Config struct {
	Order Order
	// Now is the transaction's start, for now, today and the like.
	Now time.Time
	// Loc is the session's time zone, never nil.
	Loc *time.Location
}

// Kind tells finite inputs from the special ones.
type Kind uint8

// The kinds.
const (
	Finite Kind = iota
	Epoch
	Late  // infinity
	Early // -infinity
)

// Moment is an input that was read.
type Moment struct {
	Civil
	Kind Kind
	// Offset is the zone's, in seconds east of Greenwich.
	Offset int
}
