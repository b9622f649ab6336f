package main

import (
	"fmt"
	"sort"
	"strings"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	. "tap"
)

var models = []any{&Company{}, &Language{}, &User{}, &Profile{}, &Pet{}, &Toy{}, &Types{}}

// Later versions of one table.
type ItemV1 struct {
	ID   uint
	Name string
	Size int32
}
type ItemV2 struct {
	ID    uint
	Name  string `gorm:"size:40;not null;default:none;comment:as printed"`
	Size  int64
	Price float64 `gorm:"type:decimal(10,2);index"`
	Code  string  `gorm:"unique"`
}

func (ItemV1) TableName() string { return "items" }
func (ItemV2) TableName() string { return "items" }

// columns tells all that the migrator finds out of a table's columns, which it asks
// for without an order.
func columns(db *gorm.DB, model any) string {
	var out []string
	for _, c := range Get(db.Migrator().ColumnTypes(model)) {
		typ, _ := c.ColumnType()
		line := c.Name() + " " + typ
		if n, ok := c.Length(); ok {
			line += fmt.Sprintf(" length=%d", n)
		}
		if p, s, ok := c.DecimalSize(); ok {
			line += fmt.Sprintf(" decimal=%d,%d", p, s)
		}
		if b, ok := c.Nullable(); ok && !b {
			line += " not null"
		}
		for name, has := range map[string]func() (bool, bool){" key": c.PrimaryKey, " auto": c.AutoIncrement, " unique": c.Unique} {
			if b, ok := has(); ok && b {
				line += name
			}
		}
		if v, ok := c.DefaultValue(); ok {
			line += " default=" + v
		}
		if v, ok := c.Comment(); ok {
			line += " comment=" + v
		}
		words := strings.Split(line, " ")
		sort.Strings(words[1:])
		out = append(out, strings.Join(words, " "))
	}
	sort.Strings(out)
	return strings.Join(out, "\n")
}

func migrations(db *gorm.DB) {
	m := db.Migrator()
	Check("AutoMigrate makes everything", func() { Must(db.AutoMigrate(models...)) })
	Check("AutoMigrate again changes nothing", func() {
		before := columns(db, &User{}) + columns(db, &Types{})
		Must(db.AutoMigrate(models...))
		Equal(columns(db, &User{})+columns(db, &Types{}), before)
	})
	Check("AutoMigrate again sends no ALTER, but for the precision of a time, which GORM does not compare", func() {
		var sent []string
		Must(db.Callback().Raw().Before("gorm:raw").Register("suite:sent", func(tx *gorm.DB) { sent = append(sent, tx.Statement.SQL.String()) }))
		defer func() { Must(db.Callback().Raw().Remove("suite:sent")) }()
		Must(db.AutoMigrate(models...))
		Equal(strings.Join(sent, "\n"), `ALTER TABLE "types" ALTER COLUMN "milli" TYPE timestamptz(3) USING "milli"::timestamptz(3)`)
	})
	Check("what it finds of tables", func() {
		Equal(m.CurrentDatabase(), value[string](db, "SELECT current_database()"))
		Equal(m.HasTable(&User{}), true)
		Equal(m.HasTable("nope"), false)
		tables := Get(m.GetTables())
		sort.Strings(tables)
		Equal(tables, "[companies languages pets profiles toys types user_friends user_speak users]")
	})
	Check("what it finds of columns", func() {
		Equal(columns(db, &User{}), `active boolean default=true length=8
age comment=in decimal=16,0 default=18 length=16 smallint years
company_id bigint decimal=64,0 length=64
created_at decimal=6,0 length=64 time timestamp with zone
deleted_at decimal=6,0 length=64 time timestamp with zone
email length=9223372036854775807 text
id auto bigint decimal=64,0 key length=64 not null
manager_id bigint decimal=64,0 length=64
name character length=100 not null varying(100)
updated_at decimal=6,0 length=64 time timestamp with zone`)
		Equal(m.HasColumn(&User{}, "Age"), true)
		Equal(m.HasColumn(&User{}, "nope"), false)
	})
	Check("what it finds of indexes", func() {
		var out []string
		for _, i := range Get(m.GetIndexes(&User{})) {
			unique, _ := i.Unique()
			key, _ := i.PrimaryKey()
			out = append(out, fmt.Sprint(i.Name(), " ", i.Columns(), " ", unique, " ", key))
		}
		sort.Strings(out)
		Equal(strings.Join(out, ", "), "idx_name_age [name age] false false, idx_users_deleted_at [deleted_at] false false, idx_users_email [email] true false")
		Equal(m.HasIndex(&User{}, "Name"), true)
		Equal(m.HasIndex(&User{}, "nope"), false)
		Equal(m.HasIndex(&User{}, "idx_name_age"), true)
	})
	Check("what it finds of constraints", func() {
		Equal(m.HasConstraint(&User{}, "email_form"), true)
		Equal(m.HasConstraint(&User{}, "Company"), true)
		Equal(m.HasConstraint(&User{}, "fk_users_profile"), true)
		Equal(m.HasConstraint(&User{}, "fk_nope"), false)
		Equal(value[int](db, "SELECT count(*) FROM pg_constraint WHERE contype = 'f' AND connamespace = 'public'::regnamespace"), 8)
	})
	changes(db)
	names := Get(m.GetTables())
	Check("views", func() {
		Must(m.CreateView("grown", gorm.ViewOption{Query: db.Model(&User{}).Select("id, name").Where("age > ?", 17), CheckOption: "WITH CHECK OPTION"}))
		Must(m.CreateView("grown", gorm.ViewOption{Replace: true, Query: db.Model(&User{}).Select("id, name").Where("age > ?", 20)}))
		Equal(value[int](db, "SELECT count(*) FROM grown"), 0)
		Must(m.DropView("grown"))
		Equal(len(Get(m.GetTables())), len(names))
	})
}

