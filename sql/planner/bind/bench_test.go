package bind

import (
	"testing"

	"github.com/s3db-sql/s3db-sql/sql/parser"
)

func BenchmarkBind(b *testing.B) {
	cat := newTestCatalog(b)
	for name, sql := range map[string]string{
		"point":     "SELECT id, name, age FROM users WHERE id = $1",
		"aggregate": "SELECT u.name, count(*), sum(o.total) FROM users u JOIN orders o ON o.user_id = u.id WHERE o.qty > 1 GROUP BY u.name HAVING count(*) > 2 ORDER BY 2 DESC LIMIT 10",
		"insert":    "INSERT INTO users (id, name, age) VALUES ($1, $2, $3) RETURNING id",
	} {
		stmts, err := parser.Parse(sql)
		if err != nil {
			b.Fatal(err)
		}
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := Bind(cat.env(), stmts[0]); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
