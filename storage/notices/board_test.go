package notices

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/s3db-sql/s3db-sql/internal/clock"
	"github.com/s3db-sql/s3db-sql/internal/rng"
	"github.com/s3db-sql/s3db-sql/storage/objstore"
	"github.com/s3db-sql/s3db-sql/storage/objstore/mem"
	"github.com/s3db-sql/s3db-sql/storage/objstore/wrap"
)

// server is a board that keeps what it is told.
type server struct {
	*Board
	meter *objstore.Meter
	mu    sync.Mutex
	got   []string
}

func (s *server) told() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.got
}

const interval = 5 * time.Millisecond

func start(t *testing.T, st objstore.Store, wanted bool) *server {
	s := &server{meter: objstore.NewMeter(nil)}
	s.Board = New(Options{
		Objects: wrap.Metered(st, s.meter), Clock: clock.System, Rand: rng.System, Interval: interval, Wanted: func() bool { return wanted },
		Deliver: func(messages []json.RawMessage) {
			s.mu.Lock()
			defer s.mu.Unlock()
			for _, m := range messages {
				s.got = append(s.got, string(m))
			}
		},
		Warn: func(what string, err error) { t.Error(what, err) },
	})
	t.Cleanup(func() { s.Close(context.Background()) })
	return s
}

func post(s *server, from, to int) (want []string) {
	for i := from; i < to; i++ {
		want = append(want, fmt.Sprint(i))
		s.Post(context.Background(), []json.RawMessage{json.RawMessage(fmt.Sprint(i))})
	}
	return want
}

func TestBoard(t *testing.T) {
	st := mem.New(clock.System)
	writer, early, late, deaf := start(t, st, true), start(t, st, true), start(t, st, true), start(t, st, false)
	writer.Listen(context.Background())
	early.Listen(context.Background())
	first := post(writer, 0, 500)
	require.Eventually(t, func() bool { return len(early.told()) == 500 }, 10*time.Second, interval)
	require.Equal(t, first, early.told())
	late.Listen(context.Background())
	deaf.Listen(context.Background())
	second := post(writer, 500, 700)
	require.Eventually(t, func() bool { return len(late.told()) == 200 }, 10*time.Second, interval)
	require.Equal(t, second, late.told())
	require.Eventually(t, func() bool { return len(early.told()) == 700 }, 10*time.Second, interval)
	require.Empty(t, writer.told(), "its own")
	require.Empty(t, deaf.told())
	require.Eventually(t, func() bool { b := deaf.Board; b.listening.Lock(); defer b.listening.Unlock(); return !b.reading }, 10*time.Second, interval)
	require.LessOrEqual(t, deaf.meter.Usage().Requests[objstore.ReqList], int64(1))
}

// TestOneObject: what is told within an interval is one object, also when the board is
// closed before its end.
func TestOneObject(t *testing.T) {
	st := mem.New(clock.System)
	s := start(t, st, false)
	s.Interval = time.Hour
	post(s, 0, 1000)
	s.Close(context.Background())
	require.EqualValues(t, 1, s.meter.Usage().Requests[objstore.ReqPut])
	require.Zero(t, s.meter.Usage().Requests[objstore.ReqList])
}

// TestLeftovers: what a crashed server left is removed, not delivered.
func TestLeftovers(t *testing.T) {
	past := mem.New(clock.NewFake(time.Now().Add(-time.Hour)))
	_, err := past.Put(context.Background(), prefix+"20200101T000000.000000Z-dead", objstore.PutRequest{Body: []byte(`[1]`)})
	require.NoError(t, err)
	s := start(t, past, true)
	s.Listen(context.Background())
	page, err := past.List(context.Background(), objstore.ListRequest{Prefix: prefix})
	require.NoError(t, err)
	require.Empty(t, page.Objects)
	require.Empty(t, s.told())
}

// TestBackPressure: who tells more than can be written waits.
func TestBackPressure(t *testing.T) {
	s := start(t, mem.New(clock.System), false)
	s.Interval = time.Hour
	large := json.RawMessage(`"` + strings.Repeat("x", maxPending) + `"`)
	s.Post(context.Background(), []json.RawMessage{large})
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Millisecond)
	defer cancel()
	s.Post(ctx, []json.RawMessage{json.RawMessage(`1`)})
	require.Error(t, ctx.Err(), "it has waited")
	require.Len(t, s.pending, 1)
}
