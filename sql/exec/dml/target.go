package dml

import (
	"context"
	"slices"

	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/exec/expr"
	"github.com/s3db-sql/s3db-sql/sql/exec/spill"
	"github.com/s3db-sql/s3db-sql/sql/funcs"
	"github.com/s3db-sql/s3db-sql/sql/plan"
	"github.com/s3db-sql/s3db-sql/sql/types"
	"github.com/s3db-sql/s3db-sql/sql/vec"
	"github.com/s3db-sql/s3db-sql/storage"
)

// Writer takes changes: at once, or into a transaction's write set. An error
// means that nothing can be said of the changes; otherwise there is one result
// per change. No two changes of one call concern the same id. all: the statement writes
// nothing else.
type Writer interface {
	Write(ctx context.Context, table types.OID, changes []storage.Change, all bool) ([]storage.Result, error)
}

// Input yields the rows to be written.
type Input interface {
	Open(ctx context.Context) error
	Next(ctx context.Context) (*vec.Batch, error)
	Close() error
}

// Check is a compiled CHECK constraint, or a view's WITH CHECK OPTION.
type Check struct {
	Name string
	Cond expr.Expr
	View bool
	// Policy and Table are as plan.Check has them.
	Policy plan.PolicyCheck
	Table  string
}

// Target is what the three statements share: the table, how its rows are
// checked, and RETURNING.
type Target struct {
	Rel *catalog.Relation
	// Root is the table that the statement names, where Rel inherits from it.
	Root   *catalog.Relation
	Tables storage.Tables
	Writer Writer
	// Locks makes writers wait for each other; nil where they need not.
	Locks RowLocker
	// Since is when the statement began to read, by Locks.
	Since uint64
	Types *types.Env
	// Session receives warnings; nil drops them.
	Session funcs.Session
	// InTransaction: a conflict is 40001 instead of a retry.
	InTransaction bool
	// Cols and Nums are the columns of the target row.
	Cols []plan.Col
	Nums []int16
	// Generated are the values of generated columns, over what Checks see.
	Generated []Set
	// Foreign takes what the statement owes to foreign keys; nil for a target that
	// has none.
	Foreign *ForeignChecks
	// Triggers are nil for a target that has none.
	Triggers *Triggers
	// Inherited has the rows go into the transition tables of another table too.
	Inherited *InheritedRows
	// Written is what all parts of the statement write.
	Written *Written
	Checks  []Check
	// Shown is what errors may show of a row, by the columns of Root; nil: all.
	Shown *plan.Shown
	// Router knows which partition a row belongs to; nil where that is not asked.
	Router *Router
	// Returning is evaluated over the statement's row of results; see the
	// statements.
	Returning *expr.List
	OutTypes  []*types.Type
	Acct      *spill.Account

	table    storage.Table
	out      *spill.Rows
	at       int
	done     bool
	affected int64
	foreign  foreignRecord
}

// Affected is the number of rows written so far, for the command tag.
func (t *Target) Affected() int64 { return t.affected }

func (t *Target) open() error {
	t.out, t.at, t.done, t.affected = spill.NewRows(t.Acct, t.OutTypes), 0, false, 0
	if t.instead() {
		return nil
	}
	var err error
	t.table, err = t.Tables.Table(t.Rel.OID)
	t.foreignKeys()
	return err
}

func (t *Target) close() {
	if t.out != nil {
		t.out.Close()
	}
}

// next runs the statement once and then hands out RETURNING.
func (t *Target) next(ctx context.Context, run func(ctx context.Context) error) (*vec.Batch, error) {
	if !t.done {
		t.done = true
		if err := run(ctx); err != nil {
			return nil, err
		}
	}
	if t.at >= t.out.Batches() {
		return nil, nil
	}
	t.at++
	return t.out.Batch(ctx, t.at-1)
}

// emit evaluates RETURNING over rows.
func (t *Target) emit(rows *vec.Batch) error {
	if t.Returning.Len() == 0 || rows.Rows() == 0 {
		return nil
	}
	cols, err := t.Returning.Eval(rows, rows.Sel)
	if err != nil {
		return err
	}
	return t.out.Append(&vec.Batch{Cols: cols, N: rows.N, Sel: rows.Sel})
}

// each calls f for every batch of in, opened and closed here.
func each(ctx context.Context, in Input, f func(b *vec.Batch) error) (err error) {
	defer func() {
		if cerr := in.Close(); err == nil {
			err = cerr
		}
	}()
	if err := in.Open(ctx); err != nil {
		return err
	}
	for {
		b, err := in.Next(ctx)
		if err != nil || b == nil {
			return err
		}
		if err := f(b); err != nil {
			return err
		}
	}
}

