package rows

import (
	"sync"

	"github.com/s3db-sql/s3db-sql/sql/types"
	"github.com/s3db-sql/s3db-sql/storage"
	"github.com/s3db-sql/s3db-sql/storage/s3db"
)

// Keyring opens tables with a session's own passphrases. It is safe for concurrent use.
type Keyring struct {
	secrets *s3db.Secrets

	mu   sync.Mutex
	open map[types.OID]unlocked
}

// unlocked is a table, and what it is with the passphrases.
type unlocked struct{ base, own *table }

// NewKeyring makes a Keyring.
func NewKeyring(secrets *s3db.Secrets) *Keyring {
	return &Keyring{secrets: secrets, open: map[types.OID]unlocked{}}
}

// Tables are the same tables, whose secrets open with the keyring's passphrases alone.
func (k *Keyring) Tables(of storage.Tables) storage.Tables { return keyed{of, k} }

type keyed struct {
	storage.Tables
	ring *Keyring
}

// Table implements storage.Tables.
func (k keyed) Table(oid types.OID) (storage.Table, error) {
	opened, err := k.Tables.Table(oid)
	base, ok := opened.(*table)
	if err != nil || !ok {
		return opened, err
	}
	return k.ring.unlock(oid, base)
}

func (k *Keyring) unlock(oid types.OID, base *table) (storage.Table, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if u := k.open[oid]; u.base == base {
		return u.own, nil
	}
	schema, err := base.schema.WithSecrets(k.secrets)
	if err != nil {
		return nil, err
	}
	own := *base
	own.schema = schema
	k.open[oid] = unlocked{base, &own}
	return &own, nil
}
