package server

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"os"
	"strconv"
	"sync/atomic"
	"time"

	"github.com/s3db-sql/s3db-sql/config"
	"github.com/s3db-sql/s3db-sql/internal/clock"
	"github.com/s3db-sql/s3db-sql/internal/rng"
	"github.com/s3db-sql/s3db-sql/sql/funcs"
	"github.com/s3db-sql/s3db-sql/sql/session"
	"github.com/s3db-sql/s3db-sql/sql/types"
	"github.com/s3db-sql/s3db-sql/storage/objstore"
	"github.com/s3db-sql/s3db-sql/wire"
	"github.com/s3db-sql/s3db-sql/wire/auth"
)

// Server is a running server.
type Server struct {
	cfg      *config.Config
	log      *slog.Logger
	listener net.Listener
	wire     *wire.Server
	db       *database
	users    auth.StaticUsers
	// access says who may connect; it is replaced when its files are read again.
	access atomic.Pointer[access]
}

// refreshInterval is how often the server looks whether another writer, such
// as s3db.js, changed the catalog: two HEAD requests each time ($0.0004 per
// 1,000).
const refreshInterval = 5 * time.Second

// Start opens the store and the listener. Errors are plain words for the person
// who started the server.
func Start(ctx context.Context, cfg *config.Config, log *slog.Logger) (*Server, error) {
	return StartOver(ctx, cfg, log, func(s objstore.Store) objstore.Store { return s })
}

// StartOver is Start with a decorator around the store that is opened: tests count
// requests and end the process at one of them.
func StartOver(ctx context.Context, cfg *config.Config, log *slog.Logger, over func(objstore.Store) objstore.Store) (*Server, error) {
	tuneCollector()
	s := &Server{cfg: cfg, log: log}
	err := errors.Join(types.Freeze(types.Builtin()), funcs.Freeze())
	if err != nil {
		return nil, err
	}
	if s.users, err = readUsers(cfg); err != nil {
		return nil, err
	}
	tlsConfig, err := readTLS(cfg)
	if err != nil {
		return nil, err
	}
	if s.db, err = openDatabase(ctx, cfg, s.users, over, log); err != nil {
		return nil, err
	}
	if err := s.Reload(); err != nil {
		return nil, errors.Join(err, s.db.Close())
	}
	s.db.access = s
	if s.listener, err = s.listen(); err != nil {
		return nil, errors.Join(err, s.db.Close())
	}
	s.wire = wire.NewServer(wire.Config{
		Handler: handler{s}, Auth: s, TLS: tlsConfig,
		Limiter: auth.NewLimiter(clock.System), MaxConnections: cfg.MaxConnections,
		MaxMessage: int(cfg.MaxMessageSize), TempDir: s.db.tempDir, StartupTimeout: cfg.AuthenticationTimeout,
		DrainTimeout: cfg.ShutdownTimeout, Log: log,
	})
	return s, nil
}

// listen opens the address, unless it is one that needs users and there are
// none.
func (s *Server) listen() (net.Listener, error) {
	l, err := net.Listen("tcp", s.cfg.Listen)
	if err != nil {
		return nil, fmt.Errorf("could not listen on %s: %w", s.cfg.Listen, err)
	}
	if err := auth.CheckListen(l.Addr(), len(s.users) > 0 || s.cfg.HBAFile != ""); err != nil {
		return nil, errors.Join(err, l.Close())
	}
	return l, nil
}

// Addr is the address that clients connect to.
func (s *Server) Addr() net.Addr { return s.listener.Addr() }

// Serve answers clients until ctx ends, then drains and closes everything.
func (s *Server) Serve(ctx context.Context) error {
	refresh, stop := context.WithCancel(ctx)
	done := make(chan struct{})
	go func() {
		defer close(done)
		s.refresh(refresh)
	}()
	err := s.wire.Serve(ctx, s.listener)
	stop()
	<-done
	return errors.Join(err, s.db.Close())
}

// refresh follows the changes that others make to the catalog.
func (s *Server) refresh(ctx context.Context) {
	t := time.NewTicker(refreshInterval)
	defer t.Stop()
	// A transaction is dead that two sweeps have seen unchanged for a lease.
	every := max(1, int(min(s.cfg.TransactionLease/3, time.Minute)/refreshInterval))
	var swept time.Time
	for ticks := 0; ; {
		select {
		case <-ctx.Done():
			return
		case <-t.C:
		}
		if ticks++; ticks%every == 0 {
			if err := s.db.catalog.Sweep(ctx); err != nil && ctx.Err() == nil {
				s.log.Warn("could not finish the transactions of other servers", "error", err)
			}
			swept = s.sweepLargeObjects(ctx, swept)
		}
		if err := s.db.catalog.Refresh(ctx); err != nil && ctx.Err() == nil {
			s.log.Warn("could not read the catalog again", "error", err)
		}
	}
}

