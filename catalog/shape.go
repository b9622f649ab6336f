package catalog

// Shape is what the planner may know of a virtual relation, all of it estimates.
// The zero value is a relation of which nothing is known.
type Shape struct {
	// Rows of the whole relation.
	Rows float64
	// Lookups find rows without listing the others.
	Lookups []LookupShape
}

// LookupShape is a set of columns by whose values rows are found.
type LookupShape struct {
	By []int16
	// Each is how many rows one key finds, Work how many are looked at beside them.
	Each, Work float64
}

// Lookup returns the first look-up all of whose columns are given.
func (s Shape) Lookup(given func(num int16) bool) (LookupShape, bool) {
	for _, l := range s.Lookups {
		if l.within(given) {
			return l, true
		}
	}
	return LookupShape{}, false
}

func (l LookupShape) within(given func(num int16) bool) bool {
	for _, num := range l.By {
		if !given(num) {
			return false
		}
	}
	return true
}
