package testserver

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"

	"github.com/s3db-sql/s3db-sql/storage/objstore"
)

// killer is the store of a Process: armed, it kills the process at a write.
type killer struct {
	objstore.Store
	mu    sync.Mutex
	armed bool
	left  int  // writes that still pass
	after bool // the last one is carried out first
}

// Watch implements objstore.Watchable where the store does.
func (k *killer) Watch(prefix string) (*atomic.Uint64, bool) { return objstore.Watch(k.Store, prefix) }

// listen arms the killer as the lines that it reads say, and acknowledges each.
func (k *killer) listen(in io.Reader, out io.Writer) {
	for lines := bufio.NewScanner(in); lines.Scan(); {
		var n int
		var after bool
		if _, err := fmt.Sscanf(lines.Text(), "%d %t", &n, &after); err != nil {
			continue
		}
		k.mu.Lock()
		k.armed, k.left, k.after = n >= 0, n, after
		k.mu.Unlock()
		fmt.Fprintln(out, "armed")
	}
}

// write carries a write out, unless it is the process's last one.
func (k *killer) write(do func() error) error {
	k.mu.Lock()
	last := k.armed && k.left == 0
	k.left--
	after := k.after
	k.mu.Unlock()
	if !last {
		return do()
	}
	if after {
		_ = do()
	}
	_ = syscall.Kill(os.Getpid(), syscall.SIGKILL)
	select {}
}

func (k *killer) Put(ctx context.Context, key string, req objstore.PutRequest) (res objstore.PutResult, err error) {
	err = k.write(func() (err error) {
		res, err = k.Store.Put(ctx, key, req)
		return err
	})
	return res, err
}

func (k *killer) Delete(ctx context.Context, key string, opt objstore.DeleteOptions) error {
	return k.write(func() error { return k.Store.Delete(ctx, key, opt) })
}

func (k *killer) DeleteBatch(ctx context.Context, keys []string) error {
	return k.write(func() error { return k.Store.DeleteBatch(ctx, keys) })
}

// Arm lets n more writes of the process pass to its store; at the next one it
// kills itself as kill -9 does, before the write or right after it.
func (p *Process) Arm(t testing.TB, n int, after bool) {
	t.Helper()
	if _, err := fmt.Fprintln(p.in, n, after); err != nil {
		t.Fatal(err)
	}
	if !p.out.Scan() {
		t.Fatal("the server has ended")
	}
}

// Wait waits until the process has ended.
func (p *Process) Wait() { <-p.ended }

// Ended says whether the process has ended.
func (p *Process) Ended() bool {
	select {
	case <-p.ended:
		return true
	default:
		return false
	}
}

// Signal sends the process a signal: SIGSTOP and SIGCONT pause it.
func (p *Process) Signal(s os.Signal) error { return p.cmd.Process.Signal(s) }
