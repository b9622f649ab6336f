package faults

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"
	"sort"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/anishathalye/porcupine"
	"github.com/stretchr/testify/require"
)

// registers is how many rows TestRegisters writes; few, so that clients meet.
const registers = 6

// TestRegisters: single rows that three servers read and write in bad weather are as
// one copy of them would be (linearizable), whatever statement it is that does it.
func TestRegisters(t *testing.T) {
	stores := []string{"fake"}
	if *long {
		stores = append(stores, "versitygw", "minio")
	}
	for _, store := range stores {
		t.Run(store, func(t *testing.T) {
			f := newFleet(t, store, 1, `CREATE TABLE register (id int PRIMARY KEY, v int, twin int UNIQUE)`,
				fmt.Sprintf(`INSERT INTO register SELECT i, 0 FROM generate_series(1, %d) i`, registers))
			h := &registerHistory{began: time.Now()}
			f.work(3, stormy(), h.step)
			for id := 1; id <= registers; id++ {
				h.do(&client{conn: f.servers[id%3].Connect(t), chance: nil}, registerOp{id: id, kind: readIt})
			}
			h.check(t)
		})
	}
}

// registerKind is what is done with a register.
type registerKind uint8

const (
	readIt registerKind = iota
	writeIt
	swapIt // if it is as expected
	addOne
	deleteIt
	insertIt // or overwrite it
	swapInBlock
	registerKinds
)

// absent is the state of a register without a row.
const absent = -1

type registerOp struct {
	id       int
	kind     registerKind
	v, guess int
}

// registerAnswer is what the client was told: a value, or how many rows.
type registerAnswer struct {
	outcome outcome
	n       int
}

// registerModel is one register. What is unclear is taken for done, at any time from
// its call on: at the very end nobody sees it.
var registerModel = porcupine.Model{
	Partition: func(all []porcupine.Operation) [][]porcupine.Operation {
		out := make([][]porcupine.Operation, registers)
		for _, op := range all {
			id := op.Input.(registerOp).id
			out[id-1] = append(out[id-1], op)
		}
		return out
	},
	Init: func() any { return 0 },
	Step: func(state, input, output any) (bool, any) {
		now, op, got := state.(int), input.(registerOp), output.(registerAnswer)
		n, next := op.step(now)
		return got.outcome == unclear || got.n == n, next
	},
	DescribeOperation: func(input, output any) string { return fmt.Sprintf("%+v -> %+v", input, output) },
}

// step is what the operation answers and leaves.
func (op registerOp) step(now int) (answer, next int) {
	there := 0
	if now != absent {
		there = 1
	}
	switch op.kind {
	case readIt:
		return now, now
	case writeIt:
		if now == absent {
			return 0, absent
		}
		return 1, op.v
	case swapIt, swapInBlock:
		if now != op.guess || now == absent {
			return 0, now
		}
		return 1, op.v
	case addOne:
		if now == absent {
			return absent, absent
		}
		return now + 1, now + 1
	case deleteIt:
		return there, absent
	}
	return 1, op.v
}

// registerHistory is what clients have done.
type registerHistory struct {
	began time.Time
	mu    sync.Mutex
	ops   []porcupine.Operation
	last  int
	seen  [registers + 1]int // read last, to guess by
	count [3]int
}

func (h *registerHistory) step(c *client) {
	id := 1 + c.chance.IntN(registers)
	kind := registerKind(c.chance.IntN(int(registerKinds)))
	if kind == deleteIt && c.chance.IntN(2) > 0 {
		kind = readIt
	}
	h.mu.Lock()
	h.last += 1000 // what is written is told from what is counted up
	op := registerOp{id: id, kind: kind, v: h.last, guess: h.seen[id]}
	h.mu.Unlock()
	h.do(c, op)
}

