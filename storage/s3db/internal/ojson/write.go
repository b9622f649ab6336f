package ojson

import (
	"slices"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// Compact writes v as JSON.stringify(v) does.
func (v *Value) Compact() string { return string(v.Append(nil)) }

// Append appends v without white space.
func (v *Value) Append(b []byte) []byte { return v.write(b, "", "") }

// Indent writes v as JSON.stringify(v, null, 2) does.
func (v *Value) Indent() []byte { return v.write(make([]byte, 0, v.room()), "\n", indent) }

const indent = "  "

// Freeze keeps the text that Indent writes of v, so many levels down in a document. Neither
// v nor what is in it may be changed any more: Clone it.
func (v *Value) Freeze(depth int) {
	nl := "\n" + strings.Repeat(indent, depth)
	v.frozen = &frozen{nl, v.write(nil, nl, indent)}
}

// room is about how long the frozen parts' texts are.
func (v *Value) room() int {
	if v.frozen != nil {
		return len(v.frozen.text)
	}
	n := 0
	for _, m := range v.Members {
		n += len(m.Key) + 16 + m.Value.room()
	}
	return n
}

var literals = [...]string{Null: "null", False: "false", True: "true"}

func (v *Value) write(b []byte, nl, step string) []byte {
	if v.frozen != nil && v.frozen.nl == nl {
		return append(b, v.frozen.text...)
	}
	switch v.Kind {
	case Array:
		return v.writeArray(b, nl, step)
	case Object:
		return v.writeObject(b, nl, step)
	case String:
		return appendString(b, v.Text, v.raw)
	case Number:
		return append(b, v.Text...)
	}
	return append(b, literals[v.Kind]...)
}

func deeper(nl, step string) string {
	if nl == "" {
		return ""
	}
	return nl + step
}

func (v *Value) writeArray(b []byte, nl, step string) []byte {
	if len(v.Items) == 0 {
		return append(b, "[]"...)
	}
	in := deeper(nl, step)
	b = append(b, '[')
	for i, it := range v.Items {
		if i > 0 {
			b = append(b, ',')
		}
		b = it.write(append(b, in...), in, step)
	}
	return append(append(b, nl...), ']')
}

func (v *Value) writeObject(b []byte, nl, step string) []byte {
	if len(v.Members) == 0 {
		return append(b, "{}"...)
	}
	in := deeper(nl, step)
	b = append(b, '{')
	for i, m := range v.Members {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(appendString(append(b, in...), m.Key, m.raw), ':')
		if nl != "" {
			b = append(b, ' ')
		}
		b = m.Value.write(b, in, step)
	}
	return append(append(b, nl...), '}')
}

// Canonical writes v with the keys of every object sorted by UTF-16 code unit:
// the form that definition hashes are made of (section 3).
func (v *Value) Canonical() string { return sorted(v).Compact() }

func sorted(v *Value) *Value {
	c := v.Clone()
	c.sort()
	return c
}

func (v *Value) sort() {
	v.raw = ""
	for i := range v.Members {
		v.Members[i].raw = ""
		v.Members[i].Value.sort()
	}
	slices.SortFunc(v.Members, func(a, b Member) int { return CompareUTF16(a.Key, b.Key) })
	for _, it := range v.Items {
		it.sort()
	}
}

// CompareUTF16 orders as JavaScript compares strings.
func CompareUTF16(a, b string) int {
	return slices.Compare(utf16.Encode([]rune(a)), utf16.Encode([]rune(b)))
}

// AppendString appends s as JSON.stringify writes it.
func AppendString(b []byte, s string) []byte { return appendString(b, s, "") }

const hex = "0123456789abcdef"

func appendString(b []byte, s, raw string) []byte {
	if raw != "" {
		return append(b, raw...)
	}
	b = append(b, '"')
	for i := 0; i < len(s); {
		c := s[i]
		if c >= utf8.RuneSelf {
			r, n := utf8.DecodeRuneInString(s[i:])
			b = utf8.AppendRune(b, r)
			i += n
			continue
		}
		b = appendByte(b, c)
		i++
	}
	return append(b, '"')
}

func appendByte(b []byte, c byte) []byte {
	if i := strings.IndexByte(escaped, c); i >= 0 && c != '/' {
		return append(b, '\\', escapes[i])
	}
	if c < 0x20 {
		return append(b, '\\', 'u', '0', '0', hex[c>>4], hex[c&15])
	}
	return append(b, c)
}
