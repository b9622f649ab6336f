package settings

import (
	"math"
	"strings"

	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/tsearch"
)

// Categories of pg_settings.
const (
	catLocale    = "Client Connection Defaults / Locale and Formatting"
	catStatement = "Client Connection Defaults / Statement Behavior"
	catPreset    = "Preset Options"
	catCompat    = "Version and Platform Compatibility / Previous PostgreSQL Versions"
	catLogging   = "Reporting and Logging / What to Log"
	catMemory    = "Resource Usage / Memory"
	catS3DB      = "S3DB"
)

// noEffect ends the description of parameters that clients set and that have
// nothing to govern here.
const noEffect = " Accepted for compatibility; has no effect."

// ServerVersion is what server_version says: the PostgreSQL release whose
// catalogs and answers we give.
const (
	ServerVersion    = "15.18"
	ServerVersionNum = "150018"
)

func init() {
	Register(
		&Setting{Name: "application_name", Kind: String, Category: catLogging, Report: true, Check: cleanASCII,
			Doc: "Sets the application name to be reported in statistics and logs."},
		&Setting{Name: "client_encoding", Kind: String, Default: "UTF8", Category: catLocale, Report: true, Check: checkEncoding,
			Doc: "Sets the client's character set encoding."},
		&Setting{Name: "client_min_messages", Kind: Enum, Default: "notice", Category: catStatement,
			Values: []string{"debug5", "debug4", "debug3", "debug2", "debug1", "log", "notice", "warning", "error"},
			Doc:    "Sets the message levels that are sent to the client."},
		&Setting{Name: "DateStyle", Kind: String, Default: "ISO, MDY", Category: catLocale, Report: true, Check: checkDateStyle,
			Doc: "Sets the display format for date and time values."},
		&Setting{Name: "IntervalStyle", Kind: Enum, Default: "postgres", Category: catLocale, Report: true,
			Values: []string{"postgres", "postgres_verbose", "sql_standard", "iso_8601"},
			Doc:    "Sets the display format for interval values."},
		&Setting{Name: "TimeZone", Kind: String, Default: "UTC", Category: catLocale, Report: true, Check: checkTimeZone,
			Doc: "Sets the time zone for displaying and interpreting time stamps."},
		&Setting{Name: "default_text_search_config", Kind: String, Default: "pg_catalog.english", Category: catLocale, Check: checkTextSearchConfig,
			Doc: "Sets default text search configuration."},
		&Setting{Name: "extra_float_digits", Kind: Integer, Default: "1", Min: -15, Max: 3, Category: catLocale,
			Doc: "Sets the number of digits displayed for floating-point values."},
		&Setting{Name: "bytea_output", Kind: Enum, Default: "hex", Values: []string{"escape", "hex"}, Category: catStatement,
			Doc: "Sets the output format for bytea."},
		&Setting{Name: "search_path", Kind: String, Default: `"$user", public`, Category: catStatement, List: true,
			Doc: "Sets the schema search order for names that are not schema-qualified."},
		&Setting{Name: "statement_timeout", Kind: Integer, Default: "0", Unit: "ms", Max: math.MaxInt32, Category: catStatement,
			Doc: "Sets the maximum allowed duration of any statement."},
		&Setting{Name: "idle_in_transaction_session_timeout", Kind: Integer, Default: "0", Unit: "ms", Max: math.MaxInt32, Category: catStatement,
			Doc: "Sets the maximum allowed idle time between queries, when in a transaction."},
		&Setting{Name: "lock_timeout", Kind: Integer, Default: "0", Unit: "ms", Max: math.MaxInt32, Category: catStatement,
			Doc: "Sets the maximum allowed duration of any wait for a lock."},
		&Setting{Name: "standard_conforming_strings", Kind: Bool, Default: "on", Category: catCompat, Report: true, Check: checkConforming,
			Doc: "Causes '...' strings to treat backslashes literally."},
		&Setting{Name: "work_mem", Kind: Integer, Default: "65536", Unit: "kB", Min: 64, Max: math.MaxInt32, Category: catMemory,
			Doc: "Sets the maximum memory to be used for query workspaces."},
		&Setting{Name: "default_transaction_isolation", Kind: Enum, Default: "read committed", Values: isolationLevels, Category: catStatement,
			Doc: "Sets the transaction isolation level of each new transaction."},
		&Setting{Name: "transaction_isolation", Kind: Enum, Default: "read committed", Values: isolationLevels, Category: catStatement,
			Doc: "Sets the current transaction's isolation level."},
		&Setting{Name: "default_transaction_read_only", Kind: Bool, Default: "off", Category: catStatement, Report: true,
			Doc: "Sets the default read-only status of new transactions."},
		&Setting{Name: "transaction_read_only", Kind: Bool, Default: "off", Category: catStatement,
			Doc: "Sets the current transaction's read-only status."},
		&Setting{Name: "default_transaction_deferrable", Kind: Bool, Default: "off", Category: catStatement,
			Doc: "Sets the default deferrable status of new transactions." + noEffect},
		&Setting{Name: "transaction_deferrable", Kind: Bool, Default: "off", Category: catStatement,
			Doc: "Whether to defer a read-only serializable transaction until it can be executed with no possible serialization failures." + noEffect},
	)
	Register(presets()...)
	Register(accepted()...)
	Register(planning()...)
	Register(own()...)
}

