// lib/pq over database/sql: text and binary parameters, arrays, COPY, LISTEN.
package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math"
	"os"
	"strings"
	"time"

	"github.com/lib/pq"

	. "tap"
)

var (
	ctx = context.Background()
	dsn = fmt.Sprintf("host=%s port=%s user=%s dbname=%s sslmode=disable application_name=suite", os.Getenv("PGHOST"), os.Getenv("PGPORT"), os.Getenv("PGUSER"), os.Getenv("PGDATABASE"))
)

func scan[T any](db interface {
	QueryRow(string, ...any) *sql.Row
}, query string, args ...any) (v T) {
	Must(db.QueryRow(query, args...).Scan(&v))
	return v
}

// code is the SQLSTATE of an error.
func code(err error) string {
	var e *pq.Error
	if !errors.As(err, &e) {
		panic(fmt.Sprintf("no *pq.Error: %v", err))
	}
	return string(e.Code)
}

func main() {
	db := Get(sql.Open("postgres", dsn))
	db.SetMaxOpenConns(5)
	connect(db)
	values(db)
	statements(db)
	failures(db)
	copies(db)
	listen(db)
	binary()
	Must(db.Close())
	Done()
}

func connect(db *sql.DB) {
	Check("ping, start-up parameters", func() {
		Must(db.Ping())
		Equal(scan[string](db, "SHOW application_name"), "suite")
	})
	Check("settings of the connection string", func() {
		d := Get(sql.Open("postgres", dsn+" search_path=pg_catalog timezone=Asia/Tokyo options='-c statement_timeout=5000'"))
		defer d.Close()
		Equal(scan[string](d, "SHOW search_path"), "pg_catalog")
		Equal(scan[string](d, "SHOW timezone"), "Asia/Tokyo")
		Equal(scan[string](d, "SHOW statement_timeout"), "5s")
	})
	Check("a connector with a notice handler", func() {
		var notices []string
		c := pq.ConnectorWithNoticeHandler(Get(pq.NewConnector(dsn)), func(e *pq.Error) { notices = append(notices, string(e.Severity)+" "+e.Message) })
		d := sql.OpenDB(c)
		defer d.Close()
		Get(d.Exec("DROP TABLE IF EXISTS not_there"))
		Get(d.Exec("DO $$BEGIN RAISE WARNING 'careful'; END$$"))
		Equal(notices, `[NOTICE table "not_there" does not exist, skipping WARNING careful]`)
	})
	Check("a database that is not there", func() {
		d := Get(sql.Open("postgres", strings.Replace(dsn, "dbname=", "dbname=no_", 1)))
		defer d.Close()
		Equal(code(d.Ping()), "3D000")
	})
}

func values(db *sql.DB) {
	at := time.Date(2024, 2, 29, 12, 34, 56, 789000000, time.UTC)
	for _, v := range []struct {
		typ  string
		in   any
		want string
	}{
		{"bool", true, "true"}, {"int2", int64(-5), "-5"}, {"int4", 7, "7"}, {"int8", int64(math.MaxInt64), "9223372036854775807"},
		{"float4", 1.5, "1.5"}, {"float8", 1e300, "1e+300"}, {"numeric", "12345678901234567890.5", "[49 50 51 52 53 54 55 56 57 48 49 50 51 52 53 54 55 56 57 48 46 53]"},
		{"text", "añ'\"\\\n", "añ'\"\\\n"}, {"varchar", "v", "v"}, {"bytea", []byte{0, 255}, "[0 255]"},
		{"timestamptz", at, at.Format("2006-01-02 15:04:05.999 +0000 UTC")}, {"date", "2024-02-29", "2024-02-29 00:00:00 +0000 +0000"},
		{"text", nil, "<nil>"}, {"int4", nil, "<nil>"}, {"uuid", "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11", fmt.Sprint([]byte("a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11"))},
	} {
		Check("a "+v.typ, func() { Equal(scan[any](db, "SELECT $1::"+v.typ, v.in), v.want) })
	}
	Check("times with zones", func() {
		got := scan[time.Time](db, "SELECT $1::timestamptz", at.In(time.FixedZone("", 2*3600)))
		Equal(got.Equal(at), true)
		Equal(scan[time.Time](db, "SELECT '2024-02-29 12:00'::timestamp").Format(time.RFC3339), "2024-02-29T12:00:00Z")
		Equal(scan[time.Time](db, "SELECT '12:34:56'::time").Format("15:04:05"), "12:34:56")
	})
	Check("arrays", func() {
		var ints pq.Int64Array
		var texts pq.StringArray
		var bools pq.BoolArray
		var floats pq.Float64Array
		var bytes pq.ByteaArray
		var nested string
		Must(db.QueryRow("SELECT $1::int[], $2::text[], $3::bool[], $4::float8[], $5::bytea[], $6::int[]", pq.Array([]int64{1, 2}), pq.Array([]string{"a", `b"c`, "d,e", "NULL", ""}),
			pq.Array([]bool{true, false}), pq.Array([]float64{1.5}), pq.Array([][]byte{{0, 1}}), pq.Array([][]int64{{1, 2}, {3, 4}})).
			Scan(&ints, &texts, &bools, &floats, &bytes, &nested))
		Equal(fmt.Sprint(ints, texts, bools, floats, bytes, nested), `[1 2] [a b"c d,e NULL ] [true false] [1.5] [[0 1]]{{1,2},{3,4}}`)
		Equal(scan[int](db, "SELECT count(*) FROM generate_series(1, 10) g WHERE g = ANY($1)", pq.Array([]int{2, 3, 50})), 2)
	})
	Check("column types", func() {
		rows := Get(db.Query("SELECT 1::int4 AS i, 'x'::varchar(7) AS v, 1.5::numeric(8,3) AS n, now() AS t, '{}'::jsonb AS j"))
		defer rows.Close()
		var out []string
		for _, c := range Get(rows.ColumnTypes()) {
			length, _ := c.Length()
			p, s, _ := c.DecimalSize()
			out = append(out, fmt.Sprint(c.Name(), " ", c.DatabaseTypeName(), " ", length, " ", p, " ", s))
		}
		Equal(strings.Join(out, ", "), "i INT4 0 0 0, v VARCHAR 7 0 0, n NUMERIC 0 8 3, t TIMESTAMPTZ 0 0 0, j JSONB 0 0 0")
	})
	Check("large values", func() {
		big := strings.Repeat("é", 1_000_000)
		Equal(scan[string](db, "SELECT $1::text", big) == big, true)
	})
}

