package testserver

import (
	"bytes"
	"context"
	"log/slog"
	"os"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/s3db-sql/s3db-sql/config"
	"github.com/s3db-sql/s3db-sql/server"
	"github.com/s3db-sql/s3db-sql/storage/objstore"
)

// Options say what to start. The zero value is an empty database in memory.
type Options struct {
	Store     string   // a location; "" memory://
	BatchSize int      // 0: the usual
	Args      []string // further command line options
}

// Server is a running server.
type Server struct {
	Addr  string // host:port
	Meter *objstore.Meter

	log    *logBuffer
	stop   context.CancelFunc
	served chan error
	once   sync.Once
	err    error
}

// Start starts a server, which ends with the test. Its log is shown if the test
// fails.
func Start(t testing.TB, o Options) *Server {
	t.Helper()
	s, err := TryStart(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Stop(); err != nil {
			t.Errorf("the server did not end well: %v", err)
		}
		if text := s.log.String(); t.Failed() && text != "" {
			t.Logf("the server's log:\n%s", text)
		}
	})
	return s
}

// TryStart starts a server that the caller stops. The error is the one that the
// person who starts s3db-sql sees.
func TryStart(o Options) (*Server, error) {
	cfg, err := configuration(o)
	if err != nil {
		return nil, err
	}
	ctx, stop := context.WithCancel(context.Background())
	log := &logBuffer{}
	s, err := server.Start(ctx, cfg, slog.New(slog.NewTextHandler(log, nil)))
	if err != nil {
		stop()
		return nil, err
	}
	s.SetBatchSize(o.BatchSize)
	out := &Server{Addr: s.Addr().String(), Meter: s.Meter(), log: log, stop: stop, served: make(chan error, 1)}
	go func() { out.served <- s.Serve(ctx) }()
	return out, nil
}

// configuration is read as the command line is, but for this process's
// environment and .env file.
func configuration(o Options) (*config.Config, error) {
	if o.Store == "" {
		o.Store = "memory://"
	}
	args := append([]string{"--listen", "127.0.0.1:0", "--store", o.Store, "--max-connections", "1000"}, o.Args...)
	noFile := func(name string) ([]byte, error) { return nil, os.ErrNotExist }
	cfg, _, err := config.Load(config.Input{Args: args, ReadFile: noFile})
	return cfg, err
}

// stopTimeout is longer than the server's own --shutdown-timeout.
const stopTimeout = 30 * time.Second

// Stop shuts the server down as SIGTERM does, and waits until it has ended.
func (s *Server) Stop() error {
	s.once.Do(func() {
		s.stop()
		select {
		case s.err = <-s.served:
		case <-time.After(stopTimeout):
			s.err = context.DeadlineExceeded
		}
	})
	if s.err == context.Canceled {
		return nil
	}
	return s.err
}

// Log is what the server has logged.
func (s *Server) Log() string { return s.log.String() }

// URL is how clients connect to a database.
func (s *Server) URL(database string) string {
	return "postgres://postgres@" + s.Addr + "/" + database + "?sslmode=disable"
}

// Connect opens a connection, which ends with the test.
func (s *Server) Connect(t testing.TB) *pgx.Conn {
	t.Helper()
	conn, err := pgx.Connect(context.Background(), s.URL("postgres"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close(context.Background()) })
	return conn
}

// Exec runs statements, one after the other, and fails the test at the first
// error.
func Exec(t testing.TB, conn *pgx.Conn, statements ...string) {
	t.Helper()
	for _, sql := range statements {
		if _, err := conn.Exec(context.Background(), sql, pgx.QueryExecModeSimpleProtocol); err != nil {
			t.Fatalf("%s\n%v", sql, err)
		}
	}
}

// logBuffer takes the log of a server, whose goroutines may outlive the test.
type logBuffer struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (l *logBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.buf.Write(p)
}

func (l *logBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.buf.String()
}
