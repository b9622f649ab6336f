package txn

import (
	"context"
	"hash/maphash"
	"maps"
	"slices"
	"sync"

	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/types"
	"github.com/s3db-sql/s3db-sql/sql/vec"
	"github.com/s3db-sql/s3db-sql/storage"
)

// Isolation is a transaction's isolation level (ADR 11).
type Isolation uint8

// The levels; READ UNCOMMITTED is READ COMMITTED.
const (
	ReadCommitted Isolation = iota
	RepeatableRead
	Serializable
)

// The store keeps no old versions of rows. Above READ COMMITTED a transaction
// remembers what its scans gave, and at the end of each statement they are made again:
// if one gives anything else, other rows or other versions of them, the transaction
// has read from two states, and fails. So what statements that ended well have read
// is the state of one moment, that of the last of those checks.
//
// In a store that only this process writes to (storage.Counted) nothing is read again
// unless the table has changed, and of scans of a whole table only that is remembered.
//
// Transactions that share a snapshot (pg_export_snapshot) share their reads: each check
// is of what all of them have read, so that they all have read one state.
type reads struct {
	mu   sync.Mutex // operators, and transactions that share the reads, may read side by side
	list []*read
	// open are the scans that go on.
	open map[*read]bool
	// gets are the reads by key, put together: one per table and index.
	gets map[get]*read
	// fresh: something was read since the last check.
	fresh bool
	// broken: two states were read. Nothing mends that, ROLLBACK TO neither.
	broken bool
	// shared: by several transactions. One that has read nothing new may still be told
	// by another one's check that what it has read is gone.
	shared bool
}

type get struct {
	table types.OID
	kind  storage.PathKind
	index string
}

// read is one scan of a table, or several by key.
type read struct {
	table types.OID
	spec  storage.ScanSpec
	// before is the table's counter when the read began, where it is counted.
	before  uint64
	counted bool
	// whole: every row of the table counts, and none is remembered.
	whole bool
	rows  map[uint64]uint64 // versions by id, as hashes
	ended bool              // to its end; otherwise rows are the first ones
}

var seed = maphash.MakeSeed()

// over records what is read of a table.
func (t *Tx) over(oid types.OID, base storage.Table) storage.Table {
	if t.isolation == ReadCommitted {
		return base
	}
	return &recorded{Table: base, oid: oid, tx: t}
}

// recorded is a table whose scans are remembered.
type recorded struct {
	storage.Table
	oid types.OID
	tx  *Tx
}

// Scan implements storage.Table.
func (r *recorded) Scan(ctx context.Context, spec storage.ScanSpec) (storage.Scanner, error) {
	spec.Sift = nil // all that was read counts
	n := &read{table: r.oid, spec: spec, rows: map[uint64]uint64{}}
	n.before, n.counted = storage.Changes(r.Table)
	if n.counted && (spec.Path.Kind == storage.FullScan || spec.Path.Kind == storage.KeyOnly) {
		r.tx.reads.wholly(n)
		return r.Table.Scan(ctx, spec)
	}
	inner := spec
	inner.Columns = append(append([]int16(nil), spec.Columns...), versionColumns...)
	s, err := r.Table.Scan(ctx, inner)
	if err != nil {
		return nil, err
	}
	r.tx.reads.begin(n)
	return &recordingScanner{Scanner: s, read: n, to: r.tx.reads, wanted: len(spec.Columns)}, nil
}

// Kept implements storage.Keeper: who looks into columns in memory has read all of
// them.
func (r *recorded) Kept(columns []int16) *storage.Kept {
	n := &read{table: r.oid}
	if n.before, n.counted = storage.Changes(r.Table); !n.counted {
		return nil
	}
	k := storage.KeptColumns(r.Table, columns)
	if k != nil {
		r.tx.reads.wholly(n)
	}
	return k
}

// Changes implements storage.Counted.
func (r *recorded) Changes() (uint64, bool) { return storage.Changes(r.Table) }

// wholly remembers that all of a table was read; the first time counts.
func (r *reads) wholly(n *read) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.fresh = true
	n.whole, n.rows, n.spec = true, nil, storage.ScanSpec{}
	at := get{table: n.table, kind: storage.FullScan}
	if r.gets[at] == nil {
		r.put(at, n)
	}
}

func (r *reads) put(at get, n *read) {
	if r.gets == nil {
		r.gets = map[get]*read{}
	}
	r.gets[at] = n
	r.list = append(r.list, n)
}

func (r *reads) begin(n *read) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.fresh = true
	if r.open == nil {
		r.open = map[*read]bool{}
	}
	r.open[n] = true
}

