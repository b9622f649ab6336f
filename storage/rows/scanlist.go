package rows

// What a scanner does ahead of its reader: it lists, and hands tasks out.

// task is one or more candidates to be read.
type task struct {
	candidates []candidate
	inline     bool
	records    []*record
	err        error
	bytes      int64
	done       chan struct{}
}

// size is that of the bodies.
func (k *task) size() (n int64) {
	for _, r := range k.records {
		if r != nil {
			n += int64(len(r.body))
		}
	}
	return n
}

// list hands out all candidates as tasks. Without a limit one page is listed
// while the last one is fetched; under a limit only when it is needed.
func (s *scanner) list() error {
	if s.budget == nil {
		return s.listAhead()
	}
	for {
		page := s.nextPage()
		if page.err != nil {
			return page.err
		}
		if err := s.handOut(page.candidates); err != nil || page.done {
			return err
		}
		if err := s.await(); err != nil {
			return err
		}
	}
}

// listed is one page.
type listed struct {
	candidates []candidate
	done       bool
	err        error
}

func (s *scanner) nextPage() (page listed) {
	page.candidates, page.done, page.err = s.src.next(s.ctx, s.room())
	s.progress(int64(len(page.candidates)), 0)
	return page
}

func (s *scanner) listAhead() error {
	pages := make(chan listed)
	s.wg.Go(func() {
		defer close(pages)
		for s.ctx.Err() == nil {
			page := s.nextPage()
			select {
			case pages <- page:
			case <-s.ctx.Done():
				return
			}
			if page.done || page.err != nil {
				return
			}
		}
	})
	for page := range pages {
		if page.err != nil {
			return page.err
		}
		if err := s.handOut(page.candidates); err != nil {
			return err
		}
	}
	return s.ctx.Err()
}

// room is the most rows that are still wanted; 0 is no limit.
func (s *scanner) room() int {
	if s.budget == nil {
		return 0
	}
	return max(1, len(s.budget))
}

// await waits until another row may be asked for.
func (s *scanner) await() error {
	select {
	case <-s.budget:
		s.budget <- struct{}{}
		return nil
	case <-s.ctx.Done():
		return s.ctx.Err()
	}
}

// handOut makes tasks of a page: one for each row to be fetched, one for each
// run of rows that the listing gave whole.
func (s *scanner) handOut(page []candidate) error {
	for len(page) > 0 {
		n, err := s.take(page)
		if err != nil {
			return err
		}
		k := &task{candidates: page[:n], inline: s.inline(&page[0]), done: make(chan struct{})}
		if err := s.hand(k); err != nil {
			return err
		}
		page = page[n:]
	}
	return nil
}

// take is how many of the candidates go into one task; it waits for the budget
// of the first.
func (s *scanner) take(page []candidate) (int, error) {
	if s.budget != nil {
		select {
		case <-s.budget:
		case <-s.ctx.Done():
			return 0, s.ctx.Err()
		}
	}
	n := 1
	if !s.inline(&page[0]) {
		return n, nil
	}
	for ; n < len(page) && s.inline(&page[n]); n++ {
		if s.budget == nil {
			continue
		}
		select {
		case <-s.budget:
		default:
			return n, nil
		}
	}
	return n, nil
}

// hand starts a task and queues it for Next.
func (s *scanner) hand(k *task) error {
	places := s.fetches
	if k.inline {
		places = s.pages
	}
	for s.ahead.Load() > aheadBytes {
		select {
		case <-s.read:
		case <-s.ctx.Done():
			return s.ctx.Err()
		}
	}
	select {
	case places <- struct{}{}:
	case <-s.ctx.Done():
		return s.ctx.Err()
	}
	s.wg.Go(func() {
		defer close(k.done)
		s.resolveAll(k)
		if !k.inline {
			k.bytes = k.size()
			s.ahead.Add(k.bytes)
			<-places
		}
	})
	select {
	case s.tasks <- k:
		return nil
	case <-s.ctx.Done():
		return s.ctx.Err()
	}
}
