package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"sync"
	"time"

	"gorm.io/driver/postgres"
	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	. "tap"
)

func associations(db *gorm.DB) {
	boss := User{Name: "boss", Email: ptr("boss@x"), Company: Company{Name: "Umbrella"}, Profile: Profile{Bio: "leads"},
		Pets: []*Pet{{Name: "rex", Toy: Toy{Name: "bone"}}, {Name: "tom"}}, Toys: []Toy{{Name: "car"}, {Name: "kite"}},
		Languages: []Language{{Code: "pt", Name: "Portuguese"}, {Code: "en", Name: "English"}}, Team: []User{{Name: "one"}, {Name: "two"}}, Friends: []*User{{Name: "pal"}}}
	Check("Create with every association", func() {
		Must(db.Create(&boss).Error)
		Equal(value[string](db, "SELECT string_agg(owner_type || ':' || name, ' ' ORDER BY name) FROM toys"), "pets:bone users:car users:kite")
		Equal(value[int](db, "SELECT count(*) FROM user_speak WHERE user_id = ?", boss.ID), 2)
	})
	Check("Preload: all, nested, with conditions, joined", func() {
		var u User
		Must(db.Preload("Pets", func(tx *gorm.DB) *gorm.DB { return tx.Order("pets.name DESC") }).Preload("Pets.Toy").Preload(clause.Associations).Preload("Languages", "code = ?", "pt").
			Joins("Profile").First(&u, "users.name = ?", "boss").Error)
		Equal(fmt.Sprint(u.Pets[0].Name, u.Pets[1].Toy.Name, len(u.Toys), u.Languages, len(u.Team), u.Friends[0].Name, u.Company.Name, u.Profile.Bio), "tombone2 [{pt Portuguese}] 2palUmbrellaleads")
		var team []User
		Must(db.Preload("Manager.Company").Where("manager_id IS NOT NULL").Order("name").Find(&team).Error)
		Equal(names(team)+team[1].Manager.Company.Name, "one twoUmbrella")
	})
	Check("Association: Find, Append, Replace, Delete, Clear, Count", func() {
		a := func(name string) *gorm.Association { return db.Model(&boss).Association(name) }
		var pets []Pet
		Must(a("Pets").Find(&pets, "name = ?", "rex"))
		Equal(len(pets), 1)
		Must(a("Languages").Append(&Language{Code: "de", Name: "German"}))
		Equal(a("Languages").Count(), 3)
		Must(a("Languages").Replace([]Language{{Code: "fr", Name: "French"}, {Code: "pt"}}))
		Equal(a("Languages").Count(), 2)
		Must(a("Languages").Delete(&Language{Code: "fr"}))
		Equal(value[int](db, "SELECT count(*) FROM languages"), 4)
		Must(a("Pets").Clear())
		Equal(value[int](db, "SELECT count(*) FROM pets WHERE user_id IS NULL"), 2)
		Must(a("Company").Replace(&Company{Name: "New"}))
		Equal(value[string](db, "SELECT c.name FROM users u JOIN companies c ON c.id = u.company_id WHERE u.id = ?", boss.ID), "New")
		Must(a("Toys").Unscoped().Clear())
		Equal(value[int](db, "SELECT count(*) FROM toys"), 1)
	})
	Check("Delete with Select takes the associations along", func() {
		Equal(code(db.Unscoped().Select("Profile", "Languages", "Friends").Delete(&boss).Error), "23503")
		Must(db.Unscoped().Select("Profile", "Languages", "Friends", "Team").Delete(&boss).Error)
		Equal(value[int](db, "SELECT count(*) FROM user_speak"), 0)
	})
}

func hooks(db *gorm.DB) {
	Check("hooks in order", func() {
		u := User{Name: "hooked"}
		Must(db.Create(&u).Error)
		Must(db.Model(&u).Updates(map[string]any{"age": 99}).Error)
		Equal(u.Trace, "[before create after create age changes]")
		Must(db.First(&u, u.ID).Error)
		Equal(u.Trace[len(u.Trace)-1], "found")
	})
	Check("a hook that fails before nothing is written, after it is undone", func() {
		Equal(db.Create(&User{Name: "refused"}).Error, "refused by a hook")
		Equal(db.Create(&User{Name: "undone"}).Error, "undone by a hook")
		Equal(value[int](db, "SELECT count(*) FROM users WHERE name IN ('refused', 'undone')"), 0)
	})
}

