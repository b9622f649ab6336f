package config

import (
	"errors"
	"io/fs"
	"maps"
	"slices"
	"strings"

	"github.com/s3db-sql/s3db-sql/pgerr"
)

// Action is what the command line asks for.
type Action uint8

// The actions.
const (
	Serve Action = iota
	Help
	Version
)

// Input is everything that a configuration is read from.
type Input struct {
	Args    []string // without the program's name; the first may be "serve"
	Environ []string // as os.Environ gives it
	// ReadFile reads the .env file and the passphrase file.
	ReadFile func(name string) ([]byte, error)
}

// defaultEnvFile is read if it exists; one named by --env-file must exist.
const defaultEnvFile = ".env"

// Load reads the configuration. Errors are 22023 for a bad value, 42704 for an
// option that does not exist, and F0000 for a file; with a hint where one helps.
func Load(in Input) (*Config, Action, error) {
	args, err := parseArgs(in.Args)
	if err != nil || args.action != Serve {
		return nil, args.action, err
	}
	env := environment(in.Environ)
	file, err := readEnvFile(in.ReadFile, args.envFile, env)
	if err != nil {
		return nil, Serve, err
	}
	c := &Config{sources: map[string]Source{}, Warnings: strangers(env, file)}
	for _, o := range options {
		if err := c.setOption(o, args.values, env, file); err != nil {
			return nil, Serve, err
		}
	}
	return c, Serve, c.finish(in.ReadFile)
}

// setOption gives an option its value from the strongest source that has one. A
// variable that is empty counts as not set, as container tools leave them.
func (c *Config) setOption(o option, args, env, file map[string]string) error {
	for _, src := range []struct {
		name   Source
		key    string
		values map[string]string
		shown  string
	}{
		{FromFlag, o.name, args, o.flag()},
		{FromEnvironment, o.env(), env, o.env()},
		{FromFile, o.env(), file, o.env() + " in the .env file"},
	} {
		if v, ok := src.values[src.key]; ok && (v != "" || src.name == FromFlag) {
			c.sources[o.name] = src.name
			return invalid(o, src.shown, v, o.set(c, v))
		}
	}
	return o.set(c, o.def)
}

// invalid says which option has a wrong value, and the value unless it is
// secret.
func invalid(o option, shown, v string, err error) error {
	if err == nil {
		return nil
	}
	what := `"` + v + `"`
	if o.secret {
		what = "the value given"
	}
	return pgerr.New(pgerr.InvalidParameterValue, "invalid value for %s: %s", shown, what).WithHint("%s%s.",
		strings.ToUpper(err.Error()[:1]), err.Error()[1:])
}

// arguments is a command line, taken apart.
type arguments struct {
	action  Action
	envFile string
	values  map[string]string // by the option's name
}

func parseArgs(args []string) (arguments, error) {
	out := arguments{values: map[string]string{}}
	if len(args) > 0 && args[0] == "serve" {
		args = args[1:]
	}
	for len(args) > 0 {
		arg := args[0]
		args = args[1:]
		switch arg {
		case "-h", "-help", "--help", "help":
			return arguments{action: Help}, nil
		case "-V", "-version", "--version", "version":
			return arguments{action: Version}, nil
		}
		name, v, hasValue := strings.Cut(arg, "=")
		if !strings.HasPrefix(name, "-") {
			return out, pgerr.New(pgerr.UndefinedObject, "unexpected argument %q", shorten(arg)).
				WithHint("Options begin with --; see --help.")
		}
		if !known(name) {
			return out, unknownFlag(name)
		}
		if !hasValue {
			if len(args) == 0 {
				return out, pgerr.New(pgerr.InvalidParameterValue, "%s needs a value", name)
			}
			v, args = args[0], args[1:]
		}
		out.set(optionName(name), v)
	}
	return out, nil
}

const envFileOption = "env_file"

func (a *arguments) set(name, v string) {
	if name == envFileOption {
		a.envFile = v
		return
	}
	a.values[name] = v
}

