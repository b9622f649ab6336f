package rng

import (
	crand "crypto/rand"
	"encoding/binary"
	"math/rand/v2"
	"sync"
)

// Source gives random bits. It is safe for concurrent use.
type Source interface {
	Uint64() uint64
	// Read fills p; it never fails.
	Read(p []byte)
}

// System is the operating system's cryptographic source.
var System Source = system{}

type system struct{}

func (system) Uint64() uint64 {
	var b [8]byte
	system{}.Read(b[:])
	return binary.LittleEndian.Uint64(b[:])
}

func (system) Read(p []byte) {
	if _, err := crand.Read(p); err != nil {
		panic("rng: the system has no random source: " + err.Error())
	}
}

// Seeded returns a repeatable source for tests.
func Seeded(seed uint64) Source {
	return &seeded{r: rand.New(rand.NewPCG(seed, 0x9e3779b97f4a7c15))}
}

type seeded struct {
	mu sync.Mutex
	r  *rand.Rand
}

func (s *seeded) Uint64() uint64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.r.Uint64()
}

func (s *seeded) Read(p []byte) {
	var b [8]byte
	for len(p) > 0 {
		binary.LittleEndian.PutUint64(b[:], s.Uint64())
		p = p[copy(p, b[:]):]
	}
}
