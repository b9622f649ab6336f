package infoschema

import (
	_ "embed"
	"strconv"
	"strings"

	"github.com/s3db-sql/s3db-sql/catalog/virtual"
)

func init() {
	registry.Declare(
		standardTable("sql_features", map[string]cell{"feature_id": textCell(1), "feature_name": textCell(2), "sub_feature_id": textCell(3),
			"sub_feature_name": textCell(4), "is_supported": textCell(5), "is_verified_by": textCell(6), "comments": textCell(7)}),
		standardTable("sql_implementation_info", map[string]cell{"implementation_info_id": textCell(1), "implementation_info_name": textCell(2),
			"integer_value": numberCell(3), "character_value": textCell(4), "comments": textCell(5)}),
		standardTable("sql_parts", map[string]cell{"feature_id": textCell(1), "feature_name": textCell(2), "is_supported": textCell(3),
			"is_verified_by": textCell(4), "comments": textCell(5)}),
		standardTable("sql_sizing", map[string]cell{"sizing_id": numberCell(1), "sizing_name": textCell(2), "supported_value": numberCell(3), "comments": textCell(4)}),
	)
}

// standardTSV are PostgreSQL's rows of the tables that say what an implementation of the
// standard does: the relation, then its columns, \N for NULL. They are as true here, but for
// the features of XML (X…), of which there are none.
//
//go:embed standard.tsv
var standardTSV string

type cell = func(row []string) any

func textCell(i int) cell {
	return func(row []string) any {
		if row[i] == `\N` {
			return nil
		}
		return row[i]
	}
}

func numberCell(i int) cell {
	return func(row []string) any {
		n, err := strconv.ParseInt(row[i], 10, 32)
		if err != nil {
			return nil // \N
		}
		return int32(n)
	}
}

func standardTable(name string, columns map[string]cell) virtual.Table {
	return virtual.Rel[[]string]{
		Of:      name,
		Columns: columns,
		Rows: func(_ View, yield func([]string)) {
			for line := range strings.Lines(standardTSV) {
				if row := strings.Split(strings.TrimSuffix(line, "\n"), "\t"); row[0] == name {
					yield(row)
				}
			}
		},
	}
}