// optionName is the option of a flag; - and _ are the same, as are one dash and
// two.
func optionName(flag string) string {
	return strings.ReplaceAll(strings.TrimPrefix(strings.TrimPrefix(flag, "-"), "-"), "-", "_")
}

func known(flag string) bool {
	name := optionName(flag)
	_, ok := byName(name)
	return ok || name == envFileOption
}

func unknownFlag(flag string) error {
	e := pgerr.New(pgerr.UndefinedObject, "unknown option %s", shorten(flag)).WithHint("See --help for the options there are.")
	if o, ok := closest(optionName(flag)); ok {
		e.WithHint("Did you mean %s?", o.flag())
	}
	return e
}

// shorten keeps what may be a misplaced secret from being repeated in full.
func shorten(s string) string {
	if len(s) > 24 {
		return s[:24] + "…"
	}
	return s
}

// environment makes a map of os.Environ's lines.
func environment(lines []string) map[string]string {
	env := map[string]string{}
	for _, l := range lines {
		if k, v, ok := strings.Cut(l, "="); ok {
			env[k] = v
		}
	}
	return env
}

func readEnvFile(read func(string) ([]byte, error), name string, env map[string]string) (map[string]string, error) {
	if name == "" {
		name = env[envPrefix+strings.ToUpper(envFileOption)]
	}
	wanted := name != ""
	if !wanted {
		name = defaultEnvFile
	}
	b, err := read(name)
	if errors.Is(err, fs.ErrNotExist) && !wanted {
		return nil, nil
	}
	if err != nil {
		return nil, unreadable(name, err)
	}
	return parseEnvFile(name, string(b))
}

func unreadable(name string, err error) error {
	return pgerr.New(pgerr.ConfigFileError, "could not read file %q", name).WithDetail("%s", err.Error()).WithCause(err)
}

// strangers warns of variables that begin as ours do: somebody meant something.
// The test suite's own are left alone.
func strangers(envs ...map[string]string) []string {
	var out []string
	for _, env := range envs {
		for _, k := range slices.Sorted(maps.Keys(env)) {
			name, ours := strings.CutPrefix(k, envPrefix)
			if !ours || strings.HasPrefix(name, "TEST_") || known("--"+strings.ToLower(name)) {
				continue
			}
			w := "unknown variable " + k
			if o, ok := closest(strings.ToLower(name)); ok {
				w += ": did you mean " + o.env() + "?"
			}
			out = append(out, w)
		}
	}
	return out
}

// finish checks options against each other, and reads the passphrases.
func (c *Config) finish(read func(string) ([]byte, error)) error {
	switch {
	case (c.TLSCert == "") != (c.TLSKey == ""):
		return together("tls_cert", "tls_key")
	case (c.User == "") != (c.Password == ""):
		return together("user", "password")
	case c.TLSCA != "" && c.TLSCert == "":
		return together("tls_ca", "tls_cert")
	case c.IdentFile != "" && c.HBAFile == "":
		return together("ident_file", "hba_file")
	}
	return errors.Join(
		passphraseFile(read, "passphrase", &c.Passphrase, c.PassphraseFile),
		passphraseFile(read, "old_passphrase", &c.OldPassphrase, c.OldPassphraseFile))
}

// passphraseFile reads a passphrase from the file that another option names.
func passphraseFile(read func(string) ([]byte, error), name string, to *Secret, file string) error {
	switch {
	case file == "":
		return nil
	case *to != "":
		return pgerr.New(pgerr.InvalidParameterValue, "both %s and %s_file are set", name, name).
			WithHint("Leave one of them out.")
	}
	b, err := read(file)
	if err != nil {
		return unreadable(file, err)
	}
	*to = Secret(strings.TrimSuffix(strings.TrimSuffix(string(b), "\n"), "\r"))
	if *to == "" {
		return pgerr.New(pgerr.ConfigFileError, "the passphrase file %q is empty", file)
	}
	return nil
}

func together(a, b string) error {
	oa, _ := byName(a)
	ob, _ := byName(b)
	return pgerr.New(pgerr.InvalidParameterValue, "%s and %s go together", a, b).
		WithHint("Set both %s and %s, or neither.", oa.env(), ob.env())
}
