package rows

import (
	"context"
	"sync"
	"sync/atomic"

	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/vec"
	"github.com/s3db-sql/s3db-sql/storage"
	"github.com/s3db-sql/s3db-sql/storage/objstore"
)

const (
	// inlineAhead is the most pages of rows that are decoded ahead of the reader
	// where a listing gives them whole.
	inlineAhead = 3
	// maxBudget is the largest limit that is kept to the row; beyond it the reading
	// ahead is all that is too much.
	maxBudget = 1 << 16
	// firstGrowth is how much more is read ahead each time that the first rows were not
	// enough (storage.ScanSpec.First).
	firstGrowth = 4
	// batchBytes is about how many bytes of rows end a batch, full or not.
	batchBytes = 4 << 20
	// aheadBytes is how many bytes of bodies may wait for the reader before no more rows
	// are asked for.
	aheadBytes = 32 << 20
)

// Scan implements storage.Table. Nothing is requested before the first Next.
func (t *table) Scan(ctx context.Context, spec storage.ScanSpec) (storage.Scanner, error) {
	t.env.Stats.scanned(t.def.OID, spec.Path.Kind)
	if c := t.fromCache(&spec); c != nil {
		return c, nil
	}
	if r, err := t.recorded(ctx, spec); r != nil || err != nil {
		return r, err
	}
	return t.scan(ctx, spec)
}

func (t *table) scan(ctx context.Context, spec storage.ScanSpec) (*scanner, error) {
	s := &scanner{t: t, asked: spec, spec: spec, left: spec.Limit, cutLeft: maxCuts}
	var err error
	if s.p, err = t.project(spec.Columns); err != nil {
		return nil, err
	}
	s.p.verdicts = &s.verdicts
	if spec.Sift != nil {
		s.p.seal(t)
	}
	if spec.Content != nil {
		s.p.slice(spec.Columns, *spec.Content)
	}
	if s.src, err = t.source(&s.spec, s.p); err != nil {
		return nil, err
	}
	if s.batch = spec.BatchSize; s.batch <= 0 {
		s.batch = vec.BatchSize
	}
	s.parent = ctx
	s.ctx, s.cancel = context.WithCancel(ctx)
	return s, nil
}

// source picks the source of a path.
func (t *table) source(spec *storage.ScanSpec, p *projection) (source, error) {
	switch spec.Path.Kind {
	case storage.FullScan, storage.KeyOnly:
		if inOrder(spec) {
			if o := t.rowsByKey(t.rowSource(spec, p)); o != nil {
				return o, nil
			}
		}
		return t.rowSource(spec, p), nil
	case storage.PointGet:
		return t.pointSource(spec), nil
	case storage.Partition, storage.Covering, storage.TrustedPartition:
		return t.partitionSource(spec, p)
	case storage.UniqueGet:
		return t.ownerSource(spec, p)
	case storage.Intersection:
		return t.intersectionSource(spec, p)
	case storage.Union:
		return t.unionSource(spec, p)
	}
	return nil, pgerr.Internal("unknown path %d", spec.Path.Kind)
}

// inOrder says that the first rows by the key are wanted, and not too many of them.
func inOrder(spec *storage.ScanSpec) bool { return spec.First > 0 && spec.First <= maxBudget }

func (t *table) partitionSource(spec *storage.ScanSpec, p *projection) (source, error) {
	l, err := t.refSource(spec)
	if unkeyable(err) {
		// s3db.js puts such values into keys all the same, in ways that no listing
		// finds (s3db-format.md, trap 14): only the rows themselves tell.
		spec.Path = storage.Path{Kind: storage.FullScan}
		return t.rowSource(spec, p), nil
	}
	if err != nil {
		return nil, err
	}
	covered := l.x.covers(p, spec.Columns)
	listing := p.need&needListing != 0
	p.also(l.x)
	p.need |= needRow
	switch {
	case spec.Path.Kind == storage.TrustedPartition && covered && !listing:
		l.trust = true
	case spec.Path.Kind == storage.Covering && covered && l.x.Covering:
		l.seen = nil
		return &covering{t: t, v: p.verdicts, refs: l}, nil
	}
	if inOrder(spec) {
		if o := t.refsByKey(l, p.verdicts); o != nil {
			return o, nil
		}
	}
	return l, nil
}

// unkeyable says that a value can't be part of a key, as s3db reports it.
func unkeyable(err error) bool {
	code := pgerr.CodeOf(err)
	return code == pgerr.InvalidParameterValue || code == pgerr.ProgramLimitExceeded
}

