package catalog

// Collation is one pg_collation entry that the database itself defines.
type Collation struct {
	OID      OID    `json:"oid"`
	Schema   string `json:"schema"`
	Name     string `json:"name"`
	Provider byte   `json:"provider"` // pg_collation.collprovider: c, i
	// Collate and Ctype are libc's locales, ICULocale is ICU's.
	Collate          string `json:"collate,omitempty"`
	Ctype            string `json:"ctype,omitempty"`
	ICULocale        string `json:"iculocale,omitempty"`
	Nondeterministic bool   `json:"nondeterministic,omitempty"`
	Encoding         int32  `json:"encoding"`
	Comment          string `json:"comment,omitempty"`
}

// Signature names it within the database.
func (c *Collation) Signature() string { return c.Schema + "." + c.Name }
