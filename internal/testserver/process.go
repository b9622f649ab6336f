package testserver

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/exec"
	"os/signal"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/s3db-sql/s3db-sql/config"
	"github.com/s3db-sql/s3db-sql/server"
	"github.com/s3db-sql/s3db-sql/storage/objstore"
)

// processEnv turns a test's binary into a server: its value are the arguments.
const processEnv = "S3DB_TESTSERVER_ARGUMENTS"

// Main must be called first in the TestMain of a package that uses
// StartProcess: there it runs the server, if that is what the process is for,
// and does not return.
func Main() {
	args := os.Getenv(processEnv)
	if args == "" {
		return
	}
	if err := serve(strings.Split(args, "\n")); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	os.Exit(0)
}

func serve(args []string) error {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM)
	defer stop()
	cfg, _, err := config.Load(config.Input{Args: args, ReadFile: func(string) ([]byte, error) { return nil, os.ErrNotExist }})
	if err != nil {
		return err
	}
	k := &killer{}
	over := func(st objstore.Store) objstore.Store {
		k.Store = st
		return k
	}
	s, err := server.StartOver(ctx, cfg, slog.New(slog.NewTextHandler(os.Stderr, nil)), over)
	if err != nil {
		return err
	}
	fmt.Println(s.Addr())
	go k.listen(os.Stdin, os.Stdout)
	if err := s.Serve(ctx); err != nil && ctx.Err() == nil {
		return err
	}
	return nil
}

// Process is a server in a process of its own.
type Process struct {
	Addr  string
	cmd   *exec.Cmd
	in    io.Writer
	out   *bufio.Scanner
	ended chan struct{}
}

// StartProcess starts one, which is killed with the test.
func StartProcess(t testing.TB, store string, args ...string) *Process {
	t.Helper()
	args = append([]string{"--listen", "127.0.0.1:0", "--store", store}, args...)
	p := &Process{cmd: exec.Command(os.Args[0]), ended: make(chan struct{})}
	p.cmd.Env = append(os.Environ(), processEnv+"="+strings.Join(args, "\n"))
	p.cmd.Stderr = os.Stderr
	out, err := p.cmd.StdoutPipe()
	if err == nil {
		p.in, err = p.cmd.StdinPipe()
	}
	if err == nil {
		err = p.cmd.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	go func() {
		_ = p.cmd.Wait() // a killed process's status says nothing
		close(p.ended)
	}()
	t.Cleanup(p.Kill)
	p.out = bufio.NewScanner(out)
	if !p.out.Scan() {
		t.Fatal("the server does not start")
	}
	p.Addr = p.out.Text()
	return p
}

// Kill ends it as kill -9 does.
func (p *Process) Kill() {
	_ = p.cmd.Process.Kill()
	p.Wait()
}

// Connect opens a connection, which ends with the test.
func (p *Process) Connect(t testing.TB) *pgx.Conn {
	t.Helper()
	return (&Server{Addr: p.Addr}).Connect(t)
}

// CPU is the time that the process has used of all processors (Linux only: 0 elsewhere).
func (p *Process) CPU() time.Duration {
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", p.cmd.Process.Pid))
	_, rest, ok := strings.Cut(string(stat), ") ")
	fields := strings.Fields(rest)
	if err != nil || !ok || len(fields) < 13 {
		return 0
	}
	user, _ := strconv.Atoi(fields[11])
	system, _ := strconv.Atoi(fields[12])
	return time.Duration(user+system) * (time.Second / clockTicks)
}

// clockTicks is in how many parts /proc divides a second (USER_HZ).
const clockTicks = 100

// PeakMemory is the most memory that the process has had resident, in bytes
// (Linux only).
func (p *Process) PeakMemory() (int64, error) { return PeakMemory(p.cmd.Process.Pid) }

// PeakMemory is the most memory that a process of that id has had resident.
func PeakMemory(pid int) (int64, error) {
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0, err
	}
	for line := range strings.Lines(string(status)) {
		if fields := strings.Fields(line); len(fields) == 3 && fields[0] == "VmHWM:" {
			kb, err := strconv.ParseInt(fields[1], 10, 64)
			return kb << 10, err
		}
	}
	return 0, fmt.Errorf("no VmHWM in /proc/%d/status", pid)
}