var isolationLevels = []string{"serializable", "repeatable read", "read committed", "read uncommitted"}

// checkConforming: the scanner knows standard strings only.
func checkConforming(value string) (string, error) {
	if value == "off" {
		return "", pgerr.Unsupported("standard_conforming_strings = off")
	}
	return value, nil
}

func presets() []*Setting {
	preset := func(name string, kind Kind, value, doc string, report bool) *Setting {
		return &Setting{Name: name, Kind: kind, Default: value, Category: catPreset, Doc: doc, Context: Internal, Report: report}
	}
	return []*Setting{
		preset("server_version", String, ServerVersion, "Shows the server version.", true),
		preset("server_version_num", Integer, ServerVersionNum, "Shows the server version as an integer.", false),
		preset("server_encoding", String, "UTF8", "Shows the server (database) character set encoding.", true),
		preset("integer_datetimes", Bool, "on", "Shows whether datetimes are integer based.", true),
		preset("in_hot_standby", Bool, "off", "Shows whether hot standby is currently active.", true),
		preset("is_superuser", Bool, "on", "Shows whether the current user is a superuser.", true),
		preset("session_authorization", String, "", "Sets the session user name.", true),
		preset("role", String, "none", "Sets the current role.", false),
		preset("max_identifier_length", Integer, "63", "Shows the maximum identifier length.", false),
		preset("max_index_keys", Integer, "32", "Shows the maximum number of index keys.", false),
		preset("block_size", Integer, "8192", "Shows the size of a disk block.", false),
		preset("lc_collate", String, "C", "Shows the collation order locale.", false),
		preset("lc_ctype", String, "C", "Shows the character classification and case conversion locale.", false),
		{Name: "max_connections", Kind: Integer, Default: "100", Category: "Connections and Authentication / Connection Settings", Context: Postmaster,
			Doc: "Sets the maximum number of concurrent connections."},
	}
}

func accepted() []*Setting {
	flag := func(name, value, doc string) *Setting {
		return &Setting{Name: name, Kind: Bool, Default: value, Category: catCompat, Doc: doc + noEffect}
	}
	text := func(name, value, doc string) *Setting {
		return &Setting{Name: name, Kind: String, Default: value, Category: catStatement, Doc: doc + noEffect}
	}
	enum := func(name, value, doc string, values ...string) *Setting {
		return &Setting{Name: name, Kind: Enum, Default: value, Values: values, Category: catStatement, Doc: doc + noEffect}
	}
	return []*Setting{
		flag("array_nulls", "on", "Enable input of NULL elements in arrays."),
		flag("check_function_bodies", "on", "Check routine bodies during CREATE FUNCTION and CREATE PROCEDURE."),
		flag("escape_string_warning", "on", "Warn about backslash escapes in ordinary string literals."),
		flag("row_security", "on", "Enable row security."),
		flag("synchronize_seqscans", "on", "Enable synchronized sequential scans."),
		flag("quote_all_identifiers", "off", "When generating SQL fragments, quote all identifiers."),
		flag("jit", "off", "Allow JIT compilation."),
		&Setting{Name: "local_preload_libraries", Kind: String, Category: catStatement, List: true,
			Doc: "Lists unprivileged shared libraries to preload into each backend." + noEffect},
		text("default_tablespace", "", "Sets the default tablespace to create tables and indexes in."),
		&Setting{Name: "default_table_access_method", Kind: String, Default: "heap", Category: catStatement, Check: checkTableMethod,
			Doc: "Sets the default table access method for new tables."},
		text("lc_messages", "C", "Sets the language in which messages are displayed."),
		text("lc_monetary", "C", "Sets the locale for formatting monetary amounts."),
		text("lc_numeric", "C", "Sets the locale for formatting numbers."),
		text("lc_time", "C", "Sets the locale for formatting date and time values."),
		enum("backslash_quote", "safe_encoding", "Sets whether \"\\'\" is allowed in string literals.", "safe_encoding", "on", "off"),
		enum("xmloption", "content", "Sets whether XML data in implicit parsing and serialization operations is to be considered as documents or content fragments.", "content", "document"),
		enum("synchronous_commit", "on", "Sets the current transaction's synchronization level.", "local", "remote_write", "remote_apply", "on", "off"),
		enum("session_replication_role", "origin", "Sets the session's behavior for triggers and rewrite rules.", "origin", "replica", "local"),
		enum("plan_cache_mode", "auto", "Controls the planner's selection of custom or generic plan.", "auto", "force_generic_plan", "force_custom_plan"),
		enum("password_encryption", "scram-sha-256", "Chooses the algorithm for encrypting passwords.", "scram-sha-256"),
		{Name: "idle_session_timeout", Kind: Integer, Default: "0", Unit: "ms", Max: math.MaxInt32, Category: catStatement,
			Doc: "Sets the maximum allowed idle time between queries, when not in a transaction."},
		{Name: "vacuum_cost_delay", Kind: Real, Default: "0", Unit: "ms", Max: 100, Category: catStatement, Doc: "Vacuum cost delay in milliseconds." + noEffect},
		{Name: "vacuum_cost_limit", Kind: Integer, Default: "200", Min: 1, Max: 10000, Category: catStatement,
			Doc: "Vacuum cost amount available before napping." + noEffect},
		{Name: "maintenance_work_mem", Kind: Integer, Default: "65536", Unit: "kB", Min: 1024, Max: math.MaxInt32, Category: catMemory,
			Doc: "Sets the maximum memory to be used for maintenance operations." + noEffect},
	}
}

