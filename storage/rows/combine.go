package rows

import (
	"context"

	"github.com/s3db-sql/s3db-sql/storage"
)

// Paths made of several: rows that every one of the arms leads to, or any of
// them. A row is looked at itself, so that what its references say does not
// count, and each is given once.

// intersection gives the rows of its first arm whose ids the others list too.
type intersection struct {
	first  source
	others []source
	common map[string]bool // what all others list; nil before they are read
}

// intersectionSource is the source of an Intersection. An arm whose values no key
// can carry is left out: the rows tell.
func (t *table) intersectionSource(spec *storage.ScanSpec, p *projection) (source, error) {
	var arms []source
	for _, arm := range spec.Path.Arms {
		sub := *spec
		sub.Path = arm
		l, err := t.refSource(&sub)
		if unkeyable(err) {
			continue
		}
		if err != nil {
			return nil, err
		}
		arms = append(arms, l)
	}
	p.need |= needRow
	if len(arms) == 0 {
		spec.Path = storage.Path{Kind: storage.FullScan}
		return t.rowSource(spec, p), nil
	}
	return &intersection{first: arms[0], others: arms[1:]}, nil
}

func (i *intersection) next(ctx context.Context, _ int) ([]candidate, bool, error) {
	if i.common == nil {
		if err := i.read(ctx); err != nil {
			return nil, true, err
		}
	}
	if len(i.others) > 0 && len(i.common) == 0 {
		return nil, true, nil
	}
	page, done, err := i.first.next(ctx, 0)
	out := page[:0]
	for _, c := range page {
		if len(i.others) == 0 || i.common[c.id] {
			out = append(out, candidate{id: c.id})
		}
	}
	return out, done, err
}

// read lists the other arms, each to its end.
func (i *intersection) read(ctx context.Context) error {
	i.common = map[string]bool{}
	for n, arm := range i.others {
		listed := map[string]bool{}
		for done := false; !done; {
			var page []candidate
			var err error
			if page, done, err = arm.next(ctx, 0); err != nil {
				return err
			}
			for _, c := range page {
				if n == 0 || i.common[c.id] {
					listed[c.id] = true
				}
			}
		}
		i.common = listed
	}
	return nil
}

// union gives the rows of all its arms, one arm after the other.
type union struct {
	arms []source
	seen map[string]bool
}

// unionSource is the source of a Union. One arm whose values no key can carry
// makes it a full scan.
func (t *table) unionSource(spec *storage.ScanSpec, p *projection) (source, error) {
	u := &union{seen: map[string]bool{}}
	for _, arm := range spec.Path.Arms {
		sub := *spec
		sub.Path = arm
		src, err := t.source(&sub, p)
		if err != nil {
			return nil, err
		}
		if sub.Path.Kind == storage.FullScan {
			spec.Path = sub.Path
			return t.rowSource(spec, p), nil
		}
		u.arms = append(u.arms, src)
	}
	p.need |= needRow
	return u, nil
}

func (u *union) next(ctx context.Context, most int) ([]candidate, bool, error) {
	if len(u.arms) == 0 {
		return nil, true, nil
	}
	page, done, err := u.arms[0].next(ctx, most)
	if done {
		u.arms = u.arms[1:]
	}
	out := page[:0]
	for _, c := range page {
		if !u.seen[c.id] {
			u.seen[c.id] = true
			out = append(out, candidate{id: c.id, named: c.named})
		}
	}
	return out, len(u.arms) == 0, err
}
