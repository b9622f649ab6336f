package session

import (
	"context"
	"encoding/json"

	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/funcs"
	"github.com/s3db-sql/s3db-sql/sql/types"
	"github.com/s3db-sql/s3db-sql/storage"
)

// largeObjects are those of a transaction, with its descriptors. Methods of nil are those
// of a transaction that has used none.
type largeObjects struct {
	storage.LargeObjectTx
	fds    []*largeDescriptor // nil where one was closed
	opened int                // descriptors so far
}

// largeDescriptor is what lo_open gives (LargeObjectDesc).
type largeDescriptor struct {
	oid    types.OID
	at     int64
	writes bool
	number int // among those that the transaction has opened
}

// largeMark is a savepoint's.
type largeMark struct{ objects, opened int }

// The flags of lo_open (libpq-fs.h), and whence of lo_lseek.
const (
	invWrite = 0x20000
	invRead  = 0x40000

	seekSet = 0
	seekCur = 1
	seekEnd = 2
)

// largePage is how many bytes of an object pg_largeobject shows in a row (LOBLKSIZE), and
// maxLargeObject the most that one has (MAX_LARGE_OBJECT_SIZE).
const (
	largePage      = 2048
	maxLargeObject = int64(1<<31-1) * largePage
	maxLargeRead   = 1<<30 - 1 - 4 // MaxAllocSize - VARHDRSZ
)

// largeObjects are the session's, in a transaction.
func (s *Session) largeObjects() (*largeObjects, error) {
	if s.db.LargeObjects == nil || s.tx == nil {
		return nil, pgerr.Unsupported("large objects without a transaction")
	}
	if s.tx.large == nil {
		s.tx.large = &largeObjects{LargeObjectTx: s.db.LargeObjects.Begin(s.db.TempDir, s.values.Int("work_mem")<<10)}
	}
	return s.tx.large, nil
}

func (l *largeObjects) save() largeMark {
	if l == nil {
		return largeMark{}
	}
	return largeMark{l.Save(), l.opened}
}

// rollbackTo closes the descriptors that were opened since, too (AtEOSubXact_LargeObject).
func (l *largeObjects) rollbackTo(m largeMark) {
	if l == nil {
		return
	}
	l.RollbackTo(m.objects)
	for i, d := range l.fds {
		if d != nil && d.number >= m.opened {
			l.fds[i] = nil
		}
	}
}

// refresh lets the next statement see what others have committed.
func (l *largeObjects) refresh() {
	if l != nil {
		l.Refresh(l.open)
	}
}

// open says whether a descriptor of the object is.
func (l *largeObjects) open(oid types.OID) bool {
	for _, d := range l.fds {
		if d != nil && d.oid == oid {
			return true
		}
	}
	return false
}

func (l *largeObjects) commit(ctx context.Context) error {
	if l == nil {
		return nil
	}
	return l.Commit(ctx)
}

func (l *largeObjects) undo(ctx context.Context) error {
	if l == nil {
		return nil
	}
	return l.Undo(context.WithoutCancel(ctx))
}

func (l *largeObjects) close(ctx context.Context) {
	if l != nil {
		l.Close(context.WithoutCancel(ctx))
	}
}

// descriptor finds an open one: 42704.
func (l *largeObjects) descriptor(fd int32) (*largeDescriptor, error) {
	if fd < 0 || int(fd) >= len(l.fds) || l.fds[fd] == nil {
		return nil, pgerr.New(pgerr.UndefinedObject, "invalid large-object descriptor: %d", fd)
	}
	return l.fds[fd], nil
}

// add gives a descriptor the lowest number that is free.
func (l *largeObjects) add(d *largeDescriptor) int32 {
	d.number = l.opened
	l.opened++
	for i, other := range l.fds {
		if other == nil {
			l.fds[i] = d
			return int32(i)
		}
	}
	l.fds = append(l.fds, d)
	return int32(len(l.fds) - 1)
}

// existing finds an object: 42704.
func (l *largeObjects) existing(ctx context.Context, oid types.OID) (*storage.LargeObject, catalog.Access, error) {
	o, err := l.Info(ctx, oid)
	if err != nil {
		return nil, catalog.Access{}, err
	}
	if o == nil {
		return nil, catalog.Access{}, errNoLargeObject(oid)
	}
	access, err := largeAccess(o)
	return o, access, err
}

