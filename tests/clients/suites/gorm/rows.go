package main

import (
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"time"

	"gorm.io/driver/postgres"
	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	. "tap"
)

func ptr[T any](v T) *T { return &v }

func types(db *gorm.DB) {
	at := time.Date(2024, 2, 29, 23, 34, 56, 789123000, time.FixedZone("", 3*3600))
	row := Types{I8: -128, I16: -32768, I32: 1 << 30, I64: -1 << 62, U32: 1<<32 - 1, F32: 1.5, F64: 1e-300, B: true, S: "añ'\"\\\n", Limited: "éééé", Raw: []byte{0, 255, '\\'},
		At: at, Milli: at, Day: at.Truncate(24 * time.Hour).UTC(), Null: sql.NullTime{Time: at, Valid: true}, Opt: ptr(7), Text: sql.NullString{String: "", Valid: true},
		Data: map[string]any{"a": []any{1.5, nil, "x"}}, Epoch: 1709249696, Tags: Tags{"x", "y"}, Price: Price{Amount: "1234567890.50"}}
	for _, mode := range []struct {
		name string
		db   *gorm.DB
	}{
		{"prepared by pgx", db}, {"simple protocol", open(gorm.Config{}, postgres.Config{PreferSimpleProtocol: true})},
		{"prepared by GORM", open(gorm.Config{PrepareStmt: true}, postgres.Config{})},
	} {
		Check("a field of every type: "+mode.name, func() {
			in := row
			Must(mode.db.Create(&in).Error)
			var got Types
			Must(mode.db.First(&got, in.ID).Error)
			Equal(got.At.Equal(at), true)
			Equal(got.Milli.UTC().Format(time.RFC3339Nano), "2024-02-29T20:34:56.789Z")
			Equal(got.Day.Format(time.DateOnly), "2024-02-29")
			Equal(got.Doubled, got.I64*2)
			Equal(len(got.Key), 36)
			Equal(got.Price, "{1234567890.50 EUR}")
			Equal(*got.Opt, 7)
			Equal(fmt.Sprint(got.I8, got.I16, got.I32, got.I64, got.U32, got.F32, got.F64, got.B, got.S, got.Limited, got.Raw, got.Text, got.Data, got.Epoch, got.Tags),
				fmt.Sprint(row.I8, row.I16, row.I32, row.I64, row.U32, row.F32, row.F64, row.B, row.S, row.Limited, row.Raw, row.Text, row.Data, row.Epoch, row.Tags))
		})
	}
	Check("NULLs", func() {
		in := Types{}
		Must(db.Omit("At", "Milli", "Day", "Raw", "Data", "Tags").Create(&in).Error)
		var got Types
		Must(db.First(&got, in.ID).Error)
		Equal(got.Opt == nil && got.Raw == nil && got.At.IsZero() && !got.Null.Valid && !got.Text.Valid && got.Data == nil, true)
	})
	Check("values out of range", func() {
		Equal(code(db.Create(&Types{Limited: "eight ch"}).Error), "22001")
		Equal(code(db.Create(&Types{Key: "no uuid"}).Error), "22P02")
		Equal(code(db.Create(&Types{Price: Price{Amount: "12345678901"}}).Error), "22003")
	})
	Check("large values", func() {
		in := Types{S: strings.Repeat("é", 500_000), Raw: make([]byte, 1_000_000)}
		Must(db.Create(&in).Error)
		var got Types
		Must(db.Select("s", "raw").First(&got, in.ID).Error)
		Equal(got.S == in.S && len(got.Raw) == 1_000_000, true)
		Must(db.Exec("TRUNCATE types").Error)
	})
}

