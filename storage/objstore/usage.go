package objstore

import (
	"context"
	"sync/atomic"
)

// Request is a kind of S3 request, as the bill counts them.
type Request uint8

// The kinds of request.
const (
	ReqHead Request = iota
	ReqGet
	ReqList
	ReqPut
	ReqDelete
	ReqDeleteBatch
	NumRequests
)

var requestNames = [NumRequests]string{"HEAD", "GET", "LIST", "PUT", "DELETE", "DELETE BATCH"}

// String returns the HTTP verb as people say it.
func (r Request) String() string { return requestNames[r] }

// Prices in dollars per request and per byte (AWS, us-east-1, S3 Standard;
// https://aws.amazon.com/s3/pricing). This is the only price table.
var (
	RequestPrice = [NumRequests]float64{
		ReqHead: 0.0004 / 1000, ReqGet: 0.0004 / 1000, ReqList: 0.005 / 1000,
		ReqPut: 0.005 / 1000, ReqDelete: 0, ReqDeleteBatch: 0,
	}
)

// Usage counts requests and bytes; a snapshot or a running total.
type Usage struct {
	Requests          [NumRequests]int64
	BytesIn, BytesOut int64 // read from the store, written to it
}

// Total is the number of requests of all kinds.
func (u Usage) Total() int64 {
	var n int64
	for _, c := range u.Requests {
		n += c
	}
	return n
}

// Dollars is what the requests cost by RequestPrice.
func (u Usage) Dollars() float64 {
	var d float64
	for r, c := range u.Requests {
		d += float64(c) * RequestPrice[r]
	}
	return d
}

// Sub returns u - v.
func (u Usage) Sub(v Usage) Usage {
	for i := range u.Requests {
		u.Requests[i] -= v.Requests[i]
	}
	u.BytesIn -= v.BytesIn
	u.BytesOut -= v.BytesOut
	return u
}

// Add returns u + v.
func (u Usage) Add(v Usage) Usage {
	for i := range u.Requests {
		u.Requests[i] += v.Requests[i]
	}
	u.BytesIn += v.BytesIn
	u.BytesOut += v.BytesOut
	return u
}

// Meter is a Usage that many goroutines may add to. A Meter may have a parent
// that counts the same requests too (operator → statement → session → server).
type Meter struct {
	parent   *Meter
	requests [NumRequests]atomic.Int64
	in, out  atomic.Int64
}

// NewMeter makes a meter below parent, which may be nil.
func NewMeter(parent *Meter) *Meter { return &Meter{parent: parent} }

// Count adds n requests of one kind and their bytes.
func (m *Meter) Count(r Request, n, in, out int64) {
	for ; m != nil; m = m.parent {
		m.requests[r].Add(n)
		m.in.Add(in)
		m.out.Add(out)
	}
}

// Within says whether m is root or stands below it, so that root counts what m
// counts.
func (m *Meter) Within(root *Meter) bool {
	for ; m != nil; m = m.parent {
		if m == root {
			return true
		}
	}
	return root == nil
}

// Usage returns the counts so far.
func (m *Meter) Usage() Usage {
	var u Usage
	for i := range u.Requests {
		u.Requests[i] = m.requests[i].Load()
	}
	u.BytesIn, u.BytesOut = m.in.Load(), m.out.Load()
	return u
}

type meterKey struct{}

// WithMeter returns a context whose requests are counted by m too (by the
// wrap.Metered decorator).
func WithMeter(ctx context.Context, m *Meter) context.Context {
	return context.WithValue(ctx, meterKey{}, m)
}

// MeterFrom returns the context's meter, or nil.
func MeterFrom(ctx context.Context) *Meter {
	m, _ := ctx.Value(meterKey{}).(*Meter)
	return m
}