// scanner runs a scan: one goroutine lists and hands out tasks in order, each
// task reads its rows in a goroutine of its own, and Next takes the tasks in
// order. Tasks that need a request hold one of fanOut places while they run;
// tasks that need none hold one of inlineAhead until they are taken.
type scanner struct {
	t     *table
	asked storage.ScanSpec
	spec  storage.ScanSpec // as its source reads it
	p     *projection
	src   source
	batch int
	left  int64 // rows that Limit still lets through

	parent context.Context
	ctx    context.Context
	cancel context.CancelFunc
	wg     sync.WaitGroup
	tasks  chan *task // nil until the first Next
	// places bounds requests in flight, pages decoded ahead.
	fetches, pages chan struct{}
	budget         chan struct{} // rows that may still be asked for; nil without a limit
	ahead          atomic.Int64  // bytes of bodies that have been fetched and not read
	read           chan struct{} // tells that there are fewer
	listErr        error         // of the lister; read after tasks is closed

	verdicts verdicts        // on rows of units
	cutOf    any             // what has the cut, in a store of the process alone
	cutLeft  int             // how often it may yet begin anew; 0 once it has given rows
	gave     given           // where some may be missed
	moved    func() []string // rows on their way meanwhile; nil where none can be missed for that
	unwatch  func()

	// first is how many rows were allowed last; 0: there is no such bound.
	first  int64
	single bool // it reads one row at the most
	cur    *task
	pos    int
	seen   map[string]bool // ids given, where a row may come twice
	err    error
	end    bool
}

// run starts reading.
func (s *scanner) run(ctx context.Context) {
	if s.single = single(s.src); s.single {
		s.runSingle(ctx)
		return
	}
	fan := s.t.fanOut()
	s.tasks, s.read = make(chan *task, 2*fan), make(chan struct{}, 1)
	s.fetches, s.pages = make(chan struct{}, fan), make(chan struct{}, inlineAhead)
	switch {
	case s.spec.Limit > 0 && s.spec.Limit <= maxBudget:
		s.budget = make(chan struct{}, s.spec.Limit)
		s.allow(s.spec.Limit)
	case s.Sorted():
		s.first = s.spec.First
		s.budget = make(chan struct{}, 2*maxBudget) // what allow gives, and what comes back
		s.allow(s.first)
	}
	switch src := s.src.(type) {
	case *refList:
		if !src.trust {
			s.seen = src.seen
		}
	case *owners:
		s.seen = map[string]bool{}
	}
	s.wg.Go(func() {
		defer close(s.tasks)
		s.listErr = s.list()
	})
}

// allow lets so many more rows be asked for.
func (s *scanner) allow(rows int64) {
	for range rows {
		s.budget <- struct{}{}
	}
}

// more lets a reader that the first rows were not enough for have more, and more each
// time.
func (s *scanner) more() {
	s.first = min(firstGrowth*s.first, maxBudget)
	s.allow(max(0, s.first-int64(len(s.budget))))
}

// Sorted implements storage.Sorted.
func (s *scanner) Sorted() bool {
	_, ok := s.src.(*byKey)
	return ok
}

// single says that a source names one row at the most.
func single(src source) bool {
	switch src := src.(type) {
	case *points:
		return len(src.ids) <= 1
	case *owners:
		return len(src.keys) <= 1
	}
	return false
}

// runSingle reads at most one row, here and now.
func (s *scanner) runSingle(ctx context.Context) {
	defer context.AfterFunc(ctx, s.cancel)()
	s.tasks = make(chan *task)
	close(s.tasks)
	s.cur = &task{}
	if s.cur.candidates, _, s.cur.err = s.src.next(s.ctx, 0); s.cur.err == nil {
		s.resolveAll(s.cur)
	}
}

// Next implements storage.Scanner. As long as nothing was given the scan can begin anew.
func (s *scanner) Next(ctx context.Context) (*vec.Batch, error) {
	if s.tasks == nil && !s.end {
		if s.err = s.takeCut(ctx, false); s.err != nil {
			s.stop()
		}
		s.watch()
	}
	for {
		b, err := s.batchOf(ctx)
		if s.cutLeft == 0 || !s.verdicts.stale.Load() || err != nil && ctx.Err() != nil {
			s.cutLeft = 0
			return b, err
		}
		if s.cutLeft--; s.cutLeft == 0 {
			s.stop()
			s.err = busy("Transactions that go on all the time do not let the table be read as of one moment")
			return nil, s.err
		}
		if err := s.again(ctx); err != nil {
			s.err = err
			return nil, err
		}
	}
}

