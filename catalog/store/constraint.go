package store

import (
	"slices"

	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/pgerr"
)

// validateConstraint marks a CHECK or foreign key as one that all rows satisfy;
// the caller has looked at them.
func (a *alteration) validateConstraint(c catalog.ValidateConstraint) error {
	if i := slices.IndexFunc(a.own.Checks, func(k ownCheck) bool { return k.Name == c.Name }); i >= 0 {
		a.own.Checks[i].NotValid = false
		return nil
	}
	k, err := a.foreignKey(c.Name)
	if err == nil {
		k.NotValid = false
	}
	return err
}

func (a *alteration) alterConstraint(c catalog.AlterConstraint) error {
	k, err := a.foreignKey(c.Name)
	if err == nil {
		k.Deferrable, k.Deferred = c.Deferrable, c.Deferred
	}
	return err
}

// foreignKey finds a foreign key of the table: 42704.
func (a *alteration) foreignKey(name string) (*ownFK, error) {
	i := slices.IndexFunc(a.own.Foreign, func(k ownFK) bool { return k.Name == name })
	if i < 0 {
		return nil, pgerr.New(pgerr.UndefinedObject, "constraint \"%s\" of relation \"%s\" does not exist", name, a.own.Name)
	}
	return &a.own.Foreign[i], nil
}
