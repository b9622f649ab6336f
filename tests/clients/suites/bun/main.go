// Bun over its own driver for PostgreSQL: models, relations, every kind of value,
// queries built in Go, bulk statements, transactions, migrations, COPY, LISTEN.
package main

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net"
	"os"
	"strings"
	"testing/fstest"
	"time"

	"github.com/uptrace/bun"
	"github.com/uptrace/bun/dialect/pgdialect"
	"github.com/uptrace/bun/driver/pgdriver"
	"github.com/uptrace/bun/migrate"

	. "tap"
)

var ctx = context.Background()

type Author struct {
	ID        int64          `bun:",pk,autoincrement"`
	Name      string         `bun:",notnull,unique"`
	Emails    []string       `bun:",array"`
	Profile   map[string]any `bun:"type:jsonb"`
	Born      *time.Time     `bun:"type:date"`
	Score     float64        `bun:"type:numeric(10,2),nullzero"`
	Photo     []byte
	Active    bool          `bun:",default:true"`
	Took      time.Duration `bun:"type:bigint"`
	CreatedAt time.Time     `bun:",nullzero,notnull,default:current_timestamp"`
	DeletedAt time.Time     `bun:",soft_delete,nullzero"`
	Books     []*Book       `bun:"rel:has-many,join:id=author_id"`
}

type Book struct {
	ID       int64 `bun:",pk,autoincrement"`
	Title    string
	AuthorID int64   `bun:",notnull"`
	Author   *Author `bun:"rel:belongs-to,join:author_id=id"`
	Tags     []Tag   `bun:"m2m:book_tags,join:Book=Tag"`
}

type Tag struct {
	ID   int64 `bun:",pk,autoincrement"`
	Name string
}

type BookTag struct {
	BookID int64 `bun:",pk"`
	Book   *Book `bun:"rel:belongs-to,join:book_id=id"`
	TagID  int64 `bun:",pk"`
	Tag    *Tag  `bun:"rel:belongs-to,join:tag_id=id"`
}

func connector() *pgdriver.Connector {
	return pgdriver.NewConnector(pgdriver.WithAddr(net.JoinHostPort(os.Getenv("PGHOST"), os.Getenv("PGPORT"))), pgdriver.WithInsecure(true),
		pgdriver.WithUser(os.Getenv("PGUSER")), pgdriver.WithDatabase(os.Getenv("PGDATABASE")), pgdriver.WithPassword(os.Getenv("PGPASSWORD")), pgdriver.WithApplicationName("bun"))
}

func exec[R any](r R, err error) R { return Get(r, err) }

func names(as []Author) string {
	var out []string
	for _, a := range as {
		out = append(out, a.Name)
	}
	return strings.Join(out, " ")
}

func code(err error) string {
	var e pgdriver.Error
	if !errors.As(err, &e) {
		return fmt.Sprint(err)
	}
	return e.Field('C')
}

func main() {
	db := bun.NewDB(sql.OpenDB(connector()), pgdialect.New())
	db.RegisterModel((*BookTag)(nil))
	models(db)
	queries(db)
	changes(db)
	transactions(db)
	beyond(db)
	migrations(db)
	Done()
}

