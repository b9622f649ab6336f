package s3

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"sync/atomic"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"

	"github.com/s3db-sql/s3db-sql/internal/clock"
	"github.com/s3db-sql/s3db-sql/internal/rng"
	"github.com/s3db-sql/s3db-sql/storage/objstore"
)

// client sends signed requests to one bucket.
type client struct {
	transport http.RoundTripper
	signer    *v4.Signer
	creds     aws.CredentialsProvider
	base      url.URL // the bucket: its path ends in a slash
	region    string
	clock     clock.Clock
	rand      rng.Source
	timeout   time.Duration
	attempts  int

	// For messages.
	endpoint, bucket string
	secrets          []string

	skew atomic.Int64 // of the server's clock, ns
}

// call is one request, which may be sent several times.
type call struct {
	op, method string
	key        string // in messages, and in the URL unless it is the bucket's
	bucket     bool   // of the bucket, not of an object
	query      string
	header     http.Header
	body       payload
	// unrepeatable: a second sending could do harm after a first one whose
	// outcome is unknown.
	unrepeatable bool
	// read, if not nil, reads the body of a success as a part of the attempt: a
	// body that breaks off makes it fail.
	read func(*http.Response) error
}

func (c *call) writes() bool { return c.op == opPut || c.op == opDelete }

// The names of operations in errors.
const (
	opHead   = "HEAD"
	opGet    = "GET"
	opList   = "LIST"
	opPut    = "PUT"
	opDelete = "DELETE"
)

// send signs and sends the call once.
func (c *client) send(ctx context.Context, call *call) (*http.Response, *failure) {
	if err := objstore.CtxError(ctx, call.op, call.key); err != nil {
		return nil, &failure{err: err.(*objstore.Error)}
	}
	guard := c.guard(ctx)
	req, f := c.request(guard.ctx, call)
	if f != nil {
		guard.stop()
		return nil, f
	}
	uploaded := call.body.attach(req, guard)
	resp, err := c.transport.RoundTrip(req)
	if err != nil {
		guard.stop()
		uploaded()
		return nil, c.unanswered(call, err, guard.stalled())
	}
	resp.Body = guard.body(resp.Body)
	if resp.StatusCode/100 != 2 {
		f := c.answered(call, resp)
		uploaded()
		return nil, f
	}
	if call.read != nil {
		if err := call.read(resp); err != nil {
			_ = resp.Body.Close()
			return nil, c.unanswered(call, err, guard.stalled())
		}
	}
	return resp, nil
}

func (c *client) request(ctx context.Context, call *call) (*http.Request, *failure) {
	creds, err := c.creds.Retrieve(ctx)
	if err != nil {
		return nil, &failure{err: objstore.Errorf(objstore.Denied, call.op, call.key, "no usable credentials for bucket %q: put KEY:SECRET@ "+
			"into the location, or see to AWS's default credential chain (%s)", c.bucket, c.redact(err.Error()))}
	}
	u := c.base
	if !call.bucket {
		u.Path += call.key
		u.RawPath = escapePath(u.Path)
	}
	u.RawQuery = call.query
	req := &http.Request{
		Method: call.method, URL: &u, Host: u.Host, Header: make(http.Header, len(call.header)+4),
		Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
	}
	for name, values := range call.header {
		req.Header[name] = values
	}
	sum := call.body.sum
	if sum == "" {
		sum = emptySum
	}
	req.Header["X-Amz-Content-Sha256"] = []string{sum}
	req.ContentLength = call.body.size
	now := c.clock.Now().Add(time.Duration(c.skew.Load())).UTC()
	if err := c.signer.SignHTTP(ctx, creds, req, sum, "s3", c.region, now); err != nil {
		return nil, &failure{err: objstore.Errorf(objstore.Denied, call.op, call.key, "cannot sign: %s", c.redact(err.Error()))}
	}
	return req.WithContext(ctx), nil
}

// learnSkew sets the clock by the server's Date header.
func (c *client) learnSkew(date string) bool {
	t, err := http.ParseTime(date)
	if err != nil {
		return false
	}
	c.skew.Store(int64(t.Sub(c.clock.Now())))
	return true
}

const hexDigits = "0123456789ABCDEF"

// escapePath encodes a path as S3's signature wants it: all but letters, digits,
// - . _ ~ and the slash.
func escapePath(path string) string {
	n := 0
	for i := 0; i < len(path); i++ {
		if !unreserved(path[i]) {
			n++
		}
	}
	if n == 0 {
		return path
	}
	var b strings.Builder
	b.Grow(len(path) + 2*n)
	for i := 0; i < len(path); i++ {
		if c := path[i]; unreserved(c) {
			b.WriteByte(c)
		} else {
			b.WriteByte('%')
			b.WriteByte(hexDigits[c>>4])
			b.WriteByte(hexDigits[c&15])
		}
	}
	return b.String()
}

func unreserved(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' ||
		c == '/' || c == '-' || c == '.' || c == '_' || c == '~'
}
