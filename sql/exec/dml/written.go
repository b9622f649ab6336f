package dml

import "github.com/s3db-sql/s3db-sql/sql/types"

// Written are the ids of the rows that a statement has changed, those of its
// WITH clause too. A row of them is left alone by UPDATE and DELETE, and refused
// by DO UPDATE: TM_SelfModified and TM_Invisible in nodeModifyTable.c.
type Written struct {
	// Inserts: a DO UPDATE among the statement's parts asks for inserted rows too.
	Inserts bool
	// Outer is that of the statement one of whose triggers runs this one; nil for a
	// client's own.
	Outer *Written

	ids rowIDs
	// triggered are the rows that the statement's triggers have changed.
	triggered rowIDs
}

type rowIDs map[types.OID]map[string]bool

func (r rowIDs) add(table types.OID, id string) {
	if r[table] == nil {
		r[table] = map[string]bool{}
	}
	r[table][id] = true
}

// NewWritten is that of a statement which has changed nothing yet.
func NewWritten() *Written { return &Written{ids: rowIDs{}, triggered: rowIDs{}} }

func (w *Written) has(table types.OID, id string) bool { return w.ids[table][id] }

func (w *Written) add(table types.OID, id string) {
	w.ids.add(table, id)
	for o := w.Outer; o != nil; o = o.Outer {
		o.triggered.add(table, id)
	}
}

// fromTriggers says whether a trigger of the statement has changed the row.
func (w *Written) fromTriggers(table types.OID, id string) bool { return w.triggered[table][id] }
