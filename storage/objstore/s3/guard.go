package s3

import (
	"context"
	"io"
	"time"
)

// guard ends a request that makes no progress for a time: until its answer
// begins, and between the reads of its body. A slow body is no reason to give
// up, a silent one is.
type guard struct {
	ctx    context.Context
	cancel context.CancelCauseFunc
	timer  *time.Timer
	limit  time.Duration
}

func (c *client) guard(ctx context.Context) *guard {
	g := &guard{limit: c.timeout}
	g.ctx, g.cancel = context.WithCancelCause(ctx)
	g.timer = time.AfterFunc(g.limit, func() { g.cancel(errStalled) })
	return g
}

func (g *guard) stop() {
	g.timer.Stop()
	g.cancel(nil)
}

func (g *guard) progress() { g.timer.Reset(g.limit) }

func (g *guard) stalled() bool { return context.Cause(g.ctx) == errStalled }

// body hands the guard over to an answer's body: closing it ends the guard.
func (g *guard) body(b io.ReadCloser) io.ReadCloser { return &guardedBody{ReadCloser: b, guard: g} }

type guardedBody struct {
	io.ReadCloser
	guard *guard
}

func (b *guardedBody) Read(p []byte) (int, error) {
	b.guard.progress()
	n, err := b.ReadCloser.Read(p)
	if err != nil && err != io.EOF && b.guard.stalled() {
		err = errStalled
	}
	return n, err
}

func (b *guardedBody) Close() error {
	err := b.ReadCloser.Close()
	b.guard.stop()
	return err
}