// write sends changes, in order; 57014 if the statement was cancelled.
func (t *Target) write(ctx context.Context, changes []storage.Change) ([]storage.Result, error) {
	if len(changes) == 0 {
		return nil, nil
	}
	if ctx.Err() != nil {
		return nil, spill.Cancelled(ctx)
	}
	results, err := t.Writer.Write(ctx, t.Rel.OID, changes, t.all(changes))
	if err != nil {
		return nil, err
	}
	if len(results) != len(changes) {
		return nil, pgerr.Internal("%d results for %d changes", len(results), len(changes))
	}
	for _, r := range results {
		t.warn(r.Warnings)
	}
	return results, nil
}

func (t *Target) warn(warnings []error) {
	if t.Session == nil {
		return
	}
	for _, w := range warnings {
		t.Session.Notice(w)
	}
}

// rowsOf makes a batch of the target's columns from boxed rows.
func (t *Target) rowsOf(rows []row) *vec.Batch {
	out := vec.NewBuilders(plan.ColumnTypes(t.Cols), len(rows))
	for _, r := range rows {
		for c, num := range t.Nums {
			out[c].Append(r.value(num))
		}
	}
	b := vec.BuildBatch(out)
	b.N = len(rows)
	return b
}

// row is boxed values by column number.
type row map[int16]any

func (r row) value(num int16) any { return r[num] }

func (r row) set(nums []int16, vals []any) {
	for i, n := range nums {
		r[n] = vals[i]
	}
}

// keyColumns lists the columns of a primary key in the order in which storage
// takes them.
func keyColumns(pk *catalog.Index) []int16 {
	nums := make([]int16, len(pk.Columns))
	for i, c := range pk.Columns {
		nums[i] = c.Num
	}
	return nums
}

// keyText renders key values so that equal keys have equal texts.
func (t *Target) keyText(nums []int16, r row) (string, bool) {
	var b []byte
	for _, num := range nums {
		v := r[num]
		col := t.Rel.Column(num)
		if v == nil || col == nil {
			return "", false
		}
		at := len(b)
		b = col.Type.Out(t.Types, append(b, 0, 0, 0, 0), v)
		n := len(b) - at - 4
		b[at], b[at+1], b[at+2], b[at+3] = byte(n>>24), byte(n>>16), byte(n>>8), byte(n)
	}
	return string(b), true
}

// checkNotNull is 23502 for a NULL in one of the columns.
func (t *Target) checkNotNull(nums []int16, r row) error {
	for _, num := range nums {
		if col := t.Rel.Column(num); col != nil && col.NotNull && r[num] == nil {
			return t.notNull(col, r)
		}
	}
	return nil
}

// checkPlainNotNull is checkNotNull for a table without s3db.js rules: of a row
// that breaks some, the storage tells every failing attribute at once.
func (t *Target) checkPlainNotNull(nums []int16, r row) error {
	if t.ruled() {
		return nil
	}
	return t.checkNotNull(nums, r)
}

func (t *Target) ruled() bool {
	return slices.ContainsFunc(t.Rel.Columns, func(c *catalog.Column) bool { return c.Rule != "" })
}

// nonKey drops the columns of the primary key, which the storage may generate.
func (t *Target) nonKey(nums []int16) []int16 {
	out := make([]int16, 0, len(nums))
	for _, num := range nums {
		if !t.isKey(num) {
			out = append(out, num)
		}
	}
	return out
}

// notNullError names the column as SQL knows it: the storage found a required
// attribute missing that has no default there.
func (t *Target) notNullError(err error, r row) error {
	if pgerr.CodeOf(err) != pgerr.NotNullViolation {
		return t.withRow(err, r)
	}
	var nums []int16
	for _, c := range t.Rel.Columns {
		if c.Num > 0 && c.Path == nil {
			nums = append(nums, c.Num)
		}
	}
	own := t.checkNotNull(t.nonKey(nums), r)
	switch {
	case own == nil:
		return t.withRow(err, r)
	case t.ruled():
		return pgerr.As(own).WithDetail("%s", pgerr.As(err).Detail)
	}
	return own
}

func (t *Target) isKey(num int16) bool {
	pk := t.Rel.PrimaryKey()
	if pk == nil {
		return false
	}
	for _, c := range pk.Columns {
		if c.Num == num {
			return true
		}
	}
	return false
}

// check evaluates the CHECK constraints and WITH CHECK OPTION over in, whose k-th row
// alive is rows[k]; 23514 or 44000 for the first row that fails one.
func (t *Target) check(in *vec.Batch, rows []row) error {
	return t.checkBy(t.checksOf(plan.PolicyUpdates), in, rows)
}

