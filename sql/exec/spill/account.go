package spill

import "sync/atomic"

// Config is where and when a query spills.
type Config struct {
	// Limit is the bytes one operator may hold before it spills (work_mem).
	Limit int64
	// Dir holds the temporary files; "" means the system's.
	Dir string
	// BatchSize is the number of rows per batch read back.
	BatchSize int
}

// Account is the memory and disk use of one operator. It is safe for
// concurrent use.
type Account struct {
	Config
	used, peak, spilled atomic.Int64
	files               atomic.Int64
}

// NewAccount makes an account under cfg.
func NewAccount(cfg Config) *Account { return &Account{Config: cfg} }

// Set records that the operator holds n bytes, and says whether that is within
// the limit.
func (a *Account) Set(n int64) bool {
	a.used.Store(n)
	a.raise(n)
	return n <= a.Limit
}

// Add changes the bytes held by n, and says whether they are within the limit.
func (a *Account) Add(n int64) bool {
	used := a.used.Add(n)
	a.raise(used)
	return used <= a.Limit
}

func (a *Account) raise(n int64) {
	for {
		peak := a.peak.Load()
		if n <= peak || a.peak.CompareAndSwap(peak, n) {
			return
		}
	}
}

// Used, Peak and Spilled are the bytes held now, at most, and written to disk.
func (a *Account) Used() int64    { return a.used.Load() }
func (a *Account) Peak() int64    { return a.peak.Load() }
func (a *Account) Spilled() int64 { return a.spilled.Load() }

// Files is the number of temporary files open.
func (a *Account) Files() int64 { return a.files.Load() }
