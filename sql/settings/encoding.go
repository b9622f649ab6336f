package settings

import (
	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/mb"
)

// checkEncoding is check_client_encoding. "UNICODE" stays as it is, for old JDBC drivers.
func checkEncoding(value string) (string, error) {
	e, ok := mb.Named(value)
	if !ok {
		return "", pgerr.New(pgerr.InvalidParameterValue, "invalid value for parameter \"client_encoding\": \"%s\"", value)
	}
	if _, err := mb.NewClient(e); err != nil {
		return "", pgerr.New(pgerr.FeatureNotSupported, "invalid value for parameter \"client_encoding\": \"%s\"", value).
			WithDetail("Conversion between %s and %s is not supported.", e, mb.UTF8)
	}
	if value == "UNICODE" {
		return value, nil
	}
	return e.String(), nil
}