func statements(db *sql.DB) {
	Check("exec counts, several statements at once", func() {
		Get(db.Exec("CREATE TABLE t (id serial PRIMARY KEY, name text UNIQUE, n int CHECK (n > 0)); CREATE TABLE u (t int REFERENCES t)"))
		Equal(Get(Get(db.Exec("INSERT INTO t (name, n) VALUES ($1, $2), ($3, $4)", "a", 1, "b", 2)).RowsAffected()), 2)
		Equal(scan[int](db, "INSERT INTO t (name) VALUES ('c') RETURNING id"), 3)
		Equal(Get(Get(db.Exec("UPDATE t SET n = 5 WHERE id > $1", 1)).RowsAffected()), 2)
	})
	Check("prepared statements", func() {
		s := Get(db.Prepare("SELECT name FROM t WHERE id = $1"))
		defer s.Close()
		for i, want := range []string{"a", "b", "c"} {
			var got string
			Must(s.QueryRow(i + 1).Scan(&got))
			Equal(got, want)
		}
	})
	Check("several result sets", func() {
		rows := Get(db.Query("SELECT 1; SELECT 'x', 'y'"))
		defer rows.Close()
		for rows.Next() {
		}
		Equal(rows.NextResultSet(), true)
		Equal(Get(rows.Columns()), "[?column? ?column?]")
		Equal(rows.Next(), true)
	})
	Check("transactions, read only, savepoints", func() {
		tx := Get(db.Begin())
		Get(tx.Exec("DELETE FROM t"))
		Must(tx.Rollback())
		Equal(scan[int](db, "SELECT count(*) FROM t"), 3)
		tx = Get(db.BeginTx(ctx, &sql.TxOptions{ReadOnly: true, Isolation: sql.LevelReadCommitted}))
		_, err := tx.Exec("DELETE FROM t")
		Equal(code(err), "25006")
		Must(tx.Rollback())
		tx = Get(db.Begin())
		Get(tx.Exec("SAVEPOINT s"))
		_, err = tx.Exec("INSERT INTO t (name) VALUES ('a')")
		Equal(code(err), "23505")
		_, err = tx.Exec("SELECT 1")
		Equal(code(err), "25P02")
		Get(tx.Exec("ROLLBACK TO s"))
		Get(tx.Exec("INSERT INTO t (name) VALUES ('d')"))
		Must(tx.Commit())
	})
	Check("contexts cancel", func() {
		c, cancel := context.WithTimeout(ctx, 100*time.Millisecond)
		defer cancel()
		_, err := db.ExecContext(c, "SELECT pg_sleep(20)")
		Equal(err != nil, true)
		Equal(scan[int](db, "SELECT 1"), 1)
	})
	Check("advisory locks", func() {
		a, b := Get(db.Conn(ctx)), Get(db.Conn(ctx))
		defer a.Close()
		defer b.Close()
		Get(a.ExecContext(ctx, "SELECT pg_advisory_lock(7)"))
		var got bool
		Must(b.QueryRowContext(ctx, "SELECT pg_try_advisory_lock(7)").Scan(&got))
		Equal(got, false)
		Get(a.ExecContext(ctx, "SELECT pg_advisory_unlock(7)"))
	})
}

