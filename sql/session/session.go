package session

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/funcs"
	"github.com/s3db-sql/s3db-sql/sql/mb"
	"github.com/s3db-sql/s3db-sql/sql/settings"
	"github.com/s3db-sql/s3db-sql/sql/txn/lock"
	"github.com/s3db-sql/s3db-sql/sql/types"
	"github.com/s3db-sql/s3db-sql/storage"
	"github.com/s3db-sql/s3db-sql/storage/objstore"
)

// Session is one client's session. One goroutine uses it at a time, but for
// Activity.
type Session struct {
	// cascade takes down what goes with the parts of a schema that is dropped.
	cascade *[]dependent

	ctx context.Context // of the connection
	db  *Database
	// cat is the catalog with the session's temporary schema, tempSchema.
	cat        catalog.Catalog
	tempSchema string
	// database is the name that the client connected to.
	database   string
	databaseID types.OID // its oid, once it was asked for
	user       string
	// definer is the owner of the SECURITY DEFINER function that runs, "" for none.
	definer string
	pid     int32
	remote  string
	values  *settings.Values
	// variables are read through vars.
	variables variables
	tx        *transaction
	// message is when the message came that is worked on.
	message time.Time
	more    bool // other statements of its pipeline may follow on the running one
	several bool // the running message has several statements: a block, to some
	meter   *objstore.Meter

	statements map[string]*prepared
	portals    map[string]*portal
	// keyring has the tables as the session's own passphrases open them; nil: none.
	keyring *keyring
	// templates are by the keys of outlines.
	templates map[string]*template
	// fastpath are the calls of functions by oid.
	fastpath map[types.OID]*prepared
	// texts are what unnamed statements became, by their text.
	texts  map[string]*prepared
	random *funcs.PRNG
	used   seqCache
	// tempCounters are those of temporary sequences, made with the first of them.
	tempCounters storage.Sequences
	// routines are the bodies of functions that it has planned; depth counts those
	// that run within each other.
	routines map[routineKey]*routineCode
	depth    int
	// inner is the innermost running function of a procedural language, nil for
	// none; compiled and casts are what those have made. nonatomic: the procedure
	// that is about to be called may end the transaction.
	inner    *spi
	compiled map[cacheKey]any
	// languageStates are what procedural languages keep for the session.
	languageStates map[stateKey]any
	casts          map[castKey]*evaluators
	nonatomic      bool
	// portalNumber is that of the newest portal without a name of its own.
	portalNumber int
	// triggers are the trigger functions that run, the innermost last.
	triggers []triggerCall

	// env is the formatting environment, rebuilt when a setting changed.
	env      *types.Env
	envDirty bool
	input    environment // of InputEnv

	// client is nil for a session of the server's own.
	client Client
	// locks are its advisory locks.
	locks *lock.Owner
	// listening are the channels that it listens on, in the order of LISTEN.
	listening []string

	// listener is the client while it waits for a statement's answer.
	listener listener
	// unheard are warnings of Parse, for the next one who listens.
	unheard []*pgerr.Error

	// copying is the COPY that runs, nil for none.
	copying atomic.Pointer[copyProgress]
	// building is the index that is being built, nil for none.
	building atomic.Pointer[indexProgress]
	// vacuuming is the VACUUM RESOURCE or ROTATE SECRET that runs, nil for none.
	vacuuming atomic.Pointer[vacuumProgress]

	mu       sync.Mutex // guards activity
	activity Activity
}

// Options of a new session.
type Options struct {
	User     string
	Database string
	PID      int32
	Remote   string
	Local    string // the address of this end
	// Encryption is nil without TLS.
	Encryption *Encryption
	// Report is told of each reported parameter's value.
	Report func(name, value string)
	// Client is who the session talks to; nil for none.
	Client Client
	// Defaults are what the server's configuration says of parameters, Settings the client's start-up parameters in
	// order.
	Defaults, Settings [][2]string
}

// Client is what a session, and others, may tell a client. The methods may be
// called from any goroutine.
type Client interface {
	// Notify delivers a notification between transactions; false where too many
	// wait.
	Notify(pid int32, channel, payload string) bool
	// Cancel ends the statement that runs with an error, Terminate the session.
	Cancel(cause *pgerr.Error)
	Terminate(reason *pgerr.Error)
}