// note remembers rows of an open scan.
func (r *reads) note(n *read, b *vec.Batch, from int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.fresh = true
	versions(b, from, func(id, version uint64) bool {
		n.rows[id] = version
		return true
	})
}

// close remembers a scan that has been closed.
func (r *reads) close(n *read) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if !r.open[n] {
		return
	}
	delete(r.open, n)
	p := n.spec.Path
	byKey := p.Kind == storage.PointGet || p.Kind == storage.UniqueGet
	if !byKey || !n.ended || n.spec.FilterID != nil {
		r.list = append(r.list, n)
		return
	}
	at := get{n.table, p.Kind, p.Partition}
	all := r.gets[at]
	if all == nil {
		n.spec.Limit = 0
		n.spec.Path.Keys, n.spec.Path.IDs = p.Keys[:len(p.Keys):len(p.Keys)], p.IDs[:len(p.IDs):len(p.IDs)]
		r.put(at, n)
		return
	}
	all.spec.Path.Keys, all.spec.Path.IDs = append(all.spec.Path.Keys, p.Keys...), append(all.spec.Path.IDs, p.IDs...)
	for id, version := range n.rows {
		if before, seen := all.rows[id]; seen && before != version {
			r.broken = true
		}
		all.rows[id] = version
	}
	all.before = min(all.before, n.before)
}

// versionColumns tell which row it is and in which version. A row that s3db.js wrote
// has the ETag of its body alone, so that its time tells more.
var versionColumns = []int16{catalog.ColRowID, catalog.ColETag, catalog.ColLastModified}

// versions calls f with the id and the version of each row, from column k on.
func versions(b *vec.Batch, k int, f func(id, version uint64) bool) bool {
	ids, etags, times := vec.Of[string](b.Cols[k]), vec.Of[string](b.Cols[k+1]), vec.Of[int64](b.Cols[k+2])
	for i := range b.Rows() {
		at := b.Row(i)
		if !f(maphash.String(seed, ids.At(at)), maphash.String(seed, etags.At(at))^uint64(times.At(at))) {
			return false
		}
	}
	return true
}

type recordingScanner struct {
	storage.Scanner
	read   *read
	to     *reads
	wanted int
}

// Next implements storage.Scanner.
func (s *recordingScanner) Next(ctx context.Context) (*vec.Batch, error) {
	b, err := s.Scanner.Next(ctx)
	if err != nil {
		return nil, err
	}
	if b == nil {
		limit := s.read.spec.Limit
		s.read.ended = limit == 0 || int64(len(s.read.rows)) < limit
		return nil, nil
	}
	s.to.note(s.read, b, s.wanted)
	return &vec.Batch{Cols: b.Cols[:s.wanted], N: b.N, Sel: b.Sel}, nil
}

// Sorted implements storage.Sorted.
func (s *recordingScanner) Sorted() bool { return storage.IsSorted(s.Scanner) }

// Close implements storage.Scanner.
func (s *recordingScanner) Close() {
	s.Scanner.Close()
	s.to.close(s.read)
}

// CheckReads fails with 40001 if what the transaction has read is not the state of
// one moment: the present one. It waits for COMMITs of this process that are writing
// to tables read, so that none is seen by half.
func (t *Tx) CheckReads(ctx context.Context) error {
	r := t.reads
	if r == nil || !r.unchecked() {
		return nil
	}
	for {
		held := r.counted()
		done, err := t.checkHolding(ctx, held)
		if done || err != nil {
			return err
		}
	}
}

// checkHolding checks the reads with the latches of the tables in held; done is false
// where a transaction that shares the reads has read others meanwhile.
func (t *Tx) checkHolding(ctx context.Context, held map[types.OID]bool) (done bool, err error) {
	defer t.shared.hold(held)()
	r := t.reads
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, n := range r.all() {
		if n.counted && !held[n.table] {
			return false, nil
		}
	}
	r.fresh = false
	return true, r.check(ctx, t.base, nil, func(*read) bool { return true })
}

// unchecked says whether there is anything to be found out, or told.
func (r *reads) unchecked() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.fresh || r.broken && r.shared
}

