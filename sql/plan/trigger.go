package plan

import (
	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

// Triggers are those of a relation that a modifying node may fire; nil for most
// relations, which have none.
type Triggers struct {
	Rel     *catalog.Relation
	RowType *types.Type
	// List has them by name, disabled ones too: the session decides when it runs.
	List []Trigger
	// Old and New are the rows that conditions see: columns Nums of Rel.
	Old, New []Col
	Nums     []int16
	// Part: the statement triggers are fired by a node around this one.
	Part bool
	// Updated are the columns that an UPDATE changes (UPDATE OF).
	Updated []int16
}

// Trigger is a trigger with its condition, nil for none.
type Trigger struct {
	*catalog.Trigger
	When Expr
}

// Has says whether some trigger is of that event, timing and level; t may be nil.
func (t *Triggers) Has(at catalog.TriggerType) bool {
	if t == nil {
		return false
	}
	for _, tr := range t.List {
		if tr.Type.Fires(at) {
			return true
		}
	}
	return false
}

// UpdatedColumns are Updated; t may be nil.
func (t *Triggers) UpdatedColumns() []int16 {
	if t == nil {
		return nil
	}
	return t.Updated
}

// AsPart are the triggers of a table among those that a statement changes, whose
// statement triggers are the root's; t may be nil.
func (t *Triggers) AsPart() *Triggers {
	if t == nil {
		return nil
	}
	part := *t
	part.Part = true
	return &part
}
