package s3fake

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/s3db-sql/s3db-sql/internal/clock"
	"github.com/s3db-sql/s3db-sql/storage/objstore/mem"
)

// The keys and the bucket of every fake server.
const (
	AccessKey = "AKIAFAKEFAKEFAKE"
	SecretKey = "fake/secret+key"
	Bucket    = "bucket"
	Region    = "us-east-1"
)

// Knobs make the server unlike AWS S3.
type Knobs struct {
	// PageSize of listings, where less than was asked for; 0: as asked.
	PageSize int
	// EmptyPages: a listing's first page is empty, with a token to go on.
	EmptyPages bool
	// NoConditionalDelete ignores If-Match on DELETE, as MinIO does.
	NoConditionalDelete bool
	// NoConditionalPut ignores If-Match and If-None-Match on PUT.
	NoConditionalPut bool
	// UnquotedIfMatch compares If-Match with the bare ETag, as radosgw does.
	UnquotedIfMatch bool
	// LaxMetadata does not count x-amz-meta- towards the 2,048 bytes.
	LaxMetadata bool
	// MergeMetadata keeps old metadata on overwrite, as gofakes3 does.
	MergeMetadata bool
	// ListMetadata honours metadata=true, as MinIO does.
	ListMetadata bool
	// Unordered lists keys backwards within a page.
	Unordered bool
	// Older has objects written so long ago, by their LastModified.
	Older time.Duration
	// ReadOnly refuses every write with AccessDenied.
	ReadOnly bool
}

// Server is a running fake with one bucket.
type Server struct {
	http    *httptest.Server
	clock   clock.Clock
	objects *mem.Store

	mu     sync.Mutex // also makes conditional writes atomic
	knobs  Knobs
	faults []*Fault
	log    []string
}

// New starts a server, which ends with the test.
func New(t testing.TB, clk clock.Clock) *Server {
	s := &Server{clock: clk, objects: mem.New(clk)}
	s.http = httptest.NewServer(s)
	t.Cleanup(s.http.Close)
	return s
}

// Turn sets the knobs.
func (s *Server) Turn(k Knobs) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.knobs = k
}

// Endpoint is the server's http://host:port.
func (s *Server) Endpoint() string { return s.http.URL }

// Location is the store location of prefix in the bucket, with the keys.
func (s *Server) Location(prefix string) string {
	user := url.UserPassword(AccessKey, SecretKey).String()
	return strings.Replace(s.http.URL, "://", "://"+user+"@", 1) + "/" + Bucket + "/" + prefix
}

// Objects is what the bucket holds.
func (s *Server) Objects() *mem.Store { return s.objects }

// Requests returns what was asked since the last call: "PUT key", "LIST prefix",
// "DELETEBATCH n"; also what was refused.
func (s *Server) Requests() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	log := s.log
	s.log = nil
	return log
}

// request is one request, understood.
type request struct {
	*http.Request
	key   string
	query url.Values
	body  []byte
	knobs Knobs
}

// op is the request's operation as the log and the faults name it.
func (r *request) op() (op, arg string) {
	switch {
	case r.key != "":
		return r.Method, r.key
	case r.Method == http.MethodPost && r.query.Has("delete"):
		return "DELETEBATCH", fmt.Sprint(bytes.Count(r.body, []byte("<Key>")))
	case r.Method == http.MethodGet:
		return "LIST", r.query.Get("prefix")
	default:
		return r.Method, ""
	}
}

// ServeHTTP implements http.Handler.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return // the client went away
	}
	req := &request{Request: r, query: r.URL.Query(), body: body}
	op, arg := s.note(req)
	fault := s.hit(op, arg)
	if fault.before(r.Context()) {
		panic(http.ErrAbortHandler)
	}
	answer := httptest.NewRecorder()
	if fault != nil && fault.Status != 0 {
		refuse(answer, fault.Status, fault.Code, "a fault of the test")
	} else {
		s.answer(answer, req)
	}
	if fault != nil && fault.LostReply {
		panic(http.ErrAbortHandler)
	}
	copyAnswer(w, answer, r.Method)
}

// note writes the request to the log.
func (s *Server) note(r *request) (op, arg string) {
	bucket, key, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/"), "/")
	if bucket == Bucket {
		r.key = key
	}
	op, arg = r.op()
	s.mu.Lock()
	defer s.mu.Unlock()
	r.knobs = s.knobs
	s.log = append(s.log, op+" "+arg)
	return op, arg
}

func copyAnswer(w http.ResponseWriter, answer *httptest.ResponseRecorder, method string) {
	for name, values := range answer.Header() {
		w.Header()[name] = values
	}
	if method != http.MethodHead {
		w.Header().Set("Content-Length", fmt.Sprint(answer.Body.Len()))
	}
	w.WriteHeader(answer.Code)
	_, _ = w.Write(answer.Body.Bytes())
}

// refuse answers with S3's error document.
func refuse(w http.ResponseWriter, status int, code, message string) {
	w.Header().Set("Content-Type", "application/xml")
	w.WriteHeader(status)
	_, _ = fmt.Fprintf(w, `<?xml version="1.0" encoding="UTF-8"?>`+"\n"+
		`<Error><Code>%s</Code><Message>%s</Message><Resource>/%s</Resource><RequestId>1</RequestId></Error>`,
		code, escape(message), Bucket)
}

// handlers by operation.
var handlers = map[string]func(*Server, http.ResponseWriter, *request){
	"GET": (*Server).get, "HEAD": (*Server).get, "PUT": (*Server).put, "DELETE": (*Server).delete,
	"LIST": (*Server).list, "DELETEBATCH": (*Server).deleteBatch,
}

func (s *Server) answer(w http.ResponseWriter, r *request) {
	if status, code, message := s.authenticate(r); status != 0 {
		refuse(w, status, code, message)
		return
	}
	if bucket, _, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/"), "/"); bucket != Bucket {
		refuse(w, http.StatusNotFound, "NoSuchBucket", "The specified bucket does not exist")
		return
	}
	if len(r.key) > 1024 {
		refuse(w, http.StatusBadRequest, "KeyTooLongError", "Your key is too long")
		return
	}
	op, _ := r.op()
	handle := handlers[op]
	if name := unknownHeader(r.Header); handle == nil || name != "" {
		refuse(w, http.StatusNotImplemented, "NotImplemented", "the fake does not know "+op+" "+name)
		return
	}
	if r.knobs.ReadOnly && op != "GET" && op != "HEAD" && op != "LIST" {
		refuse(w, http.StatusForbidden, "AccessDenied", "Access Denied")
		return
	}
	handle(s, w, r)
}

// meaningless are headers that change no answer: what the SDKs say of themselves, and sums
// that are right if the signature is.
var meaningless = map[string]bool{
	"x-amz-date": true, "x-amz-content-sha256": true, "x-amz-security-token": true, "x-amz-user-agent": true,
	"x-amz-sdk-checksum-algorithm": true, "x-amz-checksum-crc32": true, "x-amz-checksum-mode": true,
}

// unknownHeader is an x-amz- header that would mean something to AWS.
func unknownHeader(h http.Header) string {
	for name := range h {
		lower := strings.ToLower(name)
		switch {
		case !strings.HasPrefix(lower, "x-amz-"), strings.HasPrefix(lower, metaPrefix):
		case meaningless[lower]:
		default:
			return name
		}
	}
	return ""
}