// New opens a session that lives as long as ctx at the most. Errors are those of who may
// not log in, and 22023 and 42704 for bad start-up settings.
func New(ctx context.Context, db *Database, o Options) (*Session, error) {
	s := &Session{
		ctx: ctx, db: db, database: o.Database, user: o.User, pid: o.PID, remote: o.Remote, client: o.Client, locks: lock.NewOwner(o.PID),
		meter:      objstore.NewMeter(nil),
		statements: map[string]*prepared{}, portals: map[string]*portal{}, templates: map[string]*template{}, texts: map[string]*prepared{}, envDirty: true,
	}
	s.tempSchema = "pg_temp_" + strconv.Itoa(int(o.PID))
	if s.cat = db.Catalog; db.Temporary != nil {
		s.cat = db.Temporary(s.tempSchema)
	}
	started := false // what is reported at the start comes in one piece, below
	s.values = settings.NewValues(func(st *settings.Setting, value string) {
		s.envDirty = true
		if o.Report != nil && started {
			o.Report(st.Name, value)
		}
	})
	s.values.Preset("session_authorization", o.User)
	role, err := s.login()
	if err != nil {
		return nil, err
	}
	for _, kv := range o.Defaults {
		if err := s.values.Configure(kv[0], kv[1]); err != nil {
			return nil, err
		}
	}
	for _, kv := range o.Settings {
		if err := s.values.Startup(kv[0], kv[1]); err != nil {
			return nil, err
		}
	}
	if err := s.beginWith(role, o.Settings); err != nil {
		return nil, err
	}
	started = true
	if o.Report != nil {
		for _, st := range settings.All() {
			if st.Report {
				value, _ := s.values.Get(st.Name)
				o.Report(st.Name, value)
			}
		}
	}
	s.activity = Activity{PID: o.PID, User: o.User, Remote: o.Remote, Local: o.Local, Database: o.Database, Encryption: o.Encryption,
		BackendStart: db.Clock.Now(), State: "idle"}
	db.activity.Store(o.PID, s)
	return s, nil
}

// Close rolls back and forgets everything.
func (s *Session) Close() {
	s.closePortals(true)
	if s.tx != nil {
		_ = s.end(context.Background(), false)
	}
	s.db.channels.apply(s, []listenAction{{unlisten: true}})
	s.UnlockAll()
	s.db.activity.Delete(s.pid)
}

// Status is the transaction's state.
func (s *Session) Status() Status {
	switch {
	case s.tx == nil || !s.tx.block:
		return Idle
	case s.tx.failed:
		return Failed
	}
	return Block
}

// Fail tells of an error outside the session's own methods: the open
// transaction fails.
func (s *Session) Fail(ctx context.Context) { s.fail(ctx) }

// Env is how values are read and written now.
func (s *Session) Env() *types.Env {
	if s.envDirty {
		s.env = s.makeEnv()
		s.envDirty = false
	}
	return s.env
}

var dateStyles = map[string]types.DateStyle{
	"ISO": types.DateISO, "SQL": types.DateSQL, "Postgres": types.DatePostgres, "German": types.DateGerman,
}

var dateOrders = map[string]types.DateOrder{"MDY": types.OrderMDY, "DMY": types.OrderDMY, "YMD": types.OrderYMD}

var intervalStyles = map[string]types.IntervalStyle{
	"postgres": types.IntervalPostgres, "postgres_verbose": types.IntervalPostgresVerbose,
	"sql_standard": types.IntervalSQLStandard, "iso_8601": types.IntervalISO8601,
}

func (s *Session) makeEnv() *types.Env {
	style, order, _ := strings.Cut(s.values.Raw("DateStyle"), ", ")
	_, loc, err := settings.Zone(s.values.Raw("TimeZone"))
	if err != nil {
		loc = time.UTC // checked when it was set
	}
	return &types.Env{
		DateStyle: dateStyles[style], DateOrder: dateOrders[order],
		IntervalStyle:    intervalStyles[s.values.Raw("IntervalStyle")],
		Location:         loc,
		ExtraFloatDigits: int(s.values.Int("extra_float_digits")),
		ByteaEscape:      s.values.Raw("bytea_output") == "escape",
		Client:           s.clientEncoding(),
		Clock:            s.db.Clock.Now,
		Names:            names{s},
		CheckDomain:      (&domainChecker{s: s}).check,
		Notice:           s.tell,
	}
}

// listener is where notices of a statement's values go; source is the text that
// their places count in.
type listener struct {
	out    Output
	source string
}

// listen names the listener, until unlisten.
func (s *Session) listen(out Output, source string) { s.listener = listener{out, source} }

func (s *Session) unlisten() { s.listener = listener{} }

// tell sends a notice of an input function or of another on values.
func (s *Session) tell(n *pgerr.Error) {
	// The client's end shows in the next write of the result.
	_ = s.notice(s.listener.out, n.Locate(s.listener.source))
}

// InputEnv is how the values of Bind's parameters are read, until the next call: 'now'
// among them is the start of the transaction that Bind begins (exec_bind_message).
func (s *Session) InputEnv() *types.Env {
	s.message = s.db.Clock.Now()
	return s.inputEnv()
}

func (s *Session) inputEnv() *types.Env {
	s.begin(false)
	e := s.fillEnv(&s.input)
	e.Client = s.Env().Client
	return e
}

