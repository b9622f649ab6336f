package clients

import (
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/s3db-sql/s3db-sql/internal/pgserver"
	"github.com/s3db-sql/s3db-sql/internal/testserver"
)

var update = flag.Bool("update", false, "write what psql shows into the transcripts")

func needPsql(t *testing.T) {
	if _, err := exec.LookPath("psql"); err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatal("psql is not installed")
		}
		t.Skip("psql is not installed")
	}
}

// TestPsql holds testdata's transcripts against our server.
func TestPsql(t *testing.T) {
	needPsql(t)
	eachTranscript(t, "testdata/*.txt", func(t *testing.T) terminal {
		return terminal{testserver.Start(t, testserver.Options{}).Addr, "postgres"}
	}, *update)
	eachTranscript(t, "testdata/postgresql/*.txt", func(t *testing.T) terminal {
		return terminal{testserver.Start(t, testserver.Options{}).Addr, "postgres"}
	}, false)
}

// TestPsqlPostgres holds those that show the same on a real PostgreSQL against
// one.
func TestPsqlPostgres(t *testing.T) {
	needPsql(t)
	eachTranscript(t, "testdata/postgresql/*.txt", func(t *testing.T) terminal {
		return terminal{pgserver.Start(t).Addr, "postgres"}
	}, *update)
}

func eachTranscript(t *testing.T, pattern string, start func(t *testing.T) terminal, update bool) {
	paths, err := filepath.Glob(pattern)
	require.NoError(t, err)
	require.NotEmpty(t, paths)
	for _, path := range paths {
		t.Run(strings.TrimSuffix(filepath.Base(path), ".txt"), func(t *testing.T) {
			text, err := os.ReadFile(path)
			require.NoError(t, err)
			xs := start(t).hold(t, parseTranscript(string(text)), update)
			if update {
				require.NoError(t, os.WriteFile(path, []byte(writeTranscript(xs)), 0o644))
			}
		})
	}
}

// readmeBlock is a transcript in README.md, in a code block between markers.
var readmeBlock = regexp.MustCompile("(?s)<!-- (session|explain):begin -->\n```\\w*\n(.*?)```\n<!-- (?:session|explain):end -->")

// TestReadme holds the sessions that README.md shows against our server, on the
// embedded store that its command starts.
func TestReadme(t *testing.T) {
	needPsql(t)
	const path = "../../README.md"
	text, err := os.ReadFile(path)
	require.NoError(t, err)
	blocks := readmeBlock.FindAllStringSubmatch(string(text), -1)
	if len(blocks) == 0 {
		t.Fatal("README.md has no transcript between <!-- session:begin --> and <!-- session:end -->")
	}
	m := terminal{testserver.Start(t, testserver.Options{Store: "file://" + t.TempDir()}).Addr, "s3db"}
	out := string(text)
	for _, b := range blocks {
		xs := m.hold(t, parseTranscript(b[2]), *update)
		out = strings.Replace(out, b[2], writeTranscript(xs), 1)
	}
	if *update {
		require.NoError(t, os.WriteFile(path, []byte(out), 0o644))
	}
}
