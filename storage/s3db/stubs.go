package s3db

// This file holds the parts of the interface whose bodies are still being
// written; each function moves to its own file.

import (
	"context"
	"time"

	"github.com/s3db-sql/s3db-sql/internal/clock"
	"github.com/s3db-sql/s3db-sql/internal/rng"
	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/types"
	"github.com/s3db-sql/s3db-sql/storage/objstore"
	"github.com/s3db-sql/s3db-sql/storage/s3db/internal/ojson"
)

var errStub = pgerr.Unsupported("s3db: this part")

// ---- attributes -----------------------------------------------------------

// Hook is the encoding of an attribute, chosen by the library's word search.
type Hook uint8

// HookSecret and friends.
const (
	HookNone Hook = iota
	HookSecret
)

// Attribute is one attribute of a definition: a leaf with its rule, or a
// nested object.
type Attribute struct {
	Path     []string
	Name     string // dotted
	Rule     string // the rule text, "" for nested objects and object forms
	Base     string // the first word: string, number, email …
	Hook     Hook
	Type     SQLType
	Required bool // NULL is 23502, unless an enclosing object is NULL
	// Default is the rule's default as JSON text, "" if none.
	Default  string
	Children []*Attribute
}

// ---- definitions ----------------------------------------------------------

// Behavior is where a document's fields go (section 8).
type Behavior string

// The behaviors.
const (
	UserManaged   Behavior = "user-managed"
	EnforceLimits Behavior = "enforce-limits"
	TruncateData  Behavior = "truncate-data"
	BodyOverflow  Behavior = "body-overflow"
	BodyOnly      Behavior = "body-only"
)

// ParseBehavior checks a behavior's name: 22023 for an unknown one.
func ParseBehavior(s string) (Behavior, error) { return "", errStub }

// Definition is one version of a resource as s3db.js declares it.
type Definition struct {
	attributes *ojson.Value // ordered
	Behavior   Behavior
	// Timestamps is s3db.js's own option. Definitions made by BuildDefinition
	// leave it false and declare createdAt and updatedAt (section 15).
	Timestamps  bool
	Partitions  []PartitionDef
	Paranoid    bool
	IDSize      int
	IDGenerator string // "default", "custom", "incremental"
}

// PartitionDef is a partition as declared: fields in declaration order.
type PartitionDef struct {
	Name   string
	Fields []PartitionFieldDef
}

// PartitionFieldDef is one field: a dotted path, or _v, and its rule.
type PartitionFieldDef struct{ Name, Rule string }

// TableSpec is what CREATE RESOURCE and CREATE TABLE give.
type TableSpec struct {
	Columns     []ColumnSpec
	Behavior    Behavior // "" is body-overflow
	Timestamps  bool     // declare createdAt, updatedAt and their two partitions
	Versioning  bool     // add byVersion
	Partitions  []PartitionDef
	Paranoid    bool
	IDSize      int    // 0 is 22
	IDGenerator string // "" is default
}

// ColumnSpec is one column: exactly one of Rule, Type and Children decides.
type ColumnSpec struct {
	Name     string
	Rule     string  // s3db.js rule, verbatim
	Type     SQLType // plain SQL column
	Children []ColumnSpec
	NotNull  bool
}

// BuildDefinition makes a definition that s3db.js 19 and 21 both open
// (section 15), and the exact SQL types (by dotted path) that must be kept in
// our own object and given back in Options.Types. 22023 for a rule that is
// unknown or whose type words contradict it (trap 1), 42602 for a name that
// the format can't carry.
func BuildDefinition(spec TableSpec) (*Definition, map[string]SQLType, error) {
	return nil, nil, errStub
}

// ---- manifest -------------------------------------------------------------

// Manifest is s3db.json. It is changed only by its methods and keeps every
// member that it does not know.
type Manifest struct{ doc *ojson.Value }

// NewManifest is the catalog of an empty database.
func NewManifest(now time.Time) *Manifest { return nil }

// ParseManifest reads s3db.json; XX001 if it is damaged.
func ParseManifest(data []byte) (*Manifest, error) { return nil, errStub }

// Bytes is the file: JSON with two spaces.
func (m *Manifest) Bytes() []byte { return nil }

// Clone copies the manifest.
func (m *Manifest) Clone() *Manifest { return nil }

// WriterVersion is s3dbVersion: of who wrote the catalog last.
func (m *Manifest) WriterVersion() string { return "" }

// Resources are the names in the order of the file.
func (m *Manifest) Resources() []string { return nil }