func errNoLargeObject(oid types.OID) error {
	return pgerr.New(pgerr.UndefinedObject, "large object %d does not exist", oid)
}

// LargeObjects gives the functions theirs.
func (f *facts) LargeObjects() funcs.LargeObjects { return largeFunctions{f} }

// largeFunctions implements funcs.LargeObjects (be-fsstubs.c, inv_api.c).
type largeFunctions struct{ *facts }

// Create implements funcs.LargeObjects.
func (f largeFunctions) Create(ctx context.Context, oid types.OID, function string) (types.OID, error) {
	l, err := f.largeObjects()
	if err == nil {
		err = f.mayWrite(function)
	}
	if err != nil {
		return 0, err
	}
	access, err := json.Marshal(catalog.Access{Owner: f.roleOID()})
	if err != nil {
		return 0, err
	}
	return l.LargeObjectTx.Create(ctx, oid, access)
}

// Open implements funcs.LargeObjects (inv_open).
func (f largeFunctions) Open(ctx context.Context, oid types.OID, flags int32) (int32, error) {
	l, err := f.largeObjects()
	if err != nil {
		return 0, err
	}
	d, err := f.openLarge(ctx, l, oid, flags)
	if err != nil {
		return 0, err
	}
	return l.add(d), nil
}

func (f largeFunctions) openLarge(ctx context.Context, l *largeObjects, oid types.OID, flags int32) (*largeDescriptor, error) {
	if flags&(invRead|invWrite) == 0 {
		return nil, pgerr.New(pgerr.InvalidParameterValue, "invalid flags for opening a large object: %d", flags)
	}
	_, access, err := l.existing(ctx, oid)
	if err != nil {
		return nil, err
	}
	needs, writes := catalog.ACLSelect, flags&invWrite != 0
	if writes {
		if err := f.mayWrite("lo_open(INV_WRITE)"); err != nil {
			return nil, err
		}
		needs |= catalog.ACLUpdate
	}
	if have, _ := access.Rights(f.catalog(), f.current(), catalog.AccessLarge); needs&^have != 0 && !f.values.Bool("lo_compat_privileges") {
		return nil, pgerr.New(pgerr.InsufficientPrivilege, "permission denied for large object %d", oid)
	}
	return &largeDescriptor{oid: oid, writes: writes}, nil
}

// Close implements funcs.LargeObjects.
func (f largeFunctions) Close(fd int32) error {
	l, err := f.largeObjects()
	if err == nil {
		_, err = l.descriptor(fd)
	}
	if err == nil {
		l.fds[fd] = nil
	}
	return err
}

// opened finds a descriptor, with the objects that it is of.
func (f largeFunctions) opened(fd int32) (*largeObjects, *largeDescriptor, error) {
	l, err := f.largeObjects()
	if err != nil {
		return nil, nil, err
	}
	d, err := l.descriptor(fd)
	return l, d, err
}

// Read implements funcs.LargeObjects.
func (f largeFunctions) Read(ctx context.Context, fd int32, n int) ([]byte, error) {
	l, d, err := f.opened(fd)
	if err != nil {
		return nil, err
	}
	if n > maxLargeRead {
		return nil, pgerr.New(pgerr.ProgramLimitExceeded, "invalid memory alloc request size %d", n+4)
	}
	o, _, err := l.existing(ctx, d.oid)
	if err != nil {
		return nil, err
	}
	p := make([]byte, max(min(int64(n), o.Size-d.at), 0))
	read, err := l.ReadAt(ctx, d.oid, p, d.at, true)
	d.at += int64(read)
	return p[:read], err
}

// forWriting finds a descriptor that was opened for writing: 55000.
func (f largeFunctions) forWriting(fd int32) (*largeObjects, *largeDescriptor, error) {
	l, d, err := f.opened(fd)
	if err == nil && !d.writes {
		err = pgerr.New(pgerr.ObjectNotInPrerequisiteState, "large object descriptor %d was not opened for writing", fd)
	}
	return l, d, err
}

// Write implements funcs.LargeObjects.
func (f largeFunctions) Write(ctx context.Context, fd int32, data []byte) error {
	l, d, err := f.forWriting(fd)
	if err != nil {
		return err
	}
	return d.write(ctx, l, data)
}

