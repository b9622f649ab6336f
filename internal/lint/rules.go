package lint

// module is the path that begins each of our imports.
const module = "github.com/s3db-sql/s3db-sql/"

// everything allows all of our packages.
const everything = "..."

// imports says which of our packages each package may import besides its own
// tree. "a" is package a alone, "a/..." is a with all below it. A package
// without a line takes the line of the nearest folder above; a package with a
// line of its own is no part of the tree above it. docs/architecture.md tells
// the reasons.
var imports = map[string][]string{
	"pgerr":             {},
	"internal":          {},
	"internal/passhash": {"internal/rng"},
	"config":            {"pgerr"},

	"sql/types":    {"sql/mb", "pgerr"},
	"sql/vec":      {"sql/types"},
	"sql/mb":       {"pgerr"},
	"sql/copyfmt":  {"sql/mb", "sql/types", "sql/vec", "pgerr"},
	"sql/tsearch":  {"sql/types/...", "pgerr"},
	"sql/funcs":    {"sql/types/...", "sql/mb", "sql/tsearch", "sql/vec", "internal/passhash", "internal/rng", "pgerr"},
	"sql/ext":      {"sql/funcs", "sql/types/...", "sql/vec", "internal/rng", "pgerr"},
	"sql/settings": {"sql/mb", "sql/types", "sql/tsearch", "pgerr"},
	"sql/parser":   {"pgerr"},

	"catalog":            {"sql/types", "pgerr"},
	"catalog/partition":  {"catalog", "sql/types", "pgerr"},
	"catalog/store":      {"catalog", "sql/types", "storage", "storage/rows", "storage/s3db", "storage/objstore", "internal/clock", "internal/rng", "pgerr"},
	"catalog/temp":       {"catalog", "catalog/store", "sql/types", "storage", "storage/objstore/mem", "internal/clock", "internal/rng", "pgerr"},
	"catalog/opclass":    {"catalog", "sql/types"},
	"catalog/updatable":  {"catalog", "sql/parser", "sql/funcs/...", "pgerr"},
	"catalog/virtual":    {"catalog", "sql/types", "sql/vec", "storage", "pgerr"},
	"catalog/pgcatalog":  {"catalog", "catalog/opclass", "catalog/partition", "catalog/virtual", "catalog/updatable", "sql/mb", "sql/types", "sql/types/datetime", "sql/vec", "sql/ext", "sql/funcs/...", "sql/settings", "sql/parser", "sql/tsearch", "storage", "pgerr"},
	"catalog/s3dbschema": {"catalog", "catalog/virtual", "sql/types", "sql/vec", "sql/funcs/...", "sql/settings", "storage", "storage/objstore", "pgerr"},
	"catalog/infoschema": {"catalog", "catalog/virtual", "catalog/pgcatalog", "sql/types", "sql/vec", "sql/funcs/...", "sql/settings", "storage", "pgerr"},

	// The package storage alone holds interfaces and plain values (ADR 4): the
	// vocabulary of access paths that plans are written in.
	"sql/plan":                      {"sql/types", "sql/copyfmt", "sql/funcs/...", "catalog", "catalog/partition", "storage", "storage/objstore", "pgerr"},
	"sql/ruleutils":                 {"sql/plan", "sql/parser", "sql/types", "sql/funcs", "catalog", "pgerr"},
	"sql/planner":                   {"sql/plan", "sql/types", "sql/funcs/...", "sql/settings", "catalog", "catalog/partition", "storage", "pgerr"},
	"sql/planner/bind":              {"sql/ext", "sql/ruleutils", "catalog/opclass", "catalog/updatable", "sql/parser", "sql/copyfmt", "sql/mb", "sql/plan", "sql/types", "sql/funcs/...", "sql/settings", "catalog", "catalog/partition", "pgerr"},
	"sql/planner/internal/plantest": {everything}, // a test tool
	"sql/pl":                        {"sql/parser", "sql/planner/bind", "sql/funcs", "sql/types", "catalog", "pgerr"},
	"sql/plpgsql":                   {"sql/pl", "sql/parser", "sql/planner/bind", "sql/funcs", "sql/types", "catalog", "pgerr"},
	"sql/pljs":                      {"sql/pl", "sql/parser", "sql/funcs", "sql/types", "catalog", "internal/clock", "pgerr"},
	"sql/event":                     {"sql/funcs", "sql/types", "catalog"},
	"sql/txn":                       {"storage", "catalog", "sql/types", "sql/vec", "internal/clock", "internal/packed", "internal/rng", "pgerr"},
	"sql/exec":                      {"sql/plan", "sql/vec", "sql/funcs/...", "sql/types", "sql/txn", "catalog", "catalog/partition", "storage", "storage/objstore", "plugins", "pgerr"},
	"sql/session": {"sql/ext", "sql/parser", "sql/pl", "sql/pljs", "sql/plpgsql", "sql/copyfmt", "sql/mb", "sql/planner/...", "sql/plan", "sql/ruleutils", "sql/event", "sql/exec", "sql/exec/spill", "sql/txn/...", "sql/funcs/...", "sql/settings", "sql/tsearch", "sql/types", "sql/vec",
		"catalog", "catalog/partition", "storage", "storage/objstore", "plugins", "internal/clock", "internal/rng", "pgerr"},

	"storage":           {"sql/types", "sql/vec", "storage/objstore", "pgerr"},
	"storage/objstore":  {"pgerr", "internal/clock", "internal/rng"},
	"storage/sequences": {"storage", "storage/objstore", "pgerr"},
	"storage/notices":   {"storage/objstore", "internal/clock", "internal/rng"},
	"storage/s3db":      {"storage/objstore/...", "sql/types", "sql/vec", "internal/clock", "internal/passhash", "internal/rng", "pgerr"},
	"storage/rows":      {"storage", "storage/s3db/...", "storage/objstore", "catalog", "sql/types", "sql/vec", "internal/clock", "internal/packed", "internal/rng", "pgerr"},

	// The large objects lie beside the tables and know nothing of them.
	"storage/largeobjects": {"storage", "storage/objstore", "sql/types", "internal/clock", "internal/rng", "pgerr"},

	"wire": {"sql/mb", "sql/types", "sql/vec", "internal/clock", "internal/rng", "pgerr"},

	"plugins":             {"sql/types", "sql/vec", "pgerr"},
	"server":              {everything},
	"cmd":                 {"server", "config", "plugins/..."},
	"tests":               {everything},
	"bench":               {everything},
	"internal/testserver": {everything},
}

