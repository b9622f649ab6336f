// goose and golang-migrate: what Go programs change their schema with; sqlx and
// squirrel, which they ask it with.
package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"strings"
	"testing/fstest"

	"github.com/Masterminds/squirrel"
	"github.com/golang-migrate/migrate/v4"
	pgx "github.com/golang-migrate/migrate/v4/database/pgx/v5"
	"github.com/golang-migrate/migrate/v4/database/postgres"
	"github.com/golang-migrate/migrate/v4/source/iofs"
	_ "github.com/jackc/pgx/v5/stdlib"
	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"
	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"

	. "tap"
)

var (
	ctx = context.Background()
	dsn = fmt.Sprintf("host=%s port=%s user=%s dbname=%s sslmode=disable", os.Getenv("PGHOST"), os.Getenv("PGPORT"), os.Getenv("PGUSER"), os.Getenv("PGDATABASE"))
)

// scripts are migrations as files: up, and down.
var scripts = [][2]string{
	{"CREATE TABLE authors (id serial PRIMARY KEY, name text NOT NULL);\nCREATE INDEX authors_name ON authors (lower(name));", "DROP TABLE authors;"},
	{"CREATE TYPE mood AS ENUM ('sad', 'ok');\nALTER TABLE authors ADD COLUMN mood mood DEFAULT 'ok', ADD COLUMN email text UNIQUE;\nINSERT INTO authors (name, email) VALUES ('Ada', 'a@x'), ('Bob', NULL);",
		"DELETE FROM authors;\nALTER TABLE authors DROP COLUMN mood, DROP COLUMN email;\nDROP TYPE mood;"},
	{"CREATE FUNCTION shout(t text) RETURNS text LANGUAGE plpgsql AS $$\nBEGIN\n  RETURN upper(t) || ';';\nEND;\n$$;", "DROP FUNCTION shout(text);"},
}

func one[T any](db *sql.DB, query string) (v T) {
	Must(db.QueryRow(query).Scan(&v))
	return v
}

func main() {
	db := Get(sql.Open("pgx", dsn))
	withGoose(db)
	withMigrate()
	withSqlx()
	withSquirrel(db)
	Done()
}

func gooseFiles() fstest.MapFS {
	files := fstest.MapFS{}
	for i, s := range scripts {
		up, down := s[0], s[1]
		if i == 2 {
			up = "-- +goose StatementBegin\n" + up + "\n-- +goose StatementEnd"
		}
		files[fmt.Sprintf("%05d_step.sql", i+1)] = &fstest.MapFile{Data: []byte("-- +goose Up\n" + up + "\n-- +goose Down\n" + down + "\n")}
	}
	files["00004_concurrent.sql"] = &fstest.MapFile{Data: []byte("-- +goose NO TRANSACTION\n-- +goose Up\nCREATE INDEX CONCURRENTLY authors_mood ON authors (mood);\n-- +goose Down\nDROP INDEX CONCURRENTLY authors_mood;\n")}
	return files
}

func withGoose(db *sql.DB) {
	locker := Get(lock.NewPostgresSessionLocker())
	p := Get(goose.NewProvider(goose.DialectPostgres, db, gooseFiles(), goose.WithSessionLocker(locker)))
	Check("goose: up, one by one, under an advisory lock", func() {
		Equal(Get(p.UpByOne(ctx)).Source.Version, 1)
		Equal(len(Get(p.Up(ctx))), 3)
		Equal(Get(p.GetDBVersion(ctx)), 4)
		Equal(one[string](db, "SELECT shout(name) FROM authors ORDER BY id LIMIT 1"), "ADA;")
	})
	Check("goose: status, nothing left", func() {
		for _, s := range Get(p.Status(ctx)) {
			Equal(s.State, goose.StateApplied)
		}
		Equal(len(Get(p.Up(ctx))), 0)
	})
	Check("goose: down to one, up to three, down to nothing", func() {
		Equal(len(Get(p.DownTo(ctx, 1))), 3)
		Equal(one[int](db, "SELECT count(*) FROM information_schema.columns WHERE table_name = 'authors'"), 2)
		Equal(len(Get(p.UpTo(ctx, 3))), 2)
		Equal(len(Get(p.DownTo(ctx, 0))), 3)
		Equal(one[bool](db, "SELECT to_regclass('authors') IS NULL"), true)
	})
	Check("goose: a migration that fails is undone", func() {
		files := fstest.MapFS{"00001_bad.sql": &fstest.MapFile{Data: []byte("-- +goose Up\nCREATE TABLE half (id int);\nSELECT 1/0;\n")}}
		bad := Get(goose.NewProvider(goose.DialectPostgres, db, files))
		_, err := bad.Up(ctx)
		Equal(strings.Contains(fmt.Sprint(err), "division by zero"), true)
		Equal(one[bool](db, "SELECT to_regclass('half') IS NULL"), true)
	})
}

func migrateFiles() fstest.MapFS {
	files := fstest.MapFS{}
	for i, s := range scripts {
		files[fmt.Sprintf("%d_step.up.sql", i+1)] = &fstest.MapFile{Data: []byte(s[0])}
		files[fmt.Sprintf("%d_step.down.sql", i+1)] = &fstest.MapFile{Data: []byte(s[1])}
	}
	return files
}

