package storage

// Counts is what a server has done with a table since it started.
type Counts struct {
	// Scans read all rows, or list them; Lookups go by keys or an index.
	Scans, Lookups int64
	// Inserted, Updated and Deleted rows, those of transactions that failed later
	// included.
	Inserted, Updated, Deleted int64
}
