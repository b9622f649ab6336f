package session

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/plan"
	"github.com/s3db-sql/s3db-sql/sql/planner/bind"
	"github.com/s3db-sql/s3db-sql/sql/types"
	"github.com/s3db-sql/s3db-sql/storage/objstore"
)

// definitionRun is a bound DDL or maintenance statement.
type definitionRun struct {
	s    *Session
	stmt plan.Statement
	// params are the values of the parameters, or of a function's variables, that
	// the query of CREATE TABLE AS names.
	params []any
}

// processed is the number of rows in a command tag that has one: SELECT 5.
func (r *definitionRun) processed(tag string) int64 {
	n, _ := strconv.ParseInt(tag[strings.LastIndexByte(tag, ' ')+1:], 10, 64)
	return n
}

// Fields implements run.
func (r *definitionRun) Fields() []Field { return nil }

// Close implements run.
func (r *definitionRun) Close() error { return nil }

// Fetch implements run.
func (r *definitionRun) Fetch(ctx context.Context, _ int, out Output) (bool, error) {
	if _, harmless := r.stmt.(*plan.Vacuum); !harmless { // ClassifyUtilityCommandAsReadOnly
		if err := r.s.mayWrite(definitionTag(r.stmt)); err != nil {
			return false, err
		}
	}
	tx := r.s.tx
	sp := tx.save("", r.s.values.Mark())
	if d, ok := r.stmt.(*plan.CreateTable); ok && r.params != nil {
		made := *d
		made.Params = r.params
		r.stmt = &made
	}
	tag, err := r.s.define(ctx, r.stmt, out)
	if err != nil {
		err = firstError(tx.rollbackTo(ctx, sp), err)
		return false, timedOut(ctx, objstore.ToPG(err))
	}
	return true, out.Complete(tag)
}

// definitionTag is the command tag of a statement.
func definitionTag(stmt plan.Statement) string {
	switch d := stmt.(type) {
	case *plan.CreateTable:
		return createTag(d)
	case *plan.AlterTable:
		return alterTag(d)
	case *plan.Drop:
		return dropTags[d.Kind]
	case *plan.Refresh:
		return refreshTag
	case *plan.Truncate:
		return "TRUNCATE TABLE"
	case *plan.CreateIndex:
		return "CREATE INDEX"
	case *plan.CreateView:
		return "CREATE VIEW"
	case *plan.CreateSequence:
		return "CREATE SEQUENCE"
	case *plan.AlterSequence:
		return "ALTER SEQUENCE"
	case *plan.RenameSchema:
		return "ALTER SCHEMA"
	case *plan.CreateSchema, *bind.SchemaWithElements:
		return "CREATE SCHEMA"
	case *plan.CreateType:
		return createTypeTag(d)
	case *plan.AlterType:
		return d.Tag
	case *plan.Comment:
		return "COMMENT"
	case *plan.Vacuum:
		return vacuumTag(d)
	case *plan.Verify:
		return verifyTags[d.Kind]
	case *plan.CreateFunction:
		return d.Tag
	case *plan.CreateOperator:
		return d.Tag
	case *plan.CreateCast:
		return "CREATE CAST"
	case *plan.CreateOpClass:
		return d.Tag
	case *plan.AlterOpFamily:
		return "ALTER OPERATOR FAMILY"
	case *plan.CreateCollation:
		return "CREATE COLLATION"
	case *plan.CreateExtension:
		return "CREATE EXTENSION"
	case *plan.DropExtension:
		return "DROP EXTENSION"
	case *plan.DropRoutines:
		return d.Tag
	case *plan.Nothing:
		return d.Tag
	}
	return roleTag(stmt)
}

