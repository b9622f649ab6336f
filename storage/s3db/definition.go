package s3db

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"

	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/storage/s3db/internal/ojson"
)

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

var behaviors = []Behavior{UserManaged, EnforceLimits, TruncateData, BodyOverflow, BodyOnly}

// ParseBehavior checks a behavior's name: 22023 for an unknown one.
func ParseBehavior(s string) (Behavior, error) {
	if b := Behavior(s); slices.Contains(behaviors, b) {
		return b, nil
	}
	return "", pgerr.New(pgerr.InvalidParameterValue, "invalid value for option \"behavior\": \"%s\"", s).
		WithDetail("Valid values are \"user-managed\", \"enforce-limits\", \"truncate-data\", \"body-overflow\", and \"body-only\".")
}

// Definition is one version of a resource as s3db.js declares it. The methods
// that change one are for a Definition of one's own (Clone).
type Definition struct {
	attributes *ojson.Value
	Behavior   Behavior
	// Timestamps is s3db.js's own option: it sets createdAt and updatedAt itself.
	// Definitions made by BuildDefinition leave it false and declare the two
	// attributes (section 15).
	Timestamps bool
	// NestedRequired is allNestedObjectsOptional: false.
	NestedRequired bool
	Partitions     []PartitionDef
	Paranoid       bool
	IDSize         int
	IDGenerator    string // default, custom, incremental
}

// PartitionDef is a partition as declared: fields in declaration order.
type PartitionDef struct {
	Name   string
	Fields []PartitionFieldDef
}

// PartitionFieldDef is one field: a dotted path, or _v, and its rule.
type PartitionFieldDef struct{ Name, Rule string }

// Clone copies the definition.
func (d *Definition) Clone() *Definition {
	c := *d
	c.attributes = d.attributes.Clone()
	c.Partitions = slices.Clone(d.Partitions)
	return &c
}

// Attributes parses the definition's attributes in JavaScript's order.
func (d *Definition) Attributes(era Era) []*Attribute { return parseAttributes(d.attributes, nil, era) }

// JSON is the attributes object as the definition has it.
func (d *Definition) JSON() string { return d.attributes.Compact() }

// Hash is the definition hash (section 3).
func (d *Definition) Hash() string {
	attributes := d.attributes.Clone()
	if d.Timestamps {
		attributes.Delete("createdAt")
		attributes.Delete("updatedAt")
	}
	behavior := d.Behavior
	if behavior == "" {
		behavior = UserManaged
	}
	j := ojson.Obj()
	j.Set("attributes", attributes)
	j.Set("behavior", ojson.Str(string(behavior)))
	j.Set("partitions", partitionsJSON(d.Partitions))
	sum := sha256.Sum256([]byte(j.Canonical()))
	return "sha256:" + hex.EncodeToString(sum[:])
}

func partitionsJSON(parts []PartitionDef) *ojson.Value {
	out := ojson.Obj()
	for _, p := range parts {
		fields := ojson.Obj()
		for _, f := range p.Fields {
			fields.Set(f.Name, ojson.Str(f.Rule))
		}
		part := ojson.Obj()
		part.Set("fields", fields)
		out.Set(p.Name, part)
	}
	return out
}

func parsePartitions(v *ojson.Value) []PartitionDef {
	var out []PartitionDef
	for _, m := range v.InOrder() {
		p := PartitionDef{Name: m.Key}
		for _, f := range m.Value.Get("fields").InOrder() {
			p.Fields = append(p.Fields, PartitionFieldDef{f.Key, f.Value.Text})
		}
		out = append(out, p)
	}
	return out
}

// Partition returns the partition of that name, or nil.
func (d *Definition) Partition(name string) *PartitionDef {
	for i := range d.Partitions {
		if d.Partitions[i].Name == name {
			return &d.Partitions[i]
		}
	}
	return nil
}

// DropPartition removes a partition.
func (d *Definition) DropPartition(name string) {
	d.Partitions = slices.DeleteFunc(d.Partitions, func(p PartitionDef) bool { return p.Name == name })
}

// find returns the object that holds the last step of the path, or nil.
func (d *Definition) find(path []string) (*ojson.Value, string) {
	last := len(path) - 1
	at := d.attributes.Path(path[:last]...)
	if !at.IsObject() {
		return nil, ""
	}
	return at, path[last]
}

// Has says whether the attribute at that path exists.
func (d *Definition) Has(path []string) bool {
	at, key := d.find(path)
	return at.Get(key) != nil
}

// DropAttribute removes the attribute at that path, and whatever is in it. It
// reports whether there was one.
func (d *Definition) DropAttribute(path []string) bool {
	at, key := d.find(path)
	if at.Get(key) == nil {
		return false
	}
	at.Delete(key)
	return true
}
