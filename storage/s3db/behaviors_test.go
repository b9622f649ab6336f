package s3db_test

import (
	"encoding/json"
	"os"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/storage/objstore"
	"github.com/s3db-sql/s3db-sql/storage/s3db"
)

// TestBehaviorsAgainstJavaScript: 2,643 rows around every limit, in characters of
// one to four bytes, combined ones and ones that JSON escapes: each name is in
// metadata or in the body where the handlers of s3db.js 19.5.10 and 21.6.2 put it,
// with as many bytes, or the row is refused where they refuse it
// (testdata/behaviors.mjs). Where S3 would refuse what they send, since encoding has
// made it too large, ours is refused or fits.
func TestBehaviorsAgainstJavaScript(t *testing.T) {
	data, err := os.ReadFile("testdata/behaviors.tsv")
	require.NoError(t, err)
	schemas := map[string]*s3db.Schema{}
	tooLarge := 0
	for _, line := range strings.Split(strings.TrimSpace(string(data)), "\n")[1:] {
		p := strings.Split(line, "\t")
		s := schemas[p[0]]
		if s == nil {
			s = plain(t, s3db.Behavior(p[0]), objstore.Capabilities{})
			schemas[p[0]] = s
		}
		one, two := repeated(t, p[2]), repeated(t, p[3])
		o, err := encodeTexts(s, "key", p[1] == "insert", one, two)
		if err != nil {
			require.Equal(t, pgerr.ProgramLimitExceeded, pgerr.CodeOf(err), line)
		} else {
			require.LessOrEqual(t, objstore.MetadataSize(o.Metadata, 0), objstore.MaxMetadata, line)
		}
		if p[4] == "refused" {
			require.Error(t, err, line)
			continue
		}
		var theirs []json.RawMessage
		require.NoError(t, json.Unmarshal([]byte(p[4]), &theirs))
		if theirs[2][0] == '2' && len(theirs[2]) == 4 && string(theirs[2]) > "2048" || len(theirs[2]) > 4 {
			tooLarge++
			continue // S3 takes 2,048 bytes
		}
		require.NoError(t, err, line)
		sameFields(t, s, o, theirs, []string{one, two}, line)
	}
	require.Greater(t, tooLarge, 100)
}

// repeated is [text, times].
func repeated(t *testing.T, spec string) string {
	var text string
	var times int
	require.NoError(t, json.Unmarshal([]byte(spec), &[]any{&text, &times}))
	return strings.Repeat(text, times)
}

func sameFields(t *testing.T, s *s3db.Schema, o *s3db.Encoded, theirs []json.RawMessage, given []string, line string) {
	t.Helper()
	var metadata map[string]int
	var body []string
	require.NoError(t, json.Unmarshal(theirs[0], &metadata))
	require.NoError(t, json.Unmarshal(theirs[1], &body))
	row, err := s.Decode("k", "key", o.Object, nil)
	require.NoError(t, err)
	for i, name := range []string{"0", "1"} {
		size, inMetadata := metadata[name]
		_, have := o.Metadata[name]
		require.Equal(t, inMetadata, have, line)
		if !inMetadata {
			require.Contains(t, body, name, line)
			require.Contains(t, string(o.Body), `"`+name+`":`, line)
			continue
		}
		require.NotContains(t, string(o.Body), `"`+name+`":`, line) // an update of enforce-limits copies it there
		text, _ := row.Values[i].(string)
		require.Len(t, text, size, line)
		require.True(t, utf8.ValidString(text) && strings.HasPrefix(given[i], text), line)
	}
}
