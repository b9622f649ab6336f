package collation

import (
	_ "embed"
	"hash/maphash"
	"regexp"
	"slices"
	"strings"
	"sync"

	"golang.org/x/text/cases"
	"golang.org/x/text/collate"
	"golang.org/x/text/language"

	"github.com/s3db-sql/s3db-sql/pgerr"
)

// Locale orders and maps text as a language does. It is safe for concurrent use.
type Locale struct {
	tag language.Tag
	own string // its letters among strokes
	// collators, keys: a Collator and its buffer serve one goroutine at a time.
	collators, keys sync.Pool
}

var known sync.Map // name → *Locale

// Find returns the locale of a BCP 47 tag ("en-US", "und-u-ks-level2") or of an
// older ICU or libc spelling ("en_US", "en_US.utf8", "de@collation=phonebook").
// 22023 for what is none, 0A000 for one whose rules are not followed.
func Find(name string) (*Locale, error) {
	if l, ok := known.Load(name); ok {
		return l.(*Locale), nil
	}
	tag, err := parse(name)
	if err != nil {
		return nil, err
	}
	l, _ := known.LoadOrStore(name, newLocale(tag))
	return l.(*Locale), nil
}

func newLocale(tag language.Tag) *Locale {
	base, _ := tag.Base()
	l := &Locale{tag: tag, own: ownStrokes[base.String()]}
	l.collators.New = func() any { return collate.New(tag, collate.OptionsFromTag(tag)) }
	l.keys.New = func() any { return &keyer{c: collate.New(tag, collate.OptionsFromTag(tag))} }
	return l
}

var wellFormed = regexp.MustCompile(`^[A-Za-z]{2,8}([-_][A-Za-z0-9]{1,8})*$`)

// parse is uloc_canonicalize, as far as names in use need it.
func parse(name string) (language.Tag, error) {
	bad := func() (language.Tag, error) {
		return language.Und, pgerr.New(pgerr.InvalidParameterValue, "could not open collator for locale \"%s\": U_ILLEGAL_ARGUMENT_ERROR", name)
	}
	base, keywords, _ := strings.Cut(name, "@")
	base, _, _ = strings.Cut(base, ".")
	if base == "" || strings.EqualFold(base, "root") {
		base = "und"
	}
	tag, err := language.Parse(strings.ReplaceAll(base, "_", "-"))
	if err != nil {
		if !wellFormed.MatchString(base) {
			return bad()
		}
		tag = language.Und // which ICU falls back to for what it does not know
	}
	for _, kv := range strings.FieldsFunc(keywords, func(r rune) bool { return r == ';' }) {
		key, value, ok := strings.Cut(kv, "=")
		attr, known := attributes[strings.ToLower(key)]
		if !ok || !known {
			return bad()
		}
		if v, ok := values[strings.ToLower(value)]; ok {
			value = v
		}
		if tag, err = tag.SetTypeForKey(attr, strings.ToLower(value)); err != nil {
			return bad()
		}
	}
	return tag, follows(tag)
}

// attributes are the old keywords of ICU and their BCP 47 keys; values their
// values where those differ.
var (
	attributes = map[string]string{
		"collation": "co", "colstrength": "ks", "colcaselevel": "kc", "colbackwards": "kb", "colnumeric": "kn",
		"colalternate": "ka", "colcasefirst": "kf", "colnormalization": "kk", "colreorder": "kr",
	}
	values = map[string]string{
		"primary": "level1", "secondary": "level2", "tertiary": "level3", "quaternary": "level4", "identical": "identic",
		"yes": "true", "no": "false", "non-ignorable": "noignore", "phonebook": "phonebk", "traditional": "trad", "dictionary": "dict",
	}
)

// Locales are those of PostgreSQL 15's ICU collations whose order was found the
// same: a line each of oid, collation, locale and description.
//
//go:embed locales.tsv
var Locales string

