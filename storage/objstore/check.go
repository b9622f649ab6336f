package objstore

import (
	"context"
	"crypto/md5"
	"encoding/hex"
	"strings"
	"unicode/utf8"
)

// Limits of S3 that every store keeps, so that data can move between them
// (AWS, "Creating object key names" and "Working with object metadata").
const (
	// MaxKey is the most bytes of a key.
	MaxKey = 1024
	// MaxMetadata is the most bytes of user metadata, names and values.
	MaxMetadata = 2048
	// MetadataPrefix is the length of "x-amz-meta-", which some servers (MinIO)
	// count for each pair.
	MetadataPrefix = len("x-amz-meta-")
	// MaxListBody is the largest body that List yields in Bodies.
	MaxListBody = 1 << 20
	// MaxListBytes bounds the bodies of one page: a page ends early rather than
	// hold more.
	MaxListBytes = 8 << 20
)

// CheckKey refuses keys that some S3 server refuses, rewrites or hides: empty
// ones, more than MaxKey bytes, not UTF-8, or with an empty, "." or ".." segment
// (a leading or trailing slash makes an empty one). A PUT of a new object
// refuses control characters too: but for NUL, what others have written so can be read,
// replaced and deleted.
func CheckKey(op, key string) error {
	if len(key) > MaxKey {
		return Errorf(TooLarge, op, strings.ToValidUTF8(key[:64], "")+"…", "the key has %d bytes; %d are allowed", len(key), MaxKey)
	}
	if !utf8.ValidString(key) {
		return Errorf(Invalid, op, strings.ToValidUTF8(key, "\uFFFD"), "the key is not valid UTF-8")
	}
	if strings.IndexByte(key, 0) >= 0 || op == "PUT" && HasControl(key) {
		return Errorf(Invalid, op, key, "the key has a control character")
	}
	for rest, more := key, true; more; {
		var segment string
		segment, rest, more = strings.Cut(rest, "/")
		if segment == "" || segment == "." || segment == ".." {
			return Errorf(Invalid, op, key, "the key has an empty, . or .. segment")
		}
	}
	return nil
}

// HasControl tells keys that an XML document can't be trusted with.
func HasControl(key string) bool { return strings.ContainsFunc(key, isControl) }

func isControl(r rune) bool { return r < 0x20 || r == 0x7f }

// CheckMetadata refuses metadata that would not come back as it was sent:
// names other than [a-z0-9_-]+, values that are not printable ASCII, have a
// space at either end or look like an RFC 2047 encoded word; and more than
// limit bytes, where each pair costs its name, its value and overhead.
func CheckMetadata(op, key string, md Metadata, limit, overhead int) error {
	for name, value := range md {
		if !validName(name) {
			return Errorf(Invalid, op, key, "metadata name %q: only a-z, 0-9, _ and - are allowed", name)
		}
		if !validValue(value) {
			return Errorf(Invalid, op, key, "metadata %q: the value must be printable ASCII "+
				"without a space at either end, and must not begin with =?", name)
		}
	}
	if n := MetadataSize(md, overhead); n > limit {
		return Errorf(TooLarge, op, key, "the metadata has %d bytes; %d are allowed", n, limit)
	}
	return nil
}

// MetadataSize is what md counts towards a limit: names, values, and overhead
// bytes for each pair.
func MetadataSize(md Metadata, overhead int) int {
	n := 0
	for name, value := range md {
		n += overhead + len(name) + len(value)
	}
	return n
}

func validName(s string) bool {
	for i := 0; i < len(s); i++ {
		c := s[i]
		if !('a' <= c && c <= 'z' || '0' <= c && c <= '9' || c == '_' || c == '-') {
			return false
		}
	}
	return s != ""
}

func validValue(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] < ' ' || s[i] > '~' {
			return false
		}
	}
	return s == "" || s[0] != ' ' && s[len(s)-1] != ' ' && !strings.HasPrefix(s, "=?")
}

// Check refuses a request that no store takes: both conditions at once, a
// stream without a size, and what CheckKey and CheckMetadata refuse.
func (r *PutRequest) Check(key string, limit, overhead int) error {
	op := "PUT"
	if r.IfMatch != "" {
		op = "REPLACE"
	}
	if err := CheckKey(op, key); err != nil {
		return err
	}
	if r.IfNoneMatch && r.IfMatch != "" {
		return Errorf(Invalid, "PUT", key, "If-None-Match and If-Match exclude each other")
	}
	if r.Stream != nil && (r.Body != nil || r.Size < 0) {
		return Errorf(Invalid, "PUT", key, "a stream needs its size, and excludes a body")
	}
	return CheckMetadata("PUT", key, r.Metadata, limit, overhead)
}

// Len is the size of the body in bytes.
func (r *PutRequest) Len() int64 {
	if r.Stream != nil {
		return r.Size
	}
	return int64(len(r.Body))
}

// ETagOf is S3's ETag of a plain PUT: the quoted MD5 of the body.
func ETagOf(body []byte) string {
	sum := md5.Sum(body)
	return QuoteETag(sum[:])
}

// QuoteETag is a finished MD5 as S3 writes it.
func QuoteETag(sum []byte) string { return `"` + hex.EncodeToString(sum) + `"` }

// CtxError is nil while ctx lives; afterwards a Cancelled error, whether it was
// cancelled or its deadline passed.
func CtxError(ctx context.Context, op, key string) error {
	err := ctx.Err()
	if err == nil {
		return nil
	}
	return &Error{Kind: Cancelled, Op: op, Key: key, Msg: err.Error(), Err: context.Cause(ctx)}
}
