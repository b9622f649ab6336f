package types

import (
	"strconv"
	"strings"
	"sync"

	"github.com/s3db-sql/s3db-sql/sql/types/collation"
)

// The collations that have a fixed oid.
const (
	DefaultCollationOID OID = 100
	CCollationOID       OID = 950
	PosixCollationOID   OID = 951
)

// The providers: pg_collation.collprovider.
const (
	ProviderDefault byte = 'd'
	ProviderLibc    byte = 'c'
	ProviderICU     byte = 'i'
)

// Collation is an order of text: a row of pg_collation. It is not changed once
// made.
type Collation struct {
	OID       OID
	Namespace string // "" means pg_catalog
	Name      string
	Provider  byte
	// Collate and Ctype are libc's names, ICULocale ICU's; "" for NULL.
	Collate, Ctype, ICULocale string
	// Nondeterministic: strings that differ may be equal.
	Nondeterministic bool
	Encoding         int32 // pg_char_to_encoding's number, -1 for any
	Comment          string

	locale *collation.Locale // nil: by bytes
	types  *sync.Map         // *Type → *Type, of the built-in types
}

// NewCollation finds the locale of c: 22023 if there is none of the name, 0A000
// if its rules are not known.
func NewCollation(c Collation) (*Collation, error) {
	c.types = &sync.Map{}
	name := c.ICULocale
	if c.Provider == ProviderLibc && !bytewise(c.Collate) {
		name = c.Collate
	}
	if name == "" {
		return &c, nil
	}
	var err error
	c.locale, err = collation.Find(name)
	return &c, err
}

// bytewise says whether libc compares by bytes under a locale.
func bytewise(name string) bool {
	base, _, _ := strings.Cut(name, ".")
	return base == "" || base == "C" || base == "POSIX"
}

// Locale is nil for collations that order by bytes and know ASCII's letters
// only.
func (c *Collation) Locale() *collation.Locale { return c.locale }

// Version is collversion, that of the tables of the order; "" for NULL.
func (c *Collation) Version() string {
	if c.locale == nil || c.Provider == ProviderDefault {
		return ""
	}
	return collation.Version()
}

// Compare orders two strings; under a deterministic collation only those of
// the same bytes are equal.
func (c *Collation) Compare(a, b string) int {
	if a == b {
		return 0
	}
	if n := c.locale.Compare(a, b); n != 0 || c.Nondeterministic {
		return n
	}
	return strings.Compare(a, b)
}

// Upper, Lower and InitCap are str_toupper, str_tolower and str_initcap; c must
// not be one that orders by bytes.
func (c *Collation) Upper(s string) string { return c.locale.Upper(s) }

// Lower is str_tolower.
func (c *Collation) Lower(s string) string { return c.locale.Lower(s) }

// InitCap is str_initcap.
func (c *Collation) InitCap(s string) string { return c.locale.Title(s) }

func (c *Collation) hash(s string) uint64 {
	if c.Nondeterministic {
		return c.locale.Hash(s)
	}
	return hashString(s)
}

// Of is t, a collatable type, with its values in the order of c: the same type
// to everyone but those who compare or map text.
func (c *Collation) Of(t *Type) *Type {
	t = t.plain()
	if c.locale == nil && c.OID == t.Collation {
		return t
	}
	if out, ok := c.types.Load(t); ok {
		return out.(*Type)
	}
	out := c.collated(t)
	if t.OID < FirstNormalOID {
		c.types.Store(t, out)
	}
	return out
}

func (c *Collation) collated(t *Type) *Type {
	out := *t
	out.Collation, out.uncollated = c.OID, t
	if c.locale == nil {
		return &out
	}
	out.Collator = c
	switch impl := t.impl.(type) {
	case *Impl[string]:
		out.setOrder(c.stringImpl(t, *impl))
	case *Impl[*Array]:
		out.elem = c.Of(t.elem)
		i := *impl
		i.Compare = func(a, b *Array) int { return compareArrays(out.elem, a, b) }
		i.Hash = func(a *Array) uint64 { return hashArray(out.elem, a) }
		out.impl = &i
		out.Compare = func(a, b any) int { return i.Compare(a.(*Array), b.(*Array)) }
		out.Hash = func(v any) uint64 { return i.Hash(v.(*Array)) }
	}
	return &out
}

func (c *Collation) stringImpl(t *Type, i Impl[string]) Impl[string] {
	i.Compare, i.Hash = c.Compare, c.hash
	if base, _ := t.BaseType(-1); base.OID == BpcharOID {
		i.Compare = func(a, b string) int { return c.Compare(TrimBpchar(a), TrimBpchar(b)) }
		i.Hash = func(s string) uint64 { return c.hash(TrimBpchar(s)) }
	}
	return i
}

func (t *Type) setOrder(i Impl[string]) {
	t.impl = &i
	t.Compare = func(a, b any) int { return i.Compare(a.(string), b.(string)) }
	t.Hash = func(v any) uint64 { return i.Hash(v.(string)) }
}

// plain is t as the registry has it.
func (t *Type) plain() *Type {
	if t.uncollated != nil {
		return t.uncollated
	}
	return t
}

// Collatable says whether values of t have a collation, known or not.
func (t *Type) Collatable() bool { return t.plain().Collation != 0 }

