package interop

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"github.com/s3db-sql/s3db-sql/internal/s3test"
	"github.com/s3db-sql/s3db-sql/internal/testserver"
)

// TestTheyReadOurResources: a resource of ours with s3db.js's rules, partitions
// and options is one that the library could have made.
func TestTheyReadOurResources(t *testing.T) {
	s := s3test.Versitygw(t)
	conn := serve(t, s, "resources")
	makeResources(t, conn)
	for _, e := range editions {
		t.Run(e.version, func(t *testing.T) {
			l := e.start(t)
			l.connect(s.Location("resources"))
			t.Run("rules", func(t *testing.T) { readRules(t, l) })
			t.Run("partitions", func(t *testing.T) { readPartitions(t, conn, l) })
			t.Run("nulls", func(t *testing.T) {
				sameDocument(t, object{"id": "none", "tags": []any{}}, l.get("bare", "none"))
			})
			for _, b := range behaviors {
				t.Run("long/"+b, func(t *testing.T) { readLong(t, conn, l, b) })
			}
			t.Run("rules hold", func(t *testing.T) { rulesHold(t, l) })
			t.Run("altered", func(t *testing.T) { readAltered(t, s, conn, l) })
		})
	}
}

func makeResources(t *testing.T, conn *pgx.Conn) {
	testserver.Exec(t, conn,
		`CREATE RESOURCE users (name 'string|min:2|max:100', email 'email' UNIQUE, link 'url|optional', age 'number|integer|positive',
			score 'number|optional', "isActive" 'boolean', profile (bio 'string|optional', country 'string', home (city 'string|optional')),
			tags 'array|items:string', marks 'array|items:number|optional', info 'json|optional', thing 'object|optional',
			password 'secret', price 'money|optional', rate 'decimal:4|optional', host 'ip4|optional')
			PARTITION by_country BY (profile.country), PARTITION by_country_and_day BY (profile.country, "createdAt" 'date|maxlength:10')
			WITH (timestamps = true, id_size = 8)`,
		`INSERT INTO users (id, name, email, link, age, score, "isActive", profile, tags, marks, info, thing, password, price, rate, host)
			VALUES ('u1', 'Ana', 'ana@x.org', 'https://x.org/?a=b', 30, -1.5, true, '{"bio": "naïve 日本", "country": "BR", "home": {"city": "Rio"}}',
			'{a|b,é}', '{1,2.5}', '{"a": [1, null]}', '{"k": "v"}', 's3cret é', 19.99, 3.1416, '192.168.1.10')`,
		`INSERT INTO users (name, email, age, "isActive", profile, tags, password) VALUES ('Bob', 'b@x.org', 1, false, '{"country": "PT"}', '{}', '')`,

		`CREATE TABLE places (id text PRIMARY KEY, region text, level int, ratio float8, open boolean)`,
		`CREATE INDEX by_region ON places (region)`,
		`CREATE INDEX by_all ON places (region, level, ratio, open)`,

		`CREATE RESOURCE bare (note 'string|optional', age 'number|optional', tags 'array|items:string|optional', info 'json|optional')`,
		`INSERT INTO bare (id, tags) VALUES ('none', '{}')`,
	)
	for i, region := range regions {
		_, err := conn.Exec(t.Context(), `INSERT INTO places VALUES ($1, $2, $3, $4, $5)`, fmt.Sprintf("p%d", i), region, i, float64(i)/2, i%2 == 0)
		require.NoError(t, err, "%q", region)
	}
	for _, b := range behaviors {
		testserver.Exec(t, conn, `CREATE TABLE long_`+strings.ReplaceAll(b, "-", "_")+` (id text PRIMARY KEY, label text, story text, number int)
			WITH (behavior = '`+b+`')`)
	}
}

// regions are partition values that stand in keys as they are, in both programs.
var regions = []string{"EU", "US", "with space", "é日", "a-b_c.d", "a+b", "a&b?c#d", "UPPER", "upper", "12"}

func readRules(t *testing.T, l *library) {
	document := l.get("users", "u1")
	require.Regexp(t, `^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$`, document["createdAt"])
	require.Equal(t, document["createdAt"], document["updatedAt"])
	sameDocument(t, object{"id": "u1", "name": "Ana", "email": "ana@x.org", "link": "https://x.org/?a=b", "age": 30.0, "score": -1.5,
		"isActive": true, "profile": object{"bio": "naïve 日本", "country": "BR", "home": object{"city": "Rio"}},
		"tags": []any{"a|b", "é"}, "marks": []any{1.0, 2.5}, "info": object{"a": []any{1.0, nil}}, "thing": object{"k": "v"},
		"password": "s3cret é", "price": 19.99, "rate": 3.1416, "host": "192.168.1.10",
		"createdAt": document["createdAt"], "updatedAt": document["updatedAt"]}, document)

	ids := l.ids("users", object{"partition": "by_country", "partitionValues": object{"profile.country": "PT"}})
	require.Len(t, ids, 1)
	require.Len(t, ids[0], 8, "id_size")
	bob := l.get("users", ids[0])
	require.Equal(t, []any{"Bob", false, "", 1.0}, []any{bob["name"], bob["isActive"], bob["password"], bob["age"]})

	day := document["createdAt"].(string)[:10]
	require.Equal(t, []string{"u1"}, l.ids("users", object{"partition": "by_country_and_day",
		"partitionValues": object{"profile.country": "BR", "createdAt": day}}))
}

