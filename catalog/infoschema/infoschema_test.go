package infoschema

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/catalog/pgcatalog"
	"github.com/s3db-sql/s3db-sql/catalog/virtual/virtualtest"
)

func sampleView() *virtualtest.View {
	return virtualtest.NewView(virtualtest.New(virtualtest.Sample(), []*catalog.Schema{pgcatalog.Schema, Schema}, pgcatalog.Set(), Set()))
}

func TestEveryColumnIsFilled(t *testing.T) { virtualtest.CheckFill(t, Set(), sampleView()) }

func TestLookupsFindWhatListingsHave(t *testing.T) { virtualtest.CheckLookups(t, Set(), sampleView()) }

// rows prints some columns of the rows of public, in order.
func rows(t *testing.T, view string, columns ...string) []string {
	v := sampleView()
	rel := v.Catalog().Relation("information_schema", view)
	var out []string
	for _, row := range virtualtest.Read(t, Set(), v, rel, nil) {
		text := strings.Split(virtualtest.Text(rel, row), "|")
		var line []string
		public := false
		for i, c := range rel.Columns {
			public = public || (c.Name == "table_schema" || c.Name == "constraint_schema" || c.Name == "object_schema") && text[i] == "public"
		}
		for _, name := range columns {
			line = append(line, text[rel.ColumnByName(name).Num-1])
		}
		if public {
			out = append(out, strings.Join(line, "|"))
		}
	}
	return out
}

// The expectations are what PostgreSQL 15 shows for the same tables.
func TestColumns(t *testing.T) {
	assert.Equal(t, []string{
		`id|1|\N|NO|integer|\N|\N|32|2|0|\N|int4|NO|\N|NEVER|\N`,
		`Full Name|2|\N|NO|character varying|20|80|\N|\N|\N|\N|varchar|NO|\N|NEVER|\N`,
		`tags|3|'{}'::text[]|YES|ARRAY|\N|\N|\N|\N|\N|\N|_text|NO|\N|NEVER|\N`,
		`price|4|\N|YES|numeric|\N|\N|10|10|2|\N|numeric|NO|\N|NEVER|\N`,
		`double|5|\N|YES|bigint|\N|\N|64|2|0|\N|int8|NO|\N|ALWAYS|(id * 2)`,
		`serial|6|\N|NO|bigint|\N|\N|64|2|0|\N|int8|YES|BY DEFAULT|NEVER|\N`,
		`profile|7|\N|YES|jsonb|\N|\N|\N|\N|\N|\N|jsonb|NO|\N|NEVER|\N`,
		`id|1|\N|NO|uuid|\N|\N|\N|\N|\N|\N|uuid|NO|\N|NEVER|\N`,
		`user_id|2|\N|YES|integer|\N|\N|32|2|0|\N|int4|NO|\N|NEVER|\N`,
		`name|1|\N|YES|text|\N|1073741824|\N|\N|\N|\N|text|NO|\N|NEVER|\N`,
		`a|2|\N|YES|integer|\N|\N|32|2|0|\N|int4|NO|\N|NEVER|\N`,
	}, rows(t, "columns", "column_name", "ordinal_position", "column_default", "is_nullable", "data_type", "character_maximum_length",
		"character_octet_length", "numeric_precision", "numeric_precision_radix", "numeric_scale", "datetime_precision", "udt_name",
		"is_identity", "identity_generation", "is_generated", "generation_expression"))
	assert.Equal(t, []string{`users|TABLE|3|text|\N|text|a3`},
		rows(t, "element_types", "object_name", "object_type", "collection_type_identifier", "data_type", "character_octet_length", "udt_name", "dtd_identifier"))
}

func TestTables(t *testing.T) {
	assert.Equal(t, []string{"shop|users|BASE TABLE|YES", "shop|orders|BASE TABLE|YES", "shop|names|VIEW|NO", "shop|bare|BASE TABLE|YES"},
		rows(t, "tables", "table_catalog", "table_name", "table_type", "is_insertable_into"))
	assert.Equal(t, []string{`names| SELECT "Full Name" AS name FROM users;|NO`}, rows(t, "views", "table_name", "view_definition", "is_updatable"))
	assert.Contains(t, rows(t, "table_privileges", "grantor", "grantee", "table_name", "privilege_type", "is_grantable", "with_hierarchy"),
		"postgres|postgres|users|SELECT|YES|YES")
}

func TestConstraints(t *testing.T) {
	assert.Equal(t, []string{
		`users_pkey|users|PRIMARY KEY|\N`, `users_price_key|users|UNIQUE|YES`, `users_price_check|users|CHECK|\N`,
		`2200_20000_1_not_null|users|CHECK|\N`, `2200_20000_2_not_null|users|CHECK|\N`, `2200_20000_6_not_null|users|CHECK|\N`,
		`orders_pkey|orders|PRIMARY KEY|\N`, `orders_user_id_fkey|orders|FOREIGN KEY|\N`, `2200_20100_1_not_null|orders|CHECK|\N`,
	}, rows(t, "table_constraints", "constraint_name", "table_name", "constraint_type", "nulls_distinct"))
	assert.Equal(t, []string{
		`users_pkey|users|id|1|\N`, `users_price_key|users|price|1|\N`, `orders_pkey|orders|id|1|\N`, `orders_user_id_fkey|orders|user_id|1|1`,
	}, rows(t, "key_column_usage", "constraint_name", "table_name", "column_name", "ordinal_position", "position_in_unique_constraint"))
	assert.Equal(t, []string{"orders_user_id_fkey|public|users_pkey|NONE|NO ACTION|CASCADE"},
		rows(t, "referential_constraints", "constraint_name", "unique_constraint_schema", "unique_constraint_name", "match_option", "update_rule", "delete_rule"))
	assert.Equal(t, []string{"users_pkey|users|id", "users_price_key|users|price", "users_price_check|users|price", "orders_pkey|orders|id", "orders_user_id_fkey|users|id"},
		rows(t, "constraint_column_usage", "constraint_name", "table_name", "column_name"))
	assert.Contains(t, rows(t, "check_constraints", "constraint_name", "check_clause"), "users_price_check|((price > 0))")
	assert.Contains(t, rows(t, "check_constraints", "constraint_name", "check_clause"), "2200_20000_1_not_null|id IS NOT NULL")
}