// clientEnv is statementEnv for values that come from the client or go to it.
func (s *Session) clientEnv() *types.Env {
	e := s.statementEnv()
	e.Client = s.Env().Client
	return e
}

// clientEncoding converts the client's texts; nil where they are UTF8.
func (s *Session) clientEncoding() *mb.Client {
	e, _ := mb.Named(s.values.Raw("client_encoding"))
	c, err := mb.NewClient(e)
	if err != nil {
		return nil // checked when it was set
	}
	return c
}

// statementEnv is Env with the statement's time, the transaction's start and
// the catalog's types.
func (s *Session) statementEnv() *types.Env { return s.fillEnv(&environment{}) }

// environment is a statement's types.Env, which may be filled again for another one.
type environment struct {
	types.Env
	domains domainChecker
	check   func(*types.Type, any) error // of domains
}

// fillEnv makes the statementEnv of this moment in e.
func (s *Session) fillEnv(e *environment) *types.Env {
	if e.check == nil {
		e.domains.s, e.check = s, e.domains.check
	}
	e.domains.forget()
	e.Env = *s.Env()
	e.StatementTime = s.moment()
	e.Now = e.StatementTime
	if s.tx != nil {
		e.Now = s.tx.start
	}
	e.Types = s.catalog().Types()
	e.CheckDomain = e.check
	e.Client = nil // operators run beside each other, and what they make stays here
	return &e.Env
}

// catalog is the catalog as the session sees it now.
func (s *Session) catalog() catalog.Reader {
	if s.tx != nil {
		return s.tx.reader()
	}
	return s.cat.Snapshot()
}

// searchPath is the effective schema path: search_path with "$user" and pg_temp
// resolved and schemas that do not exist left out, but for the temporary one,
// which the first relation makes.
func (s *Session) searchPath() []string {
	var path []string
	for _, name := range splitIdentifiers(s.values.Raw("search_path")) {
		switch name {
		case "$user":
			name = s.role()
		case "pg_temp":
			name = s.tempSchema
		}
		if name == s.tempSchema || s.mayUseSchema(name) {
			path = append(path, name)
		}
	}
	return path
}

// fullPath is the schemas that names are looked up in: the path, with the
// temporary schema and pg_catalog before it unless it names them
// (recomputeNamespacePath).
func (s *Session) fullPath() []string {
	path := s.searchPath()
	if !slices.Contains(path, "pg_catalog") {
		path = append([]string{"pg_catalog"}, path...)
	}
	exists := s.catalog().SchemaByName(s.tempSchema) != nil
	if named := slices.Index(path, s.tempSchema); named < 0 && exists {
		path = append([]string{s.tempSchema}, path...)
	} else if named >= 0 && !exists {
		path = slices.Delete(path, named, named+1)
	}
	return path
}

// splitIdentifiers splits a list of identifiers, quoted or not.
func splitIdentifiers(list string) []string {
	var out []string
	for list = strings.TrimSpace(list); list != ""; list = strings.TrimSpace(list) {
		var name string
		if list[0] == '"' {
			name, list = quotedIdentifier(list)
		} else if i := strings.IndexByte(list, ','); i >= 0 {
			name, list = strings.ToLower(strings.TrimSpace(list[:i])), list[i:]
		} else {
			name, list = strings.ToLower(list), ""
		}
		if name != "" {
			out = append(out, name)
		}
		list = strings.TrimPrefix(strings.TrimSpace(list), ",")
	}
	return out
}

// quotedIdentifier reads a "…" at the start of list.
func quotedIdentifier(list string) (name, rest string) {
	var b strings.Builder
	for i := 1; i < len(list); i++ {
		if list[i] != '"' {
			b.WriteByte(list[i])
			continue
		}
		if i+1 < len(list) && list[i+1] == '"' {
			b.WriteByte('"')
			i++
			continue
		}
		return b.String(), list[i+1:]
	}
	return b.String(), ""
}

// notice sends a message of lower severity, if client_min_messages lets it; INFO is
// always sent (should_output_to_client).
func (s *Session) notice(out Output, n *pgerr.Error) error {
	least := severityRank[strings.ToUpper(s.values.Raw("client_min_messages"))]
	if out == nil || severityRank[string(n.Severity)] < least && n.Severity != "INFO" {
		return nil
	}
	return out.Notice(n)
}

var severityRank = map[string]int{
	"DEBUG5": 0, "DEBUG4": 1, "DEBUG3": 2, "DEBUG2": 3, "DEBUG1": 4, "DEBUG": 4, "LOG": 5,
	"INFO": 6, "NOTICE": 7, "WARNING": 8, "ERROR": 9,
}

// facts gives functions the session's facts; out takes their notices.
func (s *Session) facts(out Output) *facts { return &facts{Session: s, out: out} }