// define runs one statement and returns its tag.
func (s *Session) define(ctx context.Context, stmt plan.Statement, out Output) (string, error) {
	switch d := stmt.(type) {
	case *plan.CreateTable:
		return s.createTable(ctx, d, out)
	case *plan.AlterTable:
		return alterTag(d), s.alterTable(ctx, d, out)
	case *plan.Drop:
		return dropTags[d.Kind], s.drop(ctx, d, out)
	case *plan.Refresh:
		return refreshTag, s.refresh(ctx, d)
	case *plan.Truncate:
		return "TRUNCATE TABLE", s.truncate(ctx, d, out)
	case *plan.CreateIndex:
		return "CREATE INDEX", s.createIndex(ctx, d, out)
	case *plan.CreateView:
		return "CREATE VIEW", s.createView(ctx, d, out)
	case *plan.CreateSequence:
		return "CREATE SEQUENCE", s.createSequence(ctx, d, out)
	case *plan.AlterSequence:
		return "ALTER SEQUENCE", s.alterSequence(ctx, d, out)
	case *plan.CreateSchema:
		return "CREATE SCHEMA", s.createSchema(ctx, d, out)
	case *plan.RenameSchema:
		return "ALTER SCHEMA", s.renameSchema(ctx, d)
	case *bind.SchemaWithElements:
		return "CREATE SCHEMA", s.createWithElements(ctx, d, out)
	case *plan.CreateType:
		return createTypeTag(d), s.createType(ctx, d, out)
	case *plan.AlterType:
		return d.Tag, s.alterType(ctx, d, out)
	case *plan.Comment:
		return "COMMENT", s.comment(ctx, d)
	case *plan.Vacuum:
		return vacuumTag(d), s.vacuum(ctx, d, out)
	case *plan.Verify:
		return s.verify(ctx, d, out)
	}
	if done, err := s.defineRole(ctx, stmt, out); done || err != nil {
		return definitionTag(stmt), err
	}
	return s.defineRoutine(ctx, stmt, out)
}

// defineRoutine is define for functions, operators and casts.
func (s *Session) defineRoutine(ctx context.Context, stmt plan.Statement, out Output) (string, error) {
	switch d := stmt.(type) {
	case *plan.CreateFunction:
		if err := s.warn(out, d.Warnings); err != nil {
			return "", err
		}
		return d.Tag, s.createFunction(ctx, d, out)
	case *plan.CreateOperator:
		if err := s.warn(out, d.Warnings); err != nil {
			return "", err
		}
		return d.Tag, s.putOperator(ctx, d)
	case *plan.CreateCast:
		return "CREATE CAST", s.changeCatalog(s.tx.catalogTx().PutCast(ctx, d.Cast))
	case *plan.CreateOpClass:
		return d.Tag, s.createOpClass(ctx, d)
	case *plan.AlterOpFamily:
		return "ALTER OPERATOR FAMILY", s.alterOpFamily(ctx, d)
	case *plan.CreateCollation:
		return "CREATE COLLATION", s.createCollation(ctx, d, out)
	case *plan.CreateExtension:
		return "CREATE EXTENSION", s.createExtension(ctx, d)
	case *plan.DropExtension:
		return "DROP EXTENSION", s.dropExtensions(ctx, d, out)
	case *plan.DropRoutines:
		return d.Tag, s.dropRoutines(ctx, d, out)
	case *plan.Nothing:
		return d.Tag, s.noticeAll(out, d.Notices)
	}
	return "", pgerr.Internal("unknown definition %T", stmt)
}

var dropTags = map[plan.DropKind]string{
	plan.DropTable: "DROP TABLE", plan.DropView: "DROP VIEW", plan.DropMaterializedView: "DROP MATERIALIZED VIEW", plan.DropIndex: "DROP INDEX", plan.DropSchema: "DROP SCHEMA",
	plan.DropSequence: "DROP SEQUENCE",
	plan.DropType:     "DROP TYPE", plan.DropDomain: "DROP DOMAIN",
}

func (s *Session) skipped(out Output, code pgerr.Code, format string, args ...any) error {
	return s.notice(out, pgerr.Notice(pgerr.SeverityNotice, code, format, args...))
}

func (s *Session) noticeAll(out Output, notices []*pgerr.Error) error {
	for _, n := range notices {
		if err := s.notice(out, n); err != nil {
			return err
		}
	}
	return nil
}

