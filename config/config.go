package config

import "time"

// Config is the server's configuration.
type Config struct {
	Listen   string
	Store    Location
	Database string
	// Collation is the ICU locale of the default collation, or C.
	Collation string

	// Passphrase encrypts secrets and decrypts them; OldPassphrase decrypts too.
	Passphrase, OldPassphrase         Secret
	PassphraseFile, OldPassphraseFile string

	// OSUser is who runs the server, "" if that is not known.
	OSUser string

	User     string
	Password Secret
	AuthFile string
	TLSCert  string
	TLSKey   string
	TLSCA    string
	HBAFile  string
	// IdentFile has the user name maps of the HBA file.
	IdentFile string

	MaxConnections        int
	MaxMessageSize        int64 // bytes
	AuthenticationTimeout time.Duration
	StatementTimeout      time.Duration // 0: none
	ShutdownTimeout       time.Duration
	WorkMem               int64 // bytes
	CacheMemory           int64 // bytes

	S3Concurrency int
	S3Timeout     time.Duration
	S3Attempts    int

	// TransactionLease: a writer of whom nothing was heard for so long is dead.
	TransactionLease time.Duration
	// ShareNotifications is how often the servers of a bucket tell each other; 0: never.
	ShareNotifications time.Duration

	LogLevel  string
	LogFormat string

	// Warnings are variables that look like ours and are not.
	Warnings []string

	sources map[string]Source
}

// Source says where a value came from.
type Source string

// The sources, the strongest first.
const (
	FromFlag        Source = "command line"
	FromEnvironment Source = "environment variable"
	FromFile        Source = ".env file"
	FromDefault     Source = "default"
)

// Setting is an option as it is set, fit to be shown: secrets are stars.
type Setting struct {
	Name, Value, Default, Doc string
	Secret                    bool
	Source                    Source
}

// Settings lists all options as they are set.
func (c *Config) Settings() []Setting {
	var out []Setting
	for _, o := range options {
		s := Setting{Name: o.name, Value: o.show(c), Default: o.def, Doc: o.doc, Secret: o.secret, Source: FromDefault}
		if src, ok := c.sources[o.name]; ok {
			s.Source = src
		}
		out = append(out, s)
	}
	return out
}
