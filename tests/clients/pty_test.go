package clients

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
	"unsafe"

	"github.com/stretchr/testify/require"
)

// inputrc is readline's set-up where a test reads what it shows: all candidates at the first
// Tab, one on each line, no bell and no escapes around a paste.
const inputrc = `set completion-query-items 0
set page-completions off
set show-all-if-ambiguous on
set completion-display-width 0
set bell-style none
set enable-bracketed-paste off
`

// pty is a psql at a terminal: what it shows is read as it comes.
type pty struct {
	master *os.File
	cmd    *exec.Cmd

	mu    sync.Mutex
	shown bytes.Buffer // what nobody has waited for yet
	more  chan struct{}
}

// patience is how long a test waits for what psql should show.
const patience = 20 * time.Second

// openPty opens a pseudo terminal: both of its ends.
func openPty() (master, slave *os.File, err error) {
	if master, err = os.OpenFile("/dev/ptmx", os.O_RDWR|syscall.O_NOCTTY, 0); err != nil {
		return nil, nil, err
	}
	control := func(request uintptr, arg unsafe.Pointer) error {
		if _, _, errno := syscall.Syscall(syscall.SYS_IOCTL, master.Fd(), request, uintptr(arg)); errno != 0 {
			return errno
		}
		return nil
	}
	var unlock, number int32
	size := [4]uint16{200, 500} // rows and columns: no line is wrapped
	for _, c := range []struct {
		request uintptr
		arg     unsafe.Pointer
	}{
		{syscall.TIOCSPTLCK, unsafe.Pointer(&unlock)},
		{syscall.TIOCGPTN, unsafe.Pointer(&number)},
		{syscall.TIOCSWINSZ, unsafe.Pointer(&size)},
	} {
		if err := control(c.request, c.arg); err != nil {
			return nil, nil, err
		}
	}
	slave, err = os.OpenFile(fmt.Sprintf("/dev/pts/%d", number), os.O_RDWR|syscall.O_NOCTTY, 0)
	return master, slave, err
}

// psqlAt starts psql at a terminal of its own, in an empty folder. It ends with the test.
func (m terminal) psqlAt(t *testing.T, args ...string) *pty {
	t.Helper()
	master, slave, err := openPty()
	require.NoError(t, err)
	defer slave.Close()
	folder := t.TempDir()
	rc := filepath.Join(folder, ".inputrc")
	require.NoError(t, os.WriteFile(rc, []byte(inputrc), 0o600))
	p := &pty{master: master, cmd: exec.Command("psql", append([]string{"-X"}, args...)...), more: make(chan struct{}, 1)}
	p.cmd.Env = append(m.environment(), "TERM=dumb", "INPUTRC="+rc, "HOME="+folder)
	p.cmd.Dir = folder
	p.cmd.Stdin, p.cmd.Stdout, p.cmd.Stderr = slave, slave, slave
	p.cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true}
	require.NoError(t, p.cmd.Start())
	go p.read()
	t.Cleanup(func() {
		_ = p.cmd.Process.Kill()
		_ = p.cmd.Wait()
		_ = master.Close()
	})
	return p
}

func (p *pty) read() {
	buf := make([]byte, 4096)
	for {
		n, err := p.master.Read(buf)
		p.mu.Lock()
		p.shown.Write(bytes.ReplaceAll(buf[:n], []byte("\r"), nil))
		p.mu.Unlock()
		select {
		case p.more <- struct{}{}:
		default:
		}
		if err != nil {
			close(p.more)
			return
		}
	}
}

// keys types into the terminal.
func (p *pty) keys(t *testing.T, text string) {
	t.Helper()
	_, err := p.master.WriteString(text)
	require.NoError(t, err)
}

// until waits for a text and returns what was shown before it.
func (p *pty) until(t *testing.T, text string) string {
	t.Helper()
	late := time.After(patience)
	for {
		p.mu.Lock()
		before, after, found := strings.Cut(p.shown.String(), text)
		if found {
			p.shown.Reset()
			p.shown.WriteString(after)
		}
		p.mu.Unlock()
		if found {
			return before
		}
		select {
		case _, open := <-p.more:
			require.True(t, open, "psql has ended; waiting for %q, shown:\n%s", text, before)
		case <-late:
			t.Fatalf("not shown: %q; shown:\n%s", text, before)
		}
	}
}
