package conformance

import (
	"fmt"
	"strings"

	"github.com/s3db-sql/s3db-sql/storage/objstore"
)

// racers is how many goroutines race for one object.
const racers = 16

// oneWinner wants exactly one nil in errs and a precondition in all others. A
// store must settle S3's 409 ConditionalRequestConflict itself.
func (s *suite) oneWinner(errs []error) (winner int) {
	s.Helper()
	winner = -1
	for i, err := range errs {
		if err == nil && winner >= 0 {
			s.Fatalf("both %d and %d won", winner, i)
		}
		if err == nil {
			winner = i
			continue
		}
		s.wantKind(err, "a loser of the race", objstore.Precondition, objstore.NotFound)
	}
	if winner < 0 {
		s.Fatal("nobody won")
	}
	return winner
}

func (s *suite) createOnly() {
	create := objstore.PutRequest{Body: []byte("1"), Metadata: objstore.Metadata{"n": "1"}, IfNoneMatch: true}
	s.put("k", create)
	create.Body, create.Metadata = []byte("2"), objstore.Metadata{"n": "2"}
	_, err := s.s.Put(s.ctx, "k", create)
	s.wantKind(err, "creating an existing object", objstore.Precondition)
	info, body := s.get("k", objstore.GetOptions{})
	if body != "1" || info.Metadata["n"] != "1" {
		s.Errorf("the refused put left %q %v", body, info.Metadata)
	}
	if err := s.s.Delete(s.ctx, "k", objstore.DeleteOptions{}); err != nil {
		s.Fatal(err)
	}
	s.put("k", create)
	create.IfMatch = `"x"`
	_, err = s.s.Put(s.ctx, "k", create)
	s.wantKind(err, "both conditions", objstore.Invalid)
}

func (s *suite) ifMatch() {
	first := s.put("k", objstore.PutRequest{Body: []byte("1")})
	second := s.put("k", objstore.PutRequest{Body: []byte("2"), IfMatch: first})
	_, err := s.s.Put(s.ctx, "k", objstore.PutRequest{Body: []byte("3"), IfMatch: first})
	s.wantKind(err, "a stale ETag", objstore.Precondition)
	if info, body := s.get("k", objstore.GetOptions{}); body != "2" || info.ETag != second {
		s.Errorf("the refused put left %q %s", body, info.ETag)
	}
	_, err = s.s.Put(s.ctx, "none", objstore.PutRequest{Body: []byte("1"), IfMatch: first})
	s.wantKind(err, "If-Match on a missing key", objstore.NotFound, objstore.Precondition)
	_, err = s.s.Head(s.ctx, "none")
	s.wantKind(err, "Head after it", objstore.NotFound)
}

func (s *suite) conditionalDelete() {
	if !s.s.Capabilities().ConditionalDelete {
		s.Skip("the store has no conditional delete")
	}
	first := s.put("k", objstore.PutRequest{Body: []byte("1")})
	second := s.put("k", objstore.PutRequest{Body: []byte("2")})
	s.wantKind(s.s.Delete(s.ctx, "k", objstore.DeleteOptions{IfMatch: first}), "a stale ETag", objstore.Precondition)
	s.head("k")
	if err := s.s.Delete(s.ctx, "k", objstore.DeleteOptions{IfMatch: second}); err != nil {
		s.Fatal(err)
	}
	_, err := s.s.Head(s.ctx, "k")
	s.wantKind(err, "Head after Delete", objstore.NotFound)
	if err := s.s.Delete(s.ctx, "k", objstore.DeleteOptions{IfMatch: second}); err != nil {
		s.wantKind(err, "a missing key", objstore.NotFound, objstore.Precondition)
	}
}

// deleteRace lets one put and one delete contend for each of some objects: of
// two that are conditional on one ETag only one may succeed.
func (s *suite) deleteRace() {
	if !s.s.Capabilities().ConditionalDelete {
		s.Skip("the store has no conditional delete")
	}
	for round := range 4 * s.opt.Rounds {
		key := fmt.Sprintf("race/id=%d", round)
		tag := s.put(key, objstore.PutRequest{Body: []byte("1")})
		winner := s.oneWinner(parallel(2, 2, func(i int) error {
			if i == 0 {
				return s.s.Delete(s.ctx, key, objstore.DeleteOptions{IfMatch: tag})
			}
			_, err := s.s.Put(s.ctx, key, objstore.PutRequest{Body: []byte("2"), IfMatch: tag})
			return err
		}))
		if _, err := s.s.Head(s.ctx, key); objstore.IsNotFound(err) != (winner == 0) {
			s.Fatalf("%d won (0: delete), then Head: %v", winner, err)
		}
	}
}

func (s *suite) createRace() {
	for round := range s.opt.Rounds {
		key := fmt.Sprintf("race/id=%d", round)
		winner := s.oneWinner(parallel(racers, racers, func(i int) error {
			_, err := s.s.Put(s.ctx, key, objstore.PutRequest{Body: fmt.Append(nil, i), IfNoneMatch: true})
			return err
		}))
		if _, body := s.get(key, objstore.GetOptions{}); body != fmt.Sprint(winner) {
			s.Fatalf("%d won, but %s is there", winner, body)
		}
	}
}

func (s *suite) swapRace() {
	tag := s.put("k", objstore.PutRequest{Body: []byte("start")})
	for round := range s.opt.Rounds {
		body := func(i int) string { return fmt.Sprintf("%d/%d", round, i) }
		winner := s.oneWinner(parallel(racers, racers, func(i int) error {
			_, err := s.s.Put(s.ctx, "k", objstore.PutRequest{Body: []byte(body(i)), IfMatch: tag})
			return err
		}))
		info, got := s.get("k", objstore.GetOptions{})
		if got != body(winner) {
			s.Fatalf("%s won, but %s is there", body(winner), got)
		}
		tag = info.ETag
	}
}

// noTornRead overwrites an object while others read it: body, metadata and ETag
// must always be of the same write.
func (s *suite) noTornRead() {
	write := func(i int) objstore.PutRequest {
		text := strings.Repeat(fmt.Sprintf("%04d ", i), 200)
		return objstore.PutRequest{Body: []byte(text), Metadata: objstore.Metadata{"n": strings.TrimSpace(text)}}
	}
	s.put("k", write(0))
	done := make(chan struct{})
	go func() {
		defer close(done)
		for i := 1; i <= 20*s.opt.Rounds; i++ {
			if _, err := s.s.Put(s.ctx, "k", write(i)); err != nil {
				s.Errorf("Put: %v", err)
				return
			}
		}
	}()
	parallel(4, 4, func(int) error {
		for {
			select {
			case <-done:
				return nil
			default:
			}
			o, err := s.s.Get(s.ctx, "k", objstore.GetOptions{})
			if err != nil {
				s.Errorf("Get: %v", err)
				return nil
			}
			body, err := objstore.ReadBody(o, 1<<20)
			if err != nil || strings.TrimSpace(string(body)) != o.Metadata["n"] || objstore.ETagOf(body) != o.ETag {
				s.Errorf("torn read: %.10q beside %.10q, %s (%v)", body, o.Metadata["n"], o.ETag, err)
				return nil
			}
		}
	})
}
