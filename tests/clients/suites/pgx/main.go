// pgx as a pool, and as a driver of database/sql.
package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgtype"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jackc/pgx/v5/stdlib"

	. "tap"
)

var (
	ctx = context.Background()
	dsn = fmt.Sprintf("host=%s port=%s user=%s dbname=%s sslmode=disable", os.Getenv("PGHOST"), os.Getenv("PGPORT"), os.Getenv("PGUSER"), os.Getenv("PGDATABASE"))
)

func code(err error) string {
	var e *pgconn.PgError
	if !errors.As(err, &e) {
		panic(fmt.Sprintf("no *pgconn.PgError: %v", err))
	}
	return e.Code
}

type person struct {
	ID   int
	Name string
	Tags []string
	Born pgtype.Date
	Data map[string]any
	Mood *string
}

func main() {
	config := Get(pgxpool.ParseConfig(dsn + " pool_max_conns=5 application_name=suite"))
	config.AfterConnect = func(ctx context.Context, c *pgx.Conn) error {
		_, err := c.Exec(ctx, "SET search_path = public")
		return err
	}
	pool := Get(pgxpool.NewWithConfig(ctx, config))
	pooled(pool)
	collected(pool)
	pool.Close()
	standard()
	Done()
}

func one[T any](pool *pgxpool.Pool, query string, args ...any) T {
	return Get(pgx.CollectExactlyOneRow(Get(pool.Query(ctx, query, args...)), pgx.RowTo[T]))
}

func pooled(pool *pgxpool.Pool) {
	Check("ping, AfterConnect, statistics", func() {
		Must(pool.Ping(ctx))
		Equal(one[string](pool, "SHOW search_path"), "public")
		Equal(pool.Stat().MaxConns(), 5)
	})
	Check("many at a time", func() {
		Get(pool.Exec(ctx, "CREATE TABLE many (i int PRIMARY KEY)"))
		var wg sync.WaitGroup
		errs := make(chan error, 100)
		for i := range 100 {
			wg.Go(func() {
				_, err := pool.Exec(ctx, "INSERT INTO many VALUES ($1)", i)
				errs <- err
			})
		}
		wg.Wait()
		for range 100 {
			Must(<-errs)
		}
		Equal(one[int64](pool, "SELECT count(*) FROM many"), 100)
	})
	Check("transactions of a pool, nested", func() {
		Must(pgx.BeginFunc(ctx, pool, func(tx pgx.Tx) error {
			err := pgx.BeginFunc(ctx, tx, func(inner pgx.Tx) error {
				Get(inner.Exec(ctx, "DELETE FROM many"))
				return errors.New("back")
			})
			Equal(err, "back")
			_, err = tx.Exec(ctx, "DELETE FROM many WHERE i < 10")
			return err
		}))
		Equal(one[int64](pool, "SELECT count(*) FROM many"), 90)
		_, err := pool.Exec(ctx, "INSERT INTO many VALUES (50)")
		Equal(code(err), "23505")
	})
	Check("batches", func() {
		b := &pgx.Batch{}
		b.Queue("INSERT INTO many VALUES (1000)")
		b.Queue("SELECT $1::int", 5).QueryRow(func(row pgx.Row) error {
			var n int
			defer func() { Equal(n, 5) }()
			return row.Scan(&n)
		})
		b.Queue("SELECT g FROM generate_series(1, 3) g").Query(func(rows pgx.Rows) error {
			Equal(Get(pgx.CollectRows(rows, pgx.RowTo[int])), "[1 2 3]")
			return nil
		})
		Must(pool.SendBatch(ctx, b).Close())
		b = &pgx.Batch{}
		b.Queue("INSERT INTO many VALUES (1001)")
		b.Queue("SELECT 1/0")
		Equal(code(pool.SendBatch(ctx, b).Close()), "22012")
		Equal(one[int64](pool, "SELECT count(*) FROM many WHERE i >= 1000"), 1)
	})
	Check("CopyFrom", func() {
		n := Get(pool.CopyFrom(ctx, pgx.Identifier{"many"}, []string{"i"}, pgx.CopyFromSlice(5000, func(i int) ([]any, error) { return []any{2000 + i}, nil })))
		Equal(n, 5000)
	})
	Check("WaitForNotification", func() {
		conn := Get(pool.Acquire(ctx))
		defer conn.Release()
		Get(conn.Exec(ctx, "LISTEN ch"))
		Get(pool.Exec(ctx, "SELECT pg_notify('ch', 'hello')"))
		n := Get(conn.Conn().WaitForNotification(ctx))
		Equal(n.Channel+" "+n.Payload, "ch hello")
	})
	Check("a deadline cancels the query", func() {
		c, cancel := context.WithTimeout(ctx, 100*time.Millisecond)
		defer cancel()
		_, err := pool.Exec(c, "SELECT pg_sleep(20)")
		Equal(errors.Is(err, context.DeadlineExceeded), true)
		Equal(one[int](pool, "SELECT 1"), 1)
	})
	Check("every mode of queries", func() {
		for _, mode := range []pgx.QueryExecMode{pgx.QueryExecModeCacheStatement, pgx.QueryExecModeCacheDescribe, pgx.QueryExecModeDescribeExec, pgx.QueryExecModeExec, pgx.QueryExecModeSimpleProtocol} {
			Equal(Get(pgx.CollectExactlyOneRow(Get(pool.Query(ctx, "SELECT $1::text || '!'", mode, "x")), pgx.RowTo[string])), "x!")
		}
	})
	Check("a cached statement after DDL", func() {
		Get(pool.Exec(ctx, "CREATE TABLE ddl (a int)"))
		conn := Get(pool.Acquire(ctx))
		defer conn.Release()
		get := func() error {
			_, err := pgx.CollectRows(Get(conn.Query(ctx, "SELECT * FROM ddl")), pgx.RowToMap)
			return err
		}
		Must(get())
		Get(pool.Exec(ctx, "ALTER TABLE ddl ADD b int"))
		err := get()
		if err != nil {
			Equal(code(err), "0A000")
		}
		Must(get())
	})
}