func readPartitions(t *testing.T, conn *pgx.Conn, l *library) {
	for i, region := range regions {
		want := []string{fmt.Sprintf("p%d", i)}
		require.Equal(t, want, l.ids("places", object{"partition": "by_region", "partitionValues": object{"region": region}}), "%q", region)
		require.Equal(t, want, l.ids("places", object{"partition": "by_all", "partitionValues": object{
			"region": region, "level": i, "ratio": float64(i) / 2, "open": i%2 == 0}}), "%q", region)
		got := column1(t, conn, "SELECT id FROM places WHERE region = '"+region+"'")
		require.Equal(t, want, got)
	}
	all := l.ids("places")
	slices.Sort(all)
	require.Len(t, all, len(regions))
}

// readLong: text that no metadata holds is in the body, or refused; where the
// behavior cuts, it cuts nothing else, and both programs see the same rest.
func readLong(t *testing.T, conn *pgx.Conn, l *library, behavior string) {
	table := "long_" + strings.ReplaceAll(behavior, "-", "_")
	_, err := conn.Exec(t.Context(), `INSERT INTO `+table+` VALUES ('x', 'label', $1, 7) ON CONFLICT DO NOTHING`, long)
	switch behavior {
	case "enforce-limits":
		require.ErrorContains(t, err, "54000")
		require.Empty(t, l.ids(table))
		return
	case "truncate-data":
		require.NoError(t, err)
		document := l.get(table, "x")
		story, _ := document["story"].(string)
		require.Less(t, len(story), 2048)
		require.True(t, strings.HasPrefix(long, story))
		require.Equal(t, []any{"label", 7.0}, []any{document["label"], document["number"]})
		require.Equal(t, story, one(t, conn, `SELECT coalesce(story, '') FROM `+table))
		return
	}
	require.NoError(t, err)
	sameDocument(t, object{"id": "x", "label": "label", "story": long, "number": 7.0}, l.get(table, "x"))
	require.Equal(t, long, one(t, conn, `SELECT story FROM `+table))
}

// rulesHold: the library checks our definitions as its own.
func rulesHold(t *testing.T, l *library) {
	ok := object{"id": "v", "name": "Val", "email": "v@x.org", "age": 1, "isActive": true, "profile": object{"country": "PT"}, "tags": []any{"x"}, "password": "p"}
	for field, bad := range map[string]any{"name": "V", "email": "no address", "age": -1, "tags": 5} {
		document := object{}
		for k, v := range ok {
			document[k] = v
		}
		document[field] = bad
		_, err := l.tryCall("users", "insert", document)
		require.Error(t, err, "%s = %v", field, bad)
	}
	l.call("users", "insert", ok)
	l.call("users", "delete", "v")
	l.settle()
}

// readAltered: after ALTER TABLE the library sees today's shape of old rows.
func readAltered(t *testing.T, s *s3test.Server, conn *pgx.Conn, l *library) {
	table := "changing" + strings.Split(l.version, ".")[0]
	testserver.Exec(t, conn, `CREATE TABLE `+table+` (id text PRIMARY KEY, name text, gone text, age int)`,
		`INSERT INTO `+table+` VALUES ('old', 'Old', 'gone', 1)`,
		`ALTER TABLE `+table+` ADD COLUMN added text`,
		`ALTER TABLE `+table+` DROP COLUMN gone`,
		`INSERT INTO `+table+` (id, name, age, added) VALUES ('new', 'New', 2, 'more')`)
	l.connect(s.Location("resources"))
	old := l.get(table, "old")
	require.Equal(t, []any{"Old", 1.0, nil}, []any{old["name"], old["age"], old["added"]})
	sameDocument(t, object{"id": "new", "name": "New", "age": 2.0, "added": "more"}, l.get(table, "new"))
	l.call(table, "update", "old", object{"added": "theirs"})
	require.Equal(t, "Old|1|theirs", one(t, conn, `SELECT concat_ws('|', name, age, added) FROM `+table+` WHERE id = 'old'`))
}
