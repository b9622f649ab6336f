package exec

// AlwaysParallel makes aggregates parallel whatever their estimated size, and
// returns how to undo that.
func AlwaysParallel() (undo func()) {
	rows, share := parallelRows, parallelShare
	parallelRows, parallelShare = 0, 0
	return func() { parallelRows, parallelShare = rows, share }
}
