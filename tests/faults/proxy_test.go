package faults

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"
)

// proxy stands between the servers and the S3 server. It passes requests on as
// they are (the signature covers the Host that the client has sent), and asks
// meddle what is to go wrong with each.
type proxy struct {
	http   *httptest.Server
	client *http.Client
	target string

	mu     sync.Mutex
	meddle func(r *http.Request) fault
}

// fault is what goes wrong with one request. The zero fault is nothing.
type fault struct {
	before time.Duration // passes before the request is sent on
	after  time.Duration // passes before its answer is given back
	status int           // answered instead of sending it on
	code   string
	done   bool // it is carried out before the status is answered
	cut    bool // the connection ends instead
	lose   bool // it is carried out, and the connection ends without an answer
	twice  bool // it is carried out twice; the answer is the first one's

	// sending and answering are called right before the request is sent on, and
	// right after it was carried out.
	sending, answering func()
}

// newProxy starts a proxy before an S3 server at a location; it ends with the test.
func newProxy(t testing.TB, location string) (p *proxy, at string) {
	u, err := url.Parse(location)
	if err != nil {
		t.Fatal(err)
	}
	p = &proxy{target: u.Host, client: &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 256, DisableCompression: true}}}
	p.http = httptest.NewServer(p)
	t.Cleanup(func() {
		p.http.CloseClientConnections()
		p.http.Close()
	})
	u.Host = strings.TrimPrefix(p.http.URL, "http://")
	return p, u.String()
}

// set replaces what goes wrong; nil is nothing.
func (p *proxy) set(meddle func(r *http.Request) fault) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.meddle = meddle
}

func (p *proxy) fault(r *http.Request) fault {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.meddle == nil {
		return fault{}
	}
	return p.meddle(r)
}

// isWrite says that a request changes something; a POST is a batch of deletes.
func isWrite(r *http.Request) bool { return r.Method != http.MethodGet && r.Method != http.MethodHead }

// ServeHTTP implements http.Handler. What was read is sent on although the client
// has gone: that is what a server does.
func (p *proxy) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return
	}
	f := p.fault(r)
	time.Sleep(f.before)
	if f.sending != nil {
		f.sending()
	}
	switch {
	case f.cut:
		panic(http.ErrAbortHandler)
	case f.status != 0 && !f.done:
		refuse(w, f)
		return
	}
	resp, answer, err := p.carryOut(r, body, f.twice)
	if f.answering != nil {
		f.answering()
	}
	time.Sleep(f.after)
	if err != nil || f.lose {
		panic(http.ErrAbortHandler)
	}
	if f.status != 0 {
		refuse(w, f)
		return
	}
	for name, values := range resp.Header {
		w.Header()[name] = values
	}
	w.WriteHeader(resp.StatusCode)
	_, _ = w.Write(answer)
}

// carryOut carries a request out; twice the first answer counts.
func (p *proxy) carryOut(r *http.Request, body []byte, twice bool) (*http.Response, []byte, error) {
	resp, answer, err := p.pass(r, body)
	if twice {
		_, _, _ = p.pass(r, body)
	}
	return resp, answer, err
}

// pass sends a request on.
func (p *proxy) pass(r *http.Request, body []byte) (*http.Response, []byte, error) {
	out, err := http.NewRequest(r.Method, "http://"+p.target+r.RequestURI, bytes.NewReader(body))
	if err != nil {
		return nil, nil, err
	}
	out.Header, out.Host, out.ContentLength = r.Header.Clone(), r.Host, int64(len(body))
	if len(body) == 0 {
		out.Body = http.NoBody
	}
	resp, err := p.client.Do(out)
	if err != nil {
		return nil, nil, err
	}
	defer resp.Body.Close()
	answer, err := io.ReadAll(resp.Body)
	return resp, answer, err
}

func refuse(w http.ResponseWriter, f fault) {
	w.Header().Set("Content-Type", "application/xml")
	w.WriteHeader(f.status)
	_, _ = io.WriteString(w, `<?xml version="1.0" encoding="UTF-8"?><Error><Code>`+f.code+
		`</Code><Message>a fault of the test</Message><RequestId>1</RequestId></Error>`)
}
