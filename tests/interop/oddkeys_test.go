package interop

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/s3db-sql/s3db-sql/internal/s3test"
	"github.com/s3db-sql/s3db-sql/internal/testserver"
)

// TestSlashesInPartitions: values with slashes (time zones, media types) are written and
// found alike by both, in a resource of the library.
func TestSlashesInPartitions(t *testing.T) {
	s := s3test.Versitygw(t)
	l := editions[1].start(t)
	l.connect(s.Location("slashes"))
	l.create(object{"name": "r", "attributes": object{"zone": "string", "note": "string|optional"},
		"partitions": object{"byZone": object{"fields": object{"zone": "string"}}, "byBoth": object{"fields": object{"note": "string", "zone": "string"}}}})
	l.call("r", "insert", object{"id": "js", "zone": "America/Sao_Paulo", "note": "n"})
	l.settle()
	conn := serve(t, s, "slashes")
	testserver.Exec(t, conn, "INSERT INTO r (id, zone, note) VALUES ('sql', 'America/Sao_Paulo', 'n'), ('part', 'America', 'n'), ('deep', 'America/Sao_Paulo/x', 'n')",
		"VERIFY RESOURCE r")
	both := []string{"js", "sql"}
	of := func(zone string) object {
		return object{"partition": "byBoth", "partitionValues": object{"zone": zone, "note": "n"}}
	}
	require.ElementsMatch(t, append(both, "deep"), l.ids("r", of("America/Sao_Paulo")), "it lists by the beginning (trap 13)")
	require.ElementsMatch(t, both, column1(t, conn, "SELECT id FROM r WHERE zone = 'America/Sao_Paulo'"))
	require.Contains(t, one(t, conn, "EXPLAIN SELECT id FROM r WHERE zone = 'America/Sao_Paulo'"), "Partition Scan")
	require.Equal(t, []string{"part"}, column1(t, conn, "SELECT id FROM r WHERE zone = 'America'"))
	require.Equal(t, []string{"deep", "js", "sql"}, column1(t, conn, "SELECT id FROM r WHERE zone > 'America' AND zone LIKE 'America%' ORDER BY id"))
	testserver.Exec(t, conn, "UPDATE r SET zone = 'Europe/Zurich' WHERE id = 'js'")
	require.Equal(t, []string{"js"}, l.ids("r", of("Europe/Zurich")))
	require.ElementsMatch(t, []string{"sql", "deep"}, l.ids("r", of("America/Sao_Paulo")))
}

// TestValuesWithoutAKey: a row whose value no key can carry, of the library, can be
// changed and deleted as long as the value stays, keeps the references that the library
// gave it, and keeps the partition from answering alone.
func TestValuesWithoutAKey(t *testing.T) {
	s := s3test.Versitygw(t)
	l := editions[1].start(t)
	l.connect(s.Location("odd"))
	l.create(object{"name": "r", "attributes": object{"v": "string", "n": "number|optional"}, "partitions": object{"byV": object{"fields": object{"v": "string"}}}})
	for id, v := range map[string]string{"line": "a\nb", "tab": "a\tb", "url": "https://x.org/?id=1", "plain": "a"} {
		l.call("r", "insert", object{"id": id, "v": v})
	}
	l.call("r", "insert", object{"id": "i\td", "v": "b"})
	l.settle()
	before := keys(t, s, "odd", "resource=r/partition=byV/")
	conn := serve(t, s, "odd")
	require.Equal(t, "5", one(t, conn, "SELECT count(v)::text FROM r"))
	testserver.Exec(t, conn, "VERIFY RESOURCE r", "UPDATE r SET n = 1")
	require.ElementsMatch(t, before, keys(t, s, "odd", "resource=r/partition=byV/"))
	require.Equal(t, "false", one(t, conn, "SELECT indisvalid FROM pg_index WHERE indexrelid = '\"r_byV\"'::regclass"))
	require.Equal(t, []string{"line"}, column1(t, conn, "SELECT id FROM r WHERE v = E'a\\nb'"))
	require.Equal(t, "5", one(t, conn, "SELECT count(*)::text FROM r WHERE v >= 'a' AND n = 1"))
	fails(t, conn, "22023", "UPDATE r SET v = v || 'x' WHERE id = 'line'")
	fails(t, conn, "22023", "CREATE INDEX again ON r (v)")
	testserver.Exec(t, conn, "UPDATE r SET v = 'plain' WHERE id IN ('line', 'tab', 'url')", "DELETE FROM r WHERE id = E'i\\td'", "VERIFY RESOURCE r")
	require.Equal(t, "true", one(t, conn, "SELECT indisvalid FROM pg_index WHERE indexrelid = '\"r_byV\"'::regclass"))
	require.Len(t, keys(t, s, "odd", "resource=r/partition=byV/"), 4)
	testserver.Exec(t, conn, "TRUNCATE r", "DROP RESOURCE r")
	require.Empty(t, keys(t, s, "odd", "resource=r/"))
}
