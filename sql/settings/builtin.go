package settings

import (
	_ "embed"
	"fmt"
	"math"
	"strconv"
	"strings"
)

// ServerVersion is what server_version says: the PostgreSQL release whose
// catalogs and answers we give.
const (
	ServerVersion    = "15.18"
	ServerVersionNum = "150018"
)

// noEffect is the further description of parameters that clients set and that have
// nothing to govern here.
const noEffect = "Accepted for compatibility; has no effect."

// postgresql has PostgreSQL's parameters, as pg_settings of a new cluster shows them:
// name, type, unit, context, value at boot, limits, enumvals, flags, category and both
// descriptions.
//
//go:embed postgresql.tsv
var postgresql string

func init() {
	for line := range strings.Lines(postgresql) {
		Register(fromLine(strings.Split(strings.TrimSuffix(line, "\n"), "\t")))
	}
	for _, o := range ours {
		o.apply(registry[strings.ToLower(o.name)])
	}
	Register(hidden()...)
	Register(own()...)
}

// fromLine reads a line of postgresql.tsv.
func fromLine(f []string) *Setting {
	s := &Setting{Name: f[0], Kind: Kind(f[1]), Unit: f[2], Context: Context(f[3]), Default: f[4],
		Category: f[9], Doc: f[10], ExtraDoc: strings.TrimPrefix(f[11]+" "+noEffect, " ")}
	if f[7] != "" {
		s.Values = strings.Split(f[7], ",")
	}
	if f[8] != "" {
		s.Flags = strings.Split(f[8], ",")
	}
	if s.Kind == Integer || s.Kind == Real {
		s.Min, s.Max = limit(f[5]), limit(f[6])
	}
	return s
}

func limit(text string) float64 {
	n, err := strconv.ParseFloat(text, 64)
	if err != nil {
		panic(fmt.Sprintf("settings: limit %q: %v", text, err))
	}
	return n
}

// adapted is a parameter of PostgreSQL that does something here, or has another default.
type adapted struct {
	name string
	// inert: it does nothing all the same.
	inert bool
	// value is our default, "" PostgreSQL's.
	value  string
	report bool
	list   bool
	check  func(string) (string, error)
	// complete: Setting.Complete.
	complete func(value, present, reset string) (string, error)
}

func (a adapted) apply(s *Setting) {
	if a.value != "" {
		s.Default = a.value
	}
	if !a.inert {
		s.ExtraDoc = strings.TrimSuffix(strings.TrimSuffix(s.ExtraDoc, noEffect), " ")
	}
	s.Report, s.List, s.Check, s.Complete = a.report, a.list, a.check, a.complete
}

