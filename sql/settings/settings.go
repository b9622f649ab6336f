package settings

import (
	"math"
	"slices"
	"sort"
	"strconv"
	"strings"

	"github.com/s3db-sql/s3db-sql/pgerr"
)

// Kind is pg_settings.vartype.
type Kind string

// The kinds of parameter.
const (
	Bool    Kind = "bool"
	Integer Kind = "integer"
	Real    Kind = "real"
	String  Kind = "string"
	Enum    Kind = "enum"
)

// Context is pg_settings.context: who may change it and when.
type Context string

// The contexts.
const (
	Internal         Context = "internal"   // nobody
	Postmaster       Context = "postmaster" // at server start
	Sighup           Context = "sighup"     // when the server reads its configuration again
	SuperuserBackend Context = "superuser-backend"
	Backend          Context = "backend" // when the client connects
	Superuser        Context = "superuser"
	User             Context = "user"
)

// Setting declares one parameter. Text is its value in canonical form.
type Setting struct {
	Name     string
	Kind     Kind
	Default  string
	Unit     string // ms, kB, … of a plain number; "" none
	Min, Max float64
	Values   []string // of an Enum
	Category string
	Doc      string
	ExtraDoc string
	Context  Context
	// Flags are those that pg_settings_get_flags tells.
	Flags []string
	// Hidden: SHOW ALL and pg_settings leave it out.
	Hidden bool
	// Report: the client is told of every change (ParameterStatus).
	Report bool
	// Check makes the canonical form of a value that is right for its kind, or refuses
	// it with 22023 or 0A000. nil takes all.
	Check func(value string) (string, error)
	// Complete is Check of a parameter whose values may say a part of it: the others stay
	// as they are in present, or are reset's where value says so. Both are canonical.
	Complete func(value, present, reset string) (string, error)
	// List: the value is a list of identifiers (search_path).
	List bool
	// Secret: nobody is shown the value, and nothing keeps it.
	Secret bool
}

var registry = map[string]*Setting{}

// Register adds parameters; it panics on a duplicate.
func Register(ss ...*Setting) {
	for _, s := range ss {
		key := strings.ToLower(s.Name)
		if registry[key] != nil {
			panic("settings: " + s.Name + " registered twice")
		}
		if s.Context == "" {
			s.Context = User
		}
		registry[key] = s
	}
}

// Lookup finds a parameter, whatever the case; nil if there is none.
func Lookup(name string) *Setting { return registry[strings.ToLower(name)] }

// All lists every parameter by name.
func All() []*Setting {
	out := make([]*Setting, 0, len(registry))
	for _, s := range registry {
		out = append(out, s)
	}
	sort.Slice(out, func(i, j int) bool { return strings.ToLower(out[i].Name) < strings.ToLower(out[j].Name) })
	return out
}

// Unrecognized is 42704 for a name that is no parameter.
func Unrecognized(name string) *pgerr.Error {
	return pgerr.New(pgerr.UndefinedObject, "unrecognized configuration parameter \"%s\"", name)
}

// hiddenValue stands for a secret.
const hiddenValue = "********"

// Kept is 0A000 for a parameter whose value no catalog may keep (ALTER ROLE … SET, SET of
// a function).
func (s *Setting) Kept() error {
	if !s.Secret {
		return nil
	}
	return pgerr.Unsupported("keeping a value of the parameter \"%s\"", s.Name).
		WithHint("It is set for a session, by its client.")
}

// Canonical checks a value and returns its canonical form, outside of any session.
func (s *Setting) Canonical(value string) (string, error) {
	return s.canonical(value, s.Default, s.Default)
}

// canonical is Canonical where the parameter is present and RESET would make it reset.
func (s *Setting) canonical(value, present, reset string) (string, error) {
	var err error
	switch s.Kind {
	case Bool:
		b, ok := ParseBool(value)
		if !ok {
			return "", pgerr.New(pgerr.InvalidParameterValue, "parameter \"%s\" requires a Boolean value", s.Name)
		}
		value = onOff(b)
	case Integer, Real:
		value, err = s.number(value)
	case Enum:
		value, err = s.enum(value)
	}
	switch {
	case err != nil:
		return "", err
	case s.Complete != nil:
		return s.Complete(value, present, reset)
	case s.Check != nil:
		return s.Check(value)
	}
	return value, nil
}

func onOff(b bool) string {
	if b {
		return "on"
	}
	return "off"
}

// ParseBool accepts PostgreSQL's spellings and their unambiguous prefixes.
func ParseBool(v string) (value, ok bool) {
	v = strings.ToLower(strings.TrimSpace(v))
	if v == "" {
		return false, false
	}
	switch {
	case strings.HasPrefix("true", v), strings.HasPrefix("yes", v), v == "on", v == "1":
		return true, true
	case strings.HasPrefix("false", v), strings.HasPrefix("no", v), v == "off", v == "of", v == "0":
		return false, true
	}
	return false, false
}

func (s *Setting) enum(value string) (string, error) {
	for _, v := range s.Values {
		if strings.EqualFold(v, value) {
			return v, nil
		}
	}
	if v, ok := hiddenValues[strings.ToLower(value)]; ok && slices.Contains(s.Values, v.among) {
		return v.is, nil
	}
	return "", s.invalid(value).WithHint("Available values: %s.", strings.Join(s.Values, ", "))
}

