package config

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/s3db-sql/s3db-sql/pgerr"
)

var update = flag.Bool("update", false, "write docs/config.md")

// files is a file system of texts.
type files map[string]string

func (f files) read(name string) ([]byte, error) {
	if s, ok := f[name]; ok {
		return []byte(s), nil
	}
	return nil, fmt.Errorf("open %s: %w", name, fs.ErrNotExist)
}

func load(args []string, env []string, f files) (*Config, error) {
	c, _, err := Load(Input{Args: args, Environ: env, ReadFile: f.read})
	return c, err
}

func TestDefaults(t *testing.T) {
	c, err := load(nil, nil, nil)
	require.NoError(t, err)
	require.Equal(t, "127.0.0.1:5432", c.Listen)
	require.Equal(t, "./s3db-data", c.Store.Reveal())
	require.Equal(t, 100, c.MaxConnections)
	require.Equal(t, int64(256<<20), c.MaxMessageSize)
	require.Equal(t, time.Minute, c.AuthenticationTimeout)
	require.Zero(t, c.StatementTimeout)
	require.Equal(t, "info", c.LogLevel)
	for _, s := range c.Settings() {
		require.Equal(t, FromDefault, s.Source)
		require.Equal(t, s.Default, s.Value, s.Name)
	}
}

// TestEveryFieldHasAnOption, and every option its own field.
func TestEveryFieldHasAnOption(t *testing.T) {
	seen := map[string]string{}
	for _, o := range options {
		sample := map[string]string{"N": "7", "SIZE": "7MB", "TIME": "7s", "HOST:PORT": "h:7", "debug|info|warn|error": "warn", "text|json": "json"}[o.kind]
		if sample == "" {
			sample = "seven"
		}
		var c Config
		require.NoError(t, o.set(&c, sample), o.name)
		v := reflect.ValueOf(c)
		for i := range v.NumField() {
			f := v.Type().Field(i)
			if f.IsExported() && !v.Field(i).IsZero() {
				require.Equal(t, strings.ReplaceAll(o.name, "_", ""), strings.ToLower(f.Name))
				seen[f.Name] = o.name
			}
		}
		require.NotEmpty(t, o.doc)
		require.True(t, strings.HasSuffix(o.doc, "."), o.name)
	}
	v := reflect.TypeFor[Config]()
	for i := range v.NumField() {
		if f := v.Field(i); f.IsExported() && f.Name != "Warnings" && f.Name != "OSUser" {
			require.Contains(t, seen, f.Name)
		}
	}
}

func TestPrecedence(t *testing.T) {
	f := files{
		".env":  "S3DB_MAX_CONNECTIONS=1\nS3DB_LOG_LEVEL=debug\nS3DB_USER=u\nS3DB_PASSWORD=p\n",
		"other": "S3DB_MAX_CONNECTIONS=4\n",
	}
	env := []string{"S3DB_MAX_CONNECTIONS=2", "S3DB_LOG_LEVEL=", "OTHER=1"}
	sources := func(c *Config) map[string]Source {
		m := map[string]Source{}
		for _, s := range c.Settings() {
			m[s.Name] = s.Source
		}
		return m
	}
	c, err := load([]string{"serve", "--max-connections=3"}, env, f)
	require.NoError(t, err)
	require.Equal(t, 3, c.MaxConnections)
	require.Equal(t, "debug", c.LogLevel, "an empty variable is not set")
	require.Equal(t, FromFlag, sources(c)["max_connections"])
	require.Equal(t, FromFile, sources(c)["log_level"])
	require.Equal(t, FromDefault, sources(c)["listen"])

	c, err = load(nil, env, f)
	require.NoError(t, err)
	require.Equal(t, 2, c.MaxConnections)
	require.Equal(t, FromEnvironment, sources(c)["max_connections"])

	c, err = load([]string{"--env-file", "other"}, nil, f)
	require.NoError(t, err)
	require.Equal(t, 4, c.MaxConnections)
	require.Equal(t, "info", c.LogLevel)

	c, err = load(nil, []string{"S3DB_ENV_FILE=other"}, f)
	require.NoError(t, err)
	require.Equal(t, 4, c.MaxConnections)
	require.Empty(t, c.Warnings)
}

func TestSpellings(t *testing.T) {
	for _, args := range [][]string{
		{"--max-connections", "5"}, {"--max_connections=5"}, {"-max-connections=5"}, {"serve", "--max-connections=4", "--max-connections=5"},
	} {
		c, err := load(args, nil, nil)
		require.NoError(t, err)
		require.Equal(t, 5, c.MaxConnections, "%v", args)
	}
	for _, args := range [][]string{{"-h"}, {"--help"}, {"serve", "--help"}, {"--listen", "x", "--help"}} {
		_, action, err := Load(Input{Args: args})
		require.NoError(t, err)
		require.Equal(t, Help, action, "%v", args)
	}
	_, action, err := Load(Input{Args: []string{"--version"}})
	require.NoError(t, err)
	require.Equal(t, Version, action)
}

