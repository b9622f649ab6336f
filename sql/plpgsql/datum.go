package plpgsql

import (
	"github.com/s3db-sql/s3db-sql/sql/types"
)

// datum is a thing with a number that statements and expressions refer to:
// PLpgSQL_datum. Values are in the frame, by number.
type datum interface{ name() string }

// dtype is a resolved type: PLpgSQL_type.
type dtype struct {
	*types.Type
	mod int32
}

// isRecord says whether variables of the type are records: of row types, of
// domains over those, and record itself.
func (t dtype) isRecord() bool {
	base, _ := t.BaseType(-1)
	return base.OID == types.RecordOID || base.Kind == 'c'
}

// variable is a declared variable: PLpgSQL_var, or PLpgSQL_rec where its type is
// a row's.
type variable struct {
	dno      int
	ident    string
	line     int
	typ      dtype
	constant bool
	notNull  bool
	init     *expr
	// cursor is set where the variable is a bound cursor.
	cursor *boundCursor
	// promise makes the value when it is first asked for: TG_NAME and its kin.
	promise promise
}

func (v *variable) name() string { return v.ident }

// boundCursor is DECLARE name CURSOR (arguments) FOR query.
type boundCursor struct {
	query *expr
	// args is the row of the arguments, nil for none.
	args   *row
	scroll scrollOption
}

// scrollOption is SCROLL, NO SCROLL, or neither.
type scrollOption byte

const (
	scrollDefault scrollOption = iota
	scrollYes
	scrollNo
)

// recField is a field of a record variable: PLpgSQL_recfield.
type recField struct {
	dno   int
	rec   *variable
	field string
}

func (f *recField) name() string { return f.rec.ident + "." + f.field }

// row is a list of variables that take a row's columns: PLpgSQL_row. An element
// nil takes nothing.
type row struct {
	dno    int
	ident  string
	fields []datum
	names  []string
}

func (r *row) name() string { return r.ident }