func models(db *bun.DB) {
	Check("tables are made of models", func() {
		for _, m := range []any{(*Author)(nil), (*Tag)(nil)} {
			exec(db.NewCreateTable().Model(m).IfNotExists().Exec(ctx))
		}
		exec(db.NewCreateTable().Model((*Book)(nil)).ForeignKey(`("author_id") REFERENCES "authors" ("id") ON DELETE CASCADE`).Exec(ctx))
		exec(db.NewCreateTable().Model((*BookTag)(nil)).WithForeignKeys().Exec(ctx))
		exec(db.NewCreateIndex().Model((*Book)(nil)).Index("book_title").Column("title").IfNotExists().Exec(ctx))
		exec(db.NewAddColumn().Model((*Book)(nil)).ColumnExpr("pages int DEFAULT 1").Exec(ctx))
		exec(db.NewDropColumn().Model((*Book)(nil)).ColumnExpr("pages").Exec(ctx))
	})
	Check("a row with every kind of value goes in and comes back", func() {
		born := time.Date(1815, 12, 10, 0, 0, 0, 0, time.UTC)
		a := &Author{Name: "Ada", Emails: []string{"a@x", `b"'\,`}, Profile: map[string]any{"x": []any{1.0, nil}}, Born: &born, Score: 12.5, Photo: []byte{0, 255}, Active: true, Took: time.Second}
		exec(db.NewInsert().Model(a).Exec(ctx))
		Equal(a.ID, 1)
		var b Author
		Must(db.NewSelect().Model(&b).Where("id = ?", a.ID).Scan(ctx))
		Equal(fmt.Sprint(b.Name, b.Emails, b.Profile, b.Born.UTC(), b.Score, b.Photo, b.Active, b.Took), fmt.Sprint("Ada", a.Emails, a.Profile, born, 12.5, a.Photo, true, time.Second))
		Equal(time.Since(b.CreatedAt) < time.Minute, true)
	})
	Check("many rows at once, with what the server gave them", func() {
		as := []Author{{Name: "Bob"}, {Name: "Cleo", Score: 3}, {Name: "Dan", Emails: []string{}}}
		exec(db.NewInsert().Model(&as).Returning("id, active").Exec(ctx))
		Equal(fmt.Sprint(as[0].ID, as[1].ID, as[2].ID, as[0].Active), "2 3 4 true")
		bs := []Book{{Title: "Notes", AuthorID: 1}, {Title: "Engines", AuthorID: 1}, {Title: "Bees", AuthorID: 2}}
		exec(db.NewInsert().Model(&bs).Exec(ctx))
		ts := []Tag{{Name: "math"}, {Name: "old"}}
		exec(db.NewInsert().Model(&ts).Exec(ctx))
		exec(db.NewInsert().Model(&[]BookTag{{BookID: 1, TagID: 1}, {BookID: 1, TagID: 2}, {BookID: 2, TagID: 1}}).Exec(ctx))
	})
}

func queries(db *bun.DB) {
	Check("relations: has-many, belongs-to, many-to-many", func() {
		var as []Author
		Must(db.NewSelect().Model(&as).Relation("Books", func(q *bun.SelectQuery) *bun.SelectQuery { return q.Order("title") }).Where("author.id < 3").Order("author.id").Scan(ctx))
		Equal(fmt.Sprintln(len(as), as[0].Books[0].Title, len(as[1].Books)), "2 Engines 1\n")
		var bs []Book
		Must(db.NewSelect().Model(&bs).Relation("Author").Relation("Tags").Order("book.id").Scan(ctx))
		Equal(fmt.Sprintln(bs[0].Author.Name, len(bs[0].Tags), len(bs[2].Tags)), "Ada 2 0\n")
	})
	Check("where, in, groups, having, sub-queries, CTEs, set operations", func() {
		var as []Author
		Must(db.NewSelect().Model(&as).Where("name IN (?)", bun.In([]string{"Ada", "Dan", "x"})).WhereGroup(" AND ", func(q *bun.SelectQuery) *bun.SelectQuery {
			return q.Where("score > ?", 1).WhereOr("emails = ?", pgdialect.Array([]string{}))
		}).Order("name DESC").Scan(ctx))
		Equal(names(as), "Dan Ada")
		var rows []struct {
			Name string
			N    int
		}
		Must(db.NewSelect().TableExpr("authors AS a").Join("JOIN books AS b").JoinOn("b.author_id = a.id").ColumnExpr("a.name").ColumnExpr("count(*) AS n").GroupExpr("a.name").Having("count(*) > 1").Scan(ctx, &rows))
		Equal(fmt.Sprint(rows), "[{Ada 2}]")
		with := db.NewSelect().Model((*Book)(nil)).Column("author_id")
		Must(db.NewSelect().With("writers", with).Model(&as).Where("id IN (SELECT author_id FROM writers)").Order("id").Scan(ctx))
		Equal(names(as), "Ada Bob")
		var n []int
		Must(db.NewSelect().ColumnExpr("1 AS n").UnionAll(db.NewSelect().ColumnExpr("2")).Scan(ctx, &n))
		Equal(fmt.Sprint(n), "[1 2]")
		var emails []string
		Must(db.NewSelect().Model((*Author)(nil)).ColumnExpr("unnest(emails)").Where("profile @> ?", map[string]any{"x": []int{1}}).Scan(ctx, &emails))
		Equal(len(emails), 2)
	})
	Check("count, exists, scan into maps, offset, distinct on, for update", func() {
		Equal(Get(db.NewSelect().Model((*Author)(nil)).Count(ctx)), 4)
		Equal(Get(db.NewSelect().Model((*Author)(nil)).Where("name = 'x'").Exists(ctx)), false)
		var ms []map[string]any
		Must(db.NewSelect().Model((*Tag)(nil)).Order("id").Scan(ctx, &ms))
		Equal(fmt.Sprint(ms), "[map[id:1 name:math] map[id:2 name:old]]")
		var as []Author
		n := Get(db.NewSelect().Model(&as).Order("id").Limit(2).Offset(1).ScanAndCount(ctx))
		Equal(fmt.Sprintln(n, names(as)), "4 Bob Cleo\n")
		var bs []Book
		Must(db.NewSelect().Model(&bs).DistinctOn("author_id").Order("author_id", "title").Scan(ctx))
		Equal(fmt.Sprintln(len(bs), bs[0].Title), "2 Engines\n")
		Must(db.NewSelect().Model(&bs).Where("author_id = 1").For("UPDATE SKIP LOCKED").Scan(ctx))
		Equal(len(bs), 2)
	})
	Check("rows one by one", func() {
		rows := Get(db.NewSelect().Model((*Author)(nil)).Order("id").Rows(ctx))
		defer rows.Close()
		n := 0
		for rows.Next() {
			var a Author
			Must(db.ScanRow(ctx, rows, &a))
			n++
		}
		Must(rows.Err())
		Equal(n, 4)
	})
}

