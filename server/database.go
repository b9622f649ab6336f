package server

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"os"
	"runtime"
	"slices"
	"time"

	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/catalog/store"
	"github.com/s3db-sql/s3db-sql/catalog/temp"
	"github.com/s3db-sql/s3db-sql/config"
	"github.com/s3db-sql/s3db-sql/internal/clock"
	"github.com/s3db-sql/s3db-sql/internal/rng"
	"github.com/s3db-sql/s3db-sql/sql/session"
	"github.com/s3db-sql/s3db-sql/sql/types"
	"github.com/s3db-sql/s3db-sql/storage"
	"github.com/s3db-sql/s3db-sql/storage/largeobjects"
	"github.com/s3db-sql/s3db-sql/storage/notices"
	"github.com/s3db-sql/s3db-sql/storage/objstore"
	"github.com/s3db-sql/s3db-sql/storage/objstore/location"
	"github.com/s3db-sql/s3db-sql/storage/objstore/mem"
	"github.com/s3db-sql/s3db-sql/storage/objstore/open"
	"github.com/s3db-sql/s3db-sql/storage/objstore/probe"
	"github.com/s3db-sql/s3db-sql/storage/objstore/s3"
	"github.com/s3db-sql/s3db-sql/storage/objstore/wrap"
	"github.com/s3db-sql/s3db-sql/storage/rows"
	"github.com/s3db-sql/s3db-sql/storage/s3db"
	"github.com/s3db-sql/s3db-sql/storage/sequences"
	"github.com/s3db-sql/s3db-sql/wire/auth"
)

// database is the one s3db.js database that the server opened, under its own
// name and as "postgres".
type database struct {
	name     string
	location location.Location
	objects  objstore.Store
	meter    *objstore.Meter
	catalog  *store.Store
	// sequences of all sessions; Close gives back what they did not use.
	sequences    *sequences.Store
	largeObjects *largeobjects.Store
	shared       *session.Database
	board        *notices.Board // nil where notifications are not shared
	tempDir      string
	started      time.Time
	// access has the rules of who may connect.
	access *Server
}

// maintenanceDatabase is the name that tools connect to before they know
// another.
const maintenanceDatabase = "postgres"

func openDatabase(ctx context.Context, cfg *config.Config, users auth.StaticUsers, over func(objstore.Store) objstore.Store, log *slog.Logger) (*database, error) {
	loc, err := location.Parse(cfg.Store.Reveal())
	if err != nil {
		return nil, err
	}
	raw, prefix, err := open.Open(ctx, loc, open.Options{S3: s3.Options{Timeout: cfg.S3Timeout, Attempts: cfg.S3Attempts}})
	if err != nil {
		return nil, fmt.Errorf("could not open the store %s: %w", loc, err)
	}
	db := &database{name: cfg.Database, location: loc, meter: objstore.NewMeter(nil)}
	if db.name == "" {
		db.name = loc.Database()
	}
	db.objects = wrap.Prefixed(wrap.Metered(wrap.Limited(over(raw), cfg.S3Concurrency), db.meter), prefix)
	if err := db.open(ctx, cfg, users); err != nil {
		return nil, errors.Join(err, raw.Close())
	}
	db.shareNotifications(cfg.ShareNotifications, log)
	return db, nil
}

// defaultLocale is the ICU locale of the option collation; "" is C.
func defaultLocale(name string) (string, error) {
	if name == "C" || name == "POSIX" {
		return "", nil
	}
	if _, err := types.NewCollation(store.DefaultCollation(name)); err != nil {
		return "", fmt.Errorf("collation %s: %w", name, err)
	}
	return name, nil
}

func (db *database) open(ctx context.Context, cfg *config.Config, users auth.StaticUsers) error {
	var err error
	if db.tempDir, err = os.MkdirTemp("", "s3db-sql-"); err != nil {
		return err
	}
	env := &store.Env{
		Objects: db.objects, Clock: clock.System, Rand: rng.System, Secrets: s3db.NewSecrets(cfg.Passphrase.Reveal(), rng.System, older(cfg)...), Database: db.name,
		Databases: db.names(), Roles: roles(cfg, users), FanOut: cfg.S3Concurrency / 2, CacheMemory: cfg.CacheMemory, Lease: cfg.TransactionLease, TempDir: db.tempDir, Keys: session.IndexKeys,
	}
	if env.Locale, err = defaultLocale(cfg.Collation); err != nil {
		return err
	}
	db.started = clock.System.Now()
	db.virtual(env)
	db.sequences = sequences.New(db.objects)
	if db.catalog, err = store.Open(ctx, env); err != nil {
		return fmt.Errorf("could not read the catalog of %s: %w", db.location, err)
	}
	if err := db.catalog.Recover(ctx); err != nil {
		return fmt.Errorf("could not finish the transactions of the last run: %w", err)
	}
	db.largeObjects = largeobjects.New(db.objects, clock.System, rng.System)
	db.shared = &session.Database{
		Catalog: db.catalog, Clock: clock.System, Rand: rng.System, TempDir: db.tempDir, Workers: runtime.GOMAXPROCS(0),
		Temporary: func(schema string) catalog.Catalog {
			return temp.New(db.catalog, schema, clock.System, rng.System, session.IndexKeys)
		},
		Sequences:          db.sequences,
		TemporarySequences: func() storage.Sequences { return sequences.New(mem.New(clock.System)) },
		LargeObjects:       db.largeObjects,
		Tables:             func(r catalog.Reader) storage.Tables { return r.(storage.Tables) },
		Unlock:             unlocker(cfg),
		Virtual:            db.virtualSource,
		Functions:          db.functions,
		Verifier:           verifierOf,
		Exists:             db.has,
	}
	if err := probe.CannotWrite(db.objects.Capabilities()); err != nil {
		db.shared.ReadOnly = err.Error()
	}
	return nil
}

