package s3test

import (
	"fmt"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

// The keys and the bucket of every server.
const (
	AccessKey = "s3test-access"
	SecretKey = "s3test/secret+key"
	Bucket    = "s3test-bucket"
)

// startTimeout is generous: MinIO takes seconds on a busy machine.
const startTimeout = 60 * time.Second

// Server is a running S3 server with one empty bucket.
type Server struct {
	Name     string
	Endpoint string // http://127.0.0.1:port

	cmd  *exec.Cmd
	log  string
	stop sync.Once
}

// kind says how to run a server over a folder at an address.
type kind struct {
	args func(folder, addr string) []string
	env  []string
}

var kinds = map[string]kind{
	"versitygw": {
		args: func(folder, addr string) []string {
			return []string{"--port", addr, "--access", AccessKey, "--secret", SecretKey, "--quiet", "--keep-alive", "posix", folder}
		},
	},
	"minio": {
		args: func(folder, addr string) []string {
			return []string{"server", "--quiet", "--address", addr, folder}
		},
		env: []string{"MINIO_ROOT_USER=" + AccessKey, "MINIO_ROOT_PASSWORD=" + SecretKey, "MINIO_BROWSER=off",
			"MINIO_UPDATE=off", "MINIO_CI_CD=1"},
	},
}

// Versitygw starts a versitygw over a temporary folder. It ends with the test.
func Versitygw(t testing.TB) *Server { return start(t, "versitygw") }

// MinIO starts a MinIO over a temporary folder. It ends with the test.
func MinIO(t testing.TB) *Server { return start(t, "minio") }

// Location is the store location of a prefix in the bucket, with the keys.
func (s *Server) Location(prefix string) string {
	user := url.UserPassword(AccessKey, SecretKey).String()
	return strings.Replace(s.Endpoint, "://", "://"+user+"@", 1) + "/" + Bucket + "/" + prefix
}

// Stop kills the server, as a crash would.
func (s *Server) Stop() {
	s.stop.Do(func() {
		_ = s.cmd.Process.Kill()
		_ = s.cmd.Wait() // killed: its status says nothing
	})
}

// binary finds an installed server, or skips or fails the test.
func binary(t testing.TB, name string) string {
	t.Helper()
	dir := os.Getenv("S3DB_TEST_BIN")
	if dir == "" {
		cache, err := os.UserCacheDir()
		if err != nil {
			t.Fatal(err)
		}
		dir = filepath.Join(cache, "s3db-sql", "bin")
	}
	path := filepath.Join(dir, name)
	if _, err := os.Stat(path); err == nil {
		return path
	}
	missing := fmt.Sprintf("%s is not installed in %s: run scripts/install-s3-servers.sh", name, dir)
	if os.Getenv("CI") == "true" {
		t.Fatal(missing)
	}
	t.Skip(missing)
	return ""
}

// start runs a server. Another process may take the free port first: then it is
// tried again with another one.
func start(t testing.TB, name string) *Server {
	t.Helper()
	path := binary(t, name)
	for range 3 {
		if s := tryStart(t, name, path); s != nil {
			t.Cleanup(s.Stop)
			return s
		}
	}
	t.Fatalf("%s does not start", name)
	return nil
}

func tryStart(t testing.TB, name, path string) *Server {
	t.Helper()
	dir := t.TempDir()
	folder := filepath.Join(dir, "data")
	// Both servers take a folder for a bucket.
	if err := os.MkdirAll(filepath.Join(folder, Bucket), 0o755); err != nil {
		t.Fatal(err)
	}
	log, err := os.Create(filepath.Join(dir, "log"))
	if err != nil {
		t.Fatal(err)
	}
	defer log.Close()
	addr := freeAddr(t)
	s := &Server{Name: name, Endpoint: "http://" + addr, log: log.Name()}
	s.cmd = exec.Command(path, kinds[name].args(folder, addr)...)
	s.cmd.Env = append(os.Environ(), kinds[name].env...)
	s.cmd.Stdout, s.cmd.Stderr, s.cmd.Dir = log, log, dir
	if err := s.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	if s.ready() {
		return s
	}
	s.Stop()
	text, _ := os.ReadFile(s.log)
	t.Logf("%s at %s is not ready:\n%s", name, addr, text)
	return nil
}

// ready waits until the server answers for the bucket: 403, as we show no keys.
func (s *Server) ready() bool {
	client := http.Client{Timeout: time.Second}
	for end, next := time.After(startTimeout), time.Tick(20*time.Millisecond); ; {
		resp, err := client.Get(s.Endpoint + "/" + Bucket)
		if err == nil {
			_ = resp.Body.Close()
			if resp.StatusCode == http.StatusForbidden {
				return true
			}
		}
		select {
		case <-end:
			return false
		case <-next:
		}
	}
}

func freeAddr(t testing.TB) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}
