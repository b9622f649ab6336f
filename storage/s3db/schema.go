package s3db

import (
	"github.com/s3db-sql/s3db-sql/internal/rng"
	"github.com/s3db-sql/s3db-sql/sql/types"
	"github.com/s3db-sql/s3db-sql/storage/objstore"
)

// Era is which of the two families of encodings documents are in (section 13).
type Era uint8

// The eras. EraAuto decides by what the manifest shows (section 15).
const (
	EraAuto   Era = iota
	EraSeed       // 6.2 and older: base 36, no text layer, maps by position
	EraModern     // 7 and newer: base 62, text layer
)

// SQLType is a column's type as SQL declares it; Typmod is -1 for none.
type SQLType struct {
	OID    types.OID
	Typmod int32
}

// Options say what the manifest can't: everything that is the operator's or
// our own catalog object's.
type Options struct {
	// Era overrides the detection, for databases that were upgraded.
	Era Era
	// Types are the exact SQL types of attributes that hold them as text, by dotted
	// path: what CREATE TABLE declared (sql-surface.md section 2, Types).
	Types map[string]SQLType
	// Secrets decrypts and encrypts; nil refuses both with 28P01.
	Secrets *Secrets
	// EscapeKeys is set for resources that s3db-sql made: ids and partition
	// values with characters that keys can't carry are escaped (see EscapeID).
	// Otherwise they are refused.
	EscapeKeys bool
	// RowStamps ends each body with a stamp (storage.md section 2).
	RowStamps bool
	// Capabilities give the metadata limit of the store; zero means S3's.
	Capabilities objstore.Capabilities
	// Registry finds the SQL types; nil is the built-in ones.
	Registry *types.Registry
	Rand     rng.Source

	// packed: uuids are written in 21's form.
	packed bool
	// seed: the resource is of EraSeed.
	seed bool
}

// Column is an attribute as SQL sees it: a top-level one, or a leaf or object
// inside a nested object.
type Column struct {
	// Path is the attribute's path: [profile country].
	Path []string
	// Name is the path with dots.
	Name string
	Type SQLType
	// Parent is the index of the enclosing object's column, -1 at the top.
	Parent int
	// Children are the columns of a nested object, nil for a leaf.
	Children []int
	Attr     *Attribute
}

// Secret says that the column is encrypted at rest: leave it out of a
// projection where it is not wanted, a decryption costs 100,000 hash rounds.
func (c *Column) Secret() bool { return c.Attr.Hook == HookSecret }

// Row is one document.
type Row struct {
	ID string
	// Version is the _v that it was written with ("v1"), "" if it has none.
	Version string
	// Values are parallel to Schema.Columns; nil is NULL, and what the
	// projection left out.
	Values []any
	// Extra are fields that the definition does not declare. They are kept by
	// updates and shown nowhere.
	Extra []Extra
	// Content says that the object's body is content (section 11), not part of the
	// row. ContentType, ContentLength and Body are then the content's, and kept by
	// Encode. Setting them sets the content. External is content that lies out of
	// line, in place of Body.
	Content       bool
	ContentType   string
	ContentLength int64
	Body          []byte
	External      *types.External
	// Stamp is the row's stamp, 0 and false if it has none.
	Stamp   uint64
	Stamped bool

	stored []field // as stored, by leaf; nil for a new row
	from   *layout // the layout that stored belongs to
}

// Extra is an undeclared field: its name as stored and its text.
type Extra struct {
	Name string
	Text string
	Null bool
}

// Object is a stored document: what Decode reads and Encode makes.
type Object struct {
	Metadata    objstore.Metadata
	Body        []byte
	ContentType string
	// External is a body that lies out of line, in place of Body: content.
	External *types.External
	// Size of the body where that was left unread.
	Size int64
}

// Encoded is an object to be put, with what the writer should be told.
type Encoded struct {
	Object
	Stamp    uint64
	Warnings []Warning
}

// Warning is something that s3db.js would emit an event for.
type Warning struct {
	// Event is exceedsLimit or truncated.
	Event               string
	Size, Limit, Excess int
	// Metadata is the library's limit without what it keeps for itself (metadataLimit).
	Metadata int
	// Truncated are the attributes that lost data, by truncate-data.
	Truncated []string
}
