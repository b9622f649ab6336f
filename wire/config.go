package wire

import (
	"crypto/tls"
	"log/slog"
	"time"

	"github.com/s3db-sql/s3db-sql/internal/clock"
	"github.com/s3db-sql/s3db-sql/internal/rng"
	"github.com/s3db-sql/s3db-sql/wire/auth"
)

// Config is what a Server needs. Handler and Auth must be set; the zero value of
// every other field means its default.
type Config struct {
	Handler Handler
	Auth    auth.Policy
	// TLS offers TLS to clients that ask for it, by SSLRequest or directly.
	TLS *tls.Config
	// Limiter slows down the guessing of passwords; nil means no limit.
	Limiter *auth.Limiter
	// MockKey makes the salts of users that do not exist. Keep it over restarts
	// and they keep theirs, as existing users do; random by default.
	MockKey []byte

	// MaxConnections is the number of sessions at a time: 100.
	MaxConnections int
	// MaxMessage is the longest message body in bytes: 256 MiB. A longer one is
	// skipped and answered by 54000.
	MaxMessage int
	// ReadAhead is how many bytes of messages are read before they are due: 256
	// KiB. One message may exceed it.
	ReadAhead int
	// StartupTimeout ends connections that do not get through authentication: 1
	// minute, as authentication_timeout.
	StartupTimeout time.Duration
	// DrainTimeout is how long a shutdown waits for running statements: 10 s.
	DrainTimeout time.Duration

	// TempDir is where large messages wait: "" the system's.
	TempDir string

	Log   *slog.Logger
	Clock clock.Clock
	Rand  rng.Source
}

// flushSize is how much output is gathered before it is written to the socket,
// and so the memory that a slow client can hold, but for one row.
const flushSize = 64 << 10

// killDelay is how long a statement has to notice at shutdown that it was
// cancelled, before its socket is closed.
const killDelay = 5 * time.Second

func (c Config) withDefaults() Config {
	setDefault(&c.MaxConnections, 100)
	setDefault(&c.MaxMessage, 256<<20)
	setDefault(&c.ReadAhead, 256<<10)
	setDefault(&c.StartupTimeout, time.Minute)
	setDefault(&c.DrainTimeout, 10*time.Second)
	if c.Log == nil {
		c.Log = slog.Default()
	}
	if c.Clock == nil {
		c.Clock = clock.System
	}
	if c.Rand == nil {
		c.Rand = rng.System
	}
	if c.MockKey == nil {
		c.MockKey = make([]byte, 32)
		c.Rand.Read(c.MockKey)
	}
	return c
}

func setDefault[T int | time.Duration](p *T, v T) {
	if *p == 0 {
		*p = v
	}
}