// Resource returns the entry, or nil.
func (m *Manifest) Resource(name string) *Resource { return nil }

// Create adds a resource whose first version is v1: 42P07 if it exists, 42602
// for a name that keys can't carry.
func (m *Manifest) Create(name string, def *Definition, now time.Time) (*Resource, error) {
	return nil, errStub
}

// Drop removes a resource.
func (m *Manifest) Drop(name string) {}

// Resource is one resource of a manifest.
type Resource struct{}

// Name of the resource.
func (r *Resource) Name() string { return "" }

// CurrentVersion is the name of the version that writers use ("v1").
func (r *Resource) CurrentVersion() string { return "" }

// Versions are the names in ascending order.
func (r *Resource) Versions() []string { return nil }

// Definition returns that version's definition; nil if there is none.
func (r *Resource) Definition(version string) *Definition { return nil }

// Hash is the stored definition hash of a version.
func (r *Resource) Hash(version string) string { return "" }

// SetDefinition makes a new version if def's hash differs from the current
// one's, keeps the indexes of attributes for life and burns those of removed
// ones. changed says whether there is a new version; options that are not in the
// hash are updated in place.
func (r *Resource) SetDefinition(def *Definition, now time.Time) (changed bool, err error) {
	return false, errStub
}

// RenameAttribute gives an attribute another name and its old index, so that
// stored documents keep their values.
func (r *Resource) RenameAttribute(from, to string, now time.Time) error { return errStub }

// Plugin says that the resource belongs to a plugin of s3db.js (plg_*, and
// 6.2's own names) and should be read-only.
func (r *Resource) Plugin() bool { return false }

// ManifestKey is the key of the catalog.
const ManifestKey = "s3db.json"

// LoadManifest reads the catalog and its ETag; a missing one is an empty
// manifest with ETag "".
func LoadManifest(ctx context.Context, st objstore.Store) (*Manifest, string, error) {
	return nil, "", errStub
}

// ManifestWriter changes the catalog as section 3 and 15 say: under the lock
// object that s3db.js 19 and 21 take, on a fresh read, with If-Match.
type ManifestWriter struct {
	Store objstore.Store
	Clock clock.Clock
	Rand  rng.Source
	// Holder names this process in the lock object.
	Holder string
}

// Update reads the catalog, applies change, and writes it if it differs; it
// starts again (change is called again) when another writer was faster. An error
// of change ends it with nothing written. 55P03 if the lock can't be had, 40001
// after three lost races.
func (w *ManifestWriter) Update(ctx context.Context, change func(*Manifest) error) (*Manifest, string, error) {
	return nil, "", errStub
}

// ---- schema ---------------------------------------------------------------

// Schema is a resource opened for reading and writing. It is immutable and safe
// for concurrent use.
type Schema struct {
	Name       string
	Behavior   Behavior
	Version    string // the current one, which writes carry
	Era        Era
	Columns    []*Column
	Partitions []*Partition
}

// Open compiles a resource. Errors: 42P01 if the manifest has none of that
// name, XX001 for a definition that can't be read.
func Open(m *Manifest, name string, opt Options) (*Schema, error) { return nil, errStub }

// Column returns the index of the column with that dotted name, or -1.
func (s *Schema) Column(name string) int { return -1 }

// NeedsBody says whether the columns wanted (nil: all) can't be decoded from
// the metadata alone, as a HEAD or a listing with metadata gives it. size is the
// object's.
func (s *Schema) NeedsBody(md objstore.Metadata, size int64, want []bool) bool { return true }

// Decode reads a document. want selects columns (nil: all); the others stay nil
// in Values but are kept as stored, so that the row can be written back. key is
// for errors. A value that can't be decoded is XX001, a secret that does not
// decrypt 28P01, each naming key and attribute.
func (s *Schema) Decode(key, id string, o Object, want []bool) (*Row, error) {
	return nil, errStub
}

// NewRow is an empty row, all NULL.
func (s *Schema) NewRow(id string) *Row { return nil }

// Encode makes the object of a row. set says which columns of Values count
// (nil: all); the others keep their stored form. insert is false for the
// rewrite of a row that was read: limits count the id then, as the library does.
// 54000 with size, limit and excess in the detail where the row does not fit.
func (s *Schema) Encode(row *Row, set []bool, insert bool) (*Encoded, error) {
	return nil, errStub
}

// ApplyDefaults fills NULL columns that have a default rule (inserts only).
func (s *Schema) ApplyDefaults(row *Row) error { return errStub }

