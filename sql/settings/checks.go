package settings

import (
	"slices"
	"strings"

	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/tsearch"
)

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

// only refuses, with 0A000, the values of a parameter that would change answers and that
// nothing here heeds.
func only(name string, values ...string) func(string) (string, error) {
	return func(value string) (string, error) {
		if slices.Contains(values, value) {
			return value, nil
		}
		return "", pgerr.Unsupported("%s = %s", name, value)
	}
}

// checkLocale takes the locales whose words and signs are those that we write.
func checkLocale(value string) (string, error) {
	if v := strings.ToLower(value); v == "" || v == "c" || v == "posix" || v == "c.utf-8" || v == "c.utf8" || strings.HasPrefix(v, "en_us") {
		return value, nil
	}
	return "", pgerr.Unsupported("the locale \"%s\"", value)
}