// sweepLargeObjects removes what crashes have left of large objects once a day: swept is
// when it was done last.
func (s *Server) sweepLargeObjects(ctx context.Context, swept time.Time) time.Time {
	if clock.System.Now().Sub(swept) < 24*time.Hour {
		return swept
	}
	if err := s.db.largeObjects.Sweep(ctx); err != nil && ctx.Err() == nil {
		s.log.Warn("could not remove what crashes have left of large objects", "error", err)
	}
	return clock.System.Now()
}

// Banner tells what runs, in plain words and without secrets.
func (s *Server) Banner(w io.Writer) {
	how := "trust: everybody on this machine may connect, no password"
	if len(s.users) > 0 {
		how = "SCRAM-SHA-256 passwords, " + strconv.Itoa(len(s.users)) + " user(s)"
	}
	if s.cfg.HBAFile != "" {
		how = "rules of " + s.cfg.HBAFile
	}
	host, port, err := net.SplitHostPort(s.Addr().String())
	if err != nil {
		host, port = s.Addr().String(), ""
	}
	fmt.Fprintf(w, "s3db-sql is ready.\n")
	fmt.Fprintf(w, "  address         %s\n", s.Addr())
	fmt.Fprintf(w, "  store           %s (%s)\n", s.db.location, s.db.objects.Capabilities().Name)
	fmt.Fprintf(w, "  database        %s, %d resource(s) found\n", s.db.name, s.db.resources())
	fmt.Fprintf(w, "  authentication  %s\n", how)
	if s.db.shared.ReadOnly != "" {
		fmt.Fprintf(w, "  read-only       %s\n", s.db.shared.ReadOnly)
	}
	fmt.Fprintf(w, "Connect with: psql -h %s -p %s %s\n", host, port, s.db.name)
}

func readUsers(cfg *config.Config) (auth.StaticUsers, error) {
	users := auth.StaticUsers{}
	if cfg.AuthFile != "" {
		f, err := os.Open(cfg.AuthFile)
		if err != nil {
			return nil, fmt.Errorf("could not open the users file: %w", err)
		}
		defer f.Close()
		if users, err = auth.ReadUsers(f, rng.System); err != nil {
			return nil, err
		}
	}
	if cfg.User != "" {
		if err := users.Add(cfg.User, cfg.Password.Reveal(), rng.System); err != nil {
			return nil, err
		}
	}
	return users, nil
}

func readTLS(cfg *config.Config) (*tls.Config, error) {
	if cfg.TLSCert == "" {
		return nil, nil
	}
	cert, err := tls.LoadX509KeyPair(cfg.TLSCert, cfg.TLSKey)
	if err != nil {
		return nil, fmt.Errorf("could not read the TLS certificate: %w", err)
	}
	out := &tls.Config{Certificates: []tls.Certificate{cert}, MinVersion: tls.VersionTLS12}
	if cfg.TLSCA == "" {
		return out, nil
	}
	pem, err := os.ReadFile(cfg.TLSCA)
	if err != nil {
		return nil, fmt.Errorf("could not read the certificates of clients' authorities: %w", err)
	}
	out.ClientCAs, out.ClientAuth = x509.NewCertPool(), tls.VerifyClientCertIfGiven
	if !out.ClientCAs.AppendCertsFromPEM(pem) {
		return nil, fmt.Errorf("the file %s has no certificate in PEM form", cfg.TLSCA)
	}
	return out, nil
}

// settings are what the configuration says of parameters.
func (s *Server) settings() [][2]string {
	cfg := s.cfg
	host, port, err := net.SplitHostPort(s.Addr().String())
	if err != nil {
		host, port = s.Addr().String(), "0"
	}
	return [][2]string{
		{"authentication_timeout", strconv.Itoa(int(cfg.AuthenticationTimeout.Seconds()))},
		{"hba_file", cfg.HBAFile},
		{"ident_file", cfg.IdentFile},
		{"listen_addresses", host},
		{"max_connections", strconv.Itoa(cfg.MaxConnections)},
		{"port", port},
		{"ssl", strconv.FormatBool(cfg.TLSCert != "")},
		{"ssl_ca_file", cfg.TLSCA},
		{"ssl_cert_file", cfg.TLSCert},
		{"ssl_key_file", cfg.TLSKey},
		{"ssl_min_protocol_version", "TLSv1.2"},
		{"statement_timeout", strconv.FormatInt(cfg.StatementTimeout.Milliseconds(), 10)},
		{"unix_socket_directories", ""},
		{"work_mem", strconv.FormatInt(cfg.WorkMem>>10, 10)},
	}
}

var _ session.Output = (*output)(nil)
