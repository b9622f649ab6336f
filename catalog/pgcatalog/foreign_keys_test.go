package pgcatalog

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/catalog/virtual/virtualtest"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

// dangling are the references that lead nowhere here, with the reason.
var dangling = map[string]string{
	"pg_opclass.opckeytype": "point_ops keeps boxes and tsvector_ops signatures, types that are not here",
}

// Every oid in the catalog is that of a row (PostgreSQL's regress script oidjoins).
func TestReferencesHold(t *testing.T) {
	v := sampleView()
	for _, k := range foreignKeys() {
		table, ref := v.Catalog().RelationByOID(k.table), v.Catalog().RelationByOID(k.refTable)
		name := table.Name + "." + strings.Join(k.columns, ",")
		if dangling[name] != "" {
			continue
		}
		there := map[string]bool{}
		for _, row := range virtualtest.Read(t, Set(), v, ref, nil) {
			there[referenceText(row, numbers(ref, k.refColumns))] = true
		}
		for _, row := range virtualtest.Read(t, Set(), v, table, nil) {
			for _, key := range k.keys(row, numbers(table, k.columns)) {
				if !there[key] {
					assert.Fail(t, "dangling", "%s = %s refers to no %s: %s", name, key, ref.Name, virtualtest.Text(table, row))
				}
			}
		}
	}
}

func numbers(rel *catalog.Relation, columns []string) []int {
	var out []int
	for _, c := range columns {
		out = append(out, int(rel.ColumnByName(c).Num)-1)
	}
	return out
}

func referenceText(row []any, nums []int) string {
	var parts []string
	for _, n := range nums {
		parts = append(parts, fmt.Sprint(row[n]))
	}
	return strings.Join(parts, " ")
}

// keys are what a row refers to: nothing where that is optional and 0.
func (k foreignKey) keys(row []any, nums []int) []string {
	last := row[nums[len(nums)-1]]
	if last == nil {
		return nil
	}
	if !k.isArray {
		if k.optional && (fmt.Sprint(last) == "0") {
			return nil
		}
		return []string{referenceText(row, nums)}
	}
	var out []string
	for _, e := range last.(*types.Array).Elems {
		if k.optional && fmt.Sprint(e) == "0" {
			continue
		}
		element := append([]any{}, row...)
		element[nums[len(nums)-1]] = e
		out = append(out, referenceText(element, nums))
	}
	return out
}
