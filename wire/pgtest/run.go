package pgtest

import (
	"encoding/hex"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgproto3"
)

var rewrite = flag.Bool("pgtest.rewrite", false, "write the messages that came into the protocol scripts")

// timeout is how long a message may take to come.
const timeout = 10 * time.Second

// Run runs every *.txt in dir against the server at addr, which must let user
// postgres into database postgres without a password.
func Run(t *testing.T, addr, dir string) {
	paths, err := filepath.Glob(filepath.Join(dir, "*.txt"))
	if err != nil || len(paths) == 0 {
		t.Fatalf("no scripts in %s: %v", dir, err)
	}
	for _, path := range paths {
		t.Run(strings.TrimSuffix(filepath.Base(path), ".txt"), func(t *testing.T) { RunFile(t, addr, path) })
	}
}

// RunFile runs one script.
func RunFile(t *testing.T, addr, path string) {
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	ds, err := parse(string(text))
	if err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	r := &runner{addr: addr, conns: map[string]*peer{}}
	defer r.closeAll()
	for i := range ds {
		if err := r.do(&ds[i]); err != nil {
			t.Fatalf("%s:%d: %v", path, ds[i].line, err)
		}
	}
	if *rewrite {
		if err := rewriteFile(path, ds); err != nil {
			t.Fatal(err)
		}
	}
}

// peer is one client connection of a script.
type peer struct {
	net net.Conn
	fe  *pgproto3.Frontend
	key pgproto3.BackendKeyData
}

type runner struct {
	addr    string
	conns   map[string]*peer
	cur     *peer
	ignored []string
}

var verbs map[string]func(*runner, *directive) error

func init() {
	verbs = map[string]func(*runner, *directive) error{
		"connect": (*runner).connect,
		"open":    (*runner).open,
		"on":      (*runner).on,
		"send":    (*runner).send,
		"raw":     (*runner).raw,
		"cancel":  (*runner).cancel,
		"sleep":   (*runner).sleep,
		"close":   (*runner).close,
		"ignore":  (*runner).ignore,
		"until":   (*runner).until,
	}
}

func (r *runner) do(d *directive) error {
	if d.verb == "" {
		return nil
	}
	if r.cur == nil && d.verb != "connect" && d.verb != "open" && d.verb != "ignore" {
		return errors.New("no connection: begin with connect")
	}
	return verbs[d.verb](r, d)
}

func (r *runner) closeAll() {
	for _, p := range r.conns {
		p.net.Close()
	}
}

func (r *runner) dial() (*peer, error) {
	c, err := net.DialTimeout("tcp", r.addr, timeout)
	if err != nil {
		return nil, err
	}
	return &peer{net: c, fe: pgproto3.NewFrontend(c, c)}, nil
}

func (r *runner) open(d *directive) error {
	if d.args == "" {
		return errors.New("a connection needs a name")
	}
	p, err := r.dial()
	if err != nil {
		return err
	}
	r.conns[d.args], r.cur = p, p
	return nil
}

func (r *runner) connect(d *directive) error {
	name, rest, _ := strings.Cut(d.args, " ")
	params, err := parameters(rest)
	if err != nil {
		return err
	}
	if err := r.open(&directive{args: name}); err != nil {
		return err
	}
	m := &pgproto3.StartupMessage{
		ProtocolVersion: pgproto3.ProtocolVersion30,
		Parameters:      map[string]string{"user": "postgres", "database": "postgres", "TimeZone": "UTC"},
	}
	for k, v := range params {
		switch {
		case k == "version":
			n, err := strconv.ParseUint(v, 10, 32)
			if err != nil {
				return err
			}
			m.ProtocolVersion = uint32(n)
		case v == "":
			delete(m.Parameters, k)
		default:
			m.Parameters[k] = v
		}
	}
	r.cur.fe.Send(m)
	return r.cur.fe.Flush()
}

// parameters reads those of connect.
func parameters(text string) (map[string]string, error) {
	out := map[string]string{}
	if strings.HasPrefix(text, "{") {
		return out, json.Unmarshal([]byte(text), &out)
	}
	for _, a := range strings.Fields(text) {
		k, v, _ := strings.Cut(a, "=")
		out[k] = v
	}
	return out, nil
}

func (r *runner) on(d *directive) error {
	p := r.conns[d.args]
	if p == nil {
		return fmt.Errorf("no connection %q", d.args)
	}
	r.cur = p
	return nil
}