// shareNotifications has notifications told to the other servers over the bucket, once in
// each interval; 0 is not at all.
func (db *database) shareNotifications(interval time.Duration, log *slog.Logger) {
	if interval == 0 || db.shared.ReadOnly != "" {
		return
	}
	db.board = notices.New(notices.Options{
		Objects: db.objects, Clock: clock.System, Rand: rng.System, Interval: interval, Wanted: db.shared.Listens, Deliver: db.shared.Deliver,
		Warn: func(what string, err error) { log.Warn(what, "error", err) },
	})
	db.shared.Board = db.board
}

func (db *database) names() []string {
	if db.name == maintenanceDatabase {
		return []string{db.name}
	}
	return []string{maintenanceDatabase, db.name}
}

// has says whether clients may connect to a database of that name.
func (db *database) has(name string) bool {
	for _, n := range db.names() {
		if n == name {
			return true
		}
	}
	return false
}

// roles are the superusers that the operator has: the user of the configuration, or
// postgres and who has started the server, as initdb would name it; and those of the
// users file.
func roles(cfg *config.Config, users auth.StaticUsers) []*catalog.Role {
	names := []string{cfg.User}
	if cfg.User == "" {
		names = []string{"postgres", cfg.OSUser}
	}
	var out []*catalog.Role
	for _, name := range append(names, slices.Sorted(maps.Keys(users))...) {
		if name != "" && !slices.ContainsFunc(out, func(r *catalog.Role) bool { return r.Name == name }) {
			out = append(out, &catalog.Role{Name: name, Superuser: true, Inherit: true, CreateRole: true, CreateDB: true, Login: true, ConnLimit: -1})
		}
	}
	out[0].OID = catalog.BootstrapSuperuser
	return out
}

// older are the passphrases that secrets may be encrypted with beside the present one.
func older(cfg *config.Config) []string {
	if cfg.OldPassphrase == "" {
		return nil
	}
	return []string{cfg.OldPassphrase.Reveal()}
}

// unlocker opens tables with a session's passphrases: where it has set only the old one,
// the present one is the server's, and the server's old one counts too.
func unlocker(cfg *config.Config) func(session.Passphrases) func(storage.Tables) storage.Tables {
	return func(p session.Passphrases) func(storage.Tables) storage.Tables {
		present, old := p.Present, []string(nil)
		if present == "" {
			present, old = cfg.Passphrase.Reveal(), older(cfg)
		}
		if p.Old != "" {
			old = append(old, p.Old)
		}
		return rows.NewKeyring(s3db.NewSecrets(present, rng.System, old...)).Tables
	}
}

// resources counts the database's own tables.
func (db *database) resources() int {
	n := 0
	for _, r := range db.catalog.Snapshot().Relations() {
		if r.Stored() {
			n++
		}
	}
	return n
}

// closeTimeout bounds what the end of the server waits for the store.
const closeTimeout = 5 * time.Second

// Close closes the store and removes the temporary files.
func (db *database) Close() error {
	ctx, cancel := context.WithTimeout(context.Background(), closeTimeout)
	defer cancel()
	if db.board != nil {
		db.board.Close(ctx)
	}
	return errors.Join(db.sequences.Close(ctx), db.objects.Close(), os.RemoveAll(db.tempDir))
}

// verifierOf makes what is kept of a password; a verifier is kept as it is.
func verifierOf(password string) (string, error) {
	if auth.IsVerifier(password) {
		_, err := auth.ParseVerifier(password)
		return password, err
	}
	v, err := auth.NewVerifier(password, rng.System)
	if err != nil {
		return "", err
	}
	return v.String(), nil
}

// expired says whether a role's password is not valid any more.
func expired(role *catalog.Role) bool {
	if role.ValidUntil == "" {
		return false
	}
	v, err := types.ByOID(types.TimestamptzOID).In(types.DefaultEnv(), role.ValidUntil, -1)
	until, ok := v.(int64)
	return err != nil || !ok || until <= types.TimestampFromTime(clock.System.Now())
}

// users are those of the users file, and the catalog's roles with a password.
type users struct {
	file    auth.StaticUsers
	catalog catalog.Catalog
}

// Verifier implements auth.Users.
func (u users) Verifier(ctx context.Context, name string) (*auth.Verifier, error) {
	if v, err := u.file.Verifier(ctx, name); v != nil || err != nil {
		return v, err
	}
	role := catalog.RoleByName(u.catalog.Snapshot(), name)
	if role == nil || role.Password == "" || expired(role) {
		return nil, nil
	}
	return auth.ParseVerifier(role.Password)
}
