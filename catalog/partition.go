package catalog

import (
	"slices"

	"github.com/s3db-sql/s3db-sql/sql/types"
)

// PartitionStrategy is pg_partitioned_table.partstrat.
type PartitionStrategy byte

// How the rows of a partitioned table are divided.
const (
	ByList  PartitionStrategy = 'l'
	ByRange PartitionStrategy = 'r'
	ByHash  PartitionStrategy = 'h'
)

// Partitioning is PARTITION BY (pg_partitioned_table).
type Partitioning struct {
	Strategy PartitionStrategy `json:"strategy"`
	Keys     []PartitionKey    `json:"keys"`
}

// PartitionKey is one column or expression of a partition key.
type PartitionKey struct {
	// Column is the name of a plain column; else Expr is SQL text, in parentheses
	// unless it is a function call.
	Column string `json:"column,omitempty"`
	Expr   string `json:"expr,omitempty"`
	// Type of the expression or column.
	Type types.OID `json:"type"`
	// Collation where COLLATE says another one than the type's own.
	Collation types.OID `json:"collation,omitempty"`
	// Opclass is the name of an operator class that is not the type's default.
	Opclass string `json:"opclass,omitempty"`
	// OpclassOID is its oid where the database defines it, else 0.
	OpclassOID types.OID `json:"opclassOID,omitempty"`
	// Hash is the function of the database's that hashes the value, 0 where the type's
	// own does.
	Hash types.OID `json:"hash,omitempty"`
}

// Clone copies deeply; of nil it is nil.
func (p *Partitioning) Clone() *Partitioning {
	if p == nil {
		return nil
	}
	return &Partitioning{Strategy: p.Strategy, Keys: slices.Clone(p.Keys)}
}

// Renamed is p after a column has got another name; texts has its expressions in
// their new words.
func (p *Partitioning) Renamed(from, to string, texts map[string]string) *Partitioning {
	c := p.Clone()
	if c == nil {
		return nil
	}
	for i := range c.Keys {
		k := &c.Keys[i]
		if k.Column == from {
			k.Column = to
		}
		if text, ok := texts[k.Expr]; ok && k.Expr != "" {
			k.Expr = text
		}
	}
	return c
}

// PartitionBound is FOR VALUES (PartitionBoundSpec). It is never changed.
type PartitionBound struct {
	Strategy PartitionStrategy `json:"strategy"`
	Default  bool              `json:"default,omitempty"`
	// List of ByList; Lower and Upper of ByRange, one for each column of the key.
	List  []PartitionDatum `json:"list,omitempty"`
	Lower []PartitionDatum `json:"lower,omitempty"`
	Upper []PartitionDatum `json:"upper,omitempty"`
	// Modulus and Remainder of ByHash.
	Modulus   int32 `json:"modulus,omitempty"`
	Remainder int32 `json:"remainder,omitempty"`
}

// PartitionDatum is one value of a bound, as text of the key's type.
type PartitionDatum struct {
	// Infinite is -1 for MINVALUE and 1 for MAXVALUE.
	Infinite int8   `json:"infinite,omitempty"`
	Null     bool   `json:"null,omitempty"`
	Value    string `json:"value,omitempty"`
}