func (h *registerHistory) do(c *client, op registerOp) {
	call := time.Since(h.began)
	n, err := op.run(c)
	answered := time.Since(h.began)
	if kind := op.kind; kind == readIt && err != nil {
		return
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	out := outcomeOf(err)
	h.count[out]++
	switch {
	case out == refused:
		return
	case out == unclear:
		answered = math.MaxInt64
	case op.kind == readIt || op.kind == addOne:
		h.seen[op.id] = n
	}
	h.ops = append(h.ops, porcupine.Operation{ClientId: c.n, Input: op, Call: int64(call), Output: registerAnswer{out, n}, Return: int64(answered)})
}

func (h *registerHistory) check(t *testing.T) {
	t.Logf("%d done, %d refused, %d unclear", h.count[done], h.count[refused], h.count[unclear])
	require.Greater(t, h.count[done], 50)
	for i, ops := range registerModel.Partition(h.ops) {
		if result := porcupine.CheckOperationsTimeout(registerModel, ops, time.Minute); result != porcupine.Ok {
			t.Errorf("register %d is not linearizable: %v\n%s", i+1, result, upTo(ops))
		}
	}
}

// upTo is the history up to the first answer that makes it impossible, its end.
func upTo(ops []porcupine.Operation) string {
	const shown = 40
	slices.SortFunc(ops, func(a, b porcupine.Operation) int { return cmp.Compare(a.Return, b.Return) })
	n := sort.Search(len(ops), func(n int) bool {
		early := slices.Clone(ops)
		for i := range early {
			if i > n { // not answered yet
				early[i].Return, early[i].Output = math.MaxInt64, registerAnswer{outcome: unclear}
			}
		}
		early = slices.DeleteFunc(early, func(op porcupine.Operation) bool { return op.Call > ops[min(n, len(ops)-1)].Return })
		return porcupine.CheckOperationsTimeout(registerModel, early, time.Minute) != porcupine.Ok
	})
	var out strings.Builder
	for _, op := range ops {
		if op.Return > ops[min(n, len(ops)-1)].Return && op.Call > ops[min(n, len(ops)-1)].Return || op.Return < ops[max(0, n-shown)].Call {
			continue
		}
		fmt.Fprintf(&out, "%12v %12v client %d %s\n", time.Duration(op.Call), time.Duration(op.Return), op.ClientId, registerModel.DescribeOperation(op.Input, op.Output))
	}
	return out.String()
}

// run runs the operation: its answer as step gives it.
func (op registerOp) run(c *client) (int, error) {
	switch op.kind {
	case readIt:
		return number(c, absent, fmt.Sprintf(`SELECT v FROM register WHERE id = %d`, op.id))
	case writeIt:
		return rowsOf(c, fmt.Sprintf(`UPDATE register SET v = %d WHERE id = %d`, op.v, op.id))
	case swapIt:
		return rowsOf(c, fmt.Sprintf(`UPDATE register SET v = %d WHERE id = %d AND v = %d`, op.v, op.id, op.guess))
	case addOne:
		return number(c, absent, fmt.Sprintf(`UPDATE register SET v = v + 1, twin = twin + 1 WHERE id = %d RETURNING v`, op.id))
	case deleteIt:
		return rowsOf(c, fmt.Sprintf(`DELETE FROM register WHERE id = %d`, op.id))
	case insertIt:
		return rowsOf(c, fmt.Sprintf(`INSERT INTO register VALUES (%d, %d, %[2]d) ON CONFLICT (id) DO UPDATE SET v = excluded.v`, op.id, op.v))
	}
	if _, err := number(c, absent, `BEGIN`); err != nil {
		return 0, err
	}
	n, err := rowsOf(c, fmt.Sprintf(`UPDATE register SET v = %d, twin = %[1]d WHERE id = %[2]d AND v = %[3]d`, op.v, op.id, op.guess))
	if err == nil {
		_, err = rowsOf(c, `COMMIT`)
	}
	return n, rollBack(c, err)
}

// rollBack ends a block that has failed.
func rollBack(c *client, err error) error {
	if err != nil && c.conn.PgConn().TxStatus() != 'I' {
		_, _ = c.conn.Exec(context.Background(), `ROLLBACK`) // err is what the caller asks for
	}
	return err
}

// number is the first field of the first row, none where there is no row.
func number(c *client, none int, text string) (int, error) {
	rows, err := read(c.conn, text)
	if err != nil || len(rows) == 0 {
		return none, err
	}
	n := 0
	_, err = fmt.Sscan(rows[0], &n)
	return n, err
}

// rowsOf runs a statement: how many rows it wrote.
func rowsOf(c *client, text string) (int, error) {
	results, err := c.conn.PgConn().Exec(context.Background(), text).ReadAll()
	if err != nil {
		return 0, err
	}
	return int(results[len(results)-1].CommandTag.RowsAffected()), nil
}
