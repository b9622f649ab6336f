package funcs

import (
	"context"

	"github.com/s3db-sql/s3db-sql/sql/types"
	"github.com/s3db-sql/s3db-sql/sql/vec"
)

// TriggerFunc is the code of a trigger function: it returns the row with which a
// BEFORE or INSTEAD OF row trigger lets the operation go on (d.New or d.Old
// itself, or a row of the same type), nil to skip the row. What others return
// does not matter. It must not change d's rows.
type TriggerFunc func(c *Call, d *TriggerData) (*types.Record, error)

// TriggerData is one firing of a trigger (commands/trigger.h).
type TriggerData struct {
	Name string
	OID  types.OID
	Args []string
	When TriggerWhen
	// Row: FOR EACH ROW.
	Row      bool
	Op       TriggerOp
	Relation *TriggerRelation
	// Old and New have the values of Relation.Columns, in order; nil where the
	// operation has no such row, and in statement triggers.
	Old, New *types.Record
	// Updated are the columns that SET names, by their numbers (tg_updatedcols).
	Updated []int16
	// OldTable and NewTable are nil unless REFERENCING names them.
	OldTable, NewTable *TransitionTable
}

// Level is TG_LEVEL.
func (d *TriggerData) Level() string {
	if d.Row {
		return "ROW"
	}
	return "STATEMENT"
}

// TriggerWhen is when a trigger fires.
type TriggerWhen byte

// The timings.
const (
	TriggerBefore    TriggerWhen = 'B'
	TriggerAfter     TriggerWhen = 'A'
	TriggerInsteadOf TriggerWhen = 'I'
)

// String is TG_WHEN.
func (w TriggerWhen) String() string {
	switch w {
	case TriggerBefore:
		return "BEFORE"
	case TriggerInsteadOf:
		return "INSTEAD OF"
	}
	return "AFTER"
}

// TriggerOp is what happens to the table.
type TriggerOp byte

// The operations.
const (
	TriggerInsert   TriggerOp = 'I'
	TriggerUpdate   TriggerOp = 'U'
	TriggerDelete   TriggerOp = 'D'
	TriggerTruncate TriggerOp = 'T'
)

// String is TG_OP.
func (o TriggerOp) String() string {
	switch o {
	case TriggerInsert:
		return "INSERT"
	case TriggerUpdate:
		return "UPDATE"
	case TriggerDelete:
		return "DELETE"
	}
	return "TRUNCATE"
}

// TriggerRelation is the table or view that a trigger is on.
type TriggerRelation struct {
	OID     types.OID
	Schema  string
	Name    string
	RowType *types.Type
	Columns []types.Column
}

// NewRow makes a row of the relation.
func (r *TriggerRelation) NewRow(values []any) *types.Record {
	rec := &types.Record{Type: r.RowType, Values: values}
	for _, c := range r.Columns {
		rec.Names, rec.Types = append(rec.Names, c.Name), append(rec.Types, c.Type)
	}
	return rec
}

// TransitionTable is what a statement made of the rows that it changed, under
// the name that the trigger gives it.
type TransitionTable struct {
	Name    string
	Columns []types.Column
	Rows    TransitionRows
}

// TransitionRows are rows that are kept: batches 0 … Batches()-1.
type TransitionRows interface {
	Batches() int
	Batch(ctx context.Context, i int) (*vec.Batch, error)
}

// TriggerDepth is a Session that knows how many triggers run within each other.
type TriggerDepth interface{ TriggerDepth() int }

// triggerDepth is pg_trigger_depth().
func triggerDepth(s Session) any {
	if d, ok := s.(TriggerDepth); ok {
		return int32(d.TriggerDepth())
	}
	return int32(0)
}
