package rows

import (
	"context"
	"runtime"
	"slices"

	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/vec"
)

// A secret costs 100,000 rounds of hashing, and may be one that no passphrase here opens. So
// where the reader can tell by other columns which rows it wants (storage.ScanSpec.Sift), only
// theirs are decrypted.

// seal leaves the secrets of the projection for later.
func (p *projection) seal(t *table) {
	early := slices.Clone(p.want)
	for attr, want := range p.want {
		early[attr] = want && !t.hasSecret(attr)
	}
	if !slices.Equal(early, p.want) {
		p.early = early
	}
}

// fillSifted is fill of the rows that are wanted: of n that it reads, and of others while there
// are none.
func (s *scanner) fillSifted(ctx context.Context, n int) (bs []vec.Builder, rows int, err error) {
	for rows == 0 && !s.end {
		var read []*record
		if err := s.eachRow(ctx, n, func(r *record) { read = append(read, r) }); err != nil {
			return nil, 0, err
		}
		wanted, err := s.decrypted(s.sifted(read))
		if err != nil {
			return nil, 0, err
		}
		bs, rows = s.p.builders(len(wanted)), len(wanted)
		for _, r := range wanted {
			s.p.append(bs, r)
		}
	}
	return bs, rows, nil
}

// sifted are the rows that are wanted.
func (s *scanner) sifted(read []*record) (wanted []*record) {
	bs := s.p.builders(len(read))
	for _, r := range read {
		s.p.append(bs, r)
	}
	for _, k := range s.spec.Sift(s.p.batch(bs, len(read))) {
		wanted = append(wanted, read[k])
	}
	return wanted
}

// decrypted are the rows with all that the projection takes of them.
func (s *scanner) decrypted(rows []*record) ([]*record, error) {
	errs := make([]error, len(rows))
	if len(rows) > 0 {
		sideways(len(rows), runtime.GOMAXPROCS(0), func(k int) { errs[k] = s.t.decode(rows[k], s.p.want) })
	}
	kept := rows[:0]
	for k, r := range rows {
		switch {
		case errs[k] == nil:
			kept = append(kept, r)
		case !s.spec.SkipDamaged || pgerr.CodeOf(errs[k]) != pgerr.DataCorrupted:
			return nil, errs[k]
		}
	}
	return kept, nil
}
