package tsearch

import (
	"math"
	"slices"
	"strings"

	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

// headlineOptions are what ts_headline's options say, by default as below.
type headlineOptions struct {
	maxWords, minWords, shortWord, maxFragments int
	highlightAll                                bool
	startSel, stopSel, delimiter                string
}

// maxCover is how many words a match may be long.
func (o *headlineOptions) maxCover() int { return max(o.maxWords*10, 100) * max(o.maxFragments, 1) }

// headlineSetters set an option by its name in lower case.
var headlineSetters = map[string]func(o *headlineOptions, value string) error{
	"maxwords":          intOption(func(o *headlineOptions) *int { return &o.maxWords }),
	"minwords":          intOption(func(o *headlineOptions) *int { return &o.minWords }),
	"shortword":         intOption(func(o *headlineOptions) *int { return &o.shortWord }),
	"maxfragments":      intOption(func(o *headlineOptions) *int { return &o.maxFragments }),
	"startsel":          textOption("StartSel", func(o *headlineOptions) *string { return &o.startSel }),
	"stopsel":           textOption("StopSel", func(o *headlineOptions) *string { return &o.stopSel }),
	"fragmentdelimiter": textOption("FragmentDelimiter", func(o *headlineOptions) *string { return &o.delimiter }),
	"highlightall": func(o *headlineOptions, v string) error {
		o.highlightAll = slices.Contains([]string{"1", "on", "true", "t", "y", "yes"}, toLower(v))
		return nil
	},
}

func intOption(field func(o *headlineOptions) *int) func(o *headlineOptions, value string) error {
	return func(o *headlineOptions, value string) error {
		n, err := types.ParseInt(value, 32, "integer")
		*field(o) = int(n)
		return err
	}
}

// textOption takes up to 32,767 bytes.
func textOption(name string, field func(o *headlineOptions) *string) func(o *headlineOptions, value string) error {
	return func(o *headlineOptions, value string) error {
		if len(value) > math.MaxInt16 {
			return pgerr.New(pgerr.InvalidParameterValue, "value for \"%s\" is too long", name)
		}
		*field(o) = value
		return nil
	}
}

func parseHeadlineOptions(text string) (headlineOptions, error) {
	o := headlineOptions{maxWords: 35, minWords: 15, shortWord: 3, startSel: "<b>", stopSel: "</b>", delimiter: " ... "}
	list, err := parseOptions(text)
	if err != nil {
		return o, err
	}
	for _, kv := range list {
		set := headlineSetters[toLower(kv.name)]
		if set == nil {
			return o, pgerr.New(pgerr.InvalidParameterValue, "unrecognized headline parameter: \"%s\"", kv.name)
		}
		if err := set(&o, kv.value); err != nil {
			return o, err
		}
	}
	return o, o.check()
}

func (o *headlineOptions) check() error {
	wrong := ""
	switch {
	case o.highlightAll:
	case o.minWords >= o.maxWords:
		wrong = "MinWords should be less than MaxWords"
	case o.minWords <= 0:
		wrong = "MinWords should be positive"
	case o.shortWord < 0:
		wrong = "ShortWord should be >= 0"
	case o.maxFragments < 0:
		wrong = "MaxFragments should be >= 0"
	}
	if wrong == "" {
		return nil
	}
	return pgerr.New(pgerr.InvalidParameterValue, "%s", wrong)
}

type option struct{ name, value string }

// optionReader reads name = value, name = 'value' … (deserialize_deflist).
type optionReader struct{ text, rest string }

func parseOptions(text string) ([]option, error) {
	r := optionReader{text, text}
	var out []option
	for {
		r.rest = strings.TrimLeft(r.rest, " \t\n\v\f\r,")
		if r.rest == "" {
			return out, nil
		}
		name, err := r.name()
		if err != nil {
			return nil, err
		}
		value, err := r.value()
		if err != nil {
			return nil, err
		}
		out = append(out, option{name, value})
	}
}

func (r *optionReader) bad() error {
	return pgerr.New(pgerr.SyntaxError, "invalid parameter list format: \"%s\"", r.text)
}

func (r *optionReader) skipSpace() { r.rest = strings.TrimLeft(r.rest, " \t\n\v\f\r") }

// name reads a name and the = behind it.
func (r *optionReader) name() (name string, err error) {
	if r.rest[0] == '"' {
		if name, err = r.quoted('"', false); err != nil {
			return "", err
		}
	} else {
		n := strings.IndexAny(r.rest[1:], " \t\n\v\f\r=") + 1
		if n == 0 {
			return "", r.bad()
		}
		name, r.rest = r.rest[:n], r.rest[n:]
	}
	r.skipSpace()
	if !strings.HasPrefix(r.rest, "=") {
		return "", r.bad()
	}
	r.rest = r.rest[1:]
	return name, nil
}

func (r *optionReader) value() (string, error) {
	r.skipSpace()
	switch {
	case r.rest == "":
		return "", r.bad()
	case strings.HasPrefix(r.rest, "E'"):
		r.rest = r.rest[1:]
		return r.quoted('\'', true)
	case r.rest[0] == '\'':
		return r.quoted('\'', true)
	case r.rest[0] == '"':
		return r.quoted('"', false)
	}
	n := strings.IndexAny(r.rest[1:], " \t\n\v\f\r,") + 1
	if n == 0 {
		n = len(r.rest)
	}
	value := r.rest[:n]
	r.rest = r.rest[n:]
	return value, nil
}

// quoted reads up to the closing quote; a quote is written twice, and so may a
// backslash be.
func (r *optionReader) quoted(quote byte, backslash bool) (string, error) {
	var b strings.Builder
	for i := 1; i < len(r.rest); i++ {
		c := r.rest[i]
		twice := i+1 < len(r.rest) && r.rest[i+1] == c
		switch {
		case c == quote && !twice:
			r.rest = r.rest[i+1:]
			return b.String(), nil
		case twice && (c == quote || backslash && c == '\\'):
			i++
		}
		b.WriteByte(c)
	}
	return "", r.bad()
}