// batchOf is the next batch.
func (s *scanner) batchOf(ctx context.Context) (*vec.Batch, error) {
	if s.err != nil || s.end {
		return nil, s.err
	}
	switch {
	case s.tasks == nil:
		s.run(ctx)
	case s.first > 0:
		s.more()
	}
	n := s.batch
	if s.first > 0 {
		n = int(min(int64(n), s.first))
	}
	if s.spec.Limit > 0 {
		n = int(min(int64(n), s.left))
	}
	bs, rows, err := s.fill(ctx, n)
	if err != nil {
		s.err = err
		s.stop()
		return nil, err
	}
	if s.cutOf != nil {
		if s.err = s.t.env.units.held(s.cutOf); s.err != nil {
			s.stop()
			return nil, s.err
		}
	}
	s.left -= int64(rows)
	if s.spec.Limit > 0 && s.left <= 0 {
		s.end = true
	}
	if s.end {
		s.stop()
	}
	if rows == 0 {
		return nil, nil
	}
	return s.p.batch(bs, rows), nil
}

// fill reads n rows, or less at the end, or where they are large.
func (s *scanner) fill(ctx context.Context, n int) (bs []vec.Builder, rows int, err error) {
	if s.p.early != nil {
		return s.fillSifted(ctx, n)
	}
	bs = s.p.builders(s.expect(n))
	err = s.eachRow(ctx, n, func(r *record) {
		s.p.append(bs, r)
		rows++
	})
	return bs, rows, err
}

// eachRow calls f with the next n rows, or less at the end, or where they are large.
func (s *scanner) eachRow(ctx context.Context, n int, f func(r *record)) error {
	for size := int64(0); n > 0 && size < batchBytes; n-- {
		r, err := s.record(ctx)
		if err != nil {
			return err
		}
		if r == nil {
			s.end = true
			return nil
		}
		f(r)
		if r.external == nil {
			size += r.info.Size
		}
	}
	return nil
}

// expect is how many rows to make room for where n are wanted.
func (s *scanner) expect(n int) int {
	if p, ok := s.src.(*points); ok {
		n = min(n, len(p.ids))
	}
	if s.single {
		n = 1
	}
	return min(n, vec.BatchSize)
}

// record is the next row; nil at the end.
func (s *scanner) record(ctx context.Context) (*record, error) {
	for {
		if s.cur == nil {
			if err := s.nextTask(ctx); err != nil {
				return nil, err
			}
		}
		if s.cur == nil {
			if err := s.missed(ctx); err != nil || s.cur == nil {
				return nil, err
			}
		}
		if s.pos == len(s.cur.records) {
			if s.cur.err != nil {
				return nil, s.failure(s.cur.err)
			}
			s.cur = nil
			continue
		}
		r := s.cur.records[s.pos]
		s.cur.records[s.pos] = nil
		s.pos++
		if s.seen != nil {
			if s.seen[r.id] {
				continue
			}
			s.seen[r.id] = true
		}
		s.gives(r.id)
		return r, nil
	}
}

// nextTask waits for the next task in order.
func (s *scanner) nextTask(ctx context.Context) error {
	select {
	case k, ok := <-s.tasks:
		if !ok {
			return s.failure(s.listErr)
		}
		select {
		case <-k.done:
		case <-ctx.Done():
			return cancelled(ctx)
		}
		if k.inline {
			<-s.pages
		}
		if s.ahead.Add(-k.bytes); k.bytes > 0 {
			select {
			case s.read <- struct{}{}:
			default:
			}
		}
		s.cur, s.pos = k, 0
		return nil
	case <-ctx.Done():
		return cancelled(ctx)
	}
}

// failure is err, or why the scan's own context ended.
func (s *scanner) failure(err error) error {
	if err != nil && s.ctx.Err() != nil && pgerr.As(err) == nil {
		return cancelled(s.ctx)
	}
	return objstore.ToPG(err)
}

// cancelled is 57014.
func cancelled(ctx context.Context) error {
	return objstore.ToPG(objstore.CtxError(ctx, "SCAN", ""))
}

func (s *scanner) stop() {
	s.cancel()
	s.wg.Wait()
	s.closeCut()
	s.endWatch()
}

// Close implements storage.Scanner. It waits for the goroutines of the scan.
func (s *scanner) Close() {
	s.end = true
	s.stop()
}
