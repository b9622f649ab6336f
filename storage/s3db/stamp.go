package s3db

import "github.com/s3db-sql/s3db-sql/internal/rng"

// A stamp is 64 random bits at the end of a row's body, written as 32 white
// space characters, two bits each (storage.md section 2): s3db.js does not see
// it, and the ETag changes with every write.

// StampLen is the length of a stamp in bytes.
const StampLen = 32

const stampChars = " \t\n\r"

// NewStamp returns a random stamp.
func NewStamp(src rng.Source) uint64 { return src.Uint64() }

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
