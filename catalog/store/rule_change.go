package store

import (
	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/storage/s3db"
)

// setRule gives an attribute another rule of the same SQL type: a new version, as
// s3db.js makes one. Rows of older versions go on being read by their own rule, and
// meet the new one when they are written.
func (a *alteration) setRule(c catalog.AlterType) error {
	if a.own.HiddenID || len(a.own.Key) > 0 {
		return pgerr.Unsupported("an s3db.js rule for a column that has none")
	}
	if c.Name == a.own.idName() {
		return pgerr.Unsupported("a rule for the id")
	}
	a.numberAll()
	attr := a.own.attrName(c.Name)
	path := splitPath(attr)
	old := attributeAt(a.def.Attributes(s3db.EraModern), attr)
	if old == nil {
		return a.undefinedColumn(c.Name)
	}
	if old.Children != nil || a.own.column(c.Name).Type != 0 {
		return pgerr.Unsupported("an s3db.js rule for a column that has none")
	}
	if _, err := a.setAttribute(attr, catalog.ColumnDef{Name: path[len(path)-1], Rule: c.Rule}); err != nil {
		return err
	}
	return a.checkRule(c.Name, old, attributeAt(a.def.Attributes(s3db.EraModern), attr))
}

// checkRule is 0A000 for a rule that would give the column another type, or the keys of
// its indexes another text.
func (a *alteration) checkRule(column string, old, now *s3db.Attribute) error {
	if now.Type != old.Type {
		return pgerr.Unsupported("changing the type of column \"%s\" with its s3db.js rule", column).
			WithHint("Add a column of the new rule, fill it with UPDATE, and drop the old one.")
	}
	if now.Hook == old.Hook {
		return nil
	}
	for i := range a.own.Indexes {
		if a.own.Indexes[i].names(func(name string) bool { return name == column }) {
			return pgerr.Unsupported("changing how the indexed column \"%s\" is stored", column)
		}
	}
	return nil
}

// attributeAt finds an attribute by its dotted name.
func attributeAt(attrs []*s3db.Attribute, name string) *s3db.Attribute {
	for _, at := range attrs {
		if at.Name == name {
			return at
		}
		if found := attributeAt(at.Children, name); found != nil {
			return found
		}
	}
	return nil
}
