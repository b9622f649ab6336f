package s3db

import "github.com/s3db-sql/s3db-sql/internal/rng"

// A stamp is 64 random bits at the end of a row's body, written as 32 white
// space characters, two bits each (storage.md section 2): s3db.js does not see
// it, and the ETag changes with every write.

// StampLen is the length of a stamp in bytes.
const StampLen = 32

const stampChars = " \t\n\r"

// The stamp of a row that a transaction writes together with others is no chance
// (storage/rows, ADR 15): ten bits that no other stamp has, the transaction's tag, and
// the step of the transaction, so that no two writes of a row have the same.
const (
	tagMark   = 0x2d7
	stepBits  = 8
	TagBits   = 46
	markShift = TagBits + stepBits
)

// NewStamp returns a random stamp that has no tag.
func NewStamp(src rng.Source) uint64 {
	for {
		if s := src.Uint64(); s>>markShift != tagMark {
			return s
		}
	}
}

// TagStamp is the stamp of a write under a tag.
func TagStamp(tag uint64, step uint8) uint64 {
	return tagMark<<markShift | tag<<stepBits | uint64(step)
}

// TagOf is the tag of a stamp; ok is false for one that has none.
func TagOf(stamp uint64) (tag uint64, ok bool) {
	return stamp >> stepBits & (1<<TagBits - 1), stamp>>markShift == tagMark
}

// AppendStamp ends a body with a stamp.
func AppendStamp(body []byte, stamp uint64) []byte {
	for shift := 62; shift >= 0; shift -= 2 {
		body = append(body, stampChars[stamp>>shift&3])
	}
	return body
}

// SplitStamp takes the stamp off a body. Bodies that end in fewer than 32
// characters of white space have none.
func SplitStamp(body []byte) (rest []byte, stamp uint64, ok bool) {
	n := len(body) - StampLen
	if n < 0 {
		return body, 0, false
	}
	for _, c := range body[n:] {
		bits := stampBits(c)
		if bits > 3 {
			return body, 0, false
		}
		stamp = stamp<<2 | bits
	}
	return body[:n], stamp, true
}

// stampBits is 4 for a character that is in no stamp.
func stampBits(c byte) uint64 {
	switch c {
	case ' ':
		return 0
	case '\t':
		return 1
	case '\n':
		return 2
	case '\r':
		return 3
	}
	return 4
}