func own() []*Setting {
	return []*Setting{
		{Name: "s3db.trust_partitions", Kind: Bool, Default: "off", Category: catS3DB,
			Doc: "Lets queries use partitions that were not verified, and answer from references alone; they may then miss rows."},
		{Name: "s3db.skip_damaged", Kind: Bool, Default: "off", Category: catS3DB,
			Doc: "Leaves out damaged rows with a warning instead of failing the query."},
	}
}

// cleanASCII makes a question mark of each byte that is no printable ASCII character
// (pg_clean_ascii).
func cleanASCII(value string) (string, error) {
	out := []byte(value)
	for i, c := range out {
		if c < ' ' || c > '~' {
			out[i] = '?'
		}
	}
	return string(out), nil
}

// checkTableMethod is check_default_table_access_method.
func checkTableMethod(value string) (string, error) {
	if value == "heap" {
		return value, nil
	}
	err := pgerr.New(pgerr.InvalidParameterValue, "invalid value for parameter \"default_table_access_method\": \"%s\"", value)
	if value == "" {
		return "", err.WithDetail("default_table_access_method cannot be empty.")
	}
	return "", err.WithDetail("Table access method \"%s\" does not exist.", value)
}

// checkTextSearchConfig qualifies the name of a configuration.
func checkTextSearchConfig(value string) (string, error) {
	const schema = "pg_catalog."
	if name := strings.TrimPrefix(strings.ToLower(value), schema); tsearch.NamedConfig(name) != nil {
		return schema + name, nil
	}
	return "", pgerr.New(pgerr.InvalidParameterValue, "invalid value for parameter \"default_text_search_config\": \"%s\"", value)
}

// checkDateStyle takes any mix of a style and an order, as PostgreSQL does.
func checkDateStyle(value string) (string, error) {
	style, order := "", ""
	for _, w := range strings.FieldsFunc(strings.ToLower(value), func(r rune) bool { return r == ',' || r == ' ' }) {
		if s, ok := dateStyles[w]; ok {
			style = s
			if w == "german" && order == "" {
				order = "DMY"
			}
			continue
		}
		o, ok := dateOrders[w]
		if !ok {
			return "", pgerr.New(pgerr.InvalidParameterValue, "invalid value for parameter \"DateStyle\": \"%s\"", value).
				WithDetail("Unrecognized key word: \"%s\".", w)
		}
		order = o
	}
	if style == "" {
		style = "ISO"
	}
	if order == "" {
		order = "MDY"
	}
	return style + ", " + order, nil
}

var dateStyles = map[string]string{"iso": "ISO", "sql": "SQL", "postgres": "Postgres", "german": "German", "default": "ISO"}

var dateOrders = map[string]string{
	"mdy": "MDY", "us": "MDY", "noneuropean": "MDY", "noneuro": "MDY",
	"dmy": "DMY", "european": "DMY", "euro": "DMY", "ymd": "YMD",
}
