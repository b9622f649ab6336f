package s3

import (
	"mime"
	"net/http"
	"strings"

	"github.com/s3db-sql/s3db-sql/storage/objstore"
)

// metaPrefix is x-amz-meta- as Go writes header names.
const metaPrefix = "X-Amz-Meta-"

func putHeader(req objstore.PutRequest, unquoted bool) http.Header {
	h := make(http.Header, len(req.Metadata)+6)
	for name, value := range req.Metadata {
		h[metaPrefix+name] = []string{value}
	}
	if req.ContentType != "" {
		h["Content-Type"] = []string{req.ContentType}
	}
	if req.IfNoneMatch {
		h["If-None-Match"] = []string{"*"}
	}
	if req.IfMatch != "" {
		h["If-Match"] = []string{ifMatch(req.IfMatch, unquoted)}
	}
	return h
}

// ifMatch is the ETag as the server compares it: radosgw wants it without its
// quotes (s3-servers.md section 2).
func ifMatch(etag string, unquoted bool) string {
	if unquoted {
		return strings.Trim(etag, `"`)
	}
	return etag
}

// quoted is an ETag in quotes, which some servers leave out.
func quoted(etag string) string {
	if etag == "" || etag[0] == '"' {
		return etag
	}
	return `"` + etag + `"`
}

// readMetadata takes the user metadata out of an answer's headers.
func readMetadata(h http.Header) objstore.Metadata {
	md := make(objstore.Metadata, 8)
	for name, values := range h {
		if len(name) > len(metaPrefix) && name[:len(metaPrefix)] == metaPrefix {
			md[strings.ToLower(name[len(metaPrefix):])] = decodeValue(strings.Join(values, ","))
		}
	}
	return md
}

// decodeValue undoes RFC 2047, in which AWS and MinIO answer values that another
// writer sent as raw UTF-8. None of ours begins like that (objstore.CheckMetadata).
func decodeValue(v string) string {
	if !strings.HasPrefix(v, "=?") {
		return v
	}
	decoded, err := new(mime.WordDecoder).DecodeHeader(v)
	if err != nil {
		return v
	}
	return decoded
}