func TestErrors(t *testing.T) {
	for _, tc := range []struct {
		args, env string
		files     files
		code      pgerr.Code
		message   string
		hint      string
	}{
		{args: "--listn x:1", code: pgerr.UndefinedObject, message: "unknown option --listn", hint: "Did you mean --listen?"},
		{args: "--max-conections=1", code: pgerr.UndefinedObject, message: "unknown option --max-conections", hint: "Did you mean --max-connections?"},
		{args: "--zzz", code: pgerr.UndefinedObject, message: "unknown option --zzz", hint: "See --help for the options there are."},
		{args: "start", code: pgerr.UndefinedObject, message: `unexpected argument "start"`, hint: "Options begin with --; see --help."},
		{args: "--listen", code: pgerr.InvalidParameterValue, message: "--listen needs a value"},
		{args: "--listen 5432", code: pgerr.InvalidParameterValue, message: `invalid value for --listen: "5432"`, hint: "It must be HOST:PORT, as 127.0.0.1:5432 or [::1]:5432."},
		{args: "--listen h:x", code: pgerr.InvalidParameterValue, message: `invalid value for --listen: "h:x"`, hint: "Its port must be between 0 and 65535."},
		{env: "S3DB_MAX_CONNECTIONS=many", code: pgerr.InvalidParameterValue, message: `invalid value for S3DB_MAX_CONNECTIONS: "many"`, hint: "It must be a whole number."},
		{args: "--max-connections 0", code: pgerr.InvalidParameterValue, message: `invalid value for --max-connections: "0"`, hint: "It must be between 1 and 100000."},
		{args: "--log-level loud", code: pgerr.InvalidParameterValue, message: `invalid value for --log-level: "loud"`, hint: "It must be one of debug, info, warn, error."},
		{args: "--work-mem 1XB", code: pgerr.InvalidParameterValue, message: `invalid value for --work-mem: "1XB"`, hint: "It must be a whole number with a unit: B, kB, MB, GB, TB."},
		{args: "--work-mem 1", code: pgerr.InvalidParameterValue, message: `invalid value for --work-mem: "1"`, hint: "It must be between 64kB and 1TB."},
		{args: "--work-mem 99999999999TB", code: pgerr.InvalidParameterValue, message: `invalid value for --work-mem: "99999999999TB"`, hint: "It is too large."},
		{args: "--s3-timeout soon", code: pgerr.InvalidParameterValue, message: `invalid value for --s3-timeout: "soon"`, hint: "It must be a whole number with a unit: s, us, ms, min, h, d."},
		{files: files{".env": "S3DB_LOG_FORMAT=xml"}, code: pgerr.InvalidParameterValue, message: `invalid value for S3DB_LOG_FORMAT in the .env file: "xml"`, hint: "It must be one of text, json."},
		{files: files{".env": "A=1\nnonsense\n"}, code: pgerr.ConfigFileError, message: `line 2 of ".env" is not NAME=value`},
		{args: "--env-file gone", code: pgerr.ConfigFileError, message: `could not read file "gone"`},
		{args: "--tls-cert x", code: pgerr.InvalidParameterValue, message: "tls_cert and tls_key go together", hint: "Set both S3DB_TLS_CERT and S3DB_TLS_KEY, or neither."},
		{args: "--user x", code: pgerr.InvalidParameterValue, message: "user and password go together", hint: "Set both S3DB_USER and S3DB_PASSWORD, or neither."},
		{args: "--passphrase x --passphrase-file y", code: pgerr.InvalidParameterValue, message: "both passphrase and passphrase_file are set", hint: "Leave one of them out."},
		{args: "--old-passphrase x --old-passphrase-file y", code: pgerr.InvalidParameterValue, message: "both old_passphrase and old_passphrase_file are set", hint: "Leave one of them out."},
		{args: "--passphrase-file gone", code: pgerr.ConfigFileError, message: `could not read file "gone"`},
		{args: "--passphrase-file empty", files: files{"empty": "\n"}, code: pgerr.ConfigFileError, message: `the passphrase file "empty" is empty`},
	} {
		_, err := load(strings.Fields(tc.args), strings.Fields(tc.env), tc.files)
		require.EqualError(t, err, tc.message)
		require.Equal(t, tc.code, pgerr.CodeOf(err))
		require.Equal(t, tc.hint, pgerr.As(err).Hint)
	}
}

func TestUnknownVariablesAreWarned(t *testing.T) {
	c, err := load(nil, []string{"S3DB_STOER=x", "S3DB_TEST_POSTGRES=x", "S3DB_QQQQQQ=x"}, nil)
	require.NoError(t, err)
	require.Equal(t, []string{"unknown variable S3DB_QQQQQQ", "unknown variable S3DB_STOER: did you mean S3DB_STORE?"}, c.Warnings)
}

