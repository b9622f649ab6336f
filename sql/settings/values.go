package settings

import (
	"slices"
	"strconv"
	"strings"

	"github.com/s3db-sql/s3db-sql/pgerr"
)

// Values are one session's parameters. SET lasts for the session unless its
// transaction rolls back; SET LOCAL lasts for the transaction.
type Values struct {
	base    map[string]string // lower-case name → value set in the session
	reset   map[string]string // what RESET returns to: start-up values
	saved   []undo            // of the open transaction, oldest first
	changed func(s *Setting, value string)
	changes uint64
}

// undo is what a parameter was before a SET in a transaction.
type undo struct {
	key   string
	had   bool
	value string
	// custom of a SET LOCAL: undone at commit too.
	local bool
}

// NewValues makes a session's values. changed is called for each change of a
// parameter that is reported, with what SHOW would say.
func NewValues(changed func(s *Setting, value string)) *Values {
	return &Values{base: map[string]string{}, reset: map[string]string{}, changed: changed}
}

// Get returns the value of a parameter as SHOW prints it.
func (v *Values) Get(name string) (string, bool) {
	s := Lookup(name)
	if s == nil {
		value, ok := v.base[strings.ToLower(name)]
		return value, ok
	}
	return s.Show(v.Raw(name)), true
}

// Changes counts the changes of values: who keeps what it has read asks whether there
// was one since.
func (v *Values) Changes() uint64 { return v.changes }

// Raw returns a parameter's canonical value; "" for an unknown one.
func (v *Values) Raw(name string) string {
	key := strings.ToLower(name)
	if value, ok := v.base[key]; ok {
		return value
	}
	return v.atReset(key)
}

// atReset is the canonical value that RESET would make, of a name in lower case; "" for an
// unknown one.
func (v *Values) atReset(key string) string {
	if value, ok := v.reset[key]; ok {
		return value
	}
	if s := registry[key]; s != nil {
		return s.Default
	}
	return ""
}

// Bool reads a Bool parameter.
func (v *Values) Bool(name string) bool { return v.Raw(name) == "on" }

// Int reads an Integer parameter.
func (v *Values) Int(name string) int64 {
	n, _ := strconv.ParseInt(v.Raw(name), 10, 64)
	return n
}

// Check says whether a parameter takes a value. Errors as Set's.
func (v *Values) Check(name, value string) error {
	_, err := v.check(name, value, true)
	return err
}

// Startup sets what RESET returns to. Errors as Set's.
func (v *Values) Startup(name, value string) error {
	canonical, err := v.check(name, value, true)
	if err != nil {
		return err
	}
	v.reset[strings.ToLower(name)] = canonical
	v.report(name)
	return nil
}

// Configure sets what the server's configuration says of a parameter, whatever its
// context. Errors as Canonical's.
func (v *Values) Configure(name, value string) error {
	canonical, err := Lookup(name).Canonical(value)
	if err != nil {
		return err
	}
	v.Preset(name, canonical)
	return nil
}

// Preset sets a read-only parameter's value (server_version, is_superuser).
func (v *Values) Preset(name, value string) {
	v.reset[strings.ToLower(name)] = value
	v.report(name)
}

// Set sets a parameter. 42704 for an unknown one, 22023 for a bad value, 55P02
// for one that can't be changed now. Names with a dot are the client's own.
func (v *Values) Set(name, value string, local bool) error {
	canonical, err := v.check(name, value, false)
	if err != nil {
		return err
	}
	key := strings.ToLower(name)
	v.remember(key, local)
	v.base[key] = canonical
	v.report(name)
	return nil
}

// Assign sets a parameter that clients change by statements of its own, whatever
// its context: role, session_authorization, is_superuser.
func (v *Values) Assign(name, value string, local bool) {
	v.remember(name, local)
	v.base[name] = value
	v.report(name)
}

// Reset returns a parameter to its start-up value.
func (v *Values) Reset(name string) error {
	if s := Lookup(name); s == nil && !strings.Contains(name, ".") {
		return Unrecognized(name)
	} else if s != nil {
		if err := v.mayChange(s, false); err != nil {
			return err
		}
	}
	key := strings.ToLower(name)
	v.remember(key, false)
	delete(v.base, key)
	v.report(name)
	return nil
}

// ResetAll returns every parameter to its start-up value but those of RESET ALL's
// exceptions, such as the role (GUC_NO_RESET_ALL).
func (v *Values) ResetAll() {
	for key := range v.base {
		if s := registry[key]; s != nil && (s.Hidden || slices.Contains(s.Flags, "NO_RESET_ALL")) {
			continue
		}
		v.remember(key, false)
		delete(v.base, key)
		v.report(key)
	}
}

// check is set_config_option without setting it; starting: as a client may that
// connects.
func (v *Values) check(name, value string, starting bool) (string, error) {
	s := Lookup(name)
	if s == nil {
		if strings.Contains(name, ".") && !strings.HasPrefix(strings.ToLower(name), "s3db.") {
			return value, nil
		}
		return "", Unrecognized(name)
	}
	if err := v.mayChange(s, starting); err != nil {
		return "", err
	}
	return s.canonical(value, v.Raw(name), v.atReset(strings.ToLower(name)))
}

// mayChange is 55P02 for a parameter that a client can't change, or not any more, and
// 42501 for one that is a superuser's.
func (v *Values) mayChange(s *Setting, starting bool) error {
	cannot := ""
	switch s.Context {
	case Internal:
		cannot = "changed"
	case Postmaster:
		cannot = "changed without restarting the server"
	case Sighup:
		cannot = "changed now"
	case Backend, SuperuserBackend:
		if !starting {
			cannot = "set after connection start"
		}
	}
	if cannot != "" {
		return pgerr.New(pgerr.CantChangeRuntimeParam, "parameter \"%s\" cannot be %s", s.Name, cannot)
	}
	if (s.Context == Superuser || s.Context == SuperuserBackend) && !v.Bool("is_superuser") {
		return pgerr.New(pgerr.InsufficientPrivilege, "permission denied to set parameter \"%s\"", s.Name)
	}
	return nil
}

func (v *Values) remember(key string, local bool) {
	value, had := v.base[key]
	v.saved = append(v.saved, undo{key: key, had: had, value: value, local: local})
}

// report follows each change.
func (v *Values) report(name string) {
	v.changes++
	if s := Lookup(name); s != nil && s.Report && v.changed != nil {
		v.changed(s, s.Show(v.Raw(name)))
	}
}

// Mark returns the present point of the transaction, for Rollback.
func (v *Values) Mark() int { return len(v.saved) }

// Rollback undoes every change since the mark.
func (v *Values) Rollback(mark int) {
	for i := len(v.saved) - 1; i >= mark; i-- {
		v.restore(v.saved[i])
	}
	v.saved = v.saved[:mark]
}

// Commit keeps what SET did and undoes what SET LOCAL did.
func (v *Values) Commit() {
	// The oldest SET LOCAL of a parameter holds the value before the transaction
	// or after its last plain SET.
	for i := len(v.saved) - 1; i >= 0; i-- {
		if v.saved[i].local && !v.setLater(i) {
			v.restore(v.saved[i])
		}
	}
	v.saved = v.saved[:0]
}

// setLater says whether a plain SET of the same parameter followed entry i.
func (v *Values) setLater(i int) bool {
	for _, u := range v.saved[i+1:] {
		if u.key == v.saved[i].key && !u.local {
			return true
		}
	}
	return false
}

func (v *Values) restore(u undo) {
	if u.had {
		v.base[u.key] = u.value
	} else {
		delete(v.base, u.key)
	}
	v.report(u.key)
}
