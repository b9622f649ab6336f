package funcs

import (
	"context"

	"github.com/s3db-sql/s3db-sql/pgerr"
)

// Sequences is what a Session implements to have sequences; without it the
// functions are 0A000. Errors are PostgreSQL's (sequence.c).
type Sequences interface {
	NextVal(ctx context.Context, seq OID) (int64, error)
	CurrVal(seq OID) (int64, error)
	LastVal() (int64, error)
	SetVal(ctx context.Context, seq OID, value int64, called bool) error
	// SequenceLastValue is the last number given; ok is false if none was.
	SequenceLastValue(ctx context.Context, seq OID) (value int64, ok bool, err error)
	// SequenceParameters is the record of pg_sequence_parameters.
	SequenceParameters(seq OID) (any, error)
}

func withSequences(f func(s Sequences, c *Call, args []any) (any, error)) Kernel {
	return Strict(func(c *Call, args []any) (any, error) {
		s, ok := c.Session.(Sequences)
		if !ok {
			return nil, pgerr.Unsupported("%s() in this session", c.Func.Name)
		}
		return f(s, c, args)
	})
}

func setVal(s Sequences, c *Call, args []any) (any, error) {
	called, given := argOr(args, 2).(bool)
	value := args[1].(int64)
	return value, s.SetVal(c.Ctx, args[0].(OID), value, called || !given)
}

func sequenceLastValue(s Sequences, c *Call, args []any) (any, error) {
	v, ok, err := s.SequenceLastValue(c.Ctx, args[0].(OID))
	if !ok || err != nil {
		return nil, err
	}
	return v, nil
}

func sequenceParameters(s Sequences, _ *Call, args []any) (any, error) {
	return s.SequenceParameters(args[0].(OID))
}

func init() {
	kernels{
		"nextval_oid": withSequences(func(s Sequences, c *Call, args []any) (any, error) { return s.NextVal(c.Ctx, args[0].(OID)) }),
		"currval_oid": withSequences(func(s Sequences, _ *Call, args []any) (any, error) { return s.CurrVal(args[0].(OID)) }),
		"lastval":     withSequences(func(s Sequences, _ *Call, _ []any) (any, error) { return s.LastVal() }),
		"setval_oid":  withSequences(setVal), "setval3_oid": withSequences(setVal),
		"pg_sequence_last_value": withSequences(sequenceLastValue),
		"pg_sequence_parameters": withSequences(sequenceParameters),
	}.bind()
}