func crud(db *gorm.DB) {
	Check("Create returns key and defaults", func() {
		u := User{Name: "ana", Email: ptr("ana@x"), Company: Company{Name: "Acme"}, Profile: Profile{Bio: "b"}}
		r := db.Create(&u)
		Must(r.Error)
		Equal(fmt.Sprint(r.RowsAffected, u.ID, u.Age, u.Active, *u.CompanyID, u.Profile.UserID), "1 1 18 true 1 1")
	})
	Check("CreateInBatches", func() {
		var users []User
		for i := range 250 {
			users = append(users, User{Name: fmt.Sprintf("u%03d", i), Age: uint8(i)})
		}
		r := db.CreateInBatches(&users, 100)
		Must(r.Error)
		Equal(fmt.Sprint(r.RowsAffected, users[0].ID, users[249].ID, users[0].Age), "250 2 251 18")
	})
	Check("Create from a map, and many maps", func() {
		Must(db.Model(&User{}).Create(map[string]any{"Name": "mapped", "Age": 7}).Error)
		Must(db.Model(&User{}).Create(&[]map[string]any{{"Name": "m1"}, {"Name": "m2", "Age": gorm.Expr("?::int + ?", 1, 2)}}).Error)
		Equal(value[int](db, "SELECT age FROM users WHERE name = 'm2'"), 3)
	})
	Check("Updates of a struct, of a map, of an expression", func() {
		u := User{Model: gorm.Model{ID: 1}}
		Must(db.Model(&u).Updates(User{Age: 30, Active: false}).Error)
		Must(db.Model(&u).Select("Active").Updates(User{Active: false}).Error)
		Must(db.Model(&u).Update("age", gorm.Expr("age * ? + 1", 2)).Error)
		Must(db.Model(&u).UpdateColumns(map[string]any{"name": "Ana"}).Error)
		var got User
		Must(db.First(&got, 1).Error)
		Equal(fmt.Sprint(got.Age, got.Active, got.Name, got.UpdatedAt.After(got.CreatedAt)), "61 falseAnatrue")
	})
	Check("Updates return what changed", func() {
		var changed []User
		r := db.Model(&changed).Clauses(clause.Returning{Columns: []clause.Column{{Name: "id"}, {Name: "age"}}}).Where("name LIKE ?", "u00_").Update("age", gorm.Expr("age + 100"))
		Must(r.Error)
		Equal(fmt.Sprint(r.RowsAffected, len(changed), changed[3].Age == uint8(changed[3].ID-2)+100), "10 10 true")
	})
	Check("Save inserts or updates", func() {
		u := User{Name: "saved"}
		Must(db.Save(&u).Error)
		u.Name = "saved twice"
		Must(db.Save(&u).Error)
		Equal(value[int](db, "SELECT count(*) FROM users WHERE name LIKE 'saved%'"), 1)
	})
	Check("Delete marks, Unscoped deletes", func() {
		Must(db.Where("name LIKE ?", "m_").Delete(&User{}).Error)
		var n int64
		Must(db.Model(&User{}).Where("name LIKE ?", "m_").Count(&n).Error)
		Equal(n, 0)
		Must(db.Unscoped().Model(&User{}).Where("name LIKE ?", "m_").Count(&n).Error)
		Equal(n, 2)
		var gone []User
		Must(db.Unscoped().Clauses(clause.Returning{}).Where("name LIKE ?", "m_").Delete(&gone).Error)
		Equal(len(gone), 2)
	})
	Check("without a condition nothing is deleted", func() {
		Equal(errors.Is(db.Delete(&User{}).Error, gorm.ErrMissingWhereClause), true)
	})
	Check("errors with codes, and translated", func() {
		e := ptr("ana@x")
		Equal(code(db.Create(&User{Name: "twice", Email: e}).Error), "23505")
		Equal(code(db.Create(&User{Name: "form", Email: ptr("none")}).Error), "23514")
		Equal(code(db.Exec("SELECT * FROM nope").Error), "42P01")
		t := open(gorm.Config{TranslateError: true}, postgres.Config{})
		Equal(errors.Is(t.Create(&User{Name: "twice", Email: e}).Error, gorm.ErrDuplicatedKey), true)
		Equal(errors.Is(t.Create(&Profile{UserID: 999999}).Error, gorm.ErrForeignKeyViolated), true)
		Equal(errors.Is(t.Create(&User{Name: "form", Email: ptr("none")}).Error, gorm.ErrCheckConstraintViolated), true)
		Equal(errors.Is(db.First(&User{}, 999999).Error, gorm.ErrRecordNotFound), true)
	})
}

func adults(db *gorm.DB) *gorm.DB { return db.Where("age >= ?", 100) }
func page(n, size int) func(*gorm.DB) *gorm.DB {
	return func(db *gorm.DB) *gorm.DB { return db.Order("name").Offset((n - 1) * size).Limit(size) }
}

