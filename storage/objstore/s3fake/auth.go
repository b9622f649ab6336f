package s3fake

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

// authenticate checks Signature Version 4 ("Authenticating Requests: Using the
// Authorization Header", Amazon S3 API Reference). Status 0: it is right.
func (s *Server) authenticate(r *request) (status int, code, message string) {
	deny := func(code, message string) (int, string, string) { return http.StatusForbidden, code, message }
	auth, ok := parseAuthorization(r.Header.Get("Authorization"))
	if !ok {
		return deny("AccessDenied", "Access Denied")
	}
	if auth.accessKey != AccessKey {
		return deny("InvalidAccessKeyId", "The AWS Access Key Id you provided does not exist in our records.")
	}
	date, err := time.Parse("20060102T150405Z", r.Header.Get("X-Amz-Date"))
	if err != nil || auth.scope != date.Format("20060102")+"/"+Region+"/s3/aws4_request" {
		return http.StatusBadRequest, "AuthorizationHeaderMalformed", "the scope is wrong"
	}
	if age := s.clock.Now().Sub(date); age > 15*time.Minute || age < -15*time.Minute {
		return deny("RequestTimeTooSkewed", "The difference between the request time and the current time is too large.")
	}
	for name := range r.Header {
		if lower := strings.ToLower(name); strings.HasPrefix(lower, "x-amz-") && !slices.Contains(auth.signed, lower) {
			return deny("AccessDenied", "There were headers present in the request which were not signed")
		}
	}
	if want := signature(r, auth, date); !hmac.Equal([]byte(want), []byte(auth.signature)) {
		return deny("SignatureDoesNotMatch", "The request signature we calculated does not match the signature you provided.")
	}
	sum := sha256.Sum256(r.body)
	if r.Header.Get("X-Amz-Content-Sha256") != hex.EncodeToString(sum[:]) {
		return http.StatusBadRequest, "XAmzContentSHA256Mismatch", "The provided 'x-amz-content-sha256' header does not match."
	}
	return 0, "", ""
}

type authorization struct {
	accessKey, scope, signature string
	signed                      []string
}

func parseAuthorization(h string) (a authorization, ok bool) {
	rest, ok := strings.CutPrefix(h, "AWS4-HMAC-SHA256 ")
	if !ok {
		return a, false
	}
	for part := range strings.SplitSeq(rest, ",") {
		name, value, _ := strings.Cut(strings.TrimSpace(part), "=")
		switch name {
		case "Credential":
			a.accessKey, a.scope, _ = strings.Cut(value, "/")
		case "SignedHeaders":
			a.signed = strings.Split(value, ";")
		case "Signature":
			a.signature = value
		}
	}
	return a, a.signature != "" && slices.Contains(a.signed, "host")
}

func signature(r *request, a authorization, date time.Time) string {
	sum := sha256.Sum256([]byte(canonicalRequest(r, a.signed)))
	toSign := "AWS4-HMAC-SHA256\n" + date.Format("20060102T150405Z") + "\n" + a.scope + "\n" + hex.EncodeToString(sum[:])
	key := []byte("AWS4" + SecretKey)
	for part := range strings.SplitSeq(a.scope, "/") {
		key = mac(key, part)
	}
	return hex.EncodeToString(mac(key, toSign))
}

func mac(key []byte, text string) []byte {
	h := hmac.New(sha256.New, key)
	h.Write([]byte(text))
	return h.Sum(nil)
}

func canonicalRequest(r *request, signed []string) string {
	path, rawQuery, _ := strings.Cut(r.RequestURI, "?")
	var b strings.Builder
	b.WriteString(r.Method + "\n" + path + "\n" + canonicalQuery(rawQuery) + "\n")
	for _, name := range signed {
		value := strings.Join(r.Header.Values(name), ",")
		switch name {
		case "host":
			value = r.Host
		case "content-length":
			value = strconv.FormatInt(r.ContentLength, 10)
		}
		b.WriteString(name + ":" + strings.Join(strings.Fields(value), " ") + "\n")
	}
	b.WriteString("\n" + strings.Join(signed, ";") + "\n" + r.Header.Get("X-Amz-Content-Sha256"))
	return b.String()
}

func canonicalQuery(raw string) string {
	if raw == "" {
		return ""
	}
	pairs := strings.Split(raw, "&")
	for i, pair := range pairs {
		name, value, _ := strings.Cut(pair, "=")
		pairs[i] = reencode(name) + "=" + reencode(value)
	}
	slices.Sort(pairs)
	return strings.Join(pairs, "&")
}

func reencode(s string) string {
	decoded, err := url.PathUnescape(s)
	if err != nil {
		return s
	}
	return strings.ReplaceAll(url.QueryEscape(decoded), "+", "%20")
}