// hiddenValues are what enums take beside the values that they show, where they have
// another one (config_enum_entry.hidden).
var hiddenValues = map[string]struct{ is, among string }{
	"true": {"on", "on"}, "yes": {"on", "on"}, "1": {"on", "on"}, "false": {"off", "off"}, "no": {"off", "off"}, "0": {"off", "off"},
	"debug": {"debug2", "debug2"}, "info": {"info", "debug2"},
}

func (s *Setting) invalid(value string) *pgerr.Error {
	return pgerr.New(pgerr.InvalidParameterValue, "invalid value for parameter \"%s\": \"%s\"", s.Name, value)
}

// units convert a suffix into the base unit of its family.
var units = map[string]map[string]float64{
	"ms":  {"us": 0.001, "ms": 1, "s": 1000, "min": 60_000, "h": 3_600_000, "d": 86_400_000},
	"s":   {"us": 1e-6, "ms": 0.001, "s": 1, "min": 60, "h": 3600, "d": 86_400},
	"min": {"us": 1.0 / 60e6, "ms": 1.0 / 60_000, "s": 1.0 / 60, "min": 1, "h": 60, "d": 1440},
	"B":   {"B": 1, "kB": 1024, "MB": 1 << 20, "GB": 1 << 30, "TB": 1 << 40},
	"MB":  {"B": 1.0 / (1 << 20), "kB": 1.0 / 1024, "MB": 1, "GB": 1024, "TB": 1024 * 1024},
	"kB":  {"B": 1.0 / 1024, "kB": 1, "MB": 1024, "GB": 1024 * 1024, "TB": 1024 * 1024 * 1024},
	// blocks, of block_size
	"8kB": {"B": 1.0 / 8192, "kB": 1.0 / 8, "MB": 128, "GB": 128 * 1024, "TB": 128 * 1024 * 1024},
}

// number parses a plain number or one with a unit ("5s", "64MB").
func (s *Setting) number(value string) (string, error) {
	text := strings.TrimSpace(value)
	digits := strings.TrimRight(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ ")
	suffix := strings.TrimSpace(text[len(digits):])
	n, err := strconv.ParseFloat(strings.TrimSpace(digits), 64)
	if err != nil {
		return "", s.invalid(value)
	}
	if suffix != "" {
		factor, ok := units[s.Unit][suffix]
		if !ok {
			return "", s.invalid(value).WithHint("%s", unitHint(s.Unit))
		}
		n *= factor
	}
	if s.Kind == Integer {
		n = math.Round(n)
	}
	if n < s.Min || n > s.Max {
		return "", pgerr.New(pgerr.InvalidParameterValue, "%s is outside the valid range for parameter \"%s\" (%s .. %s)",
			s.withUnit(n), s.Name, s.Number(s.Min), s.Number(s.Max))
	}
	return s.Number(n), nil
}

func (s *Setting) withUnit(n float64) string {
	if s.Unit == "" {
		return s.Number(n)
	}
	return s.Number(n) + " " + s.Unit
}

// Number writes a value or limit of the parameter, as %d and %g do.
func (s *Setting) Number(n float64) string {
	if s.Kind == Real {
		return strconv.FormatFloat(n, 'g', 6, 64)
	}
	return strconv.FormatFloat(n, 'f', -1, 64)
}

func unitHint(unit string) string {
	switch unit {
	case "B", "kB", "8kB", "MB":
		return "Valid units for this parameter are \"B\", \"kB\", \"MB\", \"GB\", and \"TB\"."
	case "ms", "s", "min":
		return "Valid units for this parameter are \"us\", \"ms\", \"s\", \"min\", \"h\", and \"d\"."
	}
	return ""
}

// Show renders a canonical value as SHOW does: with a unit that keeps the number
// short.
func (s *Setting) Show(value string) string {
	if s.Secret && value != "" {
		return hiddenValue
	}
	if s.Unit == "" {
		return value
	}
	n, err := strconv.ParseInt(value, 10, 64)
	if err != nil || n <= 0 {
		return value
	}
	for _, u := range showUnits[s.Unit] {
		if n%u.size == 0 {
			return strconv.FormatInt(n/u.size, 10) + u.name
		}
	}
	if s.Unit == "8kB" {
		return strconv.FormatInt(8*n, 10) + "kB"
	}
	return value
}

type showUnit struct {
	name string
	size int64
}

var showUnits = map[string][]showUnit{
	"ms":  {{"d", 86_400_000}, {"h", 3_600_000}, {"min", 60_000}, {"s", 1000}, {"ms", 1}},
	"s":   {{"d", 86_400}, {"h", 3600}, {"min", 60}, {"s", 1}},
	"min": {{"d", 1440}, {"h", 60}, {"min", 1}},
	"B":   {{"TB", 1 << 40}, {"GB", 1 << 30}, {"MB", 1 << 20}, {"kB", 1 << 10}, {"B", 1}},
	"MB":  {{"TB", 1 << 20}, {"GB", 1 << 10}, {"MB", 1}},
	"kB":  {{"TB", 1 << 30}, {"GB", 1 << 20}, {"MB", 1 << 10}, {"kB", 1}},
	// TB and GB in blocks; smaller sizes are shown in kB by Show
	"8kB": {{"TB", 1 << 27}, {"GB", 1 << 17}, {"MB", 1 << 7}},
}