func withMigrate() {
	for _, driver := range []string{"postgres", "pgx"} {
		name := "golang-migrate over " + driver + ": "
		db := Get(sql.Open(driver, dsn))
		var m *migrate.Migrate
		Check(name+"up", func() {
			source := Get(iofs.New(migrateFiles(), "."))
			if driver == "postgres" {
				m = Get(migrate.NewWithInstance("iofs", source, "postgres", Get(postgres.WithInstance(db, &postgres.Config{MultiStatementEnabled: false}))))
			} else {
				m = Get(migrate.NewWithInstance("iofs", source, "pgx", Get(pgx.WithInstance(db, &pgx.Config{MigrationsTable: "pgx_migrations"}))))
			}
			Must(m.Up())
			version, dirty, err := m.Version()
			Must(err)
			Equal(fmt.Sprint(version, dirty), "3 false")
			Equal(errors.Is(m.Up(), migrate.ErrNoChange), true)
		})
		Check(name+"steps, to a version, by force", func() {
			Must(m.Steps(-2))
			Must(m.Migrate(2))
			Equal(one[int](db, "SELECT count(*) FROM authors"), 2)
			Must(m.Force(2))
			Must(m.Down())
			Equal(one[bool](db, "SELECT to_regclass('authors') IS NULL"), true)
		})
		Check(name+"what fails leaves its mark", func() {
			files := migrateFiles()
			files["4_bad.up.sql"] = &fstest.MapFile{Data: []byte("CREATE TABLE half (id int); SELECT nothing;")}
			source := Get(iofs.New(files, "."))
			again := Get(migrate.NewWithInstance("iofs", source, "postgres", Get(postgres.WithInstance(Get(sql.Open("postgres", dsn)), &postgres.Config{MigrationsTable: "marks_" + driver}))))
			Equal(strings.Contains(fmt.Sprint(again.Up()), `column "nothing" does not exist`), true)
			version, dirty, _ := again.Version()
			Equal(fmt.Sprint(version, dirty), "4 true")
			Must(again.Force(3))
			Must(again.Down())
		})
		Check(name+"everything goes", func() { Must(m.Drop()) })
	}
}

type person struct {
	ID   int
	Name string
	Tags pq.StringArray
	Note sql.NullString
}

func withSqlx() {
	db := sqlx.MustConnect("postgres", dsn)
	defer db.Close()
	Check("sqlx: structs, names, lists, rows", func() {
		db.MustExec("CREATE TABLE people (id int PRIMARY KEY, name text, tags text[], note text)")
		Get(db.NamedExec("INSERT INTO people (id, name, tags, note) VALUES (:id, :name, :tags, :note)", []person{{1, "Ada", pq.StringArray{"a", "b"}, sql.NullString{}}, {2, "Bob", nil, sql.NullString{String: "n", Valid: true}}}))
		var ps []person
		Must(db.Select(&ps, "SELECT * FROM people ORDER BY id"))
		Equal(fmt.Sprint(ps), "[{1 Ada [a b] { false}} {2 Bob [] {n true}}]")
		query, args, err := sqlx.In("SELECT name FROM people WHERE id IN (?) ORDER BY id", []int{1, 2, 3})
		Must(err)
		var names []string
		Must(db.Select(&names, db.Rebind(query), args...))
		Equal(fmt.Sprint(names), "[Ada Bob]")
		rows := Get(db.NamedQuery("SELECT name, note FROM people WHERE name = :name", map[string]any{"name": "Bob"}))
		defer rows.Close()
		for rows.Next() {
			m := map[string]any{}
			Must(rows.MapScan(m))
			Equal(m["note"], "n")
		}
		var p person
		Equal(errors.Is(db.Get(&p, "SELECT * FROM people WHERE id = 9"), sql.ErrNoRows), true)
		tx := db.MustBegin()
		tx.MustExec("DELETE FROM people")
		Must(tx.Rollback())
		stmt := Get(db.Preparex("SELECT name FROM people WHERE id = $1"))
		var name string
		Must(stmt.Get(&name, 2))
		Equal(name, "Bob")
	})
}

func withSquirrel(db *sql.DB) {
	sq := squirrel.StatementBuilder.PlaceholderFormat(squirrel.Dollar).RunWith(db)
	Check("squirrel: statements built in Go", func() {
		r := Get(sq.Insert("people").Columns("id", "name", "tags").Values(3, "Cleo", squirrel.Expr("ARRAY[?, ?]::text[]", "x", "y")).Suffix("ON CONFLICT (id) DO NOTHING").Exec())
		Equal(Get(r.RowsAffected()), 1)
		Get(sq.Update("people").Set("note", squirrel.Case().When("id < 2", "'low'").Else("'high'")).Where(squirrel.Or{squirrel.Eq{"id": []int{1, 3}}, squirrel.Like{"name": "Z%"}}).Exec())
		rows := Get(sq.Select("name", "coalesce(note, '-')").From("people").Where(squirrel.NotEq{"name": nil}).Where(squirrel.GtOrEq{"id": 1}).OrderBy("id DESC").Limit(3).Query())
		defer rows.Close()
		var out []string
		for rows.Next() {
			var name, note string
			Must(rows.Scan(&name, &note))
			out = append(out, name+":"+note)
		}
		Equal(strings.Join(out, " "), "Cleo:high Bob:n Ada:low")
		Get(sq.Delete("people").Where(squirrel.Lt{"id": 3}).Exec())
		Equal(one[int](db, "SELECT count(*) FROM people"), 1)
		Get(db.Exec("DROP TABLE people"))
	})
}
