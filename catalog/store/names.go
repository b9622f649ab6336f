package store

import (
	"regexp"
	"strings"
)

// shortKey is what s3db.js's reader may take for a short key: an attribute of
// such a name can lose its value to another field (s3db-format.md, trap 2).
var shortKey = regexp.MustCompile(`^[0-9a-z]{1,2}$`)

// attributeName is the s3db.js attribute that holds a column of CREATE TABLE:
// the column's own name, unless s3db.js would misread an attribute of that name
// (id, which is the document's own; short keys; names with dots, which are paths;
// names with $$ or a leading underscore, which it drops).
func attributeName(column string, taken func(string) bool) string {
	name := strings.NewReplacer(".", "_", "$", "_").Replace(strings.TrimLeft(column, "_"))
	if name == "" || name == "id" || shortKey.MatchString(name) {
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
