package bind

import (
	"slices"

	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/pgerr"
)

// physicalColumns are PostgreSQL's system columns that tell of a row's place and of its
// versions, which rows here do not have (ADR 17), with what serves the same purposes.
var physicalColumns = map[string]string{
	"ctid": "A row is identified by its primary key, in a table without one by the hidden column \"_id\".",
	"xmin": "The hidden column \"_etag\" changes with each write of a row, \"_last_modified\" tells when it was.",
	"xmax": "", "cmin": "", "cmax": "",
}

// refusePhysical is 0A000 for a system column of a table that has none of that name, and
// 42P10 where PostgreSQL has none either (scanNSItemForColumn); of anything but tables
// they do not exist there.
func (s *scope) refusePhysical(table, name string, pos int) {
	hint, physical := physicalColumns[name]
	if !physical || !s.anyTable(table) {
		return
	}
	switch s.kind {
	case kindCheck:
		failAt(pos, pgerr.InvalidColumnReference, "system column \"%s\" reference in check constraint is invalid", name)
	case kindGenerated:
		failAt(pos, pgerr.InvalidColumnReference, "cannot use system column \"%s\" in column generation expression", name)
	}
	err := pgerr.Unsupported("system column \"%s\" of a table", name).AtByte(pos)
	if hint != "" {
		err = err.WithHint("%s", hint)
	}
	fail(err)
}

// anyTable says whether a table is in scope, of that name unless it is "".
func (s *scope) anyTable(name string) bool {
	for p := s; p != nil; p = p.parent {
		if slices.ContainsFunc(p.all, func(it *nsItem) bool {
			return (name == "" || it.name == name) && (it.defines || it.source != nil && (it.source.IsTable() || it.source.Kind == catalog.MaterializedView))
		}) {
			return true
		}
	}
	return false
}