func upserts(db *gorm.DB) {
	lang := func() string {
		return value[string](db, "SELECT string_agg(code || '=' || name, ' ' ORDER BY code) FROM languages WHERE code < 'f'")
	}
	Check("DoNothing", func() {
		r := db.Clauses(clause.OnConflict{DoNothing: true}).Create(&Language{Code: "de", Name: "x"})
		Must(r.Error)
		Equal(fmt.Sprint(r.RowsAffected, lang()), "0de=German en=English")
	})
	Check("UpdateAll of many", func() {
		Must(db.Clauses(clause.OnConflict{UpdateAll: true}).Create(&[]Language{{"de", "Deutsch"}, {"cs", "Czech"}}).Error)
		Equal(lang(), "cs=Czech de=Deutsch en=English")
	})
	Check("DoUpdates with a condition and excluded", func() {
		Must(db.Clauses(clause.OnConflict{Columns: []clause.Column{{Name: "code"}}, DoUpdates: clause.Assignments(map[string]any{"name": gorm.Expr("languages.name || '/' || excluded.name")}),
			Where: clause.Where{Exprs: []clause.Expression{clause.Neq{Column: "languages.code", Value: "en"}}}}).Create(&[]Language{{"de", "tedesco"}, {"en", "inglese"}}).Error)
		Equal(lang(), "cs=Czech de=Deutsch/tedesco en=English")
	})
	Check("on a constraint, on an index's predicate", func() {
		Must(db.Exec("CREATE UNIQUE INDEX one_lead ON companies (name) WHERE id > 0").Error)
		c := Company{Name: "Acme"}
		Must(db.Clauses(clause.OnConflict{Columns: []clause.Column{{Name: "name"}}, TargetWhere: clause.Where{Exprs: []clause.Expression{clause.Gt{Column: "id", Value: gorm.Expr("0")}}},
			DoUpdates: clause.AssignmentColumns([]string{"name"})}).Create(&c).Error)
		Equal(c.ID, 1)
		Must(db.Clauses(clause.OnConflict{OnConstraint: "languages_pkey", DoUpdates: clause.AssignmentColumns([]string{"name"})}).Create(&Language{"cs", "Cesky"}).Error)
		Equal(lang()[:8], "cs=Cesky")
	})
}

