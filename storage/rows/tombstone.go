package rows

import (
	"fmt"

	"github.com/s3db-sql/s3db-sql/internal/rng"
	"github.com/s3db-sql/s3db-sql/storage/objstore"
	"github.com/s3db-sql/s3db-sql/storage/s3db"
)

// A tombstone stands in a row's place from the conditional PUT that deletes the
// row until the plain DELETE that removes the object (storage.md section 2), on
// stores whose DELETE takes no condition, and in a unit until its commit point. Its body is one space and a stamp:
// s3db.js sees a document without fields, and the size tells a listing which
// objects to ask, since a body of a row has no JSON of one byte.
const (
	tombstoneMark = "_tombstone"
	tombstoneSize = 1 + s3db.StampLen
)

func isTombstone(info objstore.Info) bool {
	return info.Size == tombstoneSize && info.Metadata[tombstoneMark] != ""
}

// suspect says that a listed object may be a tombstone.
func suspect(info objstore.Info) bool {
	return info.Size == tombstoneSize && (info.Metadata == nil || isTombstone(info))
}

// tombstoneOf is the tombstone of a unit, whose tag it tells in its metadata too: who
// has only its head must know.
func tombstoneOf(version string, u *unit) s3db.Object {
	return s3db.Object{
		Metadata: objstore.Metadata{"_v": version, tombstoneMark: fmt.Sprintf("%0*x", tagDigits, u.tag())},
		Body:     s3db.AppendStamp([]byte(" "), u.stamp()),
	}
}

func tombstone(version string, src rng.Source) s3db.Object {
	return s3db.Object{
		Metadata: objstore.Metadata{"_v": version, tombstoneMark: "true"},
		Body:     s3db.AppendStamp([]byte(" "), s3db.NewStamp(src)),
	}
}
