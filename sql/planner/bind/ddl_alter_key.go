package bind

import (
	"slices"

	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/parser"
)

// checkNoPrimary is 42P16 for a second primary key.
func (a *alteration) checkNoPrimary(k columnConstraint) {
	hidden := a.rel.HiddenKey()
	if a.rel.PrimaryConstraint() != nil || hidden == nil {
		failAt(a.at(k.Location), pgerr.InvalidTableDefinition, "multiple primary keys for table \"%s\" are not allowed", a.rel.Name)
	}
}

// addKey is ADD UNIQUE and ADD PRIMARY KEY. The rows of a table made without a
// primary key keep their ids: its key is a unique one over columns without NULLs.
func (a *alteration) addKey(k columnConstraint) catalog.AlterAction {
	out := catalog.AddConstraint{Kind: catalog.UniqueConstraint}
	u := &out.Unique
	u.Primary = k.Contype == parser.ConstrType_CONSTR_PRIMARY
	if k.Indexname != "" {
		out.UsingIndex = a.usingIndex(k, u)
	} else {
		a.checkKey(k)
		u.Columns = a.resolveKey(nameParts(k.Keys), a.allNames(), keyWords[u.Primary], a.at(k.Location))
		for _, name := range u.Columns {
			if c := a.rel.ColumnByName(name); c != nil {
				a.checkKeyType(c.Type)
			}
		}
		u.Include = a.includedColumns(k, a.allNames())
		u.NullsNotDistinct = k.NullsNotDistinct
		u.Deferrable, u.Deferred = k.Deferrable || k.Initdeferred, k.Initdeferred
		u.Name = a.keyName(k, u)
	}
	if u.Primary {
		a.requireNotNull(u.Columns)
	}
	return out
}

var keyWords = map[bool]string{true: "primary key", false: "unique"}

func (t *tableBuilder) keyName(k columnConstraint, u *catalog.UniqueDef) string {
	if u.Primary {
		return t.name(k.Conname, "", "pkey")
	}
	return t.name(k.Conname, columnsPart(append(slices.Clip(u.Columns), u.Include...)), "key")
}

// requireNotNull makes the columns of a primary key NOT NULL before it is added.
func (a *alteration) requireNotNull(columns []string) {
	for _, name := range columns {
		if c := a.rel.ColumnByName(name); c != nil && !c.NotNull {
			a.before = append(a.before, catalog.SetNotNull{Name: name, NotNull: true})
		}
	}
}

// includedColumns are the columns of INCLUDE: 42703.
func (b *binder) includedColumns(k columnConstraint, names []string) []string {
	var out []string
	for _, name := range nameParts(k.Including) {
		n := matchName(names, name)
		if n == "" {
			failAt(b.at(k.Location), pgerr.UndefinedColumn, "column \"%s\" named in key does not exist", name)
		}
		out = append(out, n)
	}
	return out
}

// usingIndex is the index of USING INDEX (transformIndexConstraint), whose columns
// and name u gets.
func (a *alteration) usingIndex(k columnConstraint, u *catalog.UniqueDef) catalog.OID {
	pos := a.at(k.Location)
	if k.Deferrable {
		unsupported(pos, "DEFERRABLE")
	}
	rel, ix := a.findIndex(a.rel.Schema, k.Indexname)
	switch {
	case ix == nil:
		failAt(pos, pgerr.UndefinedObject, "index \"%s\" does not exist", k.Indexname)
	case isConstraint(rel, ix):
		failAt(pos, pgerr.ObjectNotInPrerequisiteState, "index \"%s\" is already associated with a constraint", k.Indexname)
	case rel.OID != a.rel.OID:
		failAt(pos, pgerr.ObjectNotInPrerequisiteState, "index \"%s\" does not belong to table \"%s\"", k.Indexname, a.rel.Name)
	}
	a.checkUsable(ix, pos)
	for _, num := range keyNums(ix) {
		u.Columns = append(u.Columns, a.rel.Column(num).Name)
	}
	u.Name = ix.Name
	if k.Conname != "" && k.Conname != ix.Name {
		if a.relationTaken(a.rel.Schema, k.Conname) {
			failAt(-1, pgerr.DuplicateTable, "relation \"%s\" already exists", k.Conname)
		}
		u.Name = k.Conname
		a.notices = append(a.notices, pgerr.Notice(pgerr.SeverityNotice, pgerr.SuccessfulCompletion,
			"ALTER TABLE / ADD CONSTRAINT USING INDEX will rename index \"%s\" to \"%s\"", ix.Name, k.Conname))
	}
	return ix.OID
}

// checkUsable refuses an index that can be no constraint.
func (a *alteration) checkUsable(ix *catalog.Index, pos int) {
	fault := func(code pgerr.Code, format string, args ...any) {
		fail(pgerr.New(code, format, args...).
			WithDetail("Cannot create a primary key or unique constraint using such an index.").AtByte(pos))
	}
	switch {
	case !ix.Unique:
		fault(pgerr.WrongObjectType, "\"%s\" is not a unique index", ix.Name)
	case slices.ContainsFunc(ix.Keys, func(k catalog.IndexKey) bool { return k.Expr != "" }):
		fault(pgerr.WrongObjectType, "index \"%s\" contains expressions", ix.Name)
	case ix.Predicate != "":
		fault(pgerr.WrongObjectType, "\"%s\" is a partial index", ix.Name)
	}
	for i, k := range ix.Keys {
		if k.OpClass != 0 || k.Desc || k.NullsFirst || k.Collation != a.rel.Column(k.Num).Collation {
			fault(pgerr.WrongObjectType, "index \"%s\" column number %d does not have default sorting behavior", ix.Name, i+1)
		}
	}
}