// Validate checks the rules of the columns set (nil: all) and returns every
// violation, in column order.
func (s *Schema) Validate(row *Row, set []bool) []Violation { return nil }

// Violation is one failing rule.
type Violation struct {
	Attribute string // dotted
	Rule      string // required, min, max, pattern …
	Message   string
}

// ViolationError is nil for none; 23502 if a required attribute is missing,
// else 23514, with each attribute and rule in the detail.
func (s *Schema) ViolationError(vs []Violation) error { return nil }

// ---- keys -----------------------------------------------------------------

// Partition is a partition of an open resource.
type Partition struct {
	Name string
	// Fields sorted by name, as they stand in the key.
	Fields []*PartitionField
	schema *Schema
}

// PartitionField is one field of a partition.
type PartitionField struct {
	Name string
	Rule string
	// Column is its index in Schema.Columns, -1 for _v.
	Column int
	// Lossless: the key's text determines the column's value.
	Lossless bool
	// Ordered: keys order as the column's values do in SQL (collation C).
	Ordered bool
}

// CheckID refuses ids that keys can't carry: 22023 for characters (only without
// EscapeKeys), 54000 for length.
func (s *Schema) CheckID(id string) error { return errStub }

// DataKey is the key of a row's object; errors as CheckID.
func (s *Schema) DataKey(id string) (string, error) { return "", errStub }

// DataPrefix is the prefix that all rows' keys share: resource=R/data/id=.
func (s *Schema) DataPrefix() string { return "" }

// ParseDataKey returns the id in a row's key, also of 6.2's ids with slashes;
// ok is false for a key that is no row of this resource.
func (s *Schema) ParseDataKey(key string) (id string, ok bool) { return "", false }

// Render gives the key text of a field's value, after the rule; ok is false
// for NULL. 22023 for text that keys can't carry.
func (f *PartitionField) Render(v any) (text string, ok bool, err error) { return "", false, errStub }

// Parse gives back the column's value from the key text of a lossless field.
func (f *PartitionField) Parse(text string) (any, error) { return nil, errStub }

// Prefix is the listing prefix of a leading run of field values (SQL values);
// it ends with "/". An empty run lists the partition. ok is false if a value is
// NULL, which no reference has.
func (p *Partition) Prefix(values []any) (prefix string, ok bool, err error) {
	return "", false, errStub
}

// Reference is the key of a row's reference; ok is false if a field is NULL.
func (p *Partition) Reference(row *Row) (key string, ok bool, err error) { return "", false, errStub }

// ParseReference splits a reference's key into the texts of its fields and the
// id. ok is false for a key that is none.
func (p *Partition) ParseReference(key string) (texts []string, id string, ok bool) {
	return nil, "", false
}

// ReferenceObject is the object of a reference. covering gives it the row's
// stamp as body.
func (s *Schema) ReferenceObject(covering bool, stamp uint64) Object { return Object{} }

// UniqueKey is the key of a unique-key object: resource=R/unique=NAME/TEXT. ok
// is false if a value is NULL (NULLs are distinct).
func (s *Schema) UniqueKey(name string, ts []SQLType, values []any) (key string, ok bool, err error) {
	return "", false, errStub
}

// EncodeKey renders the values of a declared primary key as an id (before
// EscapeID), reversibly; equal values give equal text.
func EncodeKey(ts []SQLType, values []any) (string, error) { return "", errStub }

// DecodeKey is the inverse of EncodeKey.
func DecodeKey(ts []SQLType, id string) ([]any, error) { return nil, errStub }

// ---- ids, stamps, secrets -------------------------------------------------

// IDGenerator makes ids.
type IDGenerator func() string

// NewIDGenerator returns the generator of that name (nanoid, uuid, uuidv1,
// uuidv7, ulid; "default" is nanoid); size is nanoid's, 0 is 22. 22023 for an
// unknown one.
func NewIDGenerator(name string, size int, src rng.Source, clk clock.Clock) (IDGenerator, error) {
	return nil, errStub
}

// AppendStamp ends a body with a stamp.
func AppendStamp(body []byte, stamp uint64) []byte { return nil }

// SplitStamp takes the stamp off a body.
func SplitStamp(body []byte) (rest []byte, stamp uint64, ok bool) { return nil, 0, false }

// Secrets encrypts and decrypts with one passphrase. It caches derived keys,
// within a bound.
type Secrets struct{}

// NewSecrets makes a Secrets; "" is the library's default passphrase, "secret".
func NewSecrets(passphrase string, src rng.Source) *Secrets { return nil }

var _ types.OID

type field struct{}

type layout struct{}