func createTag(d *plan.CreateTable) string {
	switch {
	case d.Def.Query != "":
		return "CREATE MATERIALIZED VIEW"
	case d.FromQuery:
		return "CREATE TABLE AS"
	case d.Def.Resource:
		return "CREATE RESOURCE"
	}
	return "CREATE TABLE"
}

func alterTag(d *plan.AlterTable) string {
	if d.Tag == "" {
		return "ALTER TABLE"
	}
	return d.Tag
}

func (s *Session) createTable(ctx context.Context, d *plan.CreateTable, out Output) (string, error) {
	if d.IfNotExists && s.catalog().Relation(d.Def.Schema, d.Def.Name) != nil {
		return createTag(d), s.skipped(out, pgerr.DuplicateTable, "relation \"%s\" already exists, skipping", d.Def.Name)
	}
	if err := s.noticeAll(out, d.Notices); err != nil {
		return "", err
	}
	made, err := s.columnSequences(ctx, d.Sequences)
	if err != nil {
		return "", err
	}
	def := withSequences(d.Def, d.Sequences, made)
	if d.Bound != nil {
		bound, err := s.partitionBound(ctx, d.Bound, d.Def.Name)
		if err != nil {
			return "", err
		}
		copied := *def
		copied.Bound, def = bound, &copied
	}
	rel, err := s.tx.catalogTx().CreateTable(ctx, def)
	if err != nil {
		return "", err
	}
	s.tx.changed()
	if err := s.ownSequences(ctx, rel.OID, d.Sequences, made); err != nil {
		return "", err
	}
	if err := s.copyIndexes(ctx, rel, d.Indexes); err != nil {
		return "", err
	}
	if d.As != nil {
		return s.fillTable(ctx, rel, d)
	}
	return createTag(d), nil
}

// copyIndexes gives a new table the indexes of LIKE.
func (s *Session) copyIndexes(ctx context.Context, rel *catalog.Relation, copies []plan.IndexCopy) error {
	tx := s.tx.catalogTx()
	for _, c := range copies {
		ix, err := tx.CreateIndex(ctx, rel.OID, c.Def)
		if err != nil {
			return err
		}
		if err := tx.MarkIndexComplete(ctx, ix.OID, true); err != nil { // the table is empty
			return err
		}
		if c.Comment != "" {
			if err := tx.SetComment(ctx, ix.OID, 0, c.Comment); err != nil {
				return err
			}
		}
	}
	s.tx.changed()
	return nil
}

func (s *Session) alterTable(ctx context.Context, d *plan.AlterTable, out Output) error {
	if d.Relation == 0 {
		return s.skipped(out, pgerr.SuccessfulCompletion, "relation \"%s\" does not exist, skipping", d.Name)
	}
	if alterTag(d) == "ALTER TABLE" {
		if err := s.checkNotInUse(d.Relation, "ALTER TABLE"); err != nil {
			return err
		}
	}
	if err := s.noticeAll(out, d.Notices); err != nil {
		return err
	}
	d, err := s.attach(ctx, d)
	if err != nil {
		return err
	}
	made, err := s.columnSequences(ctx, d.Sequences)
	if err != nil {
		return err
	}
	if err := s.alterMember(ctx, d, d.Sequences, made, out); err != nil {
		return err
	}
	if err := s.ownSequences(ctx, d.Relation, d.Sequences, made); err != nil {
		return err
	}
	for _, child := range d.Children {
		if err := s.alterMember(ctx, child, d.Sequences, made, out); err != nil {
			return err
		}
	}
	return nil
}

