package main

import (
	"database/sql"
	"database/sql/driver"
	"errors"
	"strings"
	"time"

	"gorm.io/gorm"
)

// User has every kind of association, hooks and soft deletion.
type User struct {
	gorm.Model
	Name      string  `gorm:"size:100;not null;index:idx_name_age,priority:1"`
	Email     *string `gorm:"uniqueIndex;check:email_form,email LIKE '%@%'"`
	Age       uint8   `gorm:"index:idx_name_age,sort:desc;default:18;comment:in years"`
	Active    bool    `gorm:"default:true"`
	Profile   Profile `gorm:"constraint:OnUpdate:CASCADE,OnDelete:CASCADE"`
	Pets      []*Pet
	Toys      []Toy `gorm:"polymorphic:Owner"`
	CompanyID *int
	Company   Company
	ManagerID *uint
	Manager   *User
	Team      []User     `gorm:"foreignKey:ManagerID"`
	Languages []Language `gorm:"many2many:user_speak"`
	Friends   []*User    `gorm:"many2many:user_friends"`
	Trace     []string   `gorm:"-"`
}

type Profile struct {
	ID     uint
	UserID uint `gorm:"uniqueIndex"`
	Bio    string
}

type Pet struct {
	gorm.Model
	UserID *uint
	Name   string
	Toy    Toy `gorm:"polymorphic:Owner"`
}

type Toy struct {
	ID        uint
	Name      string
	OwnerID   string
	OwnerType string
}

type Company struct {
	ID   int
	Name string
}

type Language struct {
	Code string `gorm:"primaryKey"`
	Name string
}

// The hooks leave a trace, and one of them refuses.
func (u *User) BeforeCreate(*gorm.DB) error {
	u.Trace = append(u.Trace, "before create")
	if u.Name == "refused" {
		return errors.New("refused by a hook")
	}
	return nil
}
func (u *User) AfterCreate(tx *gorm.DB) error {
	u.Trace = append(u.Trace, "after create")
	if u.Name == "undone" {
		return errors.New("undone by a hook")
	}
	return nil
}
func (u *User) BeforeUpdate(tx *gorm.DB) error {
	if tx.Statement.Changed("Age") {
		u.Trace = append(u.Trace, "age changes")
	}
	return nil
}
func (u *User) AfterFind(*gorm.DB) error {
	u.Trace = append(u.Trace, "found")
	return nil
}

// Tags is text[] to the database.
type Tags []string

func (Tags) GormDataType() string { return "text[]" }
func (t Tags) Value() (driver.Value, error) {
	return "{" + strings.Join(t, ",") + "}", nil
}
func (t *Tags) Scan(v any) error {
	*t = strings.Split(strings.Trim(v.(string), "{}"), ",")
	return nil
}

type Price struct {
	Amount   string `gorm:"type:numeric(12,2);default:0"`
	Currency string `gorm:"type:varchar(3);default:EUR"`
}

// Types has a field of every type that GORM and the driver map.
type Types struct {
	ID      uint64 `gorm:"primaryKey;autoIncrement"`
	I8      int8
	I16     int16
	I32     int32
	I64     int64
	U32     uint32
	F32     float32
	F64     float64
	B       bool
	S       string
	Limited string `gorm:"size:7"`
	Raw     []byte
	At      time.Time
	Milli   time.Time    `gorm:"type:timestamptz(3)"`
	Day     time.Time    `gorm:"type:date"`
	Null    sql.NullTime `gorm:"type:timestamp"`
	Opt     *int
	Text    sql.NullString
	Data    map[string]any `gorm:"type:jsonb;serializer:json"`
	Epoch   int64          `gorm:"serializer:unixtime;type:timestamptz"`
	Tags    Tags
	Price   Price  `gorm:"embedded;embeddedPrefix:price_"`
	Key     string `gorm:"type:uuid;default:gen_random_uuid()"`
	Doubled int64  `gorm:"->;type:bigint GENERATED ALWAYS AS (i64 * 2) STORED"`
}
