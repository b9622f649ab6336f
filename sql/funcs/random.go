package funcs

import (
	"math"
	"math/bits"
	"sync"
	"time"

	"github.com/s3db-sql/s3db-sql/internal/rng"
	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

// PRNG is the generator behind random(): xoroshiro128**, as in PostgreSQL
// (pg_prng.c), so that setseed gives PostgreSQL's numbers. Use NewPRNG.
type PRNG struct {
	mu     sync.Mutex
	s0, s1 uint64
}

// NewPRNG seeds a generator from a source of chance.
func NewPRNG(source rng.Source) *PRNG {
	p := &PRNG{}
	p.seed(source.Uint64())
	return p
}

// Randomness is what a Session implements to have random() of its own, which
// setseed can repeat. For other sessions there is one generator, and setseed is
// 0A000.
type Randomness interface {
	Random() *PRNG
}

var shared = sync.OnceValue(func() *PRNG { return NewPRNG(rng.System) })

func prngOf(c *Call) (p *PRNG, own bool) {
	if r, ok := c.Session.(Randomness); ok {
		return r.Random(), true
	}
	return shared(), false
}

func (p *PRNG) seed(seed uint64) {
	p.s0, p.s1 = splitMix(&seed), splitMix(&seed)
}

func splitMix(state *uint64) uint64 {
	*state += 0x9E3779B97f4A7C15
	v := *state
	v = (v ^ v>>30) * 0xBF58476D1CE4E5B9
	v = (v ^ v>>27) * 0x94D049BB133111EB
	return v ^ v>>31
}

// SetSeed is setseed(f), f from -1 to 1.
func (p *PRNG) SetSeed(f float64) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.seed(uint64(int64(float64(uint64(1)<<52-1) * f)))
}

// Float64 is random(): from 0 up to but not including 1.
func (p *PRNG) Float64() float64 {
	p.mu.Lock()
	defer p.mu.Unlock()
	v := bits.RotateLeft64(p.s0*5, 7) * 9
	sx := p.s1 ^ p.s0
	p.s0, p.s1 = bits.RotateLeft64(p.s0, 24)^sx^sx<<16, bits.RotateLeft64(sx, 37)
	return math.Ldexp(float64(v>>12), -52)
}

func random(c *Call) (float64, error) {
	p, _ := prngOf(c)
	return p.Float64(), nil
}

func setSeed(c *Call, args []any) (any, error) {
	f := args[0].(float64)
	if f < -1 || f > 1 || f != f {
		return nil, pgerr.New(pgerr.InvalidParameterValue, "setseed parameter %g is out of allowed range [-1,1]", f)
	}
	p, own := prngOf(c)
	if !own {
		return nil, pgerr.Unsupported("setseed() in this session")
	}
	p.SetSeed(f)
	return "", nil
}

// randomUUID is version 4 of RFC 4122.
func randomUUID(*Call) (types.UUID, error) {
	var u types.UUID
	rng.System.Read(u[:])
	u[6], u[8] = u[6]&0x0f|0x40, u[8]&0x3f|0x80
	return u, nil
}

func sleepFor(c *Call, args []any) (any, error) {
	v := args[0].(types.Interval)
	days := int64(v.Months)*30 + int64(v.Days)
	return "", sleep(c, time.Duration(days*types.MicrosPerDay+v.Micros)*time.Microsecond)
}

func sleepUntil(c *Call, args []any) (any, error) {
	until := args[0].(int64) - types.TimestampFromTime(clockTime(c))
	return "", sleep(c, time.Duration(until)*time.Microsecond)
}

func init() {
	kernels{
		"drandom":                     Lift0(random),
		"setseed":                     Strict(setSeed),
		"gen_random_uuid":             Lift0(randomUUID),
		"pg_sleep_for(interval)":      Strict(sleepFor),
		"pg_sleep_until(timestamptz)": Strict(sleepUntil),
	}.bind()
}
