package s3db

import (
	"github.com/s3db-sql/s3db-sql/internal/passhash"
	"github.com/s3db-sql/s3db-sql/pgerr"
)

// Password says that the library hashes the attribute's values one-way before it
// stores them; they read back as their hashes. The word password elsewhere in a rule
// does nothing.
func (a *Attribute) Password() bool { return a.Hook == HookPassword && a.Base == "password" }

// HashPasswords replaces the passwords among the columns set (nil: all) by their hashes,
// in the form that the catalog's writer stores. A hash is kept as it is. Nested ones are
// hashed in their leaf columns, which it returns.
func (s *Schema) HashPasswords(row *Row, set []bool) (nested []bool, err error) {
	for i, c := range s.Columns {
		if row.Values[i] == nil || set != nil && !set[i] {
			continue
		}
		if c.Attr.Items != nil && c.Attr.Items.Password() {
			return nil, pgerr.Unsupported("an array of passwords (attribute \"%s\")", c.Name)
		}
		if !c.Attr.Password() {
			continue
		}
		if row.Values[i], err = s.hashed(c.Attr, row.Values[i]); err != nil {
			return nil, err
		}
		if c.Parent >= 0 {
			if nested == nil {
				nested = make([]bool, len(s.Columns))
			}
			nested[i] = true
		}
	}
	return nested, nil
}

func (s *Schema) hashed(a *Attribute, v any) (string, error) {
	plain, err := encodePlain(v)
	switch {
	case err != nil || passhash.Is(plain):
		return plain, err
	case a.argon():
		return passhash.Argon2id(plain, s.opt.Rand), nil
	}
	hash, err := passhash.Bcrypt(plain, !s.opt.packed)
	if err != nil {
		return "", pgerr.Internal("s3db: bcrypt: %v", err)
	}
	return hash, nil
}

// argon says that the rule is password:argon2id.
func (a *Attribute) argon() bool {
	word := "password"
	if a.Form == ObjectForm {
		word = "type"
	}
	arg, _ := a.RuleArg(word)
	return arg == "argon2id" || arg == "password:argon2id"
}

// passwordCheck is what the library's hashing refuses.
func passwordCheck() ([]check, error) {
	return one(Rule{Name: "passwordHashingProblem"}, "Problem hashing password. Error: Password must be a non-empty string",
		func(v any) bool { return v == "" })
}