// OwnCollation is the collation that t has by itself: get_typcollation.
func (t *Type) OwnCollation() OID { return t.plain().Collation }

// Bytewise says whether values of t that are equal are the same: not so under
// a nondeterministic collation.
func (t *Type) Bytewise() bool { return t.Collator == nil || !t.Collator.Nondeterministic }

// Indeterminate is t, a collatable type, where several collations could be
// meant.
func Indeterminate(t *Type) *Type {
	out := *t.plain()
	out.Collation, out.uncollated = 0, t.plain()
	return &out
}

// builtinCollations are PostgreSQL's, of the ICU ones those whose order is
// known.
var builtinCollations = sync.OnceValue(func() *collationSet {
	s := &collationSet{byOID: map[OID]*Collation{}, byName: map[string]*Collation{}}
	s.add(Collation{OID: DefaultCollationOID, Name: "default", Provider: ProviderDefault, Encoding: -1, Comment: "database's default collation"})
	s.add(Collation{OID: CCollationOID, Name: "C", Provider: ProviderLibc, Collate: "C", Ctype: "C", Encoding: -1, Comment: "standard C collation"})
	s.add(Collation{OID: PosixCollationOID, Name: "POSIX", Provider: ProviderLibc, Collate: "POSIX", Ctype: "POSIX", Encoding: -1, Comment: "standard POSIX collation"})
	s.add(Collation{OID: 12340, Name: "ucs_basic", Provider: ProviderLibc, Collate: "C", Ctype: "C", Encoding: utf8Encoding})
	for i, name := range []string{"en_US", "en_US.utf8", "de_DE", "de_DE.utf8", "fr_FR", "fr_FR.utf8", "es_ES", "es_ES.utf8", "it_IT", "it_IT.utf8", "pt_BR", "pt_BR.utf8"} {
		s.add(Collation{OID: firstLibcCollation + OID(i), Name: name, Provider: ProviderLibc, Collate: utf8Name(name), Ctype: utf8Name(name), Encoding: utf8Encoding})
	}
	for line := range strings.Lines(collation.Locales) {
		f := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
		oid, _ := strconv.ParseUint(f[0], 10, 32)
		s.add(Collation{OID: OID(oid), Name: f[1], Provider: ProviderICU, ICULocale: f[2], Encoding: -1, Comment: f[3]})
		if f[2] == "und" {
			s.add(Collation{OID: unicodeCollation, Name: "unicode", Provider: ProviderICU, ICULocale: "und", Encoding: -1,
				Comment: "sorts using the Unicode Collation Algorithm with default settings"})
		}
	}
	return s
})

// utf8Encoding is pg_char_to_encoding('UTF8'). The other oids lie where
// initdb's are, behind those of the ICU collations: 13148 and up.
const (
	utf8Encoding       int32 = 6
	unicodeCollation   OID   = 13190
	firstLibcCollation OID   = 13200
)

func utf8Name(libc string) string {
	base, _, _ := strings.Cut(libc, ".")
	return base + ".utf8"
}

type collationSet struct {
	all    []*Collation
	byOID  map[OID]*Collation
	byName map[string]*Collation
}

// add panics for a locale that is not known: the list is the program's own.
func (s *collationSet) add(c Collation) {
	out, err := NewCollation(c)
	if err != nil {
		panic(err)
	}
	s.all = append(s.all, out)
	s.byOID[c.OID], s.byName[c.Name] = out, out
}

// CollationSource is a Source whose database has collations of its own, or
// another default than "C".
type CollationSource interface {
	// DefaultCollation is what "default" stands for, with its oid and name.
	DefaultCollation() *Collation
	CollationByOID(oid OID) *Collation
	CollationByName(namespace, name string) *Collation
	OwnCollations() []*Collation
}

func (r *Registry) collations() CollationSource {
	if s, ok := r.source.(CollationSource); ok {
		return s
	}
	return nil
}

// DefaultIsC says whether the database's default collation orders by bytes.
func (r *Registry) DefaultIsC() bool {
	s := r.collations()
	return s == nil || s.DefaultCollation().locale == nil
}

// CollationByOID returns the collation, or nil.
func (r *Registry) CollationByOID(oid OID) *Collation {
	if s := r.collations(); s != nil {
		if oid == DefaultCollationOID {
			return s.DefaultCollation()
		}
		if c := s.CollationByOID(oid); c != nil {
			return c
		}
	}
	return builtinCollations().byOID[oid]
}

// CollationByName returns the collation of that namespace and name, or nil.
func (r *Registry) CollationByName(namespace, name string) *Collation {
	if namespace == "pg_catalog" {
		if c := builtinCollations().byName[name]; c != nil {
			return r.CollationByOID(c.OID)
		}
	}
	if s := r.collations(); s != nil {
		return s.CollationByName(namespace, name)
	}
	return nil
}

// Collations lists all, the built-in ones first.
func (r *Registry) Collations() []*Collation {
	var out []*Collation
	for _, c := range builtinCollations().all {
		out = append(out, r.CollationByOID(c.OID))
	}
	if s := r.collations(); s != nil {
		out = append(out, s.OwnCollations()...)
	}
	return out
}
