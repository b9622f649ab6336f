package session

import (
	"time"

	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/funcs"
	"github.com/s3db-sql/s3db-sql/sql/planner/bind"
	"github.com/s3db-sql/s3db-sql/sql/txn/lock"
	"github.com/s3db-sql/s3db-sql/sql/types"
	"github.com/s3db-sql/s3db-sql/storage"
	"github.com/s3db-sql/s3db-sql/storage/objstore"
)

// facts implements funcs.Session for one statement.
type facts struct {
	*Session
	out Output
}

var _ funcs.Session = (*facts)(nil)

func (f *facts) CurrentDatabase() string { return f.database }

func (f *facts) CurrentSchemas(implicit bool) []string {
	if !implicit {
		return f.searchPath()
	}
	return f.fullPath()
}

func (f *facts) CurrentUser() string { return f.role() }
func (f *facts) SessionUser() string { return f.sessionUser() }
func (f *facts) BackendPID() int32   { return f.pid }

func (f *facts) Setting(name string) (string, bool) { return f.values.Get(name) }

func (f *facts) SetSetting(name, value string, local bool) error {
	f.envDirty = true
	return f.assign(name, value, local)
}

// Random implements funcs.Randomness: setseed is the session's own.
func (f *facts) Random() *funcs.PRNG {
	if f.random == nil {
		f.random = funcs.NewPRNG(f.db.Rand)
	}
	return f.random
}

func (f *facts) Catalog() funcs.Catalog { return f.db.Functions(view{f.Session}) }

func (f *facts) Notice(err error) {
	if n := pgerr.As(err); n != nil {
		// The client's end shows in the next write of the result.
		_ = f.notice(f.out, n)
	}
}

// view implements View.
type view struct{ s *Session }

func (v view) Catalog() catalog.Reader            { return v.s.catalog() }
func (v view) SearchPath() []string               { return v.s.fullPath() }
func (v view) TempSchema() string                 { return v.s.tempSchema }
func (v view) User() string                       { return v.s.role() }
func (v view) Database() string                   { return v.s.database }
func (v view) Setting(name string) (string, bool) { return v.s.values.Get(name) }

func (v view) SequenceLastValue(seq *catalog.Relation) (int64, bool) {
	st, err := v.s.counters(seq.OID).State(v.s.ctx, counterOf(seq))
	return st.Last, st.Called && err == nil
}

func (v view) ViewReferences(rel *catalog.Relation) []catalog.Reference {
	refs, _ := bind.ViewReferences(v.s.bindEnv(nil), rel.Definition) // a text that can't be bound refers to nothing
	return refs
}

func (v view) ExprReferences(e catalog.KeptExpr) []catalog.Reference {
	refs, _ := bind.ExprReferences(v.s.bindEnv(nil), e)
	return refs
}

func (v view) BodyReferences(f *catalog.Function) []catalog.Reference {
	refs, _ := bind.BodyReferences(v.s.bindEnv(nil), f)
	return refs
}

// TableStats implements View.
func (v view) TableStats(rel *catalog.Relation) storage.Stats {
	unknown := storage.Stats{Rows: -1, Bytes: -1}
	if v.s.tx == nil {
		return unknown
	}
	t, err := v.s.tx.writes.Planning().Table(rel.OID)
	if err != nil {
		return unknown
	}
	return t.Stats()
}

// Transactions implements View.
func (v view) Transactions() (committed, rolledBack int64) {
	return v.s.db.ended.committed.Load(), v.s.db.ended.rolledBack.Load()
}

func (v view) Activities() []Activity {
	var out []Activity
	v.s.db.activity.Range(func(_, s any) bool {
		out = append(out, s.(*Session).Activity())
		return true
	})
	return out
}

func (v view) Locks() []lock.Held { return v.s.db.txns.Locks.List() }

// Activity is what pg_stat_activity shows of a session.
type Activity struct {
	PID          int32
	Database     string
	User         string
	Application  string
	Remote       string
	Local        string
	Encryption   *Encryption // nil without TLS
	BackendStart time.Time
	XactStart    time.Time  // zero outside of a transaction
	XID          types.XID8 // 0 for none
	QueryStart   time.Time
	StateChange  time.Time
	State        string // active, idle, idle in transaction, idle in transaction (aborted)
	Query        string
	Usage        objstore.Usage
	Copy         *CopyProgress   // nil for none
	Vacuum       *VacuumProgress // nil for none
	Index        *IndexProgress  // nil for none
}

// Encryption is what pg_stat_ssl shows of a connection, with OpenSSL's names. The client
// is that of its certificate, if it has shown one.
type Encryption struct {
	Version, Cipher                  string
	Bits                             int32
	ClientDN, ClientSerial, IssuerDN string
}

// Activity may be called from any goroutine.
func (s *Session) Activity() Activity {
	s.mu.Lock()
	a := s.activity
	s.mu.Unlock()
	a.Usage, a.Copy, a.Vacuum, a.Index = s.meter.Usage(), s.copying.Load().snapshot(), s.vacuuming.Load().snapshot(), s.building.Load().snapshot()
	return a
}

// running records that a statement runs.
func (s *Session) running(query string) {
	now := s.moment()
	query = shownText(query)
	s.mu.Lock()
	defer s.mu.Unlock()
	a := &s.activity
	a.State, a.Query, a.QueryStart, a.StateChange = "active", query, now, now
	a.Application = s.vars().application
}

var idleStates = map[Status]string{
	Idle: "idle", Block: "idle in transaction", Failed: "idle in transaction (aborted)",
}

// rested records that no statement runs any more.
func (s *Session) rested() {
	s.mu.Lock()
	defer s.mu.Unlock()
	a := &s.activity
	a.State, a.StateChange, a.XactStart, a.XID = idleStates[s.Status()], s.db.Clock.Now(), time.Time{}, 0
	if s.tx != nil {
		a.XactStart, a.XID = s.tx.start, s.tx.id
	}
}
