package rows

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// TestSegments: a record's segments are bounded by bytes, and have every entry once.
func TestSegments(t *testing.T) {
	large := &oldObject{Body: make([]byte, maxSegment/2)}
	entries := []txEntry{{Key: "a", Old: large}, {Key: "b"}, {Key: "c", Old: large}, {Key: "d", Old: &oldObject{Body: make([]byte, 2*maxSegment)}}, {Key: "e"}}
	var got [][]string
	for segment := range segments(entries) {
		var keys []string
		for _, e := range segment {
			keys = append(keys, e.Key)
		}
		got = append(got, keys)
	}
	require.Equal(t, [][]string{{"a", "b"}, {"c"}, {"d"}, {"e"}}, got)
}
