package s3

import (
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"

	"github.com/s3db-sql/s3db-sql/storage/objstore"
)

// outcome is what a failed attempt says of the request's effect.
type outcome uint8

const (
	// final: refused, nothing was done, and a repetition would be refused too.
	final outcome = iota
	// untouched: nothing was done; it may go better next time.
	untouched
	// busy: the store says that it did nothing, but is in trouble. A repetition
	// is right; what it then finds may be its own earlier attempt.
	busy
	// unknown: it may have been done.
	unknown
)

// verdict is the meaning of an S3 error.
type verdict struct {
	kind    objstore.Kind
	outcome outcome
}

// byCode are the error codes of S3 and of servers like it (Amazon S3 API
// Reference, "Error responses"; s3-servers.md section 2).
var byCode = map[string]verdict{
	"NoSuchKey":    {objstore.NotFound, final},
	"NoSuchBucket": {objstore.NoBucket, final},

	"PreconditionFailed":         {objstore.Precondition, final},
	"ConditionalRequestConflict": {objstore.Precondition, untouched},
	"OperationAborted":           {objstore.Precondition, untouched},

	"SlowDown":               {objstore.Throttled, busy},
	"SlowDownRead":           {objstore.Throttled, busy},
	"SlowDownWrite":          {objstore.Throttled, busy},
	"ServiceUnavailable":     {objstore.Throttled, busy},
	"Busy":                   {objstore.Throttled, busy},
	"TooManyRequests":        {objstore.Throttled, busy},
	"RequestLimitExceeded":   {objstore.Throttled, busy},
	"BandwidthLimitExceeded": {objstore.Throttled, busy},

	"AccessDenied":                 {objstore.Denied, final},
	"InvalidAccessKeyId":           {objstore.Denied, final},
	"SignatureDoesNotMatch":        {objstore.Denied, final},
	"InvalidToken":                 {objstore.Denied, final},
	"XAdminUserNotFound":           {objstore.Denied, final}, // versitygw's word for an unknown access key, with status 404
	"AuthorizationHeaderMalformed": {objstore.Denied, final},
	"AllAccessDisabled":            {objstore.Denied, final},
	"AccountProblem":               {objstore.Denied, final},
	codeExpired:                    {objstore.Denied, final},
	codeSkewed:                     {objstore.Denied, final},

	"MetadataTooLarge":             {objstore.TooLarge, final},
	"RequestHeaderSectionTooLarge": {objstore.TooLarge, final},
	"KeyTooLongError":              {objstore.TooLarge, final},
	"EntityTooLarge":               {objstore.TooLarge, final},

	// versitygw's word for a key that has others below it, and for one whose new
	// folder was taken away, empty again, by a DELETE beside it at that moment.
	"ExistingObjectIsDirectory": {objstore.Invalid, untouched},

	"RequestTimeout": {objstore.Unavailable, untouched},
	"InternalError":  {objstore.Unavailable, unknown},
}

const (
	codeExpired = "ExpiredToken"
	codeSkewed  = "RequestTimeTooSkewed"
)

// byStatus stands in where an answer has no code (HEAD) or an unknown one.
var byStatus = map[int]verdict{
	http.StatusUnauthorized:                {objstore.Denied, final},
	http.StatusForbidden:                   {objstore.Denied, final},
	http.StatusNotFound:                    {objstore.NotFound, final},
	http.StatusPreconditionFailed:          {objstore.Precondition, final},
	http.StatusRequestEntityTooLarge:       {objstore.TooLarge, final},
	http.StatusRequestHeaderFieldsTooLarge: {objstore.TooLarge, final},
	http.StatusTooManyRequests:             {objstore.Throttled, busy},
	http.StatusServiceUnavailable:          {objstore.Throttled, busy},
	http.StatusInternalServerError:         {objstore.Unavailable, unknown},
	http.StatusBadGateway:                  {objstore.Unavailable, unknown},
	http.StatusGatewayTimeout:              {objstore.Unavailable, unknown},
}

func judge(status int, code string) verdict {
	if v, ok := byCode[code]; ok {
		return v
	}
	if v, ok := byStatus[status]; ok {
		return v
	}
	if status >= 500 {
		return verdict{objstore.Unavailable, unknown}
	}
	return verdict{objstore.Invalid, final}
}

// failure is one failed attempt.
type failure struct {
	err     *objstore.Error
	outcome outcome
	code    string
	date    string // the server's, by its answer
	stalled bool
}

// answered makes a failure of an answer that is not a success. It reads and
// closes the body.
func (c *client) answered(call *call, resp *http.Response) *failure {
	body, _ := io.ReadAll(io.LimitReader(resp.Body, 64<<10))
	_ = resp.Body.Close()
	code, message := parseError(body)
	v := judge(resp.StatusCode, code)
	e := objstore.Errorf(v.kind, call.op, call.key, "%s", c.explain(v.kind, resp, code, message))
	return &failure{err: e, outcome: v.outcome, code: code, date: resp.Header.Get("Date")}
}

// explain says in plain words what a refusal means to the operator.
func (c *client) explain(kind objstore.Kind, resp *http.Response, code, message string) string {
	said := fmt.Sprintf("HTTP %d", resp.StatusCode)
	if code != "" {
		said = code
	}
	if message != "" {
		said += ": " + c.redact(message)
	}
	region := resp.Header.Get("x-amz-bucket-region")
	switch {
	case resp.StatusCode >= 300 && resp.StatusCode < 400 || code == "AuthorizationHeaderMalformed":
		if region == "" {
			region = "another one"
		}
		return fmt.Sprintf("the region of bucket %q is %s, not %s: give region= in the location (%s)",
			c.bucket, region, c.region, said)
	case kind == objstore.NoBucket:
		return fmt.Sprintf("bucket %q does not exist at %s", c.bucket, c.endpoint)
	case kind == objstore.Denied:
		return fmt.Sprintf("%s refused the keys for bucket %q (%s)", c.endpoint, c.bucket, said)
	case kind == objstore.NotFound:
		return ""
	}
	return said
}

// redact takes the keys out of a text of the server.
func (c *client) redact(s string) string {
	for _, secret := range c.secrets {
		s = strings.ReplaceAll(s, secret, "***")
	}
	return s
}

var errStalled = errors.New("no answer in time")

// unanswered makes a failure of a transport error: the endpoint is named, URLs
// are not shown.
func (c *client) unanswered(call *call, err error, stalled bool) *failure {
	f := &failure{outcome: unknown, stalled: stalled}
	var dial *net.OpError
	if errors.As(err, &dial) && dial.Op == "dial" {
		f.outcome = untouched
	}
	if stalled {
		err = fmt.Errorf("no answer within %v", c.timeout)
	}
	f.err = objstore.Errorf(objstore.Unavailable, call.op, call.key, "cannot reach %s: %s", c.endpoint, c.redact(err.Error()))
	f.err.Err = err
	return f
}

// parseError reads <Error><Code/><Message/></Error>; what is no such document
// yields nothing.
func parseError(body []byte) (code, message string) {
	x := xmlScanner{b: body}
	if x.document("Error") != nil {
		return "", ""
	}
	for {
		name, err := x.child()
		if err != nil || name == nil {
			return code, message
		}
		switch string(name) {
		case "Code":
			code = x.string()
		case "Message":
			message = x.string()
		default:
			_ = x.skip()
		}
	}
}

// string is text for documents that need not be right.
func (x *xmlScanner) string() string {
	text, err := x.text()
	if err != nil {
		return ""
	}
	return string(text)
}
