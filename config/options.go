package config

import (
	"math"
	"strings"
	"time"
)

// option declares one option. Its flag and its variable follow from its name.
type option struct {
	group string
	name  string // as in pg_settings: lower case with _
	value
	def string
	doc string // one or two sentences in plain words
}

func (o option) flag() string { return "--" + strings.ReplaceAll(o.name, "_", "-") }
func (o option) env() string  { return envPrefix + strings.ToUpper(o.name) }

const envPrefix = "S3DB_"

// The groups of --help and docs/config.md.
const (
	groupMain    = "Server and store"
	groupSecrets = "Encryption"
	groupAccess  = "Access"
	groupLimits  = "Limits"
	groupS3      = "Requests to S3"
	groupLog     = "Log"
)

// forever bounds timeouts as PostgreSQL does: milliseconds in 31 bits.
const forever = math.MaxInt32 * time.Millisecond

// options is the one table of options, in the order of --help.
var options = []option{
	{groupMain, "listen", address(func(c *Config) *string { return &c.Listen }), "127.0.0.1:5432",
		"Address to listen on. Other addresses than this machine's need users with passwords."},
	{groupMain, "store", text("LOCATION", func(c *Config) *Location { return &c.Store }), "./s3db-data",
		"Where the database lives: a folder, file:///path, memory://, s3://KEY:SECRET@BUCKET/prefix, or http://KEY:SECRET@HOST:PORT/BUCKET/prefix for S3-compatible servers."},
	{groupMain, "database", text("NAME", func(c *Config) *string { return &c.Database }), "",
		"Name of the database for clients. By default the last segment of the store's prefix, or s3db."},
	{groupMain, "collation", text("LOCALE", func(c *Config) *string { return &c.Collation }), "C",
		"How text sorts and which letters have two cases: C, by bytes as S3 sorts keys, or an ICU locale such as en-US. Scans by ranges of text use keys under C only."},

	{groupSecrets, "passphrase", text("TEXT", func(c *Config) *Secret { return &c.Passphrase }), "",
		"Passphrase of the secret attributes, as s3db.js has it. Prefer the variable or the file: others on this machine can see command lines."},
	{groupSecrets, "passphrase_file", text("FILE", func(c *Config) *string { return &c.PassphraseFile }), "",
		"File that holds the passphrase; one newline at its end does not count."},
	{groupSecrets, "old_passphrase", text("TEXT", func(c *Config) *Secret { return &c.OldPassphrase }), "",
		"Passphrase that secrets may still be encrypted with: they are read with it too, and ALTER RESOURCE ... ROTATE SECRET encrypts them with the present one."},
	{groupSecrets, "old_passphrase_file", text("FILE", func(c *Config) *string { return &c.OldPassphraseFile }), "",
		"File that holds the old passphrase."},

	{groupAccess, "user", text("NAME", func(c *Config) *string { return &c.User }), "",
		"Name of a user who may connect, with password: the first superuser, in place of postgres and the OS user. Without any users, everybody on this machine may connect, as any role that there is."},
	{groupAccess, "password", text("TEXT", func(c *Config) *Secret { return &c.Password }), "",
		"The user's password, or its SCRAM-SHA-256 verifier as PostgreSQL stores it."},
	{groupAccess, "auth_file", text("FILE", func(c *Config) *string { return &c.AuthFile }), "",
		"File of users in PgBouncer's format: \"user\" \"password or SCRAM-SHA-256 verifier\" on each line."},
	{groupAccess, "tls_cert", text("FILE", func(c *Config) *string { return &c.TLSCert }), "",
		"Certificate in PEM form, with its chain. It turns TLS on. Read again on SIGHUP and by pg_reload_conf()."},
	{groupAccess, "tls_key", text("FILE", func(c *Config) *string { return &c.TLSKey }), "",
		"Private key of the certificate in PEM form."},
	{groupAccess, "tls_ca", text("FILE", func(c *Config) *string { return &c.TLSCA }), "",
		"Certificates in PEM form of who may sign those of clients. A client's certificate is asked for and must be valid; rules of the HBA file demand one."},
	{groupAccess, "hba_file", text("FILE", func(c *Config) *string { return &c.HBAFile }), "",
		"File in pg_hba.conf's form that says who may connect from where, and how they prove who they are: trust, reject, scram-sha-256 or cert. Read again on SIGHUP and by pg_reload_conf()."},
	{groupAccess, "ident_file", text("FILE", func(c *Config) *string { return &c.IdentFile }), "",
		"File in pg_ident.conf's form: the user name maps of the HBA file."},
	{groupAccess, "authentication_timeout", duration(func(c *Config) *time.Duration { return &c.AuthenticationTimeout }, time.Second, 10*time.Minute), "1min",
		"How long a client may take to connect and authenticate."},

	{groupLimits, "max_connections", integer(func(c *Config) *int { return &c.MaxConnections }, 1, 100_000), "100",
		"How many clients can be connected at a time."},
	{groupLimits, "max_message_size", size(func(c *Config) *int64 { return &c.MaxMessageSize }, 64<<10, 1<<30-1024), "256MB",
		"Longest message of a client, and so its longest statement or parameter."},
	{groupLimits, "statement_timeout", duration(func(c *Config) *time.Duration { return &c.StatementTimeout }, 0, forever), "0",
		"Cancels statements that take longer; 0 is never. Sessions can SET it."},
	{groupLimits, "shutdown_timeout", duration(func(c *Config) *time.Duration { return &c.ShutdownTimeout }, time.Millisecond, time.Hour), "10s",
		"How long a shutdown waits for running statements before it cancels them."},
	{groupLimits, "work_mem", size(func(c *Config) *int64 { return &c.WorkMem }, 64<<10, 1<<40), "64MB",
		"Memory of one sort, hash or aggregate before it goes to temporary files. Sessions can SET it."},

	{groupLimits, "cache_memory", size(func(c *Config) *int64 { return &c.CacheMemory }, 0, 1<<42), "128MB",
		"Memory for the columns of tables in a store that nobody else writes to (a folder, memory://), kept as long as they do not change; 0 keeps none."},

	{groupS3, "s3_concurrency", integer(func(c *Config) *int { return &c.S3Concurrency }, 1, 10_000), "128",
		"How many requests to the store run at a time."},
	{groupS3, "s3_timeout", duration(func(c *Config) *time.Duration { return &c.S3Timeout }, 100*time.Millisecond, time.Hour), "30s",
		"How long a request may make no progress."},
	{groupS3, "s3_attempts", integer(func(c *Config) *int { return &c.S3Attempts }, 1, 100), "6",
		"How often a request is sent at most when the store is busy or does not answer."},
	{groupS3, "transaction_lease", duration(func(c *Config) *time.Duration { return &c.TransactionLease }, time.Second, time.Hour), "3min",
		"How long another server's unfinished write must have stood unchanged to be taken back. Longer than a COMMIT takes, and the same on all servers of a bucket."},

	{groupS3, "share_notifications", duration(func(c *Config) *time.Duration { return &c.ShareNotifications }, 0, time.Hour), "0",
		"How often NOTIFY, and the events of resources with events = shared, go to the other servers of the bucket, and are looked for where a client listens: a PUT or a LIST each time. 0 is never."},

	{groupLog, "log_level", choice(func(c *Config) *string { return &c.LogLevel }, "debug", "info", "warn", "error"), "info",
		"What is logged."},
	{groupLog, "log_format", choice(func(c *Config) *string { return &c.LogFormat }, "text", "json"), "text",
		"How it is logged."},
}

// byName finds an option.
func byName(name string) (option, bool) {
	for _, o := range options {
		if o.name == name {
			return o, true
		}
	}
	return option{}, false
}
