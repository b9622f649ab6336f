package rows

import (
	"context"

	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/storage"
	"github.com/s3db-sql/s3db-sql/storage/objstore"
)

// inline says that a candidate can be answered without a request.
func (s *scanner) inline(c *candidate) bool {
	if c.settled {
		return !suspect(c.info)
	}
	return s.given(c)
}

// given says that the listing gave what the projection takes of the object.
func (s *scanner) given(c *candidate) bool {
	return c.info.Metadata != nil && (c.whole || isTombstone(c.info) || !s.p.needsBody(s.t, c.info))
}

func (s *scanner) resolveAll(k *task) {
	k.records = make([]*record, 0, len(k.candidates))
	for i := range k.candidates {
		r, err := s.resolve(&k.candidates[i])
		if err != nil && s.spec.SkipDamaged && pgerr.CodeOf(err) == pgerr.DataCorrupted {
			r, err = nil, nil
		}
		if err != nil {
			k.err = err
			return
		}
		if r != nil {
			k.records = append(k.records, r)
		} else if s.budget != nil {
			s.budget <- struct{}{}
		}
	}
	k.candidates = nil
}

// resolve reads one candidate; nil if it is no row, or no longer where it was
// found.
func (s *scanner) resolve(c *candidate) (*record, error) {
	r, err := s.found(c)
	if r == nil && err == nil {
		r, err = s.wasThere(s.ctx, c.id)
	}
	if r == nil || err != nil {
		return nil, err
	}
	if c.ref != "" && !c.settled && !s.t.hasReference(r, c.ref, s.spec.Path.Partition) {
		return nil, nil
	}
	if c.unique != "" && !s.t.holds(r, c.unique, s.spec.Path.Partition) {
		return nil, nil
	}
	return r, nil
}

// found is a candidate as it is; nil if it is no row.
func (s *scanner) found(c *candidate) (*record, error) {
	if c.settled {
		return s.settle(c)
	}
	r := &record{id: c.id, info: c.info, body: c.body, whole: c.whole}
	if !c.whole && s.t.outOfLine(c.info) {
		r.external = s.t.external(c.id, c.info)
	}
	if !s.given(c) {
		var err error
		r, err = s.fetch(s.ctx, c.id)
		s.progress(0, 1)
		if r == nil && err == nil && !c.named {
			s.verdicts.vanished()
		}
		if r == nil || err != nil {
			return nil, err
		}
	} else if c.whole || isTombstone(r.info) {
		var err error
		if r, err = s.t.judge(s.ctx, r, &s.verdicts); r == nil || err != nil {
			return nil, err
		}
	}
	return r, s.t.complete(r, s.p)
}

func (s *scanner) fetch(ctx context.Context, id string) (*record, error) {
	needs := func(info objstore.Info) bool { return s.p.needsBody(s.t, info) }
	if s.p.part != nil {
		return s.t.fetchSlice(ctx, id, *s.p.part, needs, &s.verdicts)
	}
	return s.t.fetch(ctx, id, needs, &s.verdicts)
}

// settle is a candidate that the listing answers; one that may be a tombstone
// is looked at.
func (s *scanner) settle(c *candidate) (*record, error) {
	r := &record{id: c.id, info: c.info, row: c.row}
	if suspect(c.info) {
		info, err := s.t.store.Head(s.ctx, s.t.schema.DataKey(c.id))
		if objstore.IsNotFound(err) {
			return nil, nil
		}
		if err != nil {
			return nil, objstore.ToPG(err)
		}
		if isTombstone(info) {
			counts, err := s.t.judge(s.ctx, &record{id: c.id, info: info}, &s.verdicts)
			if counts == nil || err != nil {
				return nil, err
			}
			r.info = counts.info
		}
	}
	if s.p.need&needKey == 0 {
		return r, nil
	}
	var err error
	r.key, err = s.t.keyValues(c.id)
	return r, err
}

func (s *scanner) progress(listed, fetched int64) {
	if s.spec.Progress == nil {
		return
	}
	if k := s.spec.Path.Kind; k != storage.PointGet && k != storage.UniqueGet || fetched > 0 {
		s.spec.Progress(listed, fetched)
	}
}