// failed is 40001 for reads that can't be of one state any more.
func (r *reads) failed() error {
	if r == nil {
		return nil
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.broken {
		return errReads()
	}
	return nil
}

// Reads is what transactions that share a snapshot have read.
type Reads struct{ reads *reads }

// Share lets other transactions have what this one has read for their own. At READ
// COMMITTED it is no part of it: the others share what they will read.
func (t *Tx) Share() Reads {
	r := t.reads
	if r == nil {
		r = &reads{}
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.shared = true
	return Reads{r}
}

// Join makes the reads of others those of t, which has read nothing yet and is above
// READ COMMITTED.
func (t *Tx) Join(r Reads) { t.reads = r.reads }

// counted are the tables of which a counter was read, to be held exclusively.
func (r *reads) counted() map[types.OID]bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	out := map[types.OID]bool{}
	for _, n := range r.all() {
		if n.counted {
			out[n.table] = true
		}
	}
	return out
}

// all are the scans that have been, and those that go on. The caller holds mu.
func (r *reads) all() []*read {
	return slices.AppendSeq(slices.Clip(r.list), maps.Keys(r.open))
}

// own says whether the transaction itself has written a row.
type own func(table types.OID, id uint64) bool

// check makes reads again, those that which picks. The caller holds mu.
func (r *reads) check(ctx context.Context, tables storage.Tables, mine own, which func(*read) bool) error {
	if r.broken {
		return errReads()
	}
	for _, n := range r.all() {
		if !which(n) {
			continue
		}
		table, err := tables.Table(n.table)
		if err != nil {
			return err
		}
		same, err := n.same(ctx, table, mine)
		if err != nil {
			return err
		}
		if !same {
			r.broken = true
			return errReads()
		}
	}
	return nil
}

// same says whether the read would give the same now.
func (n *read) same(ctx context.Context, table storage.Table, mine own) (bool, error) {
	now, _ := storage.Changes(table)
	if n.counted && now == n.before {
		return true, nil
	}
	if n.whole {
		return false, nil
	}
	same, err := n.again(ctx, table, mine)
	if same && n.counted {
		n.before = now
	}
	return same, err
}

func (n *read) again(ctx context.Context, table storage.Table, mine own) (bool, error) {
	spec := n.spec
	spec.Columns, spec.Limit, spec.Progress = versionColumns, 0, nil
	s, err := table.Scan(ctx, spec)
	if err != nil {
		return false, err
	}
	defer s.Close()
	missing := len(n.rows)
	for id := range n.rows {
		if mine != nil && mine(n.table, id) {
			missing--
		}
	}
	for n.ended || missing > 0 {
		b, err := s.Next(ctx)
		if b == nil || err != nil {
			return missing == 0, err
		}
		same := versions(b, 0, func(id, version uint64) bool {
			if mine != nil && mine(n.table, id) || !n.ended && missing == 0 {
				return true
			}
			before, seen := n.rows[id]
			missing--
			return seen && before == version
		})
		if !same {
			return false, nil
		}
	}
	return true, nil
}

// A SERIALIZABLE transaction that writes must come after all that it has read and
// before all that others have read: what it has read must still be so while what it
// writes is there. Of two transactions that each write what the other has read, at
// least one fails (write skew). Where tables are counted, their latches keep other
// writers out from the check to the last write; elsewhere the check comes when the
// writes are in place, whoever else looks then finds them.

func (t *Tx) checkBefore(ctx context.Context) error {
	if !t.writesSerializable() {
		return nil
	}
	t.reads.mu.Lock()
	defer t.reads.mu.Unlock()
	return t.reads.check(ctx, t.base, nil, func(n *read) bool { return n.counted })
}

func (t *Tx) checkAfter(ctx context.Context, mine own) error {
	if t.isolation != Serializable || len(t.log) == 0 {
		return nil
	}
	t.reads.mu.Lock()
	defer t.reads.mu.Unlock()
	return t.reads.check(ctx, united{t}, mine, func(n *read) bool { return !n.counted })
}

func (t *Tx) writesSerializable() bool {
	if t.isolation != Serializable {
		return false
	}
	for _, w := range t.tables {
		if w.changed() {
			return true
		}
	}
	return false
}

// ownRows are the rows that the transaction is about to write, for checkAfter.
func (t *Tx) ownRows() own {
	if t.isolation != Serializable {
		return nil
	}
	rows := map[types.OID]map[uint64]bool{}
	emptied := map[types.OID]bool{}
	for oid, w := range t.tables {
		emptied[oid] = w.emptied
		rows[oid] = make(map[uint64]bool, w.rows.size())
		for id := range w.rows.all() {
			rows[oid][maphash.String(seed, id)] = true
		}
	}
	return func(table types.OID, id uint64) bool { return emptied[table] || rows[table][id] }
}

// errReads is PostgreSQL's 40001 of a transaction that can't have been alone.
func errReads() error {
	return pgerr.New(pgerr.SerializationFailure, "could not serialize access due to read/write dependencies among transactions").
		WithDetail("Rows that the transaction has read were changed by another one.").
		WithHint("The transaction might succeed if retried.")
}