func failures(db *sql.DB) {
	Check("errors have PostgreSQL's fields", func() {
		_, err := db.Exec("INSERT INTO t (name, n) VALUES ('z', -1)")
		var e *pq.Error
		Equal(errors.As(err, &e), true)
		Equal(fmt.Sprint(e.Code, " ", e.Code.Name(), " ", e.Code.Class().Name(), " ", e.Constraint, " ", e.Table, " ", e.Schema, " ", e.Severity),
			"23514 check_violation integrity_constraint_violation t_n_check t public ERROR")
		_, err = db.Exec("INSERT INTO u VALUES (99)")
		Equal(code(err), "23503")
		_, err = db.Exec("SELECT nope FROM t")
		Equal(errors.As(err, &e), true)
		Equal(e.Position, "8")
		_, err = db.Exec("SELECT $1::int", "x")
		Equal(code(err), "22P02")
		_, err = db.Exec("SELECT 1 +")
		Equal(code(err), "42601")
	})
	Check("an error among rows", func() {
		rows := Get(db.Query("SELECT 10 / (5000 - g) FROM generate_series(1, 6000) g"))
		for rows.Next() {
		}
		Equal(code(rows.Err()), "22012")
	})
}

func copies(db *sql.DB) {
	Check("CopyIn", func() {
		Get(db.Exec("CREATE TABLE c (id int, name text, b bytea, at timestamptz, tags text[])"))
		tx := Get(db.Begin())
		s := Get(tx.Prepare(pq.CopyIn("c", "id", "name", "b", "at", "tags")))
		for i := range 3000 {
			Get(s.Exec(i, fmt.Sprintf("n\t%d\\", i), []byte{byte(i)}, time.Unix(int64(i), 0), pq.Array([]string{"x", "y z"})))
		}
		Get(s.Exec())
		Must(s.Close())
		Must(tx.Commit())
		Equal(scan[int](db, "SELECT count(*) FROM c"), 3000)
		Equal(scan[string](db, "SELECT name || tags[2] FROM c WHERE id = 7 AND b = '\\x07'"), "n\t7\\y z")
	})
	Check("CopyIn fails and leaves nothing", func() {
		tx := Get(db.Begin())
		s := Get(tx.Prepare(pq.CopyInSchema("public", "c", "id")))
		Get(s.Exec("not a number"))
		_, err := s.Exec()
		var e *pq.Error
		Equal(errors.As(err, &e), true)
		Equal(fmt.Sprint(e.Code, " ", e.Where), `22P02 COPY c, line 1, column id: "not a number"`)
		_ = s.Close()
		Must(tx.Rollback())
		Equal(scan[int](db, "SELECT count(*) FROM c"), 3000)
	})
}

func listen(db *sql.DB) {
	Check("LISTEN", func() {
		l := pq.NewListener(dsn, time.Second, time.Minute, nil)
		defer l.Close()
		Must(l.Listen("news"))
		Must(l.Listen("More News"))
		Equal(l.Listen("news"), pq.ErrChannelAlreadyOpen)
		Get(db.Exec("SELECT pg_notify('news', $1)", "one"))
		Get(db.Exec(`NOTIFY "More News", 'two'`))
		for _, want := range []string{"news one", "More News two"} {
			select {
			case n := <-l.Notify:
				Equal(n.Channel+" "+n.Extra, want)
			case <-time.After(20 * time.Second):
				panic("nothing heard")
			}
		}
		Must(l.Unlisten("news"))
		Must(l.Ping())
	})
}

func binary() {
	Check("binary parameters", func() {
		db := Get(sql.Open("postgres", dsn+" binary_parameters=yes"))
		defer db.Close()
		Equal(scan[int](db, "SELECT $1::int + 1", 41), 42)
		Equal(scan[any](db, "SELECT $1::bytea", []byte{0, 1, 255}), "[0 1 255]")
		Equal(scan[any](db, "SELECT $1::text", "plain"), "plain")
		Equal(scan[any](db, "SELECT 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'::uuid"), fmt.Sprint([]byte("a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11")))
		Equal(scan[int64](db, "SELECT 9007199254740993::int8"), 9007199254740993)
	})
}
