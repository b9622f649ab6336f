package s3db

// Limits of keys (s3-servers.md, key layout): what every server takes.
const (
	// maxSegment is the most bytes between two slashes of a key.
	maxSegment = 255
)