// messages are those that a script can send.
var messages = map[string]func() pgproto3.FrontendMessage{
	"Bind":         func() pgproto3.FrontendMessage { return &pgproto3.Bind{} },
	"Close":        func() pgproto3.FrontendMessage { return &pgproto3.Close{} },
	"CopyData":     func() pgproto3.FrontendMessage { return &pgproto3.CopyData{} },
	"CopyDone":     func() pgproto3.FrontendMessage { return &pgproto3.CopyDone{} },
	"CopyFail":     func() pgproto3.FrontendMessage { return &pgproto3.CopyFail{} },
	"Describe":     func() pgproto3.FrontendMessage { return &pgproto3.Describe{} },
	"Execute":      func() pgproto3.FrontendMessage { return &pgproto3.Execute{} },
	"Flush":        func() pgproto3.FrontendMessage { return &pgproto3.Flush{} },
	"FunctionCall": func() pgproto3.FrontendMessage { return &pgproto3.FunctionCall{} },
	"Parse":        func() pgproto3.FrontendMessage { return &pgproto3.Parse{} },
	"Query":        func() pgproto3.FrontendMessage { return &pgproto3.Query{} },
	"Sync":         func() pgproto3.FrontendMessage { return &pgproto3.Sync{} },
	"Terminate":    func() pgproto3.FrontendMessage { return &pgproto3.Terminate{} },
}

func (r *runner) send(d *directive) error {
	name, body, _ := strings.Cut(d.args, " ")
	newMessage := messages[name]
	if newMessage == nil {
		return fmt.Errorf("can't send a %q", name)
	}
	m := newMessage()
	if body != "" {
		if err := json.Unmarshal([]byte(body), m); err != nil {
			return err
		}
	}
	r.cur.fe.Send(m)
	return r.cur.fe.Flush()
}

func (r *runner) raw(d *directive) error {
	b, err := hex.DecodeString(strings.ReplaceAll(d.args, " ", ""))
	if err != nil {
		return err
	}
	_, err = r.cur.net.Write(b)
	return err
}

func (r *runner) cancel(d *directive) error {
	target := r.conns[d.args]
	if target == nil {
		return fmt.Errorf("no connection %q", d.args)
	}
	p, err := r.dial()
	if err != nil {
		return err
	}
	defer p.net.Close()
	m := pgproto3.CancelRequest{ProcessID: target.key.ProcessID, SecretKey: target.key.SecretKey}
	b, err := m.Encode(nil)
	if err != nil {
		return err
	}
	if _, err := p.net.Write(b); err != nil {
		return err
	}
	_, err = io.Copy(io.Discard, p.net) // the server closes once it has cancelled
	return err
}

func (r *runner) sleep(d *directive) error {
	n, err := time.ParseDuration(d.args)
	time.Sleep(n)
	return err
}

func (r *runner) close(*directive) error { return r.cur.net.Close() }

func (r *runner) ignore(d *directive) error {
	r.ignored = append(r.ignored, strings.Fields(d.args)...)
	return nil
}

func (r *runner) until(d *directive) error {
	got, err := r.receive(d.args)
	if err != nil {
		return fmt.Errorf("%w\nreceived:\n%s", err, strings.Join(got, "\n"))
	}
	if *rewrite {
		d.expected = got
		return nil
	}
	if !slices.Equal(got, d.expected) {
		return fmt.Errorf("the conversation differs\nexpected:\n%s\nreceived:\n%s",
			strings.Join(d.expected, "\n"), strings.Join(got, "\n"))
	}
	return nil
}

// receive reads messages up to one of that type; the end of the stream is EOF.
func (r *runner) receive(last string) ([]string, error) {
	var got []string
	for {
		if err := r.cur.net.SetReadDeadline(time.Now().Add(timeout)); err != nil {
			return got, err
		}
		if last == "BYTE" {
			var b [1]byte
			_, err := io.ReadFull(r.cur.net, b[:])
			return append(got, fmt.Sprintf("BYTE %q", b[0])), err
		}
		m, err := r.cur.fe.Receive()
		if isEOF(err) {
			got = append(got, "EOF")
			if last != "EOF" {
				err = errors.New("the connection was closed")
			} else {
				err = nil
			}
			return got, err
		}
		if err != nil {
			return got, err
		}
		text := Render(m)
		name, _, _ := strings.Cut(text, " ")
		if k, ok := m.(*pgproto3.BackendKeyData); ok {
			r.cur.key = pgproto3.BackendKeyData{ProcessID: k.ProcessID, SecretKey: slices.Clone(k.SecretKey)}
		}
		if !slices.Contains(r.ignored, name) {
			got = append(got, text)
		}
		if name == last {
			return got, nil
		}
	}
}

func isEOF(err error) bool {
	return errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, net.ErrClosed)
}
