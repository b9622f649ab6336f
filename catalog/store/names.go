package store

import (
	"regexp"
	"strings"
)

// shortKey is what s3db.js's reader may take for a short key: an attribute of
// such a name can lose its value to another field (s3db-format.md, trap 2).
var shortKey = regexp.MustCompile(`^[0-9a-z]{1,2}$`)

// keyName is a name without what means something in keys of objects: / \ = % and
// control characters (s3db.CheckResourceName).
func keyName(name string) string {
	return strings.Map(func(r rune) rune {
		if r < 0x20 || r == 0x7F || strings.ContainsRune(`/\=%`, r) {
			return '_'
		}
		return r
	}, name)
}

// attributeName is the s3db.js attribute that holds a column of CREATE TABLE:
// the column's own name, unless s3db.js would misread an attribute of that name
// (id, which is the document's own; short keys; names with dots, which are paths;
// names with $$ or a leading underscore, which it drops) or keys can't carry it.
func attributeName(column string, taken func(string) bool) string {
	name := strings.TrimLeft(strings.NewReplacer(".", "_", "$", "_").Replace(keyName(column)), "_")
	if name == "" {
		name = "column"
	}
	if name == "id" || shortKey.MatchString(name) {
		name += "_"
	}
	for taken(name) {
		name += "_"
	}
	return name
}

// attr is the attribute that holds the column.
func (c *ownColumn) attr() string {
	if c.Attr != "" {
		return c.Attr
	}
	return c.Name
}

// byAttr finds the column of an attribute.
func (t *ownTable) byAttr(name string) *ownColumn {
	for i := range t.Columns {
		if c := &t.Columns[i]; c.attr() == name && !t.isKey(c.Name) {
			return c
		}
	}
	return nil
}

// attrName is the attribute of a column, by either side's knowledge.
func (t *ownTable) attrName(column string) string {
	if c := t.column(column); c != nil {
		return c.attr()
	}
	return column
}

// columnName is the column of an attribute.
func (t *ownTable) columnName(attr string) string {
	if c := t.byAttr(attr); c != nil {
		return c.Name
	}
	return attr
}
