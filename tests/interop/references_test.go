package interop

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"github.com/s3db-sql/s3db-sql/internal/s3test"
	"github.com/s3db-sql/s3db-sql/storage/objstore"
	"github.com/s3db-sql/s3db-sql/storage/objstore/location"
	"github.com/s3db-sql/s3db-sql/storage/objstore/s3"
)

// part is one field of a partition: its rule, and what the rule makes of the row, as SQL.
type part struct{ name, rule, rendered string }

// place is a partition; its fields are in the order of their names, as in keys.
type place struct {
	name  string
	parts []part
}

// partitions are of every kind of s3db-format.md section 2.
var partitions = []place{
	{"byText", []part{{"txt", "string", "txt"}}},
	{"byCut", []part{{"txt", "string|maxlength:3", "left(txt, 3)"}}},
	{"byNumber", []part{{"num", "number", "num::text"}}},
	{"byFlag", []part{{"flag", "boolean", "flag::text"}}},
	{"byPair", []part{{"area", "string", "area"}, {"zone", "string", "zone"}}},
	{"byCity", []part{{"home.city", "string", "home->>'city'"}}},
	{"byDay", []part{{"ats", "date|maxlength:10", "left(ats, 10)"}}},
	{"byMonth", []part{{"ats", "string|maxlength:7", "left(ats, 7)"}}},
	{"byAll", []part{{"flag", "boolean", "flag::text"}, {"home.city", "string", "home->>'city'"}, {"num", "number", "num::text"}, {"txt", "string", "txt"}}},
}

// own are those that timestamps and versioning make by themselves.
var own = []place{
	{"byCreatedDate", []part{{"createdAt", "date|maxlength:10", `left("createdAt"::text, 10)`}}},
	{"byUpdatedDate", []part{{"updatedAt", "date|maxlength:10", `left("updatedAt"::text, 10)`}}},
	{"byVersion", []part{{"_v", "string", "'v' || _v"}}},
}

// references are those that a table has, and those that its rows should have by the
// rules of s3db-format.md alone: PARTITION/FIELD=VALUE/…/id=ID. What both lack is left out.
func references(t *testing.T, s *s3test.Server, conn *pgx.Conn, prefix, table string, of []place) (missing, dangling []string) {
	t.Helper()
	have := map[string]bool{}
	for _, key := range keys(t, s, prefix, "resource="+table+"/partition=") {
		name, _, _ := strings.Cut(key, "/")
		if slices.ContainsFunc(of, func(p place) bool { return p.name == name }) {
			have[key] = true
		}
	}
	for _, want := range expected(t, conn, table, of) {
		if !have[want] {
			missing = append(missing, want)
		}
		delete(have, want)
	}
	for key := range have {
		dangling = append(dangling, key)
	}
	slices.Sort(dangling)
	return missing, dangling
}

// expected renders the references of all rows, read without any partition.
func expected(t *testing.T, conn *pgx.Conn, table string, of []place) (out []string) {
	t.Helper()
	columns := "id"
	for _, p := range of {
		for _, f := range p.parts {
			columns += ", " + f.rendered
		}
	}
	got := conn.PgConn().ExecParams(t.Context(), "SELECT "+columns+" FROM "+table, nil, nil, nil, nil).Read()
	require.NoError(t, got.Err)
	for _, row := range got.Rows {
		values := row[1:]
		for _, p := range of {
			if key, ok := p.key(values[:len(p.parts)]); ok {
				out = append(out, key+"/id="+string(row[0]))
			}
			values = values[len(p.parts):]
		}
	}
	return out
}

func (p place) key(values [][]byte) (string, bool) {
	key := p.name
	for i, f := range p.parts {
		if values[i] == nil {
			return "", false
		}
		key += "/" + f.name + "=" + string(values[i])
	}
	return key, true
}

// open is the bucket as it is, and what the keys of a database in it begin with.
func open(t *testing.T, s *s3test.Server, prefix string) (st *s3.Store, root string) {
	t.Helper()
	loc, err := location.Parse(s.Location(prefix))
	require.NoError(t, err)
	st, err = s3.Open(t.Context(), loc, s3.Options{})
	require.NoError(t, err)
	t.Cleanup(func() { _ = st.Close() })
	return st, loc.Prefix + "/"
}

// keys lists the objects that begin with a prefix, without it.
func keys(t *testing.T, s *s3test.Server, prefix, begin string) (out []string) {
	t.Helper()
	st, root := open(t, s, prefix)
	begin = root + begin
	for after := ""; ; {
		page, err := st.List(t.Context(), objstore.ListRequest{Prefix: begin, StartAfter: after})
		require.NoError(t, err)
		for _, o := range page.Objects {
			out = append(out, strings.TrimPrefix(o.Key, begin))
		}
		if !page.More {
			return out
		}
		after = page.Next
	}
}

func (p place) js() object {
	fields := object{}
	for _, f := range p.parts {
		fields[f.name] = f.rule
	}
	return object{"fields": fields}
}

func (p place) sql() string {
	var fields []string
	for _, f := range p.parts {
		fields = append(fields, f.name+" '"+f.rule+"'")
	}
	return fmt.Sprintf(`PARTITION "%s" BY (%s)`, p.name, strings.Join(fields, ", "))
}
