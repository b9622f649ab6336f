package pgtest

import (
	"net"
	"os"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// TestPostgres runs the scripts against a real PostgreSQL: S3DB_TEST_POSTGRES
// is its address, by default the one that the developers share.
func TestPostgres(t *testing.T) {
	addr := os.Getenv("S3DB_TEST_POSTGRES")
	if addr == "" {
		addr = "127.0.0.1:5999"
	}
	c, err := net.DialTimeout("tcp", addr, time.Second)
	if err != nil {
		t.Skipf("no PostgreSQL at %s: %v", addr, err)
	}
	c.Close()
	Run(t, addr, "testdata")
}

func TestParseKeepsTheText(t *testing.T) {
	text := "# a\nconnect main\n\nuntil ReadyForQuery\nReadyForQuery I\n\n# the end\n"
	ds, err := parse(text)
	require.NoError(t, err)
	require.Equal(t, []string{"ReadyForQuery I"}, ds[1].expected)
	path := t.TempDir() + "/x.txt"
	require.NoError(t, rewriteFile(path, ds))
	got, err := os.ReadFile(path)
	require.NoError(t, err)
	require.Equal(t, text, string(got))

	_, err = parse("conect main\n")
	require.ErrorContains(t, err, `line 1: unknown directive "conect"`)
}