func transactions(db *gorm.DB) {
	has := func(name string) bool {
		return value[int](db, "SELECT count(*) FROM companies WHERE name = ?", name) == 1
	}
	Check("Transaction commits, rolls back on an error and on a panic", func() {
		Must(db.Transaction(func(tx *gorm.DB) error { return tx.Create(&Company{Name: "in"}).Error }))
		Equal(db.Transaction(func(tx *gorm.DB) error { Must(tx.Create(&Company{Name: "out"}).Error); return errors.New("no") }), "no")
		func() {
			defer func() { recover() }()
			_ = db.Transaction(func(tx *gorm.DB) error { Must(tx.Create(&Company{Name: "panicked"}).Error); panic("x") })
		}()
		Equal(fmt.Sprint(has("in"), has("out"), has("panicked")), "true false false")
	})
	Check("nested ones are savepoints", func() {
		Must(db.Transaction(func(tx *gorm.DB) error {
			Must(tx.Create(&Company{Name: "outer"}).Error)
			_ = tx.Transaction(func(tx2 *gorm.DB) error { Must(tx2.Create(&Company{Name: "inner"}).Error); return errors.New("no") })
			Equal(code(tx.Transaction(func(tx2 *gorm.DB) error { return tx2.Exec("SELECT 1/0").Error })), "22012")
			return tx.Transaction(func(tx2 *gorm.DB) error { return tx2.Create(&Company{Name: "inner 2"}).Error })
		}))
		Equal(fmt.Sprint(has("outer"), has("inner"), has("inner 2")), "true false true")
	})
	Check("SavePoint, RollbackTo by hand", func() {
		tx := db.Begin()
		Must(tx.Create(&Company{Name: "kept"}).Error)
		Must(tx.SavePoint("sp").Error)
		Must(tx.Create(&Company{Name: "lost"}).Error)
		Must(tx.RollbackTo("sp").Error)
		Must(tx.Commit().Error)
		Equal(fmt.Sprint(has("kept"), has("lost")), "true false")
	})
	Check("options: read only, isolation", func() {
		tx := db.Begin(&sql.TxOptions{ReadOnly: true, Isolation: sql.LevelRepeatableRead})
		Equal(value[string](tx, "SHOW transaction_isolation"), "repeatable read")
		Equal(code(tx.Create(&Company{Name: "ro"}).Error), "25006")
		Must(tx.Rollback().Error)
	})
	Check("after an error the transaction is dead", func() {
		tx := db.Begin()
		Equal(code(tx.Exec("SELECT 1/0").Error), "22012")
		Equal(code(tx.Exec("SELECT 1").Error), "25P02")
		Must(tx.Rollback().Error)
	})
	Check("what another transaction wrote is seen after its commit", func() {
		tx := db.Begin()
		Must(tx.Create(&Company{Name: "hidden"}).Error)
		Equal(has("hidden"), false)
		Must(tx.Commit().Error)
		Equal(has("hidden"), true)
	})
	Check("counters side by side lose nothing", func() {
		var wg sync.WaitGroup
		Must(db.Exec("UPDATE users SET age = 0 WHERE id = 1").Error)
		for range 8 {
			wg.Go(func() {
				for range 5 {
					Must(db.Model(&User{}).Where("id = 1").Update("age", gorm.Expr("age + 1")).Error)
				}
			})
		}
		wg.Wait()
		Equal(value[int](db, "SELECT age FROM users WHERE id = 1"), 40)
	})
}

func others(db *gorm.DB) {
	Check("contexts cancel", func() {
		short, cancel := context.WithTimeout(ctx, 50*time.Millisecond)
		defer cancel()
		Equal(errors.Is(db.WithContext(short).Exec("SELECT pg_sleep(20)").Error, context.DeadlineExceeded), true)
		Equal(value[int](db, "SELECT 1"), 1)
	})
	Check("several statements with the simple protocol", func() {
		s := open(gorm.Config{}, postgres.Config{PreferSimpleProtocol: true})
		Must(s.Exec("CREATE TABLE one (a int); INSERT INTO one VALUES (1), (2); ").Error)
		Equal(value[int](s, "SELECT sum(a) FROM one WHERE a <> ?", 5), 3)
	})
	Check("one connection for a block", func() {
		Must(db.Connection(func(tx *gorm.DB) error {
			Must(tx.Exec("SET application_name = 'mine'").Error)
			Equal(value[string](tx, "SHOW application_name"), "mine")
			return tx.Exec("RESET application_name").Error
		}))
	})
	Check("prepared statements survive DDL", func() {
		p := open(gorm.Config{PrepareStmt: true}, postgres.Config{})
		var c []Company
		for range 3 {
			Must(p.Where("name = ?", "in").Find(&c).Error)
		}
		Must(p.Exec("ALTER TABLE companies ADD COLUMN extra int").Error)
		Must(p.Select("id", "name").Where("name = ?", "in").Find(&c).Error)
		Equal(len(c), 1)
	})
	Check("generics", func() {
		Must(gorm.G[Company](db).Create(ctx, &Company{Name: "generic"}))
		c := Get(gorm.G[Company](db).Where("name = ?", "generic").First(ctx))
		Equal(c.Name, "generic")
		Equal(Get(gorm.G[Company](db).Where("id = ?", c.ID).Update(ctx, "name", "renamed")), 1)
		Equal(Get(gorm.G[Company](db).Where("name = ?", "renamed").Delete(ctx)), 1)
	})
	Check("everything is dropped", func() {
		Must(db.Migrator().DropTable(append([]any{"user_speak", "user_friends", "one"}, models...)...))
		Equal(Get(db.Migrator().GetTables()), "[]")
	})
}
