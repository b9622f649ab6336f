package auth

import (
	"bufio"
	"io"
	"strings"

	"github.com/s3db-sql/s3db-sql/internal/rng"
	"github.com/s3db-sql/s3db-sql/pgerr"
)

// ReadUsers reads a users file in PgBouncer's format: a line per user with its
// name and its secret in double quotes, a quote inside doubled; empty lines and
// those that begin with ; or # are skipped. A secret is a SCRAM-SHA-256 verifier
// as in pg_authid, or a password. Errors (F0000) name the line, never a secret.
func ReadUsers(r io.Reader, random rng.Source) (StaticUsers, error) {
	users := StaticUsers{}
	sc := bufio.NewScanner(r)
	for n := 1; sc.Scan(); n++ {
		line := strings.TrimSpace(sc.Text())
		if line == "" || line[0] == ';' || line[0] == '#' {
			continue
		}
		if err := users.addLine(line, random); err != nil {
			return nil, pgerr.New(pgerr.ConfigFileError, "line %d of the users file: %s", n, err.Error())
		}
	}
	if err := sc.Err(); err != nil {
		return nil, pgerr.New(pgerr.ConfigFileError, "could not read the users file: %s", err.Error())
	}
	return users, nil
}

func (s StaticUsers) addLine(line string, random rng.Source) error {
	name, rest, ok := quoted(line)
	secret, rest, ok2 := quoted(rest)
	if !ok || !ok2 || rest != "" || name == "" || secret == "" {
		return pgerr.New(pgerr.ConfigFileError, `expected "user" "verifier or password"`)
	}
	if s[name] != nil {
		return pgerr.New(pgerr.ConfigFileError, "user %q is there twice", name)
	}
	return s.Add(name, secret, random)
}

// Add adds a user with a verifier or a password.
func (s StaticUsers) Add(name, secret string, random rng.Source) error {
	parse := func(p string) (*Verifier, error) { return NewVerifier(p, random) }
	if IsVerifier(secret) {
		parse = ParseVerifier
	}
	v, err := parse(secret)
	if err != nil {
		return err
	}
	s[name] = v
	return nil
}

// quoted takes a string in double quotes off the front of s.
func quoted(s string) (value, rest string, ok bool) {
	if !strings.HasPrefix(s, `"`) {
		return "", s, false
	}
	var b strings.Builder
	for i := 1; i < len(s); i++ {
		switch {
		case s[i] != '"':
			b.WriteByte(s[i])
		case i+1 < len(s) && s[i+1] == '"':
			b.WriteByte('"')
			i++
		default:
			return b.String(), strings.TrimLeft(s[i+1:], " \t"), true
		}
	}
	return "", s, false
}
