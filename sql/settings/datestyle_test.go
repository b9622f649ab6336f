package settings_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/s3db-sql/s3db-sql/sql/settings"
)

// TestDateStyleKeepsWhatIsNotSaid: a start-up value and statements after it; what
// PostgreSQL 15 shows in the end.
func TestDateStyleKeepsWhatIsNotSaid(t *testing.T) {
	for _, c := range []struct {
		startup string
		set     []string
		shown   string
	}{
		{"iso, dmy", []string{"sql"}, "SQL, DMY"},
		{"german", []string{"iso"}, "ISO, DMY"},
		{"iso, dmy", []string{"sql, mdy", "default"}, "ISO, DMY"},
		{"iso, dmy", []string{"sql, mdy", "postgres, default"}, "Postgres, DMY"},
	} {
		v := settings.NewValues(nil)
		require.NoError(t, v.Startup("DateStyle", c.startup))
		for _, value := range c.set {
			require.NoError(t, v.Set("datestyle", value, false), value)
		}
		shown, _ := v.Get("datestyle")
		require.Equal(t, c.shown, shown, "%s, then %v", c.startup, c.set)
	}
}
