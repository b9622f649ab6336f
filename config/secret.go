package config

import (
	"fmt"
	"log/slog"
	"strings"
)

// Secret is a value that prints as stars wherever it is printed.
type Secret string

// hidden stands for every secret.
const hidden = "***"

// Reveal returns the value itself.
func (s Secret) Reveal() string { return string(s) }

// String implements fmt.Stringer: stars, or nothing if there is nothing.
func (s Secret) String() string {
	if s == "" {
		return ""
	}
	return hidden
}

// GoString implements fmt.GoStringer, for %#v.
func (s Secret) GoString() string { return s.String() }

// Format implements fmt.Formatter: no verb shows the value.
func (s Secret) Format(f fmt.State, _ rune) { fmt.Fprint(f, s.String()) }

// LogValue implements slog.LogValuer.
func (s Secret) LogValue() slog.Value { return slog.StringValue(s.String()) }

// MarshalText implements encoding.TextMarshaler, and so JSON.
func (s Secret) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// Location is a store location, which may hold keys: it prints without them.
type Location string

// Reveal returns the location with its keys.
func (l Location) Reveal() string { return string(l) }

// String implements fmt.Stringer. Keys need not be well encoded, so everything
// between the scheme and the last @ is taken for them, and the whole query.
func (l Location) String() string {
	s, query, hasQuery := strings.Cut(string(l), "?")
	if scheme, rest, ok := strings.Cut(s, "://"); ok {
		if i := strings.LastIndexByte(rest, '@'); i >= 0 {
			s = scheme + "://" + hidden + rest[i:]
		}
	}
	if hasQuery {
		s += "?" + cleanQuery(query)
	}
	return s
}

// openParams are the parameters of a location whose values are not secret.
var openParams = map[string]bool{"endpoint": true, "region": true, "path_style": true, "forcePathStyle": true}

func cleanQuery(q string) string {
	parts := strings.Split(q, "&")
	for i, p := range parts {
		name, value, _ := strings.Cut(p, "=")
		if !openParams[name] || strings.Contains(value, "@") {
			parts[i] = name + "=" + hidden
		}
	}
	return strings.Join(parts, "&")
}

// GoString implements fmt.GoStringer, for %#v.
func (l Location) GoString() string { return l.String() }

// Format implements fmt.Formatter: no verb shows the keys.
func (l Location) Format(f fmt.State, _ rune) { fmt.Fprint(f, l.String()) }

// LogValue implements slog.LogValuer.
func (l Location) LogValue() slog.Value { return slog.StringValue(l.String()) }

// MarshalText implements encoding.TextMarshaler, and so JSON.
func (l Location) MarshalText() ([]byte, error) { return []byte(l.String()), nil }