func changes(db *gorm.DB) {
	m := db.Migrator()
	Check("a table of version 1", func() {
		Must(db.AutoMigrate(&ItemV1{}))
		Must(db.Create(&[]ItemV1{{Name: "nail", Size: 3}, {Name: "screw", Size: 1 << 30}}).Error)
	})
	Check("AutoMigrate to version 2: types, sizes, defaults, comments, new columns", func() {
		Must(db.AutoMigrate(&ItemV2{}))
		Equal(columns(db, &ItemV2{}), `code length=9223372036854775807 text
id auto bigint decimal=64,0 key length=64 not null
name character comment=as default=none length=40 not null printed varying(40)
price decimal=10,2 numeric(10,2)
size bigint decimal=64,0 length=64`)
		var items []ItemV1
		Must(db.Order("id").Find(&items).Error)
		Equal(items, "[{1 nail 3} {2 screw 1073741824}]")
	})
	Check("AlterColumn with a cast", func() {
		type Item struct {
			Size string `gorm:"type:varchar(20)"`
		}
		Must(db.Table("items").Migrator().AlterColumn(&Item{}, "Size"))
		Equal(value[string](db, "SELECT size FROM items WHERE id = 2"), "1073741824")
	})
	Check("RenameColumn, also of an indexed one", func() {
		Must(m.RenameColumn(&ItemV2{}, "price", "cost"))
		Equal(m.HasColumn(&ItemV2{}, "cost"), true)
		Must(m.RenameColumn(&ItemV2{}, "cost", "price"))
	})
	Check("indexes made, renamed, dropped", func() {
		Must(m.RenameIndex(&ItemV2{}, "idx_items_price", "by_price"))
		Equal(m.HasIndex(&ItemV2{}, "by_price"), true)
		Must(m.DropIndex(&ItemV2{}, "by_price"))
		Must(m.CreateIndex(&ItemV2{}, "Price"))
		type Item struct {
			Name string `gorm:"index:idx_lower,expression:lower(name);index:idx_some,where:name <> '',class:UNIQUE,type:btree,option:CONCURRENTLY"`
		}
		t := db.Table("items").Migrator()
		Must(t.CreateIndex(&Item{}, "idx_lower"))
		Must(t.CreateIndex(&Item{}, "idx_some"))
		Equal(value[string](db, "SELECT pg_get_indexdef('idx_some'::regclass)"), "CREATE UNIQUE INDEX idx_some ON public.items USING btree (name) WHERE ((name)::text <> ''::text)")
	})
	Check("constraints dropped and made", func() {
		Must(m.DropConstraint(&User{}, "email_form"))
		Equal(m.HasConstraint(&User{}, "email_form"), false)
		Must(m.CreateConstraint(&User{}, "email_form"))
		Must(m.DropConstraint(&User{}, "Company"))
		Must(m.CreateConstraint(&User{}, "Company"))
		Equal(m.HasConstraint(&User{}, "Company"), true)
	})
	Check("AddColumn, DropColumn", func() {
		type Item struct {
			Note string `gorm:"default:-"`
		}
		t := db.Table("items").Migrator()
		Must(t.AddColumn(&Item{}, "Note"))
		Must(t.DropColumn(&Item{}, "note"))
		Equal(t.HasColumn(&Item{}, "note"), false)
	})
	Check("RenameTable, DropTable with what refers to it", func() {
		Must(m.RenameTable("items", "articles"))
		Equal(value[int](db, "SELECT count(*) FROM articles"), 2)
		Must(m.DropTable("articles", "never_was"))
		Equal(m.HasTable("articles"), false)
	})
	Check("a table in another schema", func() {
		Must(db.Exec("CREATE SCHEMA other").Error)
		Must(db.Table("other.items").AutoMigrate(&ItemV1{}))
		Equal(m.HasTable("other.items"), true)
		Must(db.Table("other.items").Create(&ItemV1{Name: "x"}).Error)
		Equal(value[int](db, "SELECT count(*) FROM other.items"), 1)
		Must(db.Exec("DROP SCHEMA other CASCADE").Error)
	})
	Check("column names need quotes", func() {
		type Odd struct {
			ID    uint
			Order string `gorm:"column:order"`
			Camel string `gorm:"column:camelCase;index"`
		}
		Must(db.AutoMigrate(&Odd{}))
		Must(db.Create(&Odd{Order: "a", Camel: "b"}).Error)
		var got Odd
		Must(db.Where(clause.Eq{Column: "camelCase", Value: "b"}).First(&got).Error)
		Equal(got, "{1 a b}")
		Must(m.DropTable(&Odd{}))
	})
}
