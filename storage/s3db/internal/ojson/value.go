package ojson

import (
	"slices"
	"strconv"
)

// Kind is the kind of a Value.
type Kind uint8

// The kinds.
const (
	Null Kind = iota
	False
	True
	Number
	String
	Array
	Object
)

// Value is a JSON value. The zero Value is null.
type Value struct {
	Kind Kind
	// Text is the string's content or the number's literal.
	Text string
	// raw is the literal as parsed, "" for values made here.
	raw string
	// Items of an Array.
	Items []*Value
	// Members of an Object, in order of their text.
	Members []Member
	frozen  *frozen
}

// frozen is a value's text as Indent writes it where lines begin with nl.
type frozen struct {
	nl   string
	text []byte
}

// Member is one key of an object.
type Member struct {
	Key   string
	Value *Value
	raw   string // the key's literal as parsed
}

// Str makes a string.
func Str(s string) *Value { return &Value{Kind: String, Text: s} }

// Int makes a number.
func Int(n int) *Value { return &Value{Kind: Number, Text: strconv.Itoa(n)} }

// Bool makes a boolean.
func Bool(b bool) *Value {
	if b {
		return &Value{Kind: True}
	}
	return &Value{Kind: False}
}

// Obj makes an empty object.
func Obj() *Value { return &Value{Kind: Object} }

// Arr makes an array.
func Arr(items ...*Value) *Value { return &Value{Kind: Array, Items: items} }

// IsObject says whether v is an object; nil is none.
func (v *Value) IsObject() bool { return v != nil && v.Kind == Object }

// Get returns the member's value, or nil.
func (v *Value) Get(key string) *Value {
	if v == nil {
		return nil
	}
	for i := range v.Members {
		if v.Members[i].Key == key {
			return v.Members[i].Value
		}
	}
	return nil
}

// Path follows keys down; nil where one is missing.
func (v *Value) Path(keys ...string) *Value {
	for _, k := range keys {
		v = v.Get(k)
	}
	return v
}

// GetStr returns the member's text if it is a string.
func (v *Value) GetStr(key string) (string, bool) {
	if m := v.Get(key); m != nil && m.Kind == String {
		return m.Text, true
	}
	return "", false
}

// GetBool returns the member if it is a boolean.
func (v *Value) GetBool(key string) (val, ok bool) {
	m := v.Get(key)
	if m == nil || m.Kind != True && m.Kind != False {
		return false, false
	}
	return m.Kind == True, true
}

// GetInt returns the member if it is a whole number.
func (v *Value) GetInt(key string) (int, bool) {
	m := v.Get(key)
	if m == nil || m.Kind != Number {
		return 0, false
	}
	n, err := strconv.Atoi(m.Text)
	return n, err == nil
}

// Set replaces the member's value in its place, or appends the member.
func (v *Value) Set(key string, val *Value) {
	for i := range v.Members {
		if v.Members[i].Key == key {
			v.Members[i].Value = val
			return
		}
	}
	v.Members = append(v.Members, Member{Key: key, Value: val})
}

// Delete removes the member, if there is one.
func (v *Value) Delete(key string) {
	v.Members = slices.DeleteFunc(v.Members, func(m Member) bool { return m.Key == key })
}

// Rename changes a member's key in its place.
func (v *Value) Rename(from, to string) {
	for i := range v.Members {
		if v.Members[i].Key == from {
			v.Members[i].Key, v.Members[i].raw = to, ""
		}
	}
}

// Clone copies deeply.
func (v *Value) Clone() *Value {
	if v == nil {
		return nil
	}
	c := *v
	c.frozen = nil
	c.Items = make([]*Value, len(v.Items))
	for i, it := range v.Items {
		c.Items[i] = it.Clone()
	}
	c.Members = make([]Member, len(v.Members))
	for i, m := range v.Members {
		c.Members[i] = Member{m.Key, m.Value.Clone(), m.raw}
	}
	return &c
}

// CloneShallow copies the object but not its members' values.
func (v *Value) CloneShallow() *Value {
	c := *v
	c.frozen, c.Members = nil, slices.Clone(v.Members)
	return &c
}

// InOrder returns the members as JavaScript lists them: array indexes
// ascending, then the others as they stand.
func (v *Value) InOrder() []Member {
	if v == nil {
		return nil
	}
	ms := slices.Clone(v.Members)
	slices.SortStableFunc(ms, func(a, b Member) int { return CompareKeys(a.Key, b.Key) })
	return ms
}

// CompareKeys orders keys as JavaScript lists an object's: 0 between two that
// keep the order in which they were added.
func CompareKeys(a, b string) int {
	x, xok := Index(a)
	y, yok := Index(b)
	switch {
	case xok && yok && x < y, xok && !yok:
		return -1
	case xok && yok && x > y, yok && !xok:
		return 1
	}
	return 0
}

// Index is the array index that a key is to JavaScript: a canonical decimal
// below 2^32-1.
func Index(key string) (uint32, bool) {
	if key == "" || len(key) > 10 || key[0] == '0' && len(key) > 1 {
		return 0, false
	}
	for i := 0; i < len(key); i++ {
		if key[i] < '0' || key[i] > '9' {
			return 0, false
		}
	}
	n, err := strconv.ParseUint(key, 10, 64)
	return uint32(n), err == nil && n < 1<<32-1
}

// All returns the items of an array; nil has none.
func (v *Value) All() []*Value {
	if v == nil {
		return nil
	}
	return v.Items
}
