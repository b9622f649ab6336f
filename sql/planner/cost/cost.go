package cost

import (
	"math"

	"github.com/s3db-sql/s3db-sql/sql/plan"
	"github.com/s3db-sql/s3db-sql/storage"
)

// The unit of Cost.Total is the millisecond of a warm in-region client. Prices
// enter by a rate of exchange: what a user would rather wait than pay.
const (
	// DefaultRoundTrip is an S3 request's latency in ms where it was not measured
	// (in-region GET/HEAD 10–40 ms).
	DefaultRoundTrip = 20.0
	// FanOut is the number of requests that a scan keeps in flight.
	FanOut = 64.0
	// MillisPerDollar: a GET ($0.0000004) is worth 0.02 ms, a LIST or PUT
	// ($0.000005) 0.25 ms.
	MillisPerDollar = 50_000.0
	// BytesPerMilli is the transfer speed of one client, 100 MB/s.
	BytesPerMilli = 100_000.0
	// RowsPerMilli is how many rows one simple operator handles (measured: tens of
	// millions a second for kernels, a few for hashing).
	RowsPerMilli = 5_000.0
	// FirstOfMany is the part that a statement pays of a long scan whose columns stay
	// in memory: others are to come.
	FirstOfMany = 0.25
	// DefaultRows is assumed of a table of unknown size.
	DefaultRows = 1_000.0
	// DefaultRowBytes is a row of a few columns in metadata.
	DefaultRowBytes = 300.0
)

// Prices per request in dollars (storage/objstore has the bill's table; these
// are its two classes).
const (
	readPrice  = 0.0004 / 1000 // GET, HEAD
	writePrice = 0.005 / 1000  // PUT, LIST
)

// Fold turns the vector into Total.
func Fold(c *plan.Cost, roundTripMillis float64) {
	dollars := (c.Head+c.Get)*readPrice + (c.List+c.Put)*writePrice
	c.Total = c.Waves*roundTripMillis + dollars*MillisPerDollar + c.Bytes/BytesPerMilli + c.CPU/RowsPerMilli
}

// Add returns a + b, done one after the other.
func Add(a, b plan.Cost) plan.Cost {
	return plan.Cost{
		Head: a.Head + b.Head, Get: a.Get + b.Get, List: a.List + b.List, Put: a.Put + b.Put, Delete: a.Delete + b.Delete,
		Bytes: a.Bytes + b.Bytes, Waves: a.Waves + b.Waves, CPU: a.CPU + b.CPU,
		Startup: a.Startup + b.Startup, Total: a.Total + b.Total,
	}
}

// KeptScan is what a row costs that a scan takes from memory, where a row of another
// operator is 1: next to nothing, and a kernel for each condition.
func KeptScan(filter plan.Expr) float64 { return 0.02 + 0.1*float64(len(plan.Conjuncts(filter))) }

// Rows of a table: its statistics or the default.
func Rows(s storage.Stats) float64 {
	if s.Rows < 0 {
		return DefaultRows
	}
	return math.Max(s.Rows, 1)
}

// RoundTrip in milliseconds.
func RoundTrip(s storage.Stats) float64 {
	if s.RoundTrip <= 0 {
		return DefaultRoundTrip
	}
	return s.RoundTrip * 1000
}

// Fetch is the cost of reading rows one by one, FanOut at a time.
func Fetch(rows float64, s storage.Stats) plan.Cost {
	return plan.Cost{Get: rows, Waves: math.Ceil(rows / FanOut), Bytes: rows * rowBytes(s), CPU: rows}
}

// List is the cost of listing keys; pages of one listing depend on each other.
func List(keys float64, s storage.Stats) plan.Cost {
	pages := math.Max(1, math.Ceil(keys/PageRows(s)))
	return plan.Cost{List: pages, Waves: pages, Bytes: keys * keyBytes, CPU: keys}
}

// keyBytes is what one key takes in a LIST answer's XML.
const keyBytes = 250

// PageRows is how many keys one request lists.
func PageRows(s storage.Stats) float64 {
	if s.ListPage <= 0 {
		return 1000
	}
	return float64(s.ListPage)
}

func rowBytes(s storage.Stats) float64 {
	if s.RowBytes <= 0 {
		return DefaultRowBytes
	}
	return s.RowBytes
}
