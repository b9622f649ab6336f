package clients

import (
	"context"
	"fmt"
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/s3db-sql/s3db-sql/internal/pgserver"
	"github.com/s3db-sql/s3db-sql/internal/testserver"
)

// TestCatalogRows makes the same objects on our server and on PostgreSQL, and compares
// the rows that every relation of pg_catalog and information_schema has more for it,
// with descriptions of objects for their oids. What may differ, and why, is in
// testdata/catalog_rows_accepted.tsv.
func TestCatalogRows(t *testing.T) {
	ctx := context.Background()
	oracle := pgserver.Start(t)
	accepted := readAccepted(t)
	theirs := openCatalog(t, oracle.Addr, newDatabase(t, oracle, "catalog_rows"))
	defer func() {
		_, err := theirs.conn.Exec(ctx, "DROP SCHEMA shop, attic CASCADE; DROP OWNED BY catalog_owner; DROP ROLE catalog_reader, catalog_owner")
		assert.NoError(t, err)
	}()
	ours := openCatalog(t, testserver.Start(t, testserver.Options{}).Addr, "s3db")
	queries := theirs.queries(t, accepted)
	expected, got := theirs.added(t, queries), ours.added(t, queries)
	for _, relation := range slices.Sorted(maps.Keys(queries)) {
		missing, surplus := without(expected[relation], got[relation]), without(got[relation], expected[relation])
		assert.True(t, len(missing)+len(surplus) == 0, "%s\nPostgreSQL has\n%s\nours are\n%s\n%s",
			relation, strings.Join(missing, "\n"), strings.Join(surplus, "\n"), queries[relation])
	}
}

// without are the rows that are not among others.
func without(rows, others []string) []string {
	return slices.DeleteFunc(slices.Clone(rows), func(row string) bool { return slices.Contains(others, row) })
}

// accepted are the columns of a relation that may differ, "*" for all, and the conditions
// that the rows compared meet.
type accepted struct {
	columns, conditions []string
}

func readAccepted(t *testing.T) map[string]*accepted {
	text, err := os.ReadFile("testdata/catalog_rows_accepted.tsv")
	require.NoError(t, err)
	out := map[string]*accepted{}
	for _, line := range strings.Split(strings.TrimSpace(string(text)), "\n")[1:] {
		f := strings.Split(line, "\t")
		require.Len(t, f, 3, line)
		if out[f[0]] == nil {
			out[f[0]] = &accepted{}
		}
		a := out[f[0]]
		if condition, ok := strings.CutPrefix(f[1], "WHERE "); ok {
			a.conditions = append(a.conditions, condition)
		} else {
			a.columns = append(a.columns, strings.Split(f[1], ", ")...)
		}
	}
	return out
}

// catalogOf is one of the servers.
type catalogOf struct {
	conn     *pgx.Conn
	database string
}

func openCatalog(t *testing.T, addr, database string) catalogOf {
	conn, err := pgx.Connect(context.Background(), "postgres://postgres@"+addr+"/"+database)
	require.NoError(t, err)
	t.Cleanup(func() { conn.Close(context.Background()) })
	return catalogOf{conn, database}
}

// rows are a query's, each as one text.
func (c catalogOf) rows(t *testing.T, sql string) [][]string {
	results, err := c.conn.PgConn().Exec(context.Background(), sql).ReadAll()
	require.NoError(t, err, sql)
	var out [][]string
	for _, values := range results[len(results)-1].Rows {
		row := make([]string, len(values))
		for i, v := range values {
			if row[i] = string(v); v == nil {
				row[i] = "NULL"
			}
		}
		out = append(out, row)
	}
	return out
}

// added are the rows of each query that come with the objects.
func (c catalogOf) added(t *testing.T, queries map[string]string) map[string][]string {
	c.rows(t, "CREATE ROLE catalog_reader; CREATE ROLE catalog_owner SUPERUSER; SET SESSION AUTHORIZATION catalog_owner; SET search_path = pg_catalog")
	before := c.all(t, queries)
	for _, file := range []string{"suites/_lib/rich.sql", "testdata/catalog_rows.sql"} {
		script, err := os.ReadFile(file)
		require.NoError(t, err)
		c.rows(t, string(script))
	}
	c.rows(t, "SET search_path = pg_catalog")
	after := c.all(t, queries)
	c.rows(t, "RESET SESSION AUTHORIZATION")
	out := map[string][]string{}
	for relation, rows := range after {
		for row := range rows {
			if !before[relation][row] {
				out[relation] = append(out[relation], row)
			}
		}
		slices.Sort(out[relation])
	}
	return out
}