func changes(db *bun.DB) {
	Check("update, bulk update, upsert, soft delete, delete", func() {
		exec(db.NewUpdate().Model(&Author{ID: 2, Name: "Bobby", Score: 7}).Column("name", "score").WherePK().Exec(ctx))
		as := []Author{{ID: 3, Score: 4}, {ID: 4, Score: 5}}
		exec(db.NewUpdate().With("_data", db.NewValues(&as)).Model((*Author)(nil)).TableExpr("_data").Set("score = _data.score").Where("author.id = _data.id").Exec(ctx))
		exec(db.NewInsert().Model(&Author{Name: "Ada", Score: 1}).On("CONFLICT (name) DO UPDATE").Set("score = author.score + EXCLUDED.score").Exec(ctx))
		r := exec(db.NewInsert().Model(&Author{Name: "Ada"}).Ignore().Exec(ctx))
		Equal(Get(r.RowsAffected()), 0)
		var scores []float64
		Must(db.NewSelect().Model((*Author)(nil)).Column("score").Order("id").Scan(ctx, &scores))
		Equal(fmt.Sprint(scores), "[13.5 7 4 5]")
		exec(db.NewDelete().Model(&Author{ID: 4}).WherePK().Exec(ctx))
		Equal(Get(db.NewSelect().Model((*Author)(nil)).Count(ctx)), 3)
		Equal(Get(db.NewSelect().Model((*Author)(nil)).WhereDeleted().Count(ctx)), 1)
		exec(db.NewDelete().Model(&Author{ID: 4}).WherePK().ForceDelete().Exec(ctx))
		var gone []string
		exec(db.NewDelete().Model((*Book)(nil)).Where("author_id = 2").Returning("title").Exec(ctx, &gone))
		Equal(fmt.Sprint(gone), "[Bees]")
	})
	Check("errors have codes", func() {
		_, err := db.NewInsert().Model(&Book{Title: "x", AuthorID: 99}).Exec(ctx)
		Equal(code(err), "23503")
		_, err = db.NewInsert().Model(&Author{Name: "Ada"}).Exec(ctx)
		Equal(code(err), "23505")
		_, err = db.ExecContext(ctx, "SELECT nothing")
		Equal(code(err), "42703")
		Equal(errors.Is(db.NewSelect().Model(&Author{}).Where("id = 0").Scan(ctx), sql.ErrNoRows), true)
	})
}