func (d *largeDescriptor) write(ctx context.Context, l *largeObjects, data []byte) error {
	if d.at+int64(len(data)) > maxLargeObject {
		return pgerr.New(pgerr.InvalidParameterValue, "invalid large object write request size: %d", len(data))
	}
	if err := l.WriteAt(ctx, d.oid, data, d.at); err != nil {
		return err
	}
	d.at += int64(len(data))
	return nil
}

// Seek implements funcs.LargeObjects.
func (f largeFunctions) Seek(ctx context.Context, fd int32, offset int64, whence int32) (int64, error) {
	l, d, err := f.opened(fd)
	if err != nil {
		return 0, err
	}
	err = d.seek(ctx, l, offset, whence)
	return d.at, err
}

func (d *largeDescriptor) seek(ctx context.Context, l *largeObjects, offset int64, whence int32) error {
	switch whence {
	case seekSet:
	case seekCur:
		offset += d.at
	case seekEnd:
		o, _, err := l.existing(ctx, d.oid)
		if err != nil {
			return err
		}
		offset += o.Size
	default:
		return pgerr.New(pgerr.InvalidParameterValue, "invalid whence setting: %d", whence)
	}
	if offset < 0 || offset > maxLargeObject {
		return pgerr.New(pgerr.InvalidParameterValue, "invalid large object seek target: %d", offset)
	}
	d.at = offset
	return nil
}

// Tell implements funcs.LargeObjects.
func (f largeFunctions) Tell(fd int32) (int64, error) {
	_, d, err := f.opened(fd)
	if err != nil {
		return 0, err
	}
	return d.at, nil
}

// Truncate implements funcs.LargeObjects.
func (f largeFunctions) Truncate(ctx context.Context, fd int32, size int64) error {
	l, d, err := f.forWriting(fd)
	if err != nil {
		return err
	}
	if size < 0 || size > maxLargeObject {
		return pgerr.New(pgerr.InvalidParameterValue, "invalid large object truncation target: %d", size)
	}
	return l.LargeObjectTx.Truncate(ctx, d.oid, size)
}

// Unlink implements funcs.LargeObjects: the object's descriptors are closed.
func (f largeFunctions) Unlink(ctx context.Context, oid types.OID) error {
	l, err := f.largeObjects()
	if err == nil {
		err = f.mayWrite("lo_unlink()")
	}
	if err != nil {
		return err
	}
	_, access, err := l.existing(ctx, oid)
	if err != nil {
		return err
	}
	if !f.ownsLarge(access) && !f.values.Bool("lo_compat_privileges") {
		return errNotOwnerOfLarge(oid)
	}
	for i, d := range l.fds {
		if d != nil && d.oid == oid {
			l.fds[i] = nil
		}
	}
	return f.unlinkLarge(ctx, oid)
}

func errNotOwnerOfLarge(oid types.OID) error {
	return pgerr.New(pgerr.InsufficientPrivilege, "must be owner of large object %d", oid)
}

// Get implements funcs.LargeObjects (lo_get_fragment_internal).
func (f largeFunctions) Get(ctx context.Context, oid types.OID, offset, n int64) ([]byte, error) {
	l, err := f.largeObjects()
	if err != nil {
		return nil, err
	}
	d, err := f.openLarge(ctx, l, oid, invRead)
	if err != nil {
		return nil, err
	}
	o, err := l.Info(ctx, oid)
	if err != nil {
		return nil, err
	}
	length := max(o.Size-offset, 0)
	if n >= 0 && o.Size > offset {
		length = min(length, n)
	}
	if length > maxLargeRead {
		return nil, pgerr.New(pgerr.ProgramLimitExceeded, "large object read request is too large")
	}
	if err := d.seek(ctx, l, offset, seekSet); err != nil {
		return nil, err
	}
	p := make([]byte, length)
	_, err = l.ReadAt(ctx, oid, p, offset, false)
	return p, err
}

// Put implements funcs.LargeObjects.
func (f largeFunctions) Put(ctx context.Context, oid types.OID, offset int64, data []byte) error {
	l, err := f.largeObjects()
	if err != nil {
		return err
	}
	d, err := f.openLarge(ctx, l, oid, invRead|invWrite)
	if err == nil {
		err = d.seek(ctx, l, offset, seekSet)
	}
	if err == nil {
		err = d.write(ctx, l, data)
	}
	return err
}
