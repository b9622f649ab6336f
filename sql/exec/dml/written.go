package dml

import "github.com/s3db-sql/s3db-sql/sql/types"

// Written are the ids of the rows that a statement has changed, those of its
// WITH clause too. A row of them is left alone by UPDATE and DELETE, and refused
// by DO UPDATE: TM_SelfModified and TM_Invisible in nodeModifyTable.c.
type Written struct {
	// Inserts: a DO UPDATE among the statement's parts asks for inserted rows too.
	Inserts bool
	ids     map[types.OID]map[string]bool
}

// NewWritten is that of a statement which has changed nothing yet.
func NewWritten() *Written { return &Written{ids: map[types.OID]map[string]bool{}} }

func (w *Written) has(table types.OID, id string) bool { return w.ids[table][id] }

func (w *Written) add(table types.OID, id string) {
	if w.ids[table] == nil {
		w.ids[table] = map[string]bool{}
	}
	w.ids[table][id] = true
}
