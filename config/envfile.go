package config

import (
	"strings"

	"github.com/s3db-sql/s3db-sql/pgerr"
)

// parseEnvFile reads lines of NAME=value, as dotenv tools do: "export " before
// the name, comments after #, and quotes are allowed. Within double quotes \n,
// \t, \" and \\ mean what they say; nothing is expanded. F0000 names the line,
// never its value.
func parseEnvFile(file, s string) (map[string]string, error) {
	env := map[string]string{}
	n := 0
	for line := range strings.Lines(strings.TrimPrefix(s, "\uFEFF")) {
		n++
		line = strings.TrimSpace(line)
		if line == "" || line[0] == '#' {
			continue
		}
		name, rest, ok := strings.Cut(strings.TrimPrefix(line, "export "), "=")
		name = strings.TrimSpace(name)
		v, ok2 := envValue(strings.TrimSpace(rest))
		if !ok || !ok2 || !isEnvName(name) {
			return nil, pgerr.New(pgerr.ConfigFileError, "line %d of %q is not NAME=value", n, file)
		}
		env[name] = v
	}
	return env, nil
}

func isEnvName(s string) bool {
	return s != "" && !strings.ContainsFunc(s, func(r rune) bool {
		return r != '_' && r != '.' && (r < '0' || r > '9') && (r < 'A' || r > 'Z') && (r < 'a' || r > 'z')
	})
}

// envValue takes the quotes and the comment off a value.
func envValue(s string) (string, bool) {
	if s == "" {
		return "", true
	}
	if quote := s[0]; quote == '\'' || quote == '"' {
		v, rest, ok := unquote(s[1:], quote)
		rest = strings.TrimSpace(rest)
		return v, ok && (rest == "" || rest[0] == '#')
	}
	if i := strings.Index(s, " #"); i >= 0 {
		s = strings.TrimSpace(s[:i])
	}
	return s, true
}

var envEscapes = map[byte]byte{'n': '\n', 't': '\t', 'r': '\r', '"': '"', '\\': '\\', '$': '$'}

// unquote reads up to the closing quote.
func unquote(s string, quote byte) (v, rest string, ok bool) {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		switch {
		case s[i] == quote:
			return b.String(), s[i+1:], true
		case s[i] == '\\' && quote == '"' && i+1 < len(s) && envEscapes[s[i+1]] != 0:
			i++
			b.WriteByte(envEscapes[s[i]])
		default:
			b.WriteByte(s[i])
		}
	}
	return "", "", false
}
