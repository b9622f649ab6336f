package virtualtest

import (
	"fmt"

	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

func col(num int16, name string, oid types.OID) *catalog.Column {
	t := types.ByOID(oid)
	return &catalog.Column{Num: num, Name: name, Type: t, Typmod: -1, Collation: t.Collation}
}

func with(c *catalog.Column, change func(*catalog.Column)) *catalog.Column {
	change(c)
	return c
}

func table(oid types.OID, name string, columns ...*catalog.Column) *catalog.Relation {
	columns = append(columns, with(col(catalog.ColVersion, "_v", types.Int4OID), func(c *catalog.Column) { c.Hidden = true }))
	return &catalog.Relation{
		OID: oid, Type: oid + 1, Namespace: catalog.PublicOID, Schema: "public", Name: name, Kind: catalog.Table, Owner: 10,
		Columns: columns, Resource: &catalog.Resource{Name: name, Behavior: "body-overflow", EstimatedRows: -1},
	}
}

func primary(r *catalog.Relation, num int16) {
	ix := &catalog.Index{OID: r.OID + 2, Name: r.Name + "_pkey", Unique: true, Primary: true, Complete: true,
		Columns: []catalog.IndexColumn{{Num: num, Name: r.Column(num).Name}}, Keys: catalog.PlainKeys(r, num), Declared: []int16{num}}
	r.Column(num).NotNull = true
	r.Indexes = append(r.Indexes, ix)
	r.Constraints = append(r.Constraints, &catalog.Constraint{OID: r.OID + 3, Name: ix.Name, Kind: catalog.PrimaryConstraint,
		Columns: []int16{num}, Index: ix.OID})
}

// Sample is a database with a table of every feature, one that refers to it, and
// a view.
func Sample() []*catalog.Relation {
	users := table(20000, "users",
		col(1, "id", types.Int4OID),
		with(col(2, "Full Name", types.VarcharOID), func(c *catalog.Column) { c.Typmod, c.NotNull, c.Comment = 24, true, "as printed" }),
		with(col(3, "tags", types.TextArrayOID), func(c *catalog.Column) { c.Default = "'{}'::text[]" }),
		with(col(4, "price", types.NumericOID), func(c *catalog.Column) { c.Typmod = 10<<16 | 2 + 4 }),
		with(col(5, "double", types.Int8OID), func(c *catalog.Column) { c.Generated, c.Default = 's', "id * 2" }),
		with(col(6, "serial", types.Int8OID), func(c *catalog.Column) { c.Identity, c.NotNull = 'd', true }),
		col(7, "profile", types.JSONBOID),
		with(col(1000, "profile.country", types.TextOID), func(c *catalog.Column) { c.Hidden, c.Path = true, []string{"profile", "country"} }),
	)
	primary(users, 1)
	users.Comment, users.Resource.EstimatedRows, users.Resource.Options = "people", 12, map[string]string{"row_stamps": "on"}
	users.Indexes = append(users.Indexes,
		&catalog.Index{OID: 20010, Name: "users_by_country", Kind: catalog.PartitionIndex, Partition: "by_country",
			Columns: []catalog.IndexColumn{{Num: 2, Name: "Full Name"}, {Num: 1000, Name: "profile.country"}}, Keys: catalog.PlainKeys(users, 1000, 2), Declared: []int16{1000, 2}},
		&catalog.Index{OID: 20011, Name: "users_price_key", Kind: catalog.UniqueIndex, Unique: true, Complete: true,
			Columns: []catalog.IndexColumn{{Num: 4, Name: "price"}}, Keys: catalog.PlainKeys(users, 4), Declared: []int16{4}, Comment: "no two alike"})
	users.Constraints = append(users.Constraints,
		&catalog.Constraint{OID: 20012, Name: "users_price_key", Kind: catalog.UniqueConstraint, Columns: []int16{4}, Index: 20011},
		&catalog.Constraint{OID: 20013, Name: "users_price_check", Kind: catalog.CheckConstraint, Expr: "price > 0", Comment: "not free"})

	orders := table(20100, "orders", col(1, "id", types.UUIDOID), col(2, "user_id", types.Int4OID))
	primary(orders, 1)
	orders.Constraints = append(orders.Constraints, &catalog.Constraint{OID: 20110, Name: "orders_user_id_fkey", Kind: catalog.ForeignConstraint,
		Columns: []int16{2}, RefRelation: 20000, RefColumns: []int16{1}, OnUpdate: 'a', OnDelete: 'c'})

	// A table without a primary key has one that nobody sees.
	bare := table(20300, "bare", col(1, "_id", types.TextOID), col(2, "a", types.Int4OID))
	primary(bare, 1)
	bare.Column(1).Hidden = true

	view := &catalog.Relation{OID: 20200, Type: 20201, Namespace: catalog.PublicOID, Schema: "public", Name: "names", Kind: catalog.View, Owner: 10,
		Columns: []*catalog.Column{col(1, "name", types.TextOID)}, Definition: `SELECT "Full Name" AS name FROM users`}
	return []*catalog.Relation{users, orders, view, bare}
}

// Many makes n tables t0, t1 … with a primary key each.
func Many(n int) []*catalog.Relation {
	var out []*catalog.Relation
	for i := range n {
		r := table(types.OID(30000+10*i), fmt.Sprintf("t%d", i), col(1, "id", types.TextOID), col(2, "a", types.Int4OID))
		primary(r, 1)
		out = append(out, r)
	}
	return out
}
