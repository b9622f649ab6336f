package opclass

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/s3db-sql/s3db-sql/sql/types"
)

// TestTypesAgree holds what the types say of their operator classes to the classes.
func TestTypesAgree(t *testing.T) {
	btree, hash := FindMethod(BTree), FindMethod("hash")
	for _, ty := range types.Builtin().All() {
		if ty.IsArray() || ty.Kind == 'p' || Default(btree, ty) == nil && Default(hash, ty) == nil {
			continue // it may have those of its elements or of another type
		}
		assert.Equal(t, Default(btree, ty) != nil, ty.Sortable(), "%s sorts", ty.Name)
		assert.Equal(t, Default(hash, ty) != nil, ty.Hashable(), "%s hashes", ty.Name)
	}
}