// alterMember alters one table of a tree, whose new columns take their numbers from
// the sequences that were made for them.
func (s *Session) alterMember(ctx context.Context, d *plan.AlterTable, seqs []plan.ColumnSequence, made []*catalog.Relation, out Output) error {
	before := s.catalog().RelationByOID(d.Relation)
	if err := s.noticeExisting(before, d.Actions, out); err != nil {
		return err
	}
	if err := s.dropColumnUses(ctx, before, d.Actions, out); err != nil {
		return err
	}
	if first, rest := releasedFirst(before, d); first != nil {
		if err := s.alterMember(ctx, first, nil, nil, out); err != nil {
			return err
		}
		d, before = rest, s.catalog().RelationByOID(d.Relation)
	}
	if err := s.dropKeys(ctx, before, d.Actions, out); err != nil {
		return err
	}
	actions := sequenceDefaults(d.Actions, seqs, made)
	if err := s.checkRowType(before, d.Actions); err != nil {
		return err
	}
	interim, err := s.prepareRows(ctx, before, withIdentityValues(actions, seqs, made))
	if err != nil {
		return err
	}
	if err := s.checkDetached(ctx, before, actions); err != nil {
		return err
	}
	readers, words := s.readers(before, actions), s.wordsOf(actions)
	after, err := s.tx.catalogTx().AlterTable(ctx, d.Relation, actions)
	if err != nil {
		return err
	}
	s.tx.changed()
	if err := s.tx.writes.Retype(d.Relation, renumbered(interim, after), keysRetyped(before, actions)); err != nil {
		return err
	}
	if err := s.retext(ctx, readers); err != nil {
		return err
	}
	if err := s.followStatements(ctx, words); err != nil {
		return err
	}
	if err := s.alterSequences(ctx, d, after, out); err != nil {
		return err
	}
	for _, fk := range append(foreignKeysToValidate(s.catalog(), before, s.catalog().RelationByOID(after.OID)), s.keysOver(before, actions)...) {
		if err := s.validateForeign(ctx, fk); err != nil {
			return err
		}
	}
	if err := s.dropIndexes(before, after); err != nil {
		return err
	}
	if err := s.buildIndexes(ctx, before, after); err != nil {
		return err
	}
	return s.addIndexes(ctx, d.Relation, d.Indexes)
}

func (s *Session) createIndex(ctx context.Context, d *plan.CreateIndex, out Output) error {
	if d.Concurrently {
		if err := s.preventInBlock("CREATE INDEX CONCURRENTLY"); err != nil {
			return err
		}
	}
	if d.Skip {
		return s.skipped(out, pgerr.DuplicateTable, "relation \"%s\" already exists, skipping", d.Def.Name)
	}
	if err := s.checkNotInUse(d.Relation, "CREATE INDEX"); err != nil {
		return err
	}
	for _, below := range d.Below {
		if err := s.createIndex(ctx, below, out); err != nil {
			return err
		}
	}
	ix, err := s.tx.catalogTx().CreateIndex(ctx, d.Relation, d.Def)
	if err != nil {
		return err
	}
	s.tx.changed()
	if ix.Kind == catalog.DeclaredIndex {
		return nil
	}
	return s.buildIndex(ctx, d.Relation, ix, "CREATE INDEX")
}

func (s *Session) drop(ctx context.Context, d *plan.Drop, out Output) error {
	for _, notice := range d.Missing {
		if err := s.skipped(out, pgerr.SuccessfulCompletion, "%s", notice); err != nil {
			return err
		}
	}
	for _, o := range s.usersFirst(d) {
		if d.Kind == plan.DropTable {
			if err := s.checkNotInUse(o.OID, "DROP TABLE"); err != nil {
				return err
			}
		}
		if err := s.dropDependents(ctx, d, o, out); err != nil {
			return err
		}
		if err := s.dropOne(ctx, d, o, out); err != nil {
			return err
		}
	}
	return nil
}

// usersFirst are the objects of a DROP in an order in which a row type goes behind the
// tables and types that have a column of it.
func (s *Session) usersFirst(d *plan.Drop) []plan.DropObject {
	left := slices.Clone(d.Objects)
	var out []plan.DropObject
	for len(left) > 0 {
		next := max(0, slices.IndexFunc(left, func(o plan.DropObject) bool {
			row := s.rowType(o.OID)
			return row == nil || !slices.ContainsFunc(left, func(user plan.DropObject) bool { return user.OID != o.OID && hasColumnOf(s.rowType(user.OID), row) })
		}))
		out = append(out, left[next])
		left = slices.Delete(left, next, next+1)
	}
	return out
}

