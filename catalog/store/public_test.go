package store_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/internal/clock"
	"github.com/s3db-sql/s3db-sql/storage/objstore"
	"github.com/s3db-sql/s3db-sql/storage/objstore/mem"
)

func dropPublic(tx catalog.Tx) error { return tx.DropSchema(ctx, "public") }

// TestDroppedPublic: the schema that every database begins with stays dropped, and is an
// ordinary one when it is made again.
func TestDroppedPublic(t *testing.T) {
	objects := mem.New(clock.System)
	apply(t, open(t, objects), dropPublic)
	s := open(t, objects)
	require.Nil(t, s.Snapshot().SchemaByName("public"))
	apply(t, s, func(tx catalog.Tx) error { return tx.CreateSchema(ctx, "public", false) })
	apply(t, s, createPeople)
	after := open(t, objects).Snapshot()
	public := after.SchemaByName("public")
	require.GreaterOrEqual(t, public.OID, catalog.FirstUserOID)
	require.Empty(t, public.Comment)
	require.Empty(t, public.ACL)
	require.Equal(t, public.OID, after.Relation("public", "people").Namespace)
}

// TestResourceBringsPublicBack: what another client makes is in public, dropped or not.
func TestResourceBringsPublicBack(t *testing.T) {
	const manifest = "s3db.json"
	objects, other := mem.New(clock.System), mem.New(clock.System)
	apply(t, open(t, objects), dropPublic)
	apply(t, open(t, other), createPeople)
	o, err := other.Get(ctx, manifest, objstore.GetOptions{})
	require.NoError(t, err)
	body, err := objstore.ReadBody(o, 1<<20)
	require.NoError(t, err)
	_, err = objects.Put(ctx, manifest, objstore.PutRequest{Body: body})
	require.NoError(t, err)
	s := open(t, objects).Snapshot()
	require.Equal(t, catalog.PublicOID, s.SchemaByName("public").OID)
	require.Equal(t, catalog.PublicOID, s.Relation("public", "people").Namespace)
}
