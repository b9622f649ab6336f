package plan

import (
	"time"

	"github.com/s3db-sql/s3db-sql/storage/objstore"
)

// Actual is what a node did in one execution: what EXPLAIN ANALYZE prints.
type Actual struct {
	Rows, Loops int64
	// Startup is the time to the first batch and Total all time, inputs included.
	Startup, Total time.Duration
	// Usage are the requests that the node itself made.
	Usage objstore.Usage
	// Listed keys and Fetched rows of a scan.
	Listed, Fetched int64
	// Memory is the peak of bytes held, Spilled the bytes written to disk.
	Memory, Spilled int64
}