// rowType is a composite type, or the row type of a relation; nil for anything else.
func (s *Session) rowType(oid types.OID) *types.Type {
	if rel := s.catalog().RelationByOID(oid); rel != nil {
		oid = rel.Type
	}
	return s.catalog().Types().ByOID(oid)
}

// hasColumnOf says whether the rows of t have a value of another row type, or an array.
func hasColumnOf(t, row *types.Type) bool {
	family := typeFamily(row)
	return t != nil && slices.ContainsFunc(t.Columns, func(c types.Column) bool { return c.Type != nil && slices.Contains(family, c.Type.OID) })
}

func (s *Session) dropOne(ctx context.Context, d *plan.Drop, o plan.DropObject, out Output) error {
	switch d.Kind {
	case plan.DropIndex:
		return s.dropIndex(ctx, o.OID)
	case plan.DropSchema:
		return s.dropSchema(ctx, o.Name, d.Cascade, out)
	case plan.DropType, plan.DropDomain:
		return s.dropType(ctx, o.OID)
	}
	return s.dropRelation(ctx, o.OID)
}

// dropIndex drops an index, and those of partitions that stand for it.
func (s *Session) dropIndex(ctx context.Context, oid types.OID) error {
	tx := s.tx.catalogTx()
	rel, ix := tx.RelationOfIndex(oid)
	if rel.Kind == catalog.PartitionedTable {
		for _, child := range tx.Inheriting(rel.OID) {
			if own := catalog.MemberIndex(rel, child, ix); own != nil {
				if err := s.dropIndex(ctx, own.OID); err != nil {
					return err
				}
			}
		}
	}
	if err := tx.DropIndex(ctx, oid); err != nil {
		return err
	}
	return s.dropIndexes(rel, tx.RelationByOID(rel.OID))
}

// dropRelation takes the relation out of the catalog now and its objects away
// after the commit.
func (s *Session) dropRelation(ctx context.Context, oid types.OID) error {
	tx := s.tx.catalogTx()
	rel := tx.RelationByOID(oid)
	if rel == nil {
		return nil // it went with another one of the same statement
	}
	if rel.Stored() {
		t, err := s.tx.table(oid)
		if err != nil {
			return err
		}
		s.tx.after = append(s.tx.after, t.Drop)
		s.tx.writes.Forget(oid)
	}
	if rel.Kind == catalog.Sequence {
		s.tx.after = append(s.tx.after, func(ctx context.Context) error { return s.counters(rel.OID).Drop(ctx, counterOf(rel)) })
	}
	for _, fk := range s.foreignKeysFrom(rel, nil) {
		if _, err := tx.AlterTable(ctx, fk.Child.OID, []catalog.AlterAction{catalog.DropConstraint{Name: fk.Name}}); err != nil {
			return err
		}
	}
	for _, child := range tx.Inheriting(oid) { // CASCADE, or none is left
		if err := s.dropRelation(ctx, child.OID); err != nil {
			return err
		}
	}
	if err := tx.DropRelation(ctx, oid); err != nil {
		return err
	}
	s.tx.changed()
	for _, q := range catalog.OwnedSequences(tx, oid) {
		if err := s.dropRelation(ctx, q.OID); err != nil {
			return err
		}
	}
	return nil
}

// truncate empties tables at once: it can't be taken back.
func (s *Session) createView(ctx context.Context, d *plan.CreateView, out Output) error {
	if d.BecomesTemporary {
		if err := s.skipped(out, pgerr.SuccessfulCompletion, "view \"%s\" will be a temporary view", d.Def.Name); err != nil {
			return err
		}
	}
	_, err := s.tx.catalogTx().CreateView(ctx, d.Def)
	return err
}

func (s *Session) comment(ctx context.Context, d *plan.Comment) error {
	if d.Large {
		return s.tx.catalogTx().SetLargeObjectComment(ctx, d.Object, d.Text)
	}
	return s.tx.catalogTx().SetComment(ctx, d.Object, d.Column, d.Text)
}