// viewChecks are those of views.
func (t *Target) viewChecks() []Check {
	return slices.DeleteFunc(slices.Clone(t.Checks), func(c Check) bool { return !c.View })
}

// proposedChecks are those of a row before it is inserted: the table's own.
func (t *Target) proposedChecks() []Check {
	return slices.DeleteFunc(t.checksOf(plan.PolicyInserts), func(c Check) bool { return c.View })
}

// checksOf are all but those of row-level security that are made at another time.
func (t *Target) checksOf(when plan.PolicyCheck) []Check {
	return slices.DeleteFunc(slices.Clone(t.Checks), func(c Check) bool { return c.Policy != plan.NoPolicy && c.Policy != when })
}

// checkExisting makes the checks of a row that ON CONFLICT DO UPDATE is about to change.
func (t *Target) checkExisting(r row) error {
	checks := slices.DeleteFunc(slices.Clone(t.Checks), func(c Check) bool { return c.Policy != plan.PolicyExists })
	if len(checks) == 0 {
		return nil
	}
	return t.checkBy(checks, t.rowsOf([]row{r}), []row{r})
}

func (t *Target) checkBy(checks []Check, in *vec.Batch, rows []row) error {
	for _, c := range checks {
		v, err := c.Cond.Eval(in, in.Sel)
		if err != nil {
			return err
		}
		ok := vec.Of[bool](v)
		for k := range in.Rows() {
			if i := in.Row(k); !ok.IsNull(i) && !ok.At(i) {
				return t.checkViolation(c, rows[k])
			}
		}
	}
	return nil
}

// generate computes the generated columns of the rows of in, for each row the
// values in the order of Generated.
func (t *Target) generate(in *vec.Batch) ([][]any, error) {
	out := make([][]any, in.Rows())
	for _, g := range t.Generated {
		v, err := g.Value.Eval(in, in.Sel)
		if err != nil {
			return nil, err
		}
		for k := range out {
			out[k] = append(out[k], v.Value(in.Row(k)))
		}
	}
	return out, nil
}

func setNums(sets []Set) []int16 {
	nums := make([]int16, len(sets))
	for i, s := range sets {
		nums[i] = s.Num
	}
	return nums
}

// validate completes a change; the row gets the completed values.
func (t *Target) validate(ch storage.Change, r row) (storage.Change, error) {
	done, err := t.table.Validate(ch)
	if err != nil {
		return ch, t.notNullError(err, r)
	}
	r.set(done.Columns, done.Values)
	return done, nil
}

// stored replaces the system columns of rows that were written by what their
// images say.
func (t *Target) stored(rows []row, images []*storage.RowImage) error {
	var nums []int16
	for _, num := range t.Nums {
		if num < 0 && num != catalog.ColRowImage && num != catalog.ColTableOID {
			nums = append(nums, num)
		}
	}
	for _, r := range rows {
		r[catalog.ColTableOID] = t.Rel.OID
	}
	if len(nums) == 0 || len(rows) == 0 {
		return nil
	}
	b, err := t.table.Decode(images, nums)
	if err != nil {
		return err
	}
	for k, r := range rows {
		for c, num := range nums {
			r[num] = b.Cols[c].Value(k)
		}
	}
	return nil
}

// scan reads the target's rows by a path, with their images, and keeps those
// that keep says.
func (t *Target) scan(ctx context.Context, path storage.Path, keep func(row) bool) ([]row, error) {
	nums := t.readNums()
	in, err := t.table.Scan(ctx, storage.ScanSpec{Path: path, Columns: nums})
	if err != nil {
		return nil, err
	}
	defer in.Close()
	var out []row
	for {
		b, err := in.Next(ctx)
		if err != nil || b == nil {
			return out, err
		}
		for k := range b.Rows() {
			r := row{}
			for c, num := range nums {
				r[num] = b.Cols[c].Value(b.Row(k))
			}
			if keep(r) {
				out = append(out, r)
			}
		}
	}
}

// readNums are the target's columns, the key's and the row image, once each.
func (t *Target) readNums() []int16 {
	var nums []int16
	seen := map[int16]bool{}
	add := func(num int16) {
		if !seen[num] {
			seen[num] = true
			nums = append(nums, num)
		}
	}
	for _, num := range t.Nums {
		add(num)
	}
	if pk := t.Rel.PrimaryKey(); pk != nil {
		for _, num := range keyColumns(pk) {
			add(num)
		}
	}
	add(catalog.ColRowImage)
	return nums
}