var ours = []adapted{
	{name: "application_name", report: true, check: cleanASCII},
	{name: "bytea_output"},
	{name: "check_function_bodies"},
	{name: "client_encoding", value: "UTF8", report: true, check: checkEncoding},
	{name: "client_min_messages"},
	{name: "DateStyle", report: true, complete: completeDateStyle},
	{name: "default_table_access_method", check: checkTableMethod},
	{name: "default_text_search_config", value: "pg_catalog.english", check: checkTextSearchConfig},
	{name: "default_transaction_deferrable"},
	{name: "default_transaction_isolation"},
	{name: "default_transaction_read_only", report: true},
	{name: "extra_float_digits"},
	{name: "idle_in_transaction_session_timeout"},
	{name: "idle_session_timeout"},
	{name: "in_hot_standby", report: true},
	{name: "integer_datetimes", report: true},
	{name: "IntervalStyle", report: true},
	{name: "lo_compat_privileges"},
	{name: "lock_timeout"},
	{name: "max_connections"},
	{name: "max_identifier_length"},
	{name: "search_path", list: true},
	{name: "server_encoding", value: "UTF8", report: true},
	{name: "server_version", value: ServerVersion, report: true},
	{name: "server_version_num", value: ServerVersionNum},
	{name: "session_replication_role"},
	{name: "standard_conforming_strings", report: true},
	{name: "statement_timeout"},
	{name: "TimeZone", value: "UTC", report: true, check: checkTimeZone},
	{name: "transaction_deferrable"},
	{name: "transaction_isolation"},
	{name: "transaction_read_only"},
	{name: "work_mem", value: "65536"},

	// What the server's configuration says.
	{name: "authentication_timeout"},
	{name: "hba_file"},
	{name: "ident_file"},
	{name: "listen_addresses"},
	{name: "port"},
	{name: "ssl"},
	{name: "ssl_ca_file"},
	{name: "ssl_cert_file"},
	{name: "ssl_key_file"},

	// What would change answers and does not.
	{name: "array_nulls", inert: true, check: only("array_nulls", "on")},
	{name: "backslash_quote", inert: true, check: only("backslash_quote", "safe_encoding", "on")},
	{name: "default_tablespace", inert: true, check: only("default_tablespace", "", "pg_default")},
	{name: "exit_on_error", inert: true, check: only("exit_on_error", "off")},
	{name: "jit", inert: true, value: "off"},
	{name: "lc_messages", inert: true, value: "C"},
	{name: "lc_monetary", inert: true, value: "C", check: checkLocale},
	{name: "lc_numeric", inert: true, value: "C", check: checkLocale},
	{name: "lc_time", inert: true, value: "C", check: checkLocale},
	{name: "local_preload_libraries", inert: true, list: true},
	{name: "log_timezone", inert: true, value: "UTC"},
	{name: "max_stack_depth", inert: true, value: "2048"},
	{name: "password_encryption", check: only("password_encryption", "scram-sha-256")},
	{name: "ssl_min_protocol_version"},
	{name: "temp_tablespaces", inert: true, list: true, check: only("temp_tablespaces", "", "pg_default")},
	{name: "transform_null_equals", inert: true, check: only("transform_null_equals", "off")},
	{name: "unix_socket_directories", inert: true},
}

// hidden are PostgreSQL's that pg_settings leaves out (GUC_NO_SHOW_ALL).
func hidden() []*Setting {
	const category = "Ungrouped"
	return []*Setting{
		{Name: "is_superuser", Kind: Bool, Default: "on", Category: category, Context: Internal, Report: true, Hidden: true,
			Doc: "Shows whether the current user is a superuser."},
		{Name: "session_authorization", Kind: String, Category: category, Context: Internal, Report: true, Hidden: true,
			Doc: "Sets the session user name."},
		{Name: "role", Kind: String, Default: "none", Category: category, Context: Internal, Hidden: true, Doc: "Sets the current role."},
	}
}

func own() []*Setting {
	const category = "S3DB"
	return []*Setting{
		{Name: "s3db.trust_partitions", Kind: Bool, Default: "off", Category: category,
			Doc: "Lets queries use partitions that were not verified, and answer from references alone; they may then miss rows."},
		{Name: "s3db.skip_damaged", Kind: Bool, Default: "off", Category: category,
			Doc: "Leaves out damaged rows with a warning instead of failing the query."},
		{Name: "s3db.passphrase", Kind: String, Category: category, Secret: true,
			Doc: "Passphrase of the secret attributes, in place of the server's; never shown."},
		{Name: "s3db.old_passphrase", Kind: String, Category: category, Secret: true,
			Doc: "Passphrase that secrets are read with too, until ROTATE SECRET has replaced it; never shown."},
		{Name: "s3db.javascript_timeout", Kind: Integer, Default: "60000", Unit: "ms", Max: math.MaxInt32, Category: category,
			Doc: "Ends a JavaScript function that runs longer, with what it calls; 0 lets it run."},
		{Name: "s3db.javascript_memory", Kind: Integer, Default: "262144", Unit: "kB", Max: math.MaxInt32, Category: category,
			Doc: "Ends a JavaScript function when the session's JavaScript holds more; 0 sets no limit."},
	}
}