func collected(pool *pgxpool.Pool) {
	Check("structs, named arguments, enums and composites", func() {
		Get(pool.Exec(ctx, "CREATE TYPE mood AS ENUM ('sad', 'ok'); CREATE TYPE pair AS (a int, b text)"))
		Get(pool.Exec(ctx, "CREATE TABLE people (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name text, tags text[], born date, data jsonb, mood mood)"))
		Get(pool.Exec(ctx, "INSERT INTO people (name, tags, born, data, mood) VALUES (@name, @tags, @born, @data, @mood)",
			pgx.NamedArgs{"name": "Ada", "tags": []string{"x", "y"}, "born": time.Date(1815, 12, 10, 0, 0, 0, 0, time.UTC), "data": map[string]any{"k": 1}, "mood": "ok"}))
		p := Get(pgx.CollectExactlyOneRow(Get(pool.Query(ctx, "SELECT * FROM people")), pgx.RowToStructByName[person]))
		Equal(fmt.Sprint(p.ID, p.Name, p.Tags, p.Born.Time.Format(time.DateOnly), p.Data, *p.Mood), "1Ada[x y]1815-12-10map[k:1]ok")
		conn := Get(pool.Acquire(ctx))
		defer conn.Release()
		t := Get(conn.Conn().LoadTypes(ctx, []string{"mood", "_mood", "pair"}))
		conn.Conn().TypeMap().RegisterTypes(t)
		var pair struct {
			A int
			B string
		}
		var moods []string
		Must(conn.QueryRow(ctx, "SELECT row(1, 'x')::pair, array['ok', 'sad']::mood[]").Scan(&pair, &moods))
		Equal(fmt.Sprint(pair, moods), "{1 x} [ok sad]")
	})
	Check("ranges, intervals, numerics, nets", func() {
		r := one[pgtype.Range[pgtype.Int4]](pool, "SELECT int4range(1, 5)")
		Equal(fmt.Sprint(r.Lower.Int32, r.Upper.Int32, r.LowerType), "1 5 i")
		i := one[pgtype.Interval](pool, "SELECT interval '1 year 2 days 3 seconds'")
		Equal(fmt.Sprint(i.Months, i.Days, i.Microseconds), "12 2 3000000")
		n := one[pgtype.Numeric](pool, "SELECT $1::numeric", "123.4500")
		Equal(fmt.Sprint(n.Int, n.Exp), "1234500 -4")
		Equal(one[any](pool, "SELECT '10.0.0.0/8'::cidr"), "10.0.0.0/8")
	})
}

func standard() {
	db := Get(sql.Open("pgx", dsn))
	defer db.Close()
	Check("database/sql: types", func() {
		var i sql.NullInt64
		var s sql.Null[string]
		var at time.Time
		var b []byte
		Must(db.QueryRow("SELECT $1::int, $2::text, $3::timestamptz, $4::bytea", nil, "x", time.Unix(0, 0), []byte{1}).Scan(&i, &s, &at, &b))
		Equal(fmt.Sprint(i.Valid, s.V, at.Unix(), b), "falsex0 [1]")
	})
	Check("database/sql: prepared, transactions, column types", func() {
		Get(db.Exec("CREATE TABLE std (a int PRIMARY KEY, b numeric(5,2))"))
		st := Get(db.Prepare("INSERT INTO std VALUES ($1, $2)"))
		for i := range 5 {
			Equal(Get(Get(st.Exec(i, fmt.Sprint(i)+".5")).RowsAffected()), 1)
		}
		Must(st.Close())
		tx := Get(db.BeginTx(ctx, &sql.TxOptions{ReadOnly: true}))
		_, err := tx.Exec("DELETE FROM std")
		Equal(code(err), "25006")
		Must(tx.Rollback())
		rows := Get(db.Query("SELECT * FROM std ORDER BY a"))
		defer rows.Close()
		var types []string
		for _, c := range Get(rows.ColumnTypes()) {
			p, s, _ := c.DecimalSize()
			types = append(types, fmt.Sprint(c.Name(), c.DatabaseTypeName(), p, s))
		}
		Equal(types, "[aINT40 0 bNUMERIC5 2]")
	})
	Check("database/sql: the connection below", func() {
		conn := Get(db.Conn(ctx))
		defer conn.Close()
		Must(conn.Raw(func(c any) error {
			var n int
			return c.(*stdlib.Conn).Conn().QueryRow(ctx, "SELECT 1").Scan(&n)
		}))
	})
}
