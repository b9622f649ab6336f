package clients

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/s3db-sql/s3db-sql/internal/pgserver"
	"github.com/s3db-sql/s3db-sql/internal/testserver"
)

// TestDialog holds conversations at a terminal (testdata/dialog), where psql asks back, is
// interrupted and loses its connection.
func TestDialog(t *testing.T) {
	eachDialog(t, func(t *testing.T) terminal {
		return terminal{testserver.Start(t, testserver.Options{}).Addr, "postgres"}
	})
}

// TestDialogPostgres holds them against a real PostgreSQL.
func TestDialogPostgres(t *testing.T) {
	eachDialog(t, func(t *testing.T) terminal { return terminal{pgserver.Start(t).Addr, "postgres"} })
}

func eachDialog(t *testing.T, start func(t *testing.T) terminal) {
	needPsql(t)
	paths, err := filepath.Glob("testdata/dialog/*.txt")
	require.NoError(t, err)
	require.NotEmpty(t, paths)
	for _, path := range paths {
		t.Run(strings.TrimSuffix(filepath.Base(path), ".txt"), func(t *testing.T) {
			text, err := os.ReadFile(path)
			require.NoError(t, err)
			start(t).psqlAt(t).talk(t, string(text))
		})
	}
}

// controls are the keys that have no letter.
var controls = strings.NewReplacer("<^C>", "\x03", "<^D>", "\x04", "<Tab>", "\t")

// talk follows a dialog: a line "> text" is typed, with Enter unless it ends in a control
// key; "< text" waits until psql shows the text behind all that was waited for before;
// others are comments.
func (p *pty) talk(t *testing.T, dialog string) {
	for _, line := range strings.Split(dialog, "\n") {
		if text, ok := strings.CutPrefix(line, "< "); ok {
			p.until(t, text)
			continue
		}
		if text, ok := strings.CutPrefix(line, ">"); ok {
			text = controls.Replace(strings.TrimPrefix(text, " "))
			if !strings.HasSuffix(line, ">") || line == ">" {
				text += "\n"
			}
			if text == "\x03" {
				time.Sleep(handTime)
			}
			p.keys(t, text)
		}
	}
}

// handTime passes before ^C: psql shows its prompt before it takes ^C for an end of what is
// typed there.
const handTime = 100 * time.Millisecond
