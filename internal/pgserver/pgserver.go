package pgserver

import (
	"fmt"
	"net"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"syscall"
	"testing"
	"time"
)

const (
	// defaultBin is where Debian's postgresql-15 has its programs;
	// S3DB_TEST_PG_BIN names another folder.
	defaultBin   = "/usr/lib/postgresql/15/bin"
	startTimeout = 60 * time.Second
)

// Server is a running PostgreSQL: user postgres, database postgres, trust.
type Server struct {
	Addr string // host:port

	bin      string
	folder   string
	settings []string
	owner    *syscall.Credential // nil: whoever runs the test
	cmd      *exec.Cmd
}

// URL names a database of the server.
func (s *Server) URL(database string) string {
	return "postgres://postgres@" + s.Addr + "/" + database + "?sslmode=disable"
}

// Options say how a cluster differs from one with trust and without TLS.
type Options struct {
	Password string            // of user postgres, for rules of pg_hba.conf that ask for it
	Files    map[string]string // name in the data directory → content, as of pg_hba.conf
	Settings []string          // name=value
}

// Start starts a cluster of its own. It ends with the test.
func Start(t testing.TB) *Server {
	t.Helper()
	return StartWith(t, Options{})
}

// StartWith is Start of a cluster with options.
func StartWith(t testing.TB, o Options) *Server {
	t.Helper()
	s := &Server{bin: find(t), settings: o.Settings}
	if err := s.makeFolder(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(s.folder) })
	initdb := []string{"-D", s.data(), "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync", "--no-instructions"}
	if o.Password != "" {
		initdb = append(initdb, "--pwfile", s.write(t, "password", o.Password))
	}
	s.run(t, "initdb", initdb...)
	for name, content := range o.Files {
		s.write(t, filepath.Join("data", name), content)
	}
	if err := s.serve(t); err != nil {
		t.Fatal(err)
	}
	return s
}

// find looks for the programs, or skips or fails the test.
func find(t testing.TB) string {
	t.Helper()
	bin := os.Getenv("S3DB_TEST_PG_BIN")
	if bin == "" {
		bin = defaultBin
	}
	if _, err := os.Stat(filepath.Join(bin, "postgres")); err == nil {
		return bin
	}
	missing := "PostgreSQL 15 is not installed in " + bin
	if os.Getenv("CI") == "true" {
		t.Fatal(missing)
	}
	t.Skip(missing)
	return ""
}

func (s *Server) data() string { return filepath.Join(s.folder, "data") }

// makeFolder makes the cluster's folder. PostgreSQL refuses to run as root:
// then it runs as user postgres, or nobody, who must be able to reach the
// folder, so it can't stand in a test's own.
func (s *Server) makeFolder() error {
	var err error
	if s.folder, err = os.MkdirTemp("", "pgserver-"); err != nil || os.Geteuid() != 0 {
		return err
	}
	if s.owner, err = unprivileged(); err != nil {
		return err
	}
	return os.Chown(s.folder, int(s.owner.Uid), int(s.owner.Gid))
}

// write makes a file of the server's own in its folder and returns its path.
func (s *Server) write(t testing.TB, name, content string) string {
	t.Helper()
	path := filepath.Join(s.folder, name)
	err := os.WriteFile(path, []byte(content), 0o600)
	if err == nil && s.owner != nil {
		err = os.Chown(path, int(s.owner.Uid), int(s.owner.Gid))
	}
	if err != nil {
		t.Fatal(err)
	}
	return path
}

func unprivileged() (*syscall.Credential, error) {
	u, err := user.Lookup("postgres")
	if err != nil {
		u, err = user.Lookup("nobody")
	}
	if err != nil {
		return nil, err
	}
	uid, err := strconv.ParseUint(u.Uid, 10, 32)
	if err != nil {
		return nil, err
	}
	gid, err := strconv.ParseUint(u.Gid, 10, 32)
	return &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}, err
}

func (s *Server) command(name string, args ...string) *exec.Cmd {
	cmd := exec.Command(filepath.Join(s.bin, name), args...)
	cmd.Dir = s.folder
	cmd.Env = append(os.Environ(), "LC_ALL=C", "TZ=UTC", "PGTZ=UTC")
	// The server dies with the test's process, however that ends.
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: s.owner, Pdeathsig: syscall.SIGQUIT}
	return cmd
}

func (s *Server) run(t testing.TB, name string, args ...string) {
	t.Helper()
	if out, err := s.command(name, args...).CombinedOutput(); err != nil {
		t.Fatalf("%s: %v\n%s", name, err, out)
	}
}

// serve starts the server on a free port and waits until it answers.
func (s *Server) serve(t testing.TB) error {
	port, err := freePort()
	if err != nil {
		return err
	}
	s.Addr = "127.0.0.1:" + port
	log, err := os.Create(filepath.Join(s.folder, "log"))
	if err != nil {
		return err
	}
	defer log.Close()
	args := []string{"-D", s.data(), "-p", port, "-c", "listen_addresses=127.0.0.1",
		"-c", "unix_socket_directories=", "-c", "fsync=off", "-c", "jit=off", "-c", "timezone=UTC",
		"-c", "log_timezone=UTC", "-c", "datestyle=ISO, MDY", "-c", "max_connections=50"}
	for _, setting := range s.settings {
		args = append(args, "-c", setting)
	}
	s.cmd = s.command("postgres", args...)
	s.cmd.Stdout, s.cmd.Stderr = log, log
	if err := s.cmd.Start(); err != nil {
		return err
	}
	t.Cleanup(s.stop)
	if s.ready() {
		return nil
	}
	text, _ := os.ReadFile(log.Name())
	return fmt.Errorf("PostgreSQL is not ready:\n%s", text)
}

// stop ends the server at once: its data go anyway.
func (s *Server) stop() {
	_ = s.cmd.Process.Signal(syscall.SIGQUIT)
	_ = s.cmd.Wait() // killed: its status says nothing
}

func (s *Server) ready() bool {
	host, port, _ := net.SplitHostPort(s.Addr)
	for end, next := time.After(startTimeout), time.Tick(20*time.Millisecond); ; {
		if s.command("pg_isready", "-q", "-h", host, "-p", port, "-U", "postgres").Run() == nil {
			return true
		}
		select {
		case <-end:
			return false
		case <-next:
		}
	}
}

func freePort() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	defer l.Close()
	_, port, err := net.SplitHostPort(l.Addr().String())
	return port, err
}
