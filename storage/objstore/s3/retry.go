package s3

import (
	"context"
	"net/http"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/s3db-sql/s3db-sql/storage/objstore"
)

const (
	defaultAttempts = 6
	// Waits grow from the first to the last by doubling, with full jitter
	// (AWS Architecture Blog, "Exponential Backoff And Jitter").
	firstWait     = 50 * time.Millisecond
	firstWaitBusy = 200 * time.Millisecond
	lastWait      = 5 * time.Second
)

// do sends the call until it succeeds, may not be repeated, or has been tried
// often enough. On success the caller closes the body.
func (c *client) do(ctx context.Context, call *call) (*http.Response, error) {
	maybeDone, mended := false, false
	for attempt := 1; ; attempt++ {
		resp, f := c.send(ctx, call)
		if f == nil {
			return resp, nil
		}
		if !mended && c.mend(f) {
			mended = true
			continue
		}
		if f.stalled {
			attempt += c.attempts / 2
		}
		maybeDone = maybeDone || f.outcome == busy || f.outcome == unknown
		err := objstore.CtxError(ctx, call.op, call.key)
		if err == nil && attempt < c.attempts && call.repeatable(f.outcome) {
			err = c.wait(ctx, call, attempt, f.outcome)
			if err == nil {
				continue
			}
		}
		if err != nil {
			f.err = err.(*objstore.Error)
		}
		f.err.Ambiguous = call.writes() && maybeDone
		return nil, f.err
	}
}

// repeatable says whether the call may be sent again after this outcome. A
// conditional write that may have been done must not be: it would meet itself
// and report a conflict. Nor a delete: a late first attempt could take away what
// someone has created since.
func (c *call) repeatable(o outcome) bool {
	return o == untouched || o == busy || o == unknown && !c.unrepeatable
}

// mend repairs what makes every request fail alike: a wrong clock and outdated
// credentials. It says whether the call is to be sent again at once.
func (c *client) mend(f *failure) bool {
	switch f.code {
	case codeSkewed:
		return c.learnSkew(f.date)
	case codeExpired:
		cache, ok := c.creds.(*aws.CredentialsCache)
		if ok {
			cache.Invalidate()
		}
		return ok
	}
	return false
}

// wait sleeps before the next attempt, or until ctx ends.
func (c *client) wait(ctx context.Context, call *call, attempt int, o outcome) error {
	d := firstWait
	if o == busy {
		d = firstWaitBusy
	}
	d = min(lastWait, d<<(attempt-1))
	d = time.Duration(c.rand.Uint64() % uint64(d))
	select {
	case <-c.clock.After(d):
		return nil
	case <-ctx.Done():
		return objstore.CtxError(ctx, call.op, call.key)
	}
}
