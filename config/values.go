package config

import (
	"fmt"
	"net"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/s3db-sql/s3db-sql/pgerr"
)

// value is how an option is read and shown.
type value struct {
	// kind is the placeholder in --help.
	kind string
	// secret values are never shown, nor named in errors.
	secret bool
	set    func(c *Config, s string) error
	show   func(c *Config) string
}

// wrong is what is wrong with a value; the parser adds the option and the value.
func wrong(format string, args ...any) error {
	return pgerr.New(pgerr.InvalidParameterValue, format, args...)
}

func text[T ~string](kind string, p func(*Config) *T) value {
	_, secret := any(*p(&Config{})).(Secret)
	return value{
		kind:   kind,
		secret: secret,
		set:    func(c *Config, s string) error { *p(c) = T(s); return nil },
		show:   func(c *Config) string { return fmt.Sprint(*p(c)) },
	}
}

func integer(p func(*Config) *int, low, high int) value {
	return value{
		kind: "N",
		set: func(c *Config, s string) error {
			n, err := strconv.Atoi(s)
			if err != nil {
				return wrong("it must be a whole number")
			}
			if n < low || n > high {
				return wrong("it must be between %d and %d", low, high)
			}
			*p(c) = n
			return nil
		},
		show: func(c *Config) string { return strconv.Itoa(*p(c)) },
	}
}

func choice(p func(*Config) *string, words ...string) value {
	v := text(strings.Join(words, "|"), p)
	v.set = func(c *Config, s string) error {
		if !slices.Contains(words, s) {
			return wrong("it must be one of %s", strings.Join(words, ", "))
		}
		*p(c) = s
		return nil
	}
	return v
}

// address is host:port.
func address(p func(*Config) *string) value {
	v := text("HOST:PORT", p)
	v.set = func(c *Config, s string) error {
		_, port, err := net.SplitHostPort(s)
		if err != nil {
			return wrong("it must be HOST:PORT, as 127.0.0.1:5432 or [::1]:5432")
		}
		if _, err := strconv.ParseUint(port, 10, 16); err != nil {
			return wrong("its port must be between 0 and 65535")
		}
		*p(c) = s
		return nil
	}
	return v
}

// unit is a multiple with a name. The largest come first.
type unit struct {
	name string
	n    int64
}

// PostgreSQL's units ("Setting Parameters"), bytes without one.
var (
	sizeUnits = []unit{{"TB", 1 << 40}, {"GB", 1 << 30}, {"MB", 1 << 20}, {"kB", 1 << 10}, {"B", 1}}
	timeUnits = []unit{
		{"d", int64(24 * time.Hour)}, {"h", int64(time.Hour)}, {"min", int64(time.Minute)},
		{"ms", int64(time.Millisecond)}, {"us", int64(time.Microsecond)}, {"s", int64(time.Second)},
	}
)

// size is bytes with PostgreSQL's units.
func size(p func(*Config) *int64, low, high int64) value {
	return quantity("SIZE", sizeUnits, "B", p, low, high)
}

// duration is time with PostgreSQL's units; a plain number is seconds.
func duration(p func(*Config) *time.Duration, low, high time.Duration) value {
	at := func(c *Config) *int64 { return (*int64)(p(c)) }
	return quantity("TIME", timeUnits, "s", at, int64(low), int64(high))
}

func quantity(kind string, units []unit, plain string, p func(*Config) *int64, low, high int64) value {
	return value{
		kind: kind,
		set: func(c *Config, s string) error {
			n, err := parseQuantity(s, units, plain)
			if err != nil {
				return err
			}
			if n < low || n > high {
				return wrong("it must be between %s and %s", showQuantity(low, units), showQuantity(high, units))
			}
			*p(c) = n
			return nil
		},
		show: func(c *Config) string { return showQuantity(*p(c), units) },
	}
}

func parseQuantity(s string, units []unit, plain string) (int64, error) {
	end := strings.IndexFunc(s, func(r rune) bool { return r < '0' || r > '9' })
	if end < 0 {
		end = len(s)
	}
	name := strings.TrimSpace(s[end:])
	if name == "" {
		name = plain
	}
	n, err := strconv.ParseInt(s[:end], 10, 64)
	i := slices.IndexFunc(units, func(u unit) bool { return u.name == name })
	if err != nil || i < 0 {
		return 0, wrong("it must be a whole number with a unit: %s", unitNames(units))
	}
	if n > (1<<63-1)/units[i].n {
		return 0, wrong("it is too large")
	}
	return n * units[i].n, nil
}

func unitNames(units []unit) string {
	var names []string
	for _, u := range units {
		names = append(names, u.name)
	}
	slices.Reverse(names)
	return strings.Join(names, ", ")
}

// showQuantity uses the largest unit that leaves a whole number.
func showQuantity(n int64, units []unit) string {
	if n == 0 {
		return "0"
	}
	best := unit{"", 1}
	for _, u := range units {
		if n%u.n == 0 && u.n >= best.n {
			best = u
		}
	}
	return fmt.Sprintf("%d%s", n/best.n, best.name)
}
