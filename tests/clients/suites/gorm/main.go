// GORM over its driver for PostgreSQL (pgx through database/sql): models migrated and
// changed, rows of every type, associations, hooks, scopes, transactions, upserts.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"
	"gorm.io/driver/postgres"
	"gorm.io/gorm"
	"gorm.io/gorm/logger"

	. "tap"
)

var (
	ctx = context.Background()
	dsn = fmt.Sprintf("host=%s port=%s user=%s dbname=%s sslmode=disable TimeZone=UTC", os.Getenv("PGHOST"), os.Getenv("PGPORT"), os.Getenv("PGUSER"), os.Getenv("PGDATABASE"))
)

func open(c gorm.Config, p postgres.Config) *gorm.DB {
	c.Logger = logger.Discard
	p.DSN = dsn
	return Get(gorm.Open(postgres.New(p), &c))
}

// code is the SQLSTATE of an error.
func code(err error) string {
	var e *pgconn.PgError
	if !errors.As(err, &e) {
		panic(fmt.Sprintf("no *PgError: %v", err))
	}
	return e.Code
}

// value is the one value of a query.
func value[T any](db *gorm.DB, query string, args ...any) (v T) {
	Must(db.Raw(query, args...).Scan(&v).Error)
	return v
}

func names(users []User) string {
	var out []string
	for _, u := range users {
		out = append(out, u.Name)
	}
	return strings.Join(out, " ")
}

func main() {
	db := open(gorm.Config{}, postgres.Config{})
	migrations(db)
	types(db)
	crud(db)
	queries(db)
	associations(db)
	hooks(db)
	upserts(db)
	transactions(db)
	others(db)
	Done()
}