func transactions(db *bun.DB) {
	Check("transactions and savepoints", func() {
		err := db.RunInTx(ctx, &sql.TxOptions{Isolation: sql.LevelSerializable}, func(ctx context.Context, tx bun.Tx) error {
			exec(tx.NewInsert().Model(&Tag{Name: "kept"}).Exec(ctx))
			_ = tx.RunInTx(ctx, nil, func(ctx context.Context, tx bun.Tx) error {
				exec(tx.NewInsert().Model(&Tag{Name: "lost"}).Exec(ctx))
				return errors.New("no")
			})
			return nil
		})
		Must(err)
		Equal(db.RunInTx(ctx, nil, func(ctx context.Context, tx bun.Tx) error {
			exec(tx.NewDelete().Model((*BookTag)(nil)).Where("true").Exec(ctx))
			return errors.New("no")
		}), "no")
		var tags []string
		Must(db.NewSelect().Model((*Tag)(nil)).Column("name").Order("id").Scan(ctx, &tags))
		Equal(fmt.Sprint(tags), "[math old kept]")
		Equal(Get(db.NewSelect().Model((*BookTag)(nil)).Count(ctx)), 3)
	})
	Check("a context that ends cancels", func() {
		short, stop := context.WithTimeout(ctx, 200*time.Millisecond)
		defer stop()
		_, err := db.ExecContext(short, "SELECT pg_sleep(20)")
		Equal(err != nil, true)
		Equal(Get(db.NewSelect().ColumnExpr("1").Exists(ctx)), true)
	})
}

func beyond(db *bun.DB) {
	Check("COPY in and out", func() {
		conn := Get(db.Conn(ctx))
		defer conn.Close()
		exec(conn.ExecContext(ctx, "CREATE TEMP TABLE c (id int, name text)"))
		exec(pgdriver.CopyFrom(ctx, conn, strings.NewReader("1,one\n2,\"two, too\"\n"), "COPY c FROM STDIN WITH CSV"))
		var out bytes.Buffer
		exec(pgdriver.CopyTo(ctx, conn, &out, "COPY (SELECT * FROM c ORDER BY id DESC) TO STDOUT WITH CSV"))
		Equal(out.String(), "2,\"two, too\"\n1,one\n")
	})
	Check("LISTEN and NOTIFY", func() {
		ln := pgdriver.NewListener(db)
		defer ln.Close()
		Must(ln.Listen(ctx, "news"))
		heard := ln.Channel()
		for range 50 { // the driver may lose what comes while it starts to listen
			Must(pgdriver.Notify(ctx, db, "news", "hello"))
			select {
			case n := <-heard:
				Equal(n.Channel+" "+n.Payload, "news hello")
				return
			case <-time.After(200 * time.Millisecond):
			}
		}
		panic("nothing heard")
	})
}

func migrations(db *bun.DB) {
	Check("migrations: up, status, down", func() {
		ms := migrate.NewMigrations()
		Must(ms.Discover(fstest.MapFS{
			"20250101000000_first.tx.up.sql":   file("CREATE TABLE m1 (id serial PRIMARY KEY);\n--bun:split\nCREATE INDEX ON m1 (id);"),
			"20250101000000_first.tx.down.sql": file("DROP TABLE m1"),
			"20250102000000_second.up.sql":     file("ALTER TABLE m1 ADD COLUMN name text NOT NULL DEFAULT 'x'"),
			"20250102000000_second.down.sql":   file("ALTER TABLE m1 DROP COLUMN name"),
		}))
		m := migrate.NewMigrator(db, ms)
		Must(m.Init(ctx))
		Must(m.Lock(ctx))
		g := Get(m.Migrate(ctx))
		Equal(len(g.Migrations), 2)
		exec(db.ExecContext(ctx, "INSERT INTO m1 DEFAULT VALUES"))
		Equal(len(Get(m.MigrationsWithStatus(ctx)).Unapplied()), 0)
		Equal(len(Get(m.Rollback(ctx)).Migrations), 2)
		Equal(len(Get(m.MigrationsWithStatus(ctx)).Unapplied()), 2)
		Must(m.Unlock(ctx))
	})
	Check("tables go", func() {
		for _, m := range []any{(*BookTag)(nil), (*Tag)(nil), (*Book)(nil), (*Author)(nil)} {
			exec(db.NewDropTable().Model(m).IfExists().Cascade().Exec(ctx))
		}
	})
}

func file(text string) *fstest.MapFile { return &fstest.MapFile{Data: []byte(text)} }
