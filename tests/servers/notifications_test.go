package servers

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/s3db-sql/s3db-sql/internal/clock"
	"github.com/s3db-sql/s3db-sql/internal/testserver"
	"github.com/s3db-sql/s3db-sql/storage/objstore"
	"github.com/s3db-sql/s3db-sql/storage/objstore/s3fake"
)

// TestSharedNotifications: NOTIFY and the events of shared resources reach the clients of
// the other server, in their order, and as far as they may read.
func TestSharedNotifications(t *testing.T) {
	at := s3fake.New(t, clock.System).Location("db")
	writer := testserver.StartProcess(t, at, "--share-notifications", "20ms").Connect(t)
	testserver.Exec(t, writer, `CREATE RESOURCE jobs (name 'string') WITH (events = shared)`, `CREATE RESOURCE own (name 'string')`,
		`CREATE ROLE reader`, `GRANT SELECT (id) ON jobs TO reader`)
	other := testserver.StartProcess(t, at, "--share-notifications", "20ms")
	listener, reader := other.Connect(t), other.Connect(t)
	testserver.Exec(t, listener, `LISTEN jobs`, `LISTEN own`, `LISTEN done`)
	testserver.Exec(t, reader, `SET ROLE reader`, `LISTEN jobs`)
	testserver.Exec(t, writer, `INSERT INTO jobs (id, name) VALUES ('j', 'n')`, `INSERT INTO own (id, name) VALUES ('o', 'n')`,
		`BEGIN; NOTIFY done, 'lost'; ROLLBACK`, `DELETE FROM jobs`)
	for i := range 20 {
		testserver.Exec(t, writer, fmt.Sprintf(`NOTIFY done, '%d'`, i))
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	want := []string{`{"event":"inserted","resource":"jobs","id":"j","data":{"id":"j","name":"n"}}`,
		`{"event":"deleted","resource":"jobs","id":"j","$before":{"id":"j","name":"n"},"$after":null}`}
	for i := range 20 {
		want = append(want, fmt.Sprint(i))
	}
	for _, payload := range want {
		n, err := listener.WaitForNotification(ctx)
		require.NoError(t, err)
		require.Equal(t, payload, n.Payload)
	}
	n, err := reader.WaitForNotification(ctx)
	require.NoError(t, err)
	require.Equal(t, `{"event":"inserted","resource":"jobs","id":"j","data":{"id":"j"}}`, n.Payload)
}

// TestSharedNotificationsCost: what is told within an interval is one PUT, and nobody
// lists where nobody listens.
func TestSharedNotificationsCost(t *testing.T) {
	at := s3fake.New(t, clock.System).Location("db")
	writer := testserver.Start(t, testserver.Options{Store: at, Args: []string{"--share-notifications", "2s"}})
	conn := writer.Connect(t)
	testserver.Exec(t, conn, `CREATE RESOURCE jobs (name 'string') WITH (events = shared)`)
	other := testserver.Start(t, testserver.Options{Store: at, Args: []string{"--share-notifications", "100ms"}})
	listener := other.Connect(t)
	began := time.Now()
	before, idle := writer.Meter.Usage(), other.Meter.Usage()
	for i := range 50 {
		testserver.Exec(t, conn, fmt.Sprintf(`INSERT INTO jobs (name) VALUES ('%d')`, i), `NOTIFY done`)
	}
	require.Zero(t, other.Meter.Usage().Sub(idle).Requests[objstore.ReqList], "nobody listens there yet")
	testserver.Exec(t, listener, `LISTEN done`)
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	for range 50 {
		_, err := listener.WaitForNotification(ctx)
		require.NoError(t, err)
	}
	cost := writer.Meter.Usage().Sub(before)
	most := 1 + int64(time.Since(began)/(2*time.Second))
	require.LessOrEqual(t, cost.Requests[objstore.ReqPut], 50+most, "50 rows, and an object for each interval")
	require.EqualValues(t, 1, cost.Requests[objstore.ReqList], "leftovers of others, once")
	require.LessOrEqual(t, other.Meter.Usage().Sub(idle).Requests[objstore.ReqGet], most)
}
