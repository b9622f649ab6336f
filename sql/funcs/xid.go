package funcs

import (
	"cmp"

	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

// Transactions is a Session whose transactions have numbers (xid8funcs.c).
type Transactions interface {
	// TransactionID is that of the current transaction, which gets one.
	TransactionID() types.XID8
	// AssignedTransactionID is 0 for a transaction that has none: one that has neither
	// asked for it nor written.
	AssignedTransactionID() types.XID8
	// Snapshot tells which transactions the statement sees the work of.
	Snapshot() *types.Snapshot
	// TransactionStatus is that of any transaction, FateUnknown for one that was too
	// long ago or another server's; 22023 for one to come.
	TransactionStatus(id types.XID8) (Fate, error)
}

// Fate is what became of a transaction, as pg_xact_status names it.
type Fate string

// The fates.
const (
	FateUnknown    Fate = ""
	FateInProgress Fate = "in progress"
	FateCommitted  Fate = "committed"
	FateAborted    Fate = "aborted"
)

// xactFact is a function without arguments of the session's transactions. Its answers
// are xid8, of which the functions that begin with txid make bigint; 0 is NULL.
func xactFact(f func(Transactions) types.XID8) Kernel {
	return withTransactions(func(t Transactions, c *Call, _ []any) (any, error) {
		id := f(t)
		switch {
		case id == 0:
			return nil, nil
		case c.Result.OID == types.Int8OID:
			return int64(id), nil
		}
		return id, nil
	})
}

func withTransactions(f func(t Transactions, c *Call, args []any) (any, error)) Kernel {
	return Strict(func(c *Call, args []any) (any, error) {
		t, ok := c.Session.(Transactions)
		if !ok {
			return nil, pgerr.Unsupported("%s() here", c.Func.Name)
		}
		return f(t, c, args)
	})
}

// xidArg is an argument of type xid8 or bigint.
func xidArg(arg any) types.XID8 {
	if n, ok := arg.(int64); ok {
		return types.XID8(n)
	}
	return arg.(types.XID8)
}

func currentSnapshot(t Transactions, _ *Call, _ []any) (any, error) { return t.Snapshot(), nil }

// xactStatus is pg_xact_status.
func xactStatus(t Transactions, _ *Call, args []any) (any, error) {
	fate, err := t.TransactionStatus(xidArg(args[0]))
	if fate == FateUnknown {
		return nil, err
	}
	return string(fate), err
}

// ofSnapshot is a function of a snapshot that gives one of its numbers.
func ofSnapshot(f func(*types.Snapshot) types.XID8) Kernel {
	return Strict(func(c *Call, args []any) (any, error) {
		id := f(args[0].(*types.Snapshot))
		if c.Result.OID == types.Int8OID {
			return int64(id), nil
		}
		return id, nil
	})
}

func snapshotXip(c *Call, args []any) (RowIter, error) {
	var ids []any
	for _, id := range args[0].(*types.Snapshot).Xip {
		if c.Result.OID == types.Int8OID {
			ids = append(ids, int64(id))
		} else {
			ids = append(ids, id)
		}
	}
	return valuesOf(c, ids), nil
}

func visibleInSnapshot(_ *Call, args []any) (any, error) {
	return args[1].(*types.Snapshot).Visible(xidArg(args[0])), nil
}

func init() {
	compare := cmp.Compare[types.XID8]
	bindSix(plainNames, "xid8", by(compare))
	bindMinMaxBy("xid8", fixedCompare(compare))
	kernels{
		"xid8cmp":      F2(threeWay(compare)),
		"xid8_larger":  F2(larger(compare)),
		"xid8_smaller": F2(smaller(compare)),
		"xid8toxid":    F1(func(v types.XID8) uint32 { return uint32(v) }),

		"pg_current_xact_id":             xactFact(Transactions.TransactionID),
		"pg_current_xact_id_if_assigned": xactFact(Transactions.AssignedTransactionID),
		"pg_current_snapshot":            withTransactions(currentSnapshot),
		"pg_xact_status":                 withTransactions(xactStatus),
		"pg_snapshot_xmin":               ofSnapshot(func(s *types.Snapshot) types.XID8 { return s.Xmin }),
		"pg_snapshot_xmax":               ofSnapshot(func(s *types.Snapshot) types.XID8 { return s.Xmax }),
		"pg_visible_in_snapshot":         Strict(visibleInSnapshot),
	}.bind()
	rowsFuncs{"pg_snapshot_xip": strictRowsFunc(snapshotXip)}.bind()
}
