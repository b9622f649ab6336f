package open

import (
	"context"

	"github.com/s3db-sql/s3db-sql/internal/clock"
	"github.com/s3db-sql/s3db-sql/internal/rng"
	"github.com/s3db-sql/s3db-sql/storage/objstore"
	"github.com/s3db-sql/s3db-sql/storage/objstore/local"
	"github.com/s3db-sql/s3db-sql/storage/objstore/location"
	"github.com/s3db-sql/s3db-sql/storage/objstore/mem"
	"github.com/s3db-sql/s3db-sql/storage/objstore/probe"
	"github.com/s3db-sql/s3db-sql/storage/objstore/s3"
)

// Options of Open. The zero value is right for servers.
type Options struct {
	Clock clock.Clock // nil: the system's
	Rand  rng.Source  // nil: the system's
	// NoProbe takes an S3 server for AWS without asking it anything.
	NoProbe bool
	S3      s3.Options
}

// Open opens the store at loc and returns it with the prefix of its keys
// (wrap.Prefixed gives the part below it). An S3 server is probed: a bucket that
// does not exist, keys that are refused and an endpoint that does not answer are
// errors here already. Capabilities say the rest: see probe.CannotWrite.
func Open(ctx context.Context, loc location.Location, opt Options) (objstore.Store, string, error) {
	if opt.Clock == nil {
		opt.Clock = clock.System
	}
	if opt.Rand == nil {
		opt.Rand = rng.System
	}
	switch loc.Kind {
	case location.Local:
		s, err := local.Open(loc.Folder, opt.Clock)
		if err != nil {
			return nil, "", err
		}
		return s, "", nil
	case location.Memory:
		return mem.New(opt.Clock), loc.Prefix, nil
	default:
		return openS3(ctx, loc, opt)
	}
}

func openS3(ctx context.Context, loc location.Location, opt Options) (objstore.Store, string, error) {
	opt.S3.Clock, opt.S3.Rand = opt.Clock, opt.Rand
	s, err := s3.Open(ctx, loc, opt.S3)
	if err != nil {
		return nil, "", err
	}
	if opt.NoProbe {
		return s, loc.Prefix, nil
	}
	caps, err := probe.Run(ctx, s, loc.Prefix, opt.Rand)
	if err == nil {
		err = probe.Missing(caps)
	}
	if err != nil {
		_ = s.Close() // it has nothing open but idle connections
		return nil, "", err
	}
	return s, loc.Prefix, nil
}
