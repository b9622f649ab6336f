package local

import (
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"syscall"

	"github.com/cockroachdb/pebble/v2"
	"github.com/cockroachdb/pebble/v2/bloom"
	"github.com/cockroachdb/pebble/v2/vfs"
)

// formatFile says what the folder is. It is written before anything else.
const (
	formatFile = "S3DB-SQL-FORMAT"
	formatText = "s3db-sql object store, format 1\n"
	dataFolder = "objects"
)

const (
	cacheSize    = 64 << 20
	memTableSize = 16 << 20
)

// openFolder locks dir, checks or writes its format and opens its database.
func openFolder(dir string) (*pebble.DB, *pebble.Lock, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, nil, fmt.Errorf("cannot create the folder: %w", err)
	}
	// The lock goes by name within a process: one name for each folder.
	dir, err := filepath.EvalSymlinks(dir)
	if err != nil {
		return nil, nil, err
	}
	if err := checkFormat(dir); err != nil {
		return nil, nil, err
	}
	lock, err := lockFolder(dir)
	if err != nil {
		return nil, nil, err
	}
	db, err := openLocked(dir)
	if err != nil {
		return nil, nil, errors.Join(err, lock.Close())
	}
	return db, lock, nil
}

func lockFolder(dir string) (*pebble.Lock, error) {
	lock, err := pebble.LockDirectory(dir, vfs.Default)
	switch {
	case err == nil:
		return lock, nil
	case errors.Is(err, syscall.EACCES) && !errors.Is(err, syscall.EAGAIN), errors.Is(err, fs.ErrPermission):
		return nil, fmt.Errorf("the folder cannot be locked: %w", err)
	default:
		return nil, fmt.Errorf("the folder is in use by another s3db-sql (%w)", err)
	}
}

// checkFormat refuses a folder that holds something else, before the lock file
// is put into it.
func checkFormat(dir string) error {
	text, err := os.ReadFile(filepath.Join(dir, formatFile))
	if err == nil {
		if string(text) != formatText {
			return fmt.Errorf("the folder has a format that this version does not know: %.60q", text)
		}
		return nil
	}
	if !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		return err
	}
	for _, e := range entries {
		if name := e.Name(); name != "LOCK" && name != formatFile+".new" && name != "lost+found" {
			return fmt.Errorf("the folder is not an s3db-sql store, and not empty: it has %q", name)
		}
	}
	return nil
}

func openLocked(dir string) (*pebble.DB, error) {
	if err := writeFormat(dir); err != nil {
		return nil, err
	}
	opts := &pebble.Options{
		FormatMajorVersion: pebble.FormatNewest,
		CacheSize:          cacheSize,
		MemTableSize:       memTableSize,
		Logger:             quiet{},
	}
	for i := range opts.Levels {
		opts.Levels[i].FilterPolicy = bloom.FilterPolicy(10)
	}
	db, err := pebble.Open(filepath.Join(dir, dataFolder), opts)
	if err != nil {
		return nil, fmt.Errorf("the folder cannot be opened: %w", err)
	}
	return db, nil
}

// writeFormat writes the format file durably, if it is not there.
func writeFormat(dir string) error {
	name := filepath.Join(dir, formatFile)
	if _, err := os.Stat(name); err == nil {
		return nil
	}
	f, err := os.Create(name + ".new")
	if err != nil {
		return err
	}
	_, err = f.WriteString(formatText)
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return err
	}
	if err := os.Rename(name+".new", name); err != nil {
		return err
	}
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

// quiet is a pebble logger that speaks only of faults.
type quiet struct{}

func (quiet) Infof(string, ...any) {}

func (quiet) Errorf(format string, args ...any) {
	slog.Error("local object store: " + fmt.Sprintf(format, args...))
}

// Fatalf is called when the write-ahead log can't be written any more. Nothing
// could be acknowledged from then on, so the process must not go on.
func (quiet) Fatalf(format string, args ...any) {
	panic("local object store: " + fmt.Sprintf(format, args...))
}
