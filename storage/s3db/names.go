package s3db

import (
	"strings"

	"github.com/s3db-sql/s3db-sql/storage/s3db/internal/ojson"
)

// shortNames are the names that have a short key, in the order that gives the
// index (section 4): every leaf of the attributes object, depth first, an
// attribute given as an object contributing its own inner leaves; then the
// top-level attributes that are objects, and their children where $$type is
// exactly "object".
func shortNames(attributes *ojson.Value) []string {
	n := &nameList{seen: map[string]bool{}}
	n.leaves(attributes, "")
	n.parents(attributes, "")
	return n.names
}

type nameList struct {
	names []string
	seen  map[string]bool
}

func (n *nameList) add(name string) {
	if !n.seen[name] {
		n.seen[name] = true
		n.names = append(n.names, name)
	}
}

func (n *nameList) leaves(v *ojson.Value, at string) {
	for _, m := range v.InOrder() {
		name := join(at, m.Key)
		switch {
		case m.Value.Kind == ojson.Object && len(m.Value.Members) > 0:
			n.leaves(m.Value, name)
		case !strings.Contains(name, "$$"):
			n.add(name)
		}
	}
}

func (n *nameList) parents(v *ojson.Value, at string) {
	for _, m := range v.InOrder() {
		if m.Value.Kind != ojson.Object || strings.HasPrefix(m.Key, "$$") {
			continue
		}
		name := join(at, m.Key)
		n.add(name)
		if t, _ := m.Value.GetStr("$$type"); t == "object" {
			n.parents(m.Value, name)
		}
	}
}

func join(at, key string) string {
	if at == "" {
		return key
	}
	return at + "." + key
}

// flatName is the metadata name of a field without a short key: every character
// outside [A-Za-z0-9_-] replaced by _, in lower case (section 4).
func flatName(name string) string {
	b := make([]byte, 0, len(name))
	for _, r := range name {
		for i, c := 0, flatByte(r); i < units(r); i++ {
			b = append(b, c)
		}
	}
	return string(b)
}

func flatByte(r rune) byte {
	switch {
	case r < 0x80 && isAlnum(byte(r)), r == '_', r == '-':
		if 'A' <= r && r <= 'Z' {
			r += 'a' - 'A'
		}
		return byte(r)
	}
	return '_'
}

// units is the number of UTF-16 units of a character, each replaced alone.
func units(r rune) int {
	if r > 0xFFFF {
		return 2
	}
	return 1
}