func TestEnvFile(t *testing.T) {
	env, err := parseEnvFile("f", "\uFEFF# comment\n\nA=plain # comment\nexport B = 'single #\\n quoted' # c\r\n"+
		"C=\"double \\\"q\\\" \\n\\t\\\\\"\nD=\nE=a=b#c\nF=\"\"\n")
	require.NoError(t, err)
	require.Equal(t, map[string]string{
		"A": "plain", "B": `single #\n quoted`, "C": "double \"q\" \n\t\\", "D": "", "E": "a=b#c", "F": "",
	}, env)
	for _, bad := range []string{"A", "=x", "A B=x", `A="open`, `A="x" y`, "A='x"} {
		_, err := parseEnvFile("f", bad)
		require.Equal(t, pgerr.ConfigFileError, pgerr.CodeOf(err), bad)
	}
}

func TestPassphraseFile(t *testing.T) {
	c, err := load([]string{"--passphrase-file", "f"}, nil, files{"f": " s p \r\n"})
	require.NoError(t, err)
	require.Equal(t, " s p ", c.Passphrase.Reveal())
}

func TestUnits(t *testing.T) {
	for in, want := range map[string]int64{"0": 0, "7": 7, "7B": 7, "7 kB": 7 << 10, "1024kB": 1 << 20, "2GB": 2 << 30} {
		n, err := parseQuantity(in, sizeUnits, "B")
		require.NoError(t, err, in)
		require.Equal(t, want, n, in)
	}
	for in, want := range map[string]time.Duration{"7": 7 * time.Second, "7ms": 7 * time.Millisecond, "2min": 2 * time.Minute, "1d": 24 * time.Hour, "5us": 5 * time.Microsecond} {
		n, err := parseQuantity(in, timeUnits, "s")
		require.NoError(t, err, in)
		require.Equal(t, want, time.Duration(n), in)
	}
	for n, want := range map[int64]string{0: "0", 1: "1B", 1 << 20: "1MB", 1536: "1536B", 64 << 10: "64kB"} {
		require.Equal(t, want, showQuantity(n, sizeUnits))
	}
	for _, bad := range []string{"", "x", "-1", "1.5s", "MB"} {
		_, err := parseQuantity(bad, sizeUnits, "B")
		require.Error(t, err, bad)
	}
}

// TestSecretsDoNotShow: by any verb, in logs, JSON, settings or errors.
func TestSecretsDoNotShow(t *testing.T) {
	const secret = "hunter2"
	c, err := load(nil, []string{
		"S3DB_PASSPHRASE=" + secret, "S3DB_USER=u", "S3DB_PASSWORD=" + secret,
		"S3DB_STORE=s3://KEY:" + secret + "/+@" + secret + "@bucket/p?region=r&session_token=" + secret,
	}, nil)
	require.NoError(t, err)
	var b bytes.Buffer
	for _, v := range []any{c, *c, c.Settings(), c.Store, c.Passphrase} {
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d"} {
			fmt.Fprintf(&b, verb+"\n", v)
		}
		slog.New(slog.NewJSONHandler(&b, nil)).Info("x", "v", v)
		slog.New(slog.NewTextHandler(&b, nil)).Info("x", "v", v)
		require.NoError(t, json.NewEncoder(&b).Encode(v))
	}
	require.NotContains(t, b.String(), secret)
	require.NotContains(t, b.String(), fmt.Sprintf("%x", secret))
	require.Equal(t, "s3://***@bucket/p?region=r&session_token=***", c.Store.String())
	require.Contains(t, b.String(), "***")

	o, _ := byName("passphrase")
	err = invalid(o, o.flag(), secret, wrong("it is wrong"))
	require.NotContains(t, err.Error()+pgerr.As(err).Hint, secret)
}

func TestLocationsShow(t *testing.T) {
	for in, want := range map[string]string{
		"./s3db-data": "./s3db-data", "memory://": "memory://", "file:///a/b": "file:///a/b", "s3://bucket/p": "s3://bucket/p",
		"http://K:S@localhost:9000/b/p":                  "http://***@localhost:9000/b/p",
		"s3://K:S@b?endpoint=http://x:1&path_style=true": "s3://***@b?endpoint=http://x:1&path_style=true",
		"s3://b?endpoint=http://K:S@x":                   "s3://b?endpoint=***",
		"s3://b?secret=x":                                "s3://b?secret=***",
	} {
		require.Equal(t, want, Location(in).String())
	}
}

func TestHelp(t *testing.T) {
	var b bytes.Buffer
	require.NoError(t, WriteHelp(&b))
	for line := range strings.Lines(b.String()) {
		if !strings.HasPrefix(line, "  --") {
			require.LessOrEqual(t, len(line), helpWidth+1, line)
		}
	}
	for _, o := range options {
		require.Contains(t, b.String(), "  "+o.flag()+" "+o.kind)
	}
}

// TestDocs: docs/config.md is what the table says; -update writes it.
func TestDocs(t *testing.T) {
	const path = "../docs/config.md"
	var b bytes.Buffer
	require.NoError(t, WriteMarkdown(&b))
	if *update {
		require.NoError(t, os.WriteFile(path, b.Bytes(), 0o644))
	}
	got, err := os.ReadFile(path)
	require.NoError(t, err)
	require.Equal(t, b.String(), string(got), "run go test ./config -update")
}
