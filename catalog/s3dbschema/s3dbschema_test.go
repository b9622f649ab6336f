package s3dbschema

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/catalog/virtual/virtualtest"
)

func TestUsage(t *testing.T) {
	v := virtualtest.NewView(virtualtest.New(virtualtest.Sample(), []*catalog.Schema{Schema}, Set()))
	virtualtest.CheckFill(t, Set(), v)
	virtualtest.CheckLookups(t, Set(), v)
	text := func(name string) []string {
		rel := v.Catalog().Relation("s3db", name)
		var out []string
		for _, row := range virtualtest.Read(t, Set(), v, rel, nil) {
			out = append(out, virtualtest.Text(rel, row))
		}
		return out
	}
	assert.Equal(t, []string{`42|postgres|psql|GET|3|1.5`, `\N|\N|\N|GET|7|3.5`}, text("requests"))
	assert.Equal(t, []string{`42|postgres|psql|3|5|0|1.5`, `\N|\N|\N|7|10|0|3.5`}, text("costs"))
}