func queries(db *gorm.DB) {
	find := func(name, want string, q func() *gorm.DB) {
		Check(name, func() {
			var users []User
			Must(q().Find(&users).Error)
			Equal(names(users), want)
		})
	}
	find("scopes", "u003 u004 u005", func() *gorm.DB { return db.Scopes(adults, page(2, 3)).Where("name < ?", "u01") })
	find("IN, BETWEEN, a tuple", "u011", func() *gorm.DB {
		return db.Where("name IN ? AND age BETWEEN ? AND ?", []string{"u010", "u011", "Ana"}, 11, 60).Where("(name, age) IN ?", [][]any{{"u011", 11}, {"u010", 9}})
	})
	find("struct and map conditions", "u020", func() *gorm.DB { return db.Where(&User{Name: "u020"}).Where(map[string]any{"age": 20}) })
	find("Or, Not, groups", "u021 u022", func() *gorm.DB {
		return db.Where(db.Where("name = ?", "u021").Or(db.Where("name = ?", "u022").Not("age = ?", 5))).Not(map[string]any{"name": "u023"}).Order("id")
	})
	find("named arguments", "u030", func() *gorm.DB {
		return db.Where("name = @n OR email = @n", map[string]any{"n": "u030"})
	})
	find("subqueries", "u101 u102", func() *gorm.DB {
		return db.Where("age < (?)", db.Table("users").Select("AVG(age)")).Where("name IN (?)", db.Model(&User{}).Select("name").Where("name LIKE ?", "u10_")).Order("name").Limit(2).Offset(1)
	})
	find("FROM a subquery", "u240", func() *gorm.DB {
		return db.Table("(?) as u", db.Model(&User{})).Where("u.name = ?", "u240")
	})
	find("Distinct, Group, Having", "", func() *gorm.DB { return db.Distinct("name").Group("name").Having("count(*) > 1") })
	find("locking", "u001", func() *gorm.DB {
		return db.Clauses(clause.Locking{Strength: "UPDATE", Options: "SKIP LOCKED"}).Where("name = 'u001'")
	})
	Check("Pluck, Count, Scan into another struct", func() {
		var ages []int
		Must(db.Model(&User{}).Where("name < ?", "u003").Where("name > 'u'").Order("name").Pluck("age", &ages).Error)
		Equal(ages, "[118 101 102]")
		var sums []struct {
			Active bool
			N      int
			Total  float64
		}
		Must(db.Model(&User{}).Select("active, count(*) AS n, sum(age) AS total").Group("active").Order("active").Scan(&sums).Error)
		Equal(sums[0], "{false 1 61}")
		var n int64
		Must(db.Model(&User{}).Distinct("active").Count(&n).Error)
		Equal(n, 2)
	})
	Check("FindInBatches", func() {
		var users []User
		var sizes []int
		Must(db.Where("name LIKE ?", "u%").FindInBatches(&users, 100, func(tx *gorm.DB, batch int) error {
			sizes = append(sizes, len(users))
			return nil
		}).Error)
		Equal(sizes, "[100 100 50]")
	})
	Check("Rows, ScanRows", func() {
		rows := Get(db.Model(&User{}).Where("name LIKE ?", "u00%").Order("id").Rows())
		defer rows.Close()
		var users []User
		for rows.Next() {
			var u User
			Must(db.ScanRows(rows, &u))
			users = append(users, u)
		}
		Equal(len(users), 10)
	})
	Check("FirstOrInit, FirstOrCreate, Attrs, Assign", func() {
		var u User
		Must(db.Where(User{Name: "first"}).Attrs(User{Age: 5}).Assign(User{Active: true}).FirstOrCreate(&u).Error)
		Must(db.Where(User{Name: "first"}).Assign(User{Age: 6}).FirstOrCreate(&u).Error)
		Equal(value[int](db, "SELECT age FROM users WHERE name = 'first'"), 6)
		var v User
		Must(db.Where(User{Name: "other"}).FirstOrInit(&v).Error)
		Equal(v.ID, 0)
	})
	Check("Take, Last, First by key and by text", func() {
		var first, last, taken User
		Must(db.First(&first).Error)
		Must(db.Where("name LIKE 'u%'").Last(&last).Error)
		Must(db.Take(&taken, "name = ?", "u007").Error)
		Equal(first.Name+last.Name+taken.Name, "Anau249u007")
	})
	Check("raw statements, window, CTE, jsonb", func() {
		Equal(value[int](db, "WITH RECURSIVE t(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM t WHERE n < ?) SELECT sum(n) FROM t", 10), 55)
		Equal(value[string](db, "SELECT string_agg(name, ',' ORDER BY r) FROM (SELECT name, row_number() OVER (ORDER BY age DESC, name) r FROM users) s WHERE r <= @n", map[string]any{"n": 2}), "u249,u248")
		Must(db.Create(&Types{Data: map[string]any{"k": map[string]any{"n": 5}}}).Error)
		Equal(value[int](db, "SELECT count(*) FROM types WHERE data @> ? AND data #>> '{k,n}' = ?", `{"k":{"n":5}}`, "5"), 1)
		var maps []map[string]any
		Must(db.Table("users").Select("name, age").Where("name = 'u001'").Find(&maps).Error)
		Equal(maps, "[map[age:101 name:u001]]")
	})
	Check("joins", func() {
		var users []User
		Must(db.Joins("Company").Joins("LEFT JOIN profiles p ON p.user_id = users.id AND p.bio = ?", "b").Where("p.id IS NOT NULL").Find(&users).Error)
		Equal(names(users)+" "+users[0].Company.Name, "Ana Acme")
		Must(db.InnerJoins("Company", db.Where(&Company{Name: "nobody's"})).Find(&users).Error)
		Equal(len(users), 0)
	})
	Check("DryRun, ToSQL", func() {
		Equal(db.ToSQL(func(tx *gorm.DB) *gorm.DB { return tx.Model(&Pet{}).Where("name = ?", "it's").Find(&[]Pet{}) }),
			`SELECT * FROM "pets" WHERE name = 'it''s' AND "pets"."deleted_at" IS NULL`)
	})
}
