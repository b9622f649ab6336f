package s3db

import (
	"strings"

	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/storage/objstore"
)

// An id, everywhere in this package, is what stands in the key after "id=":
// what s3db.js calls the id. EncodeID and DecodeID go between it and the values
// of a declared primary key.

// badIDChars is what 19 and 21 refuse in ids.
const badIDChars = `/\=%`

// CheckID refuses ids that we don't write: 22023 for characters that 19 and 21
// refuse, control characters and the empty id, 54000 for length.
func (s *Schema) CheckID(id string) error {
	if id == "" || strings.ContainsAny(id, badIDChars) || hasControl(id) {
		return pgerr.New(pgerr.InvalidParameterValue, "invalid id \"%s\" for resource \"%s\"", clip(id), s.Name).
			WithDetail("An id must not be empty or contain /, \\, =, % or control characters.")
	}
	if err := checkSegment("the id", "id="+id); err != nil {
		return err
	}
	return objstore.ToPG(objstore.CheckKey("PUT", s.DataPrefix()+id))
}

// DataKey is the key of a row's object. It takes every id, also those of 6.2
// that CheckID refuses; a store may refuse the key (then there is no such row).
func (s *Schema) DataKey(id string) string { return s.DataPrefix() + id }

// DataPrefix is the prefix that all rows' keys share: resource=R/data/id=.
func (s *Schema) DataPrefix() string { return "resource=" + s.Name + dataDir }

const dataDir = "/data/id="

// DataPrefixOf is the DataPrefix of the resource whose row has the key.
func DataPrefixOf(key string) string {
	before, _, _ := strings.Cut(key, dataDir)
	return key[:min(len(before)+len(dataDir), len(key))]
}

// ParseDataKey returns the id in a row's key, also of 6.2's ids with slashes
// (which the library itself cuts); ok is false for a key that is no row of this
// resource.
func (s *Schema) ParseDataKey(key string) (id string, ok bool) {
	return strings.CutPrefix(key, s.DataPrefix())
}

// Prefixes are all prefixes under which the resource has objects, each ending
// with / so that no other resource's name begins with it (trap: deleteAllData).
func (s *Schema) Prefixes() []string { return []string{"resource=" + s.Name + "/"} }

// KeyRange is a run of keys: those that begin with Prefix and are greater than
// After (if not empty) and less than Stop (if not empty). It may hold keys that
// do not match: who reads it rechecks.
type KeyRange struct{ Prefix, After, Stop string }

// keyForm is how a text stands in a key.
type keyForm struct {
	escaping
	// slash: a slash follows the text, else nothing does.
	slash bool
	// ragged: a text may be the beginning of another one.
	ragged bool
}

// rangeOf bounds the keys base+text for texts from low to high (nil: open).
// Escaping can only move a key up, and not out of the keys that begin as low and
// high both do.
func rangeOf(base string, low, high *string, f keyForm) KeyRange {
	r := KeyRange{Prefix: base}
	shared := ""
	if low != nil && high != nil {
		shared = commonPrefix(*low, *high)
		r.Prefix += f.escape(shared)
	}
	switch {
	case low != nil && f.slash:
		r.After = base + f.plain(*low) // the key of low itself goes on with the slash
	case low != nil:
		r.After = before(base + f.plain(*low))
	}
	if high != nil && f.escaping == escapeNone {
		r.Stop = base + f.stop(*high, len(shared))
	}
	return r
}

// stop is above the keys of all texts up to high. Where a slash follows, a text
// that is the beginning of high sorts above it if high goes on with a slash or a
// character below it.
func (f keyForm) stop(high string, from int) string {
	if !f.slash {
		return high + "\U0010FFFF"
	}
	for i := from; f.ragged && i < len(high); i++ {
		if high[i] <= '/' {
			return high[:i] + "0"
		}
	}
	return high + "0" // the character after the slash
}

// before is a text less than s such that little lies between: s without its
// last character.
func before(s string) string {
	r := []rune(s)
	return string(r[:len(r)-1])
}

// commonPrefix cuts between characters.
func commonPrefix(a, b string) string {
	n := 0
	for i, r := range a {
		size := len(string(r))
		if i+size > len(b) || a[i:i+size] != b[i:i+size] {
			break
		}
		n = i + size
	}
	return a[:n]
}

// IDRange bounds the keys of rows whose id text lies between low and high (both
// inclusive, nil open), for an id of a text type. Ids of other types do not sort
// as their values; the whole range is returned for them.
func (s *Schema) IDRange(t SQLType, low, high any) KeyRange {
	return s.IDsBelow(s.DataPrefix(), t, low, high)
}

// IDsBelow is IDRange for keys that are base and an id: those of the references of one value.
func (s *Schema) IDsBelow(base string, t SQLType, low, high any) KeyRange {
	lo, lok := low.(string)
	hi, hok := high.(string)
	if !isText(t) {
		return KeyRange{Prefix: base}
	}
	return rangeOf(base, ptr(lo, lok), ptr(hi, hok), keyForm{escaping: s.escaping(escapeIDs)})
}

func ptr(s string, ok bool) *string {
	if !ok {
		return nil
	}
	return &s
}

// escaping is how the resource's keys are escaped: ids or partition values.
func (s *Schema) escaping(e escaping) escaping {
	if s.opt.EscapeKeys {
		return e
	}
	return escapeNone
}
