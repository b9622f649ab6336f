package temp

import (
	"context"
	"slices"

	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

// tx is a transaction of both catalogs; the temporary one's begins with the
// first temporary relation, at the latest.
type tx struct {
	layers
	catalog *Catalog
	shared  catalog.Tx
	own     catalog.Tx // of the temporary schema; layers.private, or nil
	start   catalog.Mark
	creator catalog.OID
}

var _ catalog.Tx = (*tx)(nil)

// use makes own the temporary schema's part of the transaction.
func (t *tx) use(own catalog.Tx) {
	t.own, t.private, t.start = own, own, own.Save()
	own.SetCreator(t.creator)
}

// in is the catalog in which a relation of that schema is created.
func (t *tx) in(ctx context.Context, schema string) (catalog.Tx, error) {
	if schema != t.schema.Name {
		return t.shared, nil
	}
	if t.own == nil {
		private, err := t.catalog.open(ctx)
		if err != nil {
			return nil, err
		}
		t.use(private.Begin())
	}
	return t.own, nil
}

// inWith is in for an object that is made of values of types.
func (t *tx) inWith(ctx context.Context, schema string, used ...catalog.OID) (catalog.Tx, error) {
	c, err := t.in(ctx, schema)
	if err != nil {
		return nil, err
	}
	return c, t.lasting(c, used...)
}

// lasting is 0A000 where an object of the database would be made of values of a temporary
// type: the session's end, which nobody else sees, would take a part of it along.
func (t *tx) lasting(c catalog.Tx, used ...catalog.OID) error {
	if c != t.own && slices.ContainsFunc(used, catalog.IsTemporary) {
		return pgerr.Unsupported("a temporary type in an object that is not temporary")
	}
	return nil
}

// columnTypes are the types of columns; nested objects have theirs below them.
func columnTypes(cols []catalog.ColumnDef) (out []catalog.OID) {
	for _, c := range cols {
		out = append(append(out, c.Type), columnTypes(c.Children)...)
	}
	return out
}

// having is the catalog that has the object of that oid.
func (t *tx) having(oid catalog.OID) catalog.Tx {
	if t.own != nil && catalog.IsTemporary(oid) {
		return t.own
	}
	return t.shared
}

// Version implements catalog.Reader.
func (t *tx) Version() uint64 {
	if t.own == nil {
		return t.shared.Version()
	}
	t.catalog.mu.Lock()
	defer t.catalog.mu.Unlock()
	return t.catalog.stamp(t.shared, t.own)
}

// CreateSchema implements catalog.Tx.
func (t *tx) CreateSchema(ctx context.Context, name string, ifNotExists bool) error {
	return t.shared.CreateSchema(ctx, name, ifNotExists)
}

// DropSchema implements catalog.Tx.
func (t *tx) DropSchema(ctx context.Context, name string) error {
	return t.shared.DropSchema(ctx, name)
}

// RenameSchema implements catalog.Tx.
func (t *tx) RenameSchema(ctx context.Context, from, to string) error {
	return t.shared.RenameSchema(ctx, from, to)
}

// PutRole implements catalog.Tx.
func (t *tx) PutRole(ctx context.Context, r *catalog.Role) error { return t.shared.PutRole(ctx, r) }

// DropRole implements catalog.Tx.
func (t *tx) DropRole(ctx context.Context, oid catalog.OID) error { return t.shared.DropRole(ctx, oid) }

// SetCreator implements catalog.Tx.
func (t *tx) SetCreator(role catalog.OID) {
	t.creator = role
	t.shared.SetCreator(role)
	if t.own != nil {
		t.own.SetCreator(role)
	}
}

// Grant implements catalog.Tx.
func (t *tx) Grant(ctx context.Context, g catalog.Grant) error { return t.having(g.OID).Grant(ctx, g) }

// SetOwner implements catalog.Tx.
func (t *tx) SetOwner(ctx context.Context, o catalog.Object, owner catalog.OID) error {
	return t.having(o.OID).SetOwner(ctx, o, owner)
}

// GrantDefault implements catalog.Tx.
func (t *tx) GrantDefault(ctx context.Context, role catalog.OID, g catalog.Grant) error {
	return t.shared.GrantDefault(ctx, role, g)
}

// RevokeAll implements catalog.Tx.
func (t *tx) RevokeAll(ctx context.Context, role catalog.OID) error {
	if t.own != nil {
		if err := t.own.RevokeAll(ctx, role); err != nil {
			return err
		}
	}
	return t.shared.RevokeAll(ctx, role)
}

// PutRoleSetting implements catalog.Tx.
func (t *tx) PutRoleSetting(ctx context.Context, s catalog.RoleSetting) error {
	return t.shared.PutRoleSetting(ctx, s)
}

// CreateTable implements catalog.Tx.
func (t *tx) CreateTable(ctx context.Context, def *catalog.TableDef) (*catalog.Relation, error) {
	c, err := t.inWith(ctx, def.Schema, columnTypes(def.Columns)...)
	if err != nil {
		return nil, err
	}
	return c.CreateTable(ctx, def)
}

// AlterTable implements catalog.Tx.
func (t *tx) AlterTable(ctx context.Context, rel catalog.OID, actions []catalog.AlterAction) (*catalog.Relation, error) {
	c := t.having(rel)
	for _, action := range actions {
		var err error
		switch a := action.(type) {
		case catalog.AddColumn:
			err = t.lasting(c, columnTypes([]catalog.ColumnDef{a.Column})...)
		case catalog.AlterType:
			err = t.lasting(c, a.Type)
		}
		if err != nil {
			return nil, err
		}
	}
	return c.AlterTable(ctx, rel, actions)
}

// DropRelation implements catalog.Tx.
func (t *tx) DropRelation(ctx context.Context, rel catalog.OID) error {
	return t.having(rel).DropRelation(ctx, rel)
}

// CreateIndex implements catalog.Tx.
func (t *tx) CreateIndex(ctx context.Context, rel catalog.OID, def *catalog.IndexDef) (*catalog.Index, error) {
	return t.having(rel).CreateIndex(ctx, rel, def)
}

// DropIndex implements catalog.Tx.
func (t *tx) DropIndex(ctx context.Context, index catalog.OID) error {
	return t.having(index).DropIndex(ctx, index)
}

// CreateView implements catalog.Tx.
func (t *tx) CreateView(ctx context.Context, def *catalog.ViewDef) (*catalog.Relation, error) {
	c, err := t.inWith(ctx, def.Schema, columnTypes(def.Columns)...)
	if err != nil {
		return nil, err
	}
	return c.CreateView(ctx, def)
}

// CreateSequence implements catalog.Tx.
func (t *tx) CreateSequence(ctx context.Context, def *catalog.SequenceDef) (*catalog.Relation, error) {
	c, err := t.in(ctx, def.Schema)
	if err != nil {
		return nil, err
	}
	return c.CreateSequence(ctx, def)
}

// AlterSequence implements catalog.Tx.
func (t *tx) AlterSequence(ctx context.Context, seq catalog.OID, info catalog.SequenceInfo) (*catalog.Relation, error) {
	return t.having(seq).AlterSequence(ctx, seq, info)
}

// CreateType implements catalog.Tx.
func (t *tx) CreateType(ctx context.Context, def *catalog.TypeDef) (*types.Type, error) {
	c, err := t.inWith(ctx, def.Schema, append(columnTypes(def.Attributes), def.Base)...)
	if err != nil {
		return nil, err
	}
	defer t.renew()
	return c.CreateType(ctx, def)
}

// AlterType implements catalog.Tx.
func (t *tx) AlterType(ctx context.Context, typ catalog.OID, actions []catalog.TypeAction) error {
	defer t.renew()
	c := t.having(typ)
	for _, action := range actions {
		var err error
		switch a := action.(type) {
		case catalog.AddAttribute:
			err = t.lasting(c, columnTypes([]catalog.ColumnDef{a.Attribute})...)
		case catalog.RetypeAttribute:
			err = t.lasting(c, a.Type)
		}
		if err != nil {
			return err
		}
	}
	return c.AlterType(ctx, typ, actions)
}

// DropType implements catalog.Tx.
func (t *tx) DropType(ctx context.Context, typ catalog.OID) error {
	defer t.renew()
	return t.having(typ).DropType(ctx, typ)
}

// renew shows the database's types, which have changed, to the temporary tables
// that have columns of them.
func (t *tx) renew() {
	if own, ok := t.own.(interface{ Renew() }); ok {
		own.Renew()
	}
}

// PutFunction implements catalog.Tx.
func (t *tx) PutFunction(ctx context.Context, f *catalog.Function) error {
	used := []catalog.OID{f.Result}
	for _, p := range f.Params {
		used = append(used, p.Type)
	}
	c, err := t.inWith(ctx, f.Schema, used...)
	if err != nil {
		return err
	}
	return c.PutFunction(ctx, f)
}

// DropFunction implements catalog.Tx.
func (t *tx) DropFunction(ctx context.Context, oid catalog.OID) error {
	return t.having(oid).DropFunction(ctx, oid)
}

// PutOperator implements catalog.Tx. Operators and casts are the database's.
func (t *tx) PutOperator(ctx context.Context, o *catalog.Operator) error {
	if t.schema != nil && o.Schema == t.schema.Name {
		return pgerr.Unsupported("operators in the temporary schema")
	}
	return t.shared.PutOperator(ctx, o)
}

// DropOperator implements catalog.Tx.
func (t *tx) DropOperator(ctx context.Context, oid catalog.OID) error {
	return t.shared.DropOperator(ctx, oid)
}

// PutCast implements catalog.Tx.
func (t *tx) PutCast(ctx context.Context, c *catalog.Cast) error {
	if err := t.lasting(t.shared, c.From, c.To); err != nil {
		return err
	}
	return t.shared.PutCast(ctx, c)
}

// DropCast implements catalog.Tx.
func (t *tx) DropCast(ctx context.Context, oid catalog.OID) error { return t.shared.DropCast(ctx, oid) }

// PutOpFamily implements catalog.Tx.
func (t *tx) PutOpFamily(ctx context.Context, f *catalog.OpFamily) (catalog.OID, error) {
	if t.schema != nil && f.Schema == t.schema.Name {
		return 0, pgerr.Unsupported("operator families in the temporary schema")
	}
	return t.shared.PutOpFamily(ctx, f)
}

// DropOpFamily implements catalog.Tx.
func (t *tx) DropOpFamily(ctx context.Context, oid catalog.OID) error {
	return t.shared.DropOpFamily(ctx, oid)
}

// PutOpClass implements catalog.Tx.
func (t *tx) PutOpClass(ctx context.Context, c *catalog.OpClass, members []catalog.OpMember) error {
	if t.schema != nil && c.Schema == t.schema.Name {
		return pgerr.Unsupported("operator classes in the temporary schema")
	}
	return t.shared.PutOpClass(ctx, c, members)
}

// DropOpClass implements catalog.Tx.
func (t *tx) DropOpClass(ctx context.Context, oid catalog.OID) error {
	return t.shared.DropOpClass(ctx, oid)
}

// AlterOpFamily implements catalog.Tx.
func (t *tx) AlterOpFamily(ctx context.Context, family catalog.OID, add []catalog.OpMember, drop []catalog.OID) error {
	return t.shared.AlterOpFamily(ctx, family, add, drop)
}

// PutCollation implements catalog.Tx.
func (t *tx) PutCollation(ctx context.Context, c *catalog.Collation) error {
	if t.schema != nil && c.Schema == t.schema.Name {
		return pgerr.Unsupported("collations in the temporary schema")
	}
	return t.shared.PutCollation(ctx, c)
}

// DropCollation implements catalog.Tx.
func (t *tx) DropCollation(ctx context.Context, oid catalog.OID) error {
	return t.shared.DropCollation(ctx, oid)
}

// PutExtension implements catalog.Tx.
func (t *tx) PutExtension(ctx context.Context, e *catalog.Extension) error {
	return t.shared.PutExtension(ctx, e)
}

// DropExtension implements catalog.Tx.
func (t *tx) DropExtension(ctx context.Context, oid catalog.OID) error {
	return t.shared.DropExtension(ctx, oid)
}

// SetComment implements catalog.Tx.
func (t *tx) SetComment(ctx context.Context, object catalog.OID, column int16, comment string) error {
	return t.having(object).SetComment(ctx, object, column, comment)
}

// SetLargeObjectComment implements catalog.Tx.
func (t *tx) SetLargeObjectComment(ctx context.Context, oid catalog.OID, comment string) error {
	return t.shared.SetLargeObjectComment(ctx, oid, comment)
}

// MarkIndexComplete implements catalog.Tx.
func (t *tx) MarkIndexComplete(ctx context.Context, index catalog.OID, complete bool) error {
	return t.having(index).MarkIndexComplete(ctx, index, complete)
}

// mark is a state of both; own is nil where the temporary one had not begun.
type mark struct{ shared, own catalog.Mark }

// Save implements catalog.Tx.
func (t *tx) Save() catalog.Mark {
	m := mark{shared: t.shared.Save()}
	if t.own != nil {
		m.own = t.own.Save()
	}
	return m
}

// RollbackTo implements catalog.Tx.
func (t *tx) RollbackTo(m catalog.Mark) {
	to := m.(mark)
	t.shared.RollbackTo(to.shared)
	if t.own == nil {
		return
	}
	if to.own == nil {
		to.own = t.start
	}
	t.own.RollbackTo(to.own)
}

// Changed implements catalog.Tx.
func (t *tx) Changed() bool { return t.shared.Changed() || t.own != nil && t.own.Changed() }

// Commit implements catalog.Tx.
func (t *tx) Commit(ctx context.Context, entrust func(context.Context) (string, error)) error {
	defer t.catalog.current.Store(nil)
	if err := t.shared.Commit(ctx, entrust); err != nil || t.own == nil {
		return err
	}
	return t.own.Commit(ctx, nil)
}

// Rollback implements catalog.Tx.
func (t *tx) Rollback() {
	t.catalog.current.Store(nil)
	t.shared.Rollback()
	if t.own != nil {
		t.own.Rollback()
	}
}
