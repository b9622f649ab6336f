package local_test

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/s3db-sql/s3db-sql/internal/clock"
	"github.com/s3db-sql/s3db-sql/storage/objstore"
	"github.com/s3db-sql/s3db-sql/storage/objstore/local"
)

// childEnv names the folder that a child process writes to until it is killed.
const childEnv = "S3DB_LOCAL_CRASH_CHILD"

func TestMain(m *testing.M) {
	if dir := os.Getenv(childEnv); dir != "" {
		writeUntilKilled(dir)
	}
	os.Exit(m.Run())
}

// version is what the child writes as version n of a key: everything of the
// object follows from key and n.
func version(key string, n int) objstore.PutRequest {
	size := 20 + n%50
	if strings.HasPrefix(key, "large") {
		size = 600_000 + n
	}
	unit := fmt.Sprintf("%s %d;", key, n)
	return objstore.PutRequest{
		Body:     []byte(strings.Repeat(unit, size/len(unit)+1)),
		Metadata: objstore.Metadata{"n": strconv.Itoa(n), "key": key},
	}
}

// writeUntilKilled overwrites some keys again and again, each in a goroutine,
// and prints what was acknowledged.
func writeUntilKilled(dir string) {
	s, err := local.Open(dir, clock.System)
	if err != nil {
		fmt.Println("error", err)
		os.Exit(1)
	}
	for _, key := range []string{"small0", "small1", "small2", "small3", "large0", "large1"} {
		go func() {
			for n := 1; ; n++ {
				if _, err := s.Put(context.Background(), key, version(key, n)); err != nil {
					fmt.Println("error", err)
					os.Exit(1)
				}
				fmt.Println("ack", key, n)
			}
		}()
	}
	select {}
}

func TestAcknowledgedPutsSurviveKill(t *testing.T) {
	dir := t.TempDir()
	for round := range 4 {
		acked := runAndKill(t, dir, 100+150*round)
		s, err := local.Open(dir, clock.System)
		require.NoError(t, err)
		page, err := s.List(t.Context(), objstore.ListRequest{})
		require.NoError(t, err)
		chunks := 0
		for _, o := range page.Objects {
			n := checkWhole(t, s, o.Key)
			require.GreaterOrEqual(t, n, acked[o.Key], "an acknowledged put of %s is lost", o.Key)
			delete(acked, o.Key)
			if o.Size > 32<<10 {
				chunks += int(o.Size+(256<<10)-1) / (256 << 10)
			}
		}
		require.Empty(t, acked, "acknowledged objects are lost")
		gotChunks, pending, err := s.Blobs()
		require.NoError(t, err)
		require.Equal(t, chunks, gotChunks, "chunks of puts that did not finish are left")
		require.Zero(t, pending)
		// The next round counts versions from 1 again.
		require.NoError(t, s.DeleteBatch(t.Context(), []string{"small0", "small1", "small2", "small3", "large0", "large1"}))
		require.NoError(t, s.Close())
	}
}

// runAndKill runs the child until it has acknowledged n puts, kills it, and
// returns the last acknowledged version of each key.
func runAndKill(t *testing.T, dir string, n int) map[string]int {
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), childEnv+"="+dir)
	out, err := cmd.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, cmd.Start())
	acked := map[string]int{}
	lines := bufio.NewScanner(out)
	for count := 0; lines.Scan(); {
		var key string
		var v int
		_, err := fmt.Sscanf(lines.Text(), "ack %s %d", &key, &v)
		require.NoError(t, err, lines.Text())
		acked[key] = v
		if count++; count == n {
			require.NoError(t, cmd.Process.Kill())
		}
	}
	_ = cmd.Wait() // killed: what it printed before its end counts too
	require.NotEmpty(t, acked)
	return acked
}

// checkWhole wants body, metadata and ETag of the object to be of one write,
// and returns which.
func checkWhole(t *testing.T, s objstore.Store, key string) int {
	o, err := s.Get(t.Context(), key, objstore.GetOptions{})
	require.NoError(t, err)
	body, err := objstore.ReadBody(o, 1<<24)
	require.NoError(t, err)
	n, err := strconv.Atoi(o.Metadata["n"])
	require.NoError(t, err)
	want := version(key, n)
	require.True(t, bytes.Equal(want.Body, body), "%s has half of a write", key)
	require.Equal(t, want.Metadata, o.Metadata)
	require.Equal(t, objstore.ETagOf(body), o.ETag)
	return n
}