func (c catalogOf) all(t *testing.T, queries map[string]string) map[string]map[string]bool {
	out := map[string]map[string]bool{}
	for relation, sql := range queries {
		out[relation] = map[string]bool{}
		for _, row := range c.rows(t, sql) {
			for i := range row {
				row[i] = c.neutral(row[i])
			}
			out[relation][strings.Join(row, " | ")] = true
		}
	}
	return out
}

var (
	nullCheck    = regexp.MustCompile(`^\d+_\d+_(\d+_not_null)$`)
	specificName = regexp.MustCompile(`^(\w+)_\d{4,}$`)
)

// neutral is a value without the database's name and the oids that names are made of.
func (c catalogOf) neutral(v string) string {
	switch {
	case v == c.database:
		return "DATABASE"
	case strings.HasPrefix(v, "measure_"):
		return v
	}
	v = strings.ReplaceAll(v, "database "+c.database, "database DATABASE")
	return specificName.ReplaceAllString(nullCheck.ReplaceAllString(v, "N_$1"), "${1}_N")
}

// queries read each relation with objects' descriptions for their oids: which column
// refers to which catalog, PostgreSQL says itself.
func (c catalogOf) queries(t *testing.T, but map[string]*accepted) map[string]string {
	refers := map[string]string{}
	for _, f := range c.rows(t, "SELECT fktable, fkcols[1], pktable, is_array FROM pg_get_catalog_foreign_keys() WHERE cardinality(fkcols) = 1") {
		refers[f[0]+"."+f[1]] = objectText(f[2], `x."`+f[1]+`"`, f[3] == "t")
	}
	columns := map[string][]string{}
	conditions := map[string][]string{}
	for _, f := range c.rows(t, `SELECT n.nspname || '.' || relname, relname, attname, format_type(atttypid, NULL), relkind = 'r' AND nspname = 'pg_catalog'
		FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace JOIN pg_attribute ON attrelid = c.oid AND attnum > 0
		WHERE relkind IN ('r', 'v') AND nspname IN ('pg_catalog', 'information_schema') ORDER BY c.oid, attnum`) {
		relation, name, column, typ, catalog := f[0], f[1], f[2], f[3], f[4] == "t"
		a := but[name]
		if a == nil {
			a = &accepted{}
		}
		if slices.Contains(a.columns, "*") {
			continue
		}
		conditions[relation] = a.conditions
		if slices.Contains(a.columns, column) {
			continue
		}
		expr := `x."` + column + `"`
		switch {
		case column == "oid" && catalog:
			expr = objectText(name, expr, false)
		case refers[name+"."+column] != "":
			expr = refers[name+"."+column]
		case objects[name+"."+column] != "":
			expr = objects[name+"."+column]
		case typ == "pg_node_tree":
			expr += " IS NOT NULL"
		}
		columns[relation] = append(columns[relation], "("+expr+")::text")
	}
	out := map[string]string{}
	for relation, list := range columns {
		out[relation] = "SELECT " + strings.Join(list, ", ") + " FROM " + relation + " x"
		if w := conditions[relation]; len(w) > 0 {
			out[relation] += " WHERE " + strings.Join(w, " AND ")
		}
	}
	return out
}

// objects are the columns whose catalog another column names.
var objects = map[string]string{
	"pg_depend.objid":         "CASE WHEN classid <> 0 THEN pg_describe_object(classid, objid, objsubid) END",
	"pg_depend.refobjid":      "CASE WHEN refclassid <> 0 THEN pg_describe_object(refclassid, refobjid, refobjsubid) END",
	"pg_shdepend.objid":       "CASE WHEN classid <> 0 THEN pg_describe_object(classid, objid, objsubid) END",
	"pg_shdepend.refobjid":    "pg_describe_object(refclassid, refobjid, 0)",
	"pg_description.objoid":   "pg_describe_object(classoid, objoid, objsubid)",
	"pg_shdescription.objoid": "pg_describe_object(classoid, objoid, 0)",
	// Access lists are in the order of roles' oids.
	"pg_class.relacl":      "CASE WHEN relacl IS NOT NULL THEN ARRAY(SELECT i::text COLLATE \"C\" FROM unnest(relacl) AS u (i) ORDER BY 1) END",
	"pg_init_privs.objoid": "pg_describe_object(classoid, objoid, objsubid)",
}

// objectText is the description of the object, or the objects, that an expression names
// in a catalog.
func objectText(catalog, expr string, array bool) string {
	one := "CASE WHEN %s <> 0 THEN pg_describe_object('pg_catalog." + catalog + "'::regclass, %[1]s, 0) END"
	if !array {
		return fmt.Sprintf(one, expr+"::oid")
	}
	return "ARRAY(SELECT " + fmt.Sprintf(one, "o::oid") + " FROM unnest(" + expr + "::oid[]) WITH ORDINALITY AS u (o, n) ORDER BY n)"
}
