package types

import (
	"errors"
	"slices"
	"strconv"
	"strings"

	"github.com/s3db-sql/s3db-sql/pgerr"
)

// Snapshot is a pg_snapshot: what was committed at a moment. Values are not changed once
// made.
type Snapshot struct {
	// Xmin: all transactions below have ended. Xmax: none at or above has.
	Xmin, Xmax XID8
	// Xip are those between that were in progress, ascending.
	Xip []XID8
}

// Visible says whether a transaction had ended (is_visible_fxid).
func (s *Snapshot) Visible(id XID8) bool {
	_, running := slices.BinarySearch(s.Xip, id)
	return id < s.Xmin || id < s.Xmax && !running
}

// Without is the snapshot as the transaction id has it: GetSnapshotData leaves its own out.
func (s *Snapshot) Without(id XID8) *Snapshot {
	i, found := slices.BinarySearch(s.Xip, id)
	if !found {
		return s
	}
	return &Snapshot{Xmin: s.Xmin, Xmax: s.Xmax, Xip: slices.Delete(slices.Clone(s.Xip), i, i+1)}
}

// PgSnapshotType is pg_snapshot, TxidSnapshotType its forerunner.
var (
	PgSnapshotType   = registerSnapshot(Type{OID: 5038, Name: "pg_snapshot", Array: 5039, Doc: "snapshot"})
	TxidSnapshotType = registerSnapshot(Type{OID: 2970, Name: "txid_snapshot", Array: 2949, Doc: "txid snapshot"})
)

func registerSnapshot(id Type) *Type {
	id.Len, id.Align, id.Category = -1, 'd', UserDefined
	return Register(Def[*Snapshot]{
		Type: id,
		Impl: Impl[*Snapshot]{
			In:   func(_ *Env, s string, _ int32) (*Snapshot, error) { return parseSnapshot(s) },
			Out:  func(_ *Env, dst []byte, v *Snapshot) []byte { return v.appendText(dst) },
			Recv: func(_ *Env, b []byte, _ int32) (*Snapshot, error) { return recvSnapshot(b) },
			Send: func(_ *Env, dst []byte, v *Snapshot) []byte { return v.appendBinary(dst) },
		},
	})
}

// parseSnapshot is parse_snapshot. Both types name pg_snapshot in their error.
func parseSnapshot(s string) (*Snapshot, error) {
	xmin, rest, ok1 := strings.Cut(s, ":")
	xmax, list, ok2 := strings.Cut(rest, ":")
	v := &Snapshot{}
	var err1, err2 error
	v.Xmin, err1 = snapshotXID(xmin)
	v.Xmax, err2 = snapshotXID(xmax)
	if !ok1 || !ok2 || err1 != nil || err2 != nil || !v.addText(list) || !v.sane() {
		return nil, InvalidInput("pg_snapshot", s)
	}
	return v, nil
}

func (s *Snapshot) addText(list string) bool {
	if list == "" {
		return true
	}
	for part := range strings.SplitSeq(strings.TrimSuffix(list, ","), ",") {
		id, err := snapshotXID(part)
		if err != nil || id >= s.Xmax || !s.add(id) {
			return false
		}
	}
	return true
}

// snapshotXID is strtou64, which saturates, and takes a negative number modulo 2^64.
func snapshotXID(s string) (XID8, error) {
	s = strings.TrimLeft(s, spaces)
	digits, negative := strings.CutPrefix(s, "-")
	if !negative {
		digits = strings.TrimPrefix(s, "+")
	}
	n, err := strconv.ParseUint(digits, 10, 64)
	switch {
	case errors.Is(err, strconv.ErrRange):
		return XID8(n), nil
	case negative:
		n = -n
	}
	return XID8(n), err
}

// add appends a transaction in progress; equal ones count once. It is false for one out
// of order.
func (s *Snapshot) add(id XID8) bool {
	last := XID8(0)
	if n := len(s.Xip); n > 0 {
		last = s.Xip[n-1]
	}
	if id < s.Xmin || id < last {
		return false
	}
	if id != last {
		s.Xip = append(s.Xip, id)
	}
	return true
}

// sane: an xid is valid if its lower half is not 0 (FullTransactionIdIsValid).
func (s *Snapshot) sane() bool { return uint32(s.Xmin) != 0 && uint32(s.Xmax) != 0 && s.Xmax >= s.Xmin }

func (s *Snapshot) appendText(dst []byte) []byte {
	dst = append(strconv.AppendUint(dst, uint64(s.Xmin), 10), ':')
	dst = append(strconv.AppendUint(dst, uint64(s.Xmax), 10), ':')
	for i, id := range s.Xip {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = strconv.AppendUint(dst, uint64(id), 10)
	}
	return dst
}

// recvSnapshot is pg_snapshot_recv: an int4 count, then int8 xmin, xmax and xip.
func recvSnapshot(b []byte) (*Snapshot, error) {
	bad := pgerr.New(pgerr.InvalidBinaryRepresentation, "invalid external pg_snapshot data")
	if len(b) < 20 || len(b) != 20+8*int(beUint32(b)) {
		return nil, bad
	}
	v := &Snapshot{Xmin: XID8(beUint64(b[4:])), Xmax: XID8(beUint64(b[12:]))}
	if !v.sane() {
		return nil, bad
	}
	for rest := b[20:]; len(rest) > 0; rest = rest[8:] {
		if id := XID8(beUint64(rest)); id > v.Xmax || !v.add(id) {
			return nil, bad
		}
	}
	return v, nil
}

func (s *Snapshot) appendBinary(dst []byte) []byte {
	dst = appendBE(dst, uint64(len(s.Xip)), 4)
	dst = appendBE(appendBE(dst, uint64(s.Xmin), 8), uint64(s.Xmax), 8)
	for _, id := range s.Xip {
		dst = appendBE(dst, uint64(id), 8)
	}
	return dst
}
