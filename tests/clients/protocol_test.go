package clients

import (
	"testing"

	"github.com/s3db-sql/s3db-sql/internal/testserver"
	"github.com/s3db-sql/s3db-sql/wire/pgtest"
)

// TestProtocol runs the conversations that a real PostgreSQL recorded.
func TestProtocol(t *testing.T) {
	pgtest.Run(t, testserver.Start(t, testserver.Options{}).Addr, "../../wire/pgtest/testdata")
}
