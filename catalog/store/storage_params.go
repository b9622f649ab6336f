package store

import (
	"math"
	"strconv"
	"strings"

	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/pgerr"
)

// storageParameter checks the value of one of PostgreSQL's storage parameters.
type storageParameter func(name, value string) error

// storageParameters are those of tables (reloptions.c), which are kept and shown, and
// tune nothing here; and our own that are read where they count.
var storageParameters = map[string]storageParameter{
	"events":                                eventsParameter,
	"autovacuum_enabled":                    boolParameter,
	"user_catalog_table":                    boolParameter,
	"vacuum_truncate":                       boolParameter,
	"vacuum_index_cleanup":                  cleanupParameter,
	"fillfactor":                            intParameter(10, 100),
	"toast_tuple_target":                    intParameter(128, 8160),
	"parallel_workers":                      intParameter(0, 1024),
	"autovacuum_vacuum_threshold":           intParameter(0, math.MaxInt32),
	"autovacuum_vacuum_insert_threshold":    intParameter(-1, math.MaxInt32),
	"autovacuum_analyze_threshold":          intParameter(0, math.MaxInt32),
	"autovacuum_vacuum_cost_limit":          intParameter(1, 10000),
	"autovacuum_freeze_min_age":             intParameter(0, 1000000000),
	"autovacuum_freeze_max_age":             intParameter(100000, 2000000000),
	"autovacuum_freeze_table_age":           intParameter(0, 2000000000),
	"autovacuum_multixact_freeze_min_age":   intParameter(0, 1000000000),
	"autovacuum_multixact_freeze_max_age":   intParameter(10000, 2000000000),
	"autovacuum_multixact_freeze_table_age": intParameter(0, 2000000000),
	"log_autovacuum_min_duration":           intParameter(-1, math.MaxInt32),
	"autovacuum_vacuum_cost_delay":          realParameter(0, 100),
	"autovacuum_vacuum_scale_factor":        realParameter(0, 100),
	"autovacuum_vacuum_insert_scale_factor": realParameter(0, 100),
	"autovacuum_analyze_scale_factor":       realParameter(0, 100),
}

// indexParameters are those of each access method (reloptions.c).
var indexParameters = map[string]map[string]storageParameter{
	"btree":  {"fillfactor": intParameter(10, 100), "deduplicate_items": boolParameter},
	"hash":   {"fillfactor": intParameter(10, 100)},
	"gist":   {"fillfactor": intParameter(10, 100), "buffering": bufferingParameter},
	"spgist": {"fillfactor": intParameter(10, 100)},
	"gin":    {"fastupdate": boolParameter, "gin_pending_list_limit": intParameter(64, math.MaxInt32)},
	"brin":   {"pages_per_range": intParameter(1, 131072), "autosummarize": boolParameter},
}

// checkIndexParameters is 22023 for an option, "name=value", that an index of the
// method can't have.
func checkIndexParameters(method string, options []string) error {
	if method == "" {
		method = defaultMethod
	}
	for _, o := range options {
		name, value, _ := strings.Cut(o, "=")
		check := indexParameters[method][name]
		if check == nil {
			return pgerr.New(pgerr.InvalidParameterValue, "unrecognized parameter \"%s\"", name)
		}
		if err := check(name, value); err != nil {
			return err
		}
	}
	return nil
}

func bufferingParameter(name, value string) error {
	if value != "auto" && value != "on" && value != "off" {
		return pgerr.New(pgerr.InvalidParameterValue, "invalid value for enum option \"%s\": %s", name, value).
			WithDetail("Valid values are \"on\", \"off\", and \"auto\".")
	}
	return nil
}

func boolParameter(name, value string) error {
	if _, err := optionBool(name, value); err != nil {
		return pgerr.New(pgerr.InvalidParameterValue, "invalid value for boolean option \"%s\": %s", name, value)
	}
	return nil
}

func cleanupParameter(name, value string) error {
	if _, err := optionBool(name, value); err != nil && value != "auto" {
		return pgerr.New(pgerr.InvalidParameterValue, "invalid value for enum option \"%s\": %s", name, value).
			WithDetail("Valid values are \"on\", \"off\", and \"auto\".")
	}
	return nil
}

func eventsParameter(name, value string) error {
	if _, ok := catalog.ParseEventMode(value); !ok {
		return pgerr.New(pgerr.InvalidParameterValue, "invalid value for enum option \"%s\": %s", name, value).
			WithDetail("Valid values are \"on\", \"off\", and \"shared\".")
	}
	return nil
}

func intParameter(low, high int64) storageParameter {
	return func(name, value string) error {
		n, err := strconv.ParseInt(value, 10, 32)
		if err != nil {
			return pgerr.New(pgerr.InvalidParameterValue, "invalid value for integer option \"%s\": %s", name, value)
		}
		if n < low || n > high {
			return pgerr.New(pgerr.InvalidParameterValue, "value %s out of bounds for option \"%s\"", value, name).
				WithDetail("Valid values are between \"%d\" and \"%d\".", low, high)
		}
		return nil
	}
}

func realParameter(low, high float64) storageParameter {
	return func(name, value string) error {
		n, err := strconv.ParseFloat(value, 64)
		if err != nil {
			return pgerr.New(pgerr.InvalidParameterValue, "invalid value for floating point option \"%s\": %s", name, value)
		}
		if n < low || n > high {
			return pgerr.New(pgerr.InvalidParameterValue, "value %s out of bounds for option \"%s\"", value, name).
				WithDetail("Valid values are between \"%f\" and \"%f\".", low, high)
		}
		return nil
	}
}

// checkParameter is 22023 for a name that is no storage parameter, or a value that
// it can't have.
func checkParameter(name, value string) error {
	check := storageParameters[name]
	if check == nil {
		return pgerr.New(pgerr.InvalidParameterValue, "unrecognized parameter \"%s\"", name)
	}
	return check(name, value)
}