// otherwise are the languages of ICU that the tables order in another way: by
// other rules, their own script first, or capital letters first.
var otherwise = strings.Fields(`ar as az be bg bn br bs ceb da dsb ee el et fa fi fy gl gu haw he hi hr hsb hu ja
	kk kn ko kok ku ky lkt lv mk ml mn mr mt nb ne no or pa ps ru si smn sr ta te th tk ug uk ur uz vi wae wo yi yue zh cu`)

// followed are the attributes that the tables know, with the values for which
// they were found to follow ICU. The others are valid, and refused.
var followed = map[string][]string{
	"ks": {"level1", "level2", "level3", "identic"}, "kn": {"true", "false", ""}, "co": {"standard", "phonebk"},
	"kf": {"false"}, "kc": {"false"}, "kb": {"false"}, "ka": {"noignore"}, "kk": {"true", "false", ""},
	"kr": {}, "kv": {},
}

// follows refuses what the tables can't do.
func follows(tag language.Tag) error {
	ext, ok := tag.Extension('u')
	if ok {
		for key, fine := range followed {
			if !strings.Contains(ext.String()+"-", "-"+key+"-") {
				continue
			}
			if v := tag.TypeForKey(key); !slices.Contains(fine, v) {
				return pgerr.Unsupported("the collation attribute %s-%s", key, v)
			}
		}
	}
	base, _ := tag.Base()
	region, _ := tag.Region()
	if slices.Contains(otherwise, base.String()) || base.String() == "fr" && region.String() == "CA" {
		return pgerr.Unsupported("the collation of language \"%s\"", base)
	}
	return nil
}

// Compare is negative, zero or positive. Strings that differ may be equal.
func (l *Locale) Compare(a, b string) int {
	c := l.collators.Get().(*collate.Collator)
	defer l.collators.Put(c)
	return c.CompareString(l.unstroked(a), l.unstroked(b))
}

// strokes: the tables have these as letters of their own; since Unicode 7 they
// are the letter with a stroke, which counts as an accent. The tables give a
// stroke no weight between the others', so that they stand where the letter
// with an ogonek does: no language has both.
var strokes = map[rune]string{
	'đ': "d\u0328", 'Đ': "D\u0328", 'ħ': "h\u0328", 'Ħ': "H\u0328", 'ł': "l\u0328", 'Ł': "L\u0328",
}

// ownStrokes are those that are letters of a language's alphabet, whose rules
// say where they stand.
var ownStrokes = map[string]string{
	"bs": "đĐ", "fi": "đĐ", "hr": "đĐ", "se": "đĐ", "sl": "đĐ", "sr": "đĐ", "sv": "đĐ", "vi": "đĐ", "pl": "łŁ",
}

// unstroked is s as the root collation reads it.
func (l *Locale) unstroked(s string) string {
	if !strings.ContainsAny(s, "đĐħĦłŁ") {
		return s
	}
	var b strings.Builder
	for _, r := range s {
		if to, ok := strokes[r]; ok && !strings.ContainsRune(l.own, r) {
			b.WriteString(to)
		} else {
			b.WriteRune(r)
		}
	}
	return b.String()
}

type keyer struct {
	c   *collate.Collator
	buf collate.Buffer
}

var seed = maphash.MakeSeed()

// Hash is equal for strings that Compare finds equal. It is stable within one
// process.
func (l *Locale) Hash(s string) uint64 {
	k := l.keys.Get().(*keyer)
	defer l.keys.Put(k)
	k.buf.Reset()
	return maphash.Bytes(seed, k.c.KeyFromString(&k.buf, l.unstroked(s)))
}

// Upper, Lower and Title are u_strToUpper, u_strToLower and u_strToTitle.
func (l *Locale) Upper(s string) string { return cases.Upper(l.tag).String(s) }

// Lower is u_strToLower.
func (l *Locale) Lower(s string) string { return cases.Lower(l.tag).String(s) }

// Title is u_strToTitle.
func (l *Locale) Title(s string) string { return cases.Title(l.tag).String(s) }

// Version is collversion: of the tables.
func Version() string { return collate.CLDRVersion }
