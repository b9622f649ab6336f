package clients

import (
	"testing"

	"github.com/s3db-sql/s3db-sql/internal/pgserver"
	"github.com/s3db-sql/s3db-sql/internal/testserver"
	"github.com/s3db-sql/s3db-sql/wire/pgtest"
)

// TestProtocol runs the conversations that a real PostgreSQL recorded: those of
// wire, and those that need tables.
func TestProtocol(t *testing.T) {
	pgtest.Run(t, testserver.Start(t, testserver.Options{}).Addr, "../../wire/pgtest/testdata")
	pgtest.Run(t, testserver.Start(t, testserver.Options{}).Addr, "testdata/protocol")
}

// TestProtocolPostgres holds the latter against a real PostgreSQL; with
// -pgtest.rewrite they are written from it.
func TestProtocolPostgres(t *testing.T) {
	pgtest.Run(t, pgserver.Start(t).Addr, "testdata/protocol")
}