// limits says where a third-party module may be imported. Tests may break a
// limit only where tests is set.
var limits = []limit{
	{path: "github.com/aws/", only: "storage/objstore/s3", also: []string{"bench"}, tests: true},
	{path: "github.com/jackc/pgx/v5/pgproto3", only: "wire", tests: true},
	{path: "github.com/jackc/pgx/", only: "wire", also: []string{"bench", "internal/testserver", "tests"}, tests: true},
	{path: "github.com/pganalyze/pg_query_go/", only: "sql/parser"},
	{path: "github.com/cockroachdb/pebble/", only: "storage/objstore/local"},
	{path: "github.com/tebeka/snowball", only: "sql/tsearch"},
	{path: "github.com/dop251/goja", only: "sql/pljs"},
	{path: "github.com/dlclark/regexp2/", only: "storage/s3db", also: []string{"sql/pljs"}},
	{path: "github.com/stretchr/testify/", also: []string{"sql/planner/internal/plantest"}, tests: true},
	{path: "github.com/anishathalye/porcupine", only: "tests/faults", tests: true},
}

type limit struct {
	path  string   // the import's beginning
	only  string   // the tree that may have it; "" none
	also  []string // other trees, with programs that stand outside the server
	tests bool     // whether _test.go files anywhere may have it
}

// forbidden are the names that only an owner may use; everybody else takes a
// clock.Clock or a rng.Source, so that tests decide what time it is and a seed
// repeats a run.
var forbidden = []ban{
	{pkg: "time", names: []string{"Now", "Since", "Until"}, owner: "internal/clock"},
	{pkg: "math/rand", owner: "internal/rng"},
	{pkg: "math/rand/v2", owner: "internal/rng"},
	{pkg: "crypto/rand", owner: "internal/rng"},
}

type ban struct {
	pkg   string
	names []string // of pkg; empty: importing it at all
	owner string
}

// exceptions are the places that may use a forbidden name all the same, each
// with its reason. They are trees; test files are exempt anyway.
var exceptions = map[string]string{
	"wire/pgtest":         "a test tool: its deadlines guard against a server that does not answer",
	"internal/s3test":     "a test tool: it waits for real processes",
	"internal/pgserver":   "a test tool: it waits for real processes",
	"internal/testserver": "a test tool: it waits for real processes",
	"bench":               "it measures real time",
	"tests":               "they measure real time",
}
