package store

import (
	"encoding/json"
	"slices"
)

// The object is as large as all definitions, and written with each change of one: what a
// table says in it is kept as text.

// UnmarshalJSON keeps the text.
func (t *ownTable) UnmarshalJSON(data []byte) error {
	type plain ownTable
	t.text = slices.Clone(data)
	return json.Unmarshal(data, (*plain)(t))
}

// freeze makes the text of a table that is not changed any more.
func (t *ownTable) freeze() (err error) {
	if t.text == nil {
		type plain ownTable
		t.text, err = json.Marshal((*plain)(t))
	}
	return err
}

// text is the object without what it was before. Its tables must not be changed after.
func (w *own) text() ([]byte, error) {
	head := *w
	head.Tables, head.Before = nil, nil
	text, err := json.Marshal(&head)
	if err != nil || len(w.Tables) == 0 {
		return text, err
	}
	room := len(text) + 16
	for name, t := range w.Tables {
		if err := t.freeze(); err != nil {
			return nil, err
		}
		room += len(name) + len(t.text) + 8
	}
	text = slices.Grow(text, room-len(text))
	text = append(text[:len(text)-1], `,"tables":{`...)
	for _, name := range sortedKeys(w.Tables) {
		key, err := json.Marshal(name)
		if err != nil {
			return nil, err
		}
		text = append(append(append(append(text, key...), ':'), w.Tables[name].text...), ',')
	}
	return append(text[:len(text)-1], "}}"...), nil
}

// withBefore is the object's text with what it was before.
func withBefore(text, before []byte) []byte {
	if before == nil {
		return text
	}
	out := make([]byte, 0, len(text)+len(before)+16)
	out = append(append(out, text[:len(text)-1]...), `,"before":`...)
	return append(append(out, before...), '}')
}
