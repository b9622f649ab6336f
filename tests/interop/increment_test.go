package interop

import (
	"strconv"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/s3db-sql/s3db-sql/internal/s3test"
	"github.com/s3db-sql/s3db-sql/internal/testserver"
)

// TestIncrementalIDs: two of our servers and the library number the rows of one resource,
// in turns and at once, from one counter: no number is given twice, and none is left out.
func TestIncrementalIDs(t *testing.T) {
	s := s3test.Versitygw(t)
	for _, e := range editions {
		t.Run(e.version, func(t *testing.T) {
			prefix := "counted" + e.version
			l := e.start(t)
			l.connect(s.Location(prefix))
			l.create(object{"name": "c", "attributes": object{"name": "string"}, "idGenerator": "incremental"})
			one := l.call("c", "insert", object{"name": "theirs"}).(object)
			require.Equal(t, "1", one["id"])
			ours, other := serve(t, s, prefix), serve(t, s, prefix)
			testserver.Exec(t, ours, "INSERT INTO c (name) VALUES ('ours'), ('ours')")
			require.Equal(t, []string{"1", "2", "3"}, column1(t, ours, "SELECT id FROM c ORDER BY id::int"))
			require.Equal(t, "4", l.call("c", "insert", object{"name": "theirs"}).(object)["id"])

			const each = 8
			var wg sync.WaitGroup
			for _, insert := range []func() error{
				func() error { _, err := ours.Exec(t.Context(), "INSERT INTO c (name) VALUES ('ours')"); return err },
				func() error { _, err := other.Exec(t.Context(), "INSERT INTO c (name) VALUES ('other')"); return err },
				func() error { _, err := l.tryCall("c", "insert", object{"name": "theirs"}); return err },
			} {
				wg.Go(func() {
					for range each {
						assert.NoError(t, insert())
					}
				})
			}
			wg.Wait()
			var want []string
			for i := range 4 + 3*each {
				want = append(want, strconv.Itoa(i+1))
			}
			require.Equal(t, want, column1(t, other, "SELECT id FROM c ORDER BY id::int"))
		})
	}
}
