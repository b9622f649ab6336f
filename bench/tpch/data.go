package tpch

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"time"
)

// Data makes the rows of the eight tables for a scale factor from a seed: sizes, keys,
// ranges and word lists as TPC-H's specification (clause 4.2) has them, texts simpler.
type Data struct {
	scale float64
	r     *rand.Rand
	emit  func(table, line string) error
	err   error
}

// Generate calls emit with each row, as a line of COPY's text format.
func Generate(scale float64, seed uint64, emit func(table, line string) error) error {
	d := &Data{scale: scale, r: rand.New(rand.NewPCG(seed, 1)), emit: emit}
	d.regions()
	d.suppliers()
	d.parts()
	d.customers()
	d.orders()
	return d.err
}

func (d *Data) row(table string, values ...any) {
	if d.err != nil {
		return
	}
	texts := make([]string, len(values))
	for i, v := range values {
		texts[i] = fmt.Sprint(v)
	}
	d.err = d.emit(table, strings.Join(texts, "\t")+"\n")
}

// between is uniform in [lo, hi].
func (d *Data) between(lo, hi int) int { return lo + d.r.IntN(hi-lo+1) }

func (d *Data) pick(words []string) string { return words[d.r.IntN(len(words))] }

func (d *Data) size(n int) int { return int(float64(n) * d.scale) }

// cents is a decimal of two digits.
type cents int

func (c cents) String() string {
	if c < 0 {
		return "-" + (-c).String()
	}
	return fmt.Sprintf("%d.%02d", c/100, c%100)
}

func (d *Data) text(words int) string {
	out := make([]string, words)
	for i := range out {
		out[i] = d.pick(comments)
	}
	return strings.Join(out, " ")
}

func (d *Data) address() string {
	b := make([]byte, d.between(10, 40))
	for i := range b {
		b[i] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 "[d.r.IntN(62)]
	}
	return string(b)
}

func (d *Data) phone(nation int) string {
	return fmt.Sprintf("%d-%d-%d-%d", nation+10, d.between(100, 999), d.between(100, 999), d.between(1000, 9999))
}

func (d *Data) regions() {
	for i, name := range regions {
		d.row("region", i, name, d.text(5))
	}
	for i, n := range nations {
		d.row("nation", i, n.name, n.region, d.text(5))
	}
}

func (d *Data) suppliers() {
	for i := range d.size(10_000) {
		nation, comment := d.between(0, 24), d.text(6)
		switch i % 2000 { // five of ten thousand each
		case 7:
			comment = "Customer " + d.pick(comments) + " Complaints"
		case 11:
			comment = "Customer " + d.pick(comments) + " Recommends"
		}
		d.row("supplier", i+1, fmt.Sprintf("Supplier#%09d", i+1), d.address(), nation, d.phone(nation),
			cents(d.between(-99999, 999999)), comment)
	}
}

func retailPrice(part int) cents { return cents(90000 + (part/10)%20001 + 100*(part%1000)) }

// supplierOf is the i-th of the four suppliers of a part.
func (d *Data) supplierOf(part, i int) int {
	s := d.size(10_000)
	return (part+i*(s/4)+(part-1)/s)%s + 1
}

func (d *Data) parts() {
	for p := 1; p <= d.size(200_000); p++ {
		m := d.between(1, 5)
		names := make([]string, 5)
		for i, k := range d.r.Perm(len(colors))[:5] {
			names[i] = colors[k]
		}
		d.row("part", p, strings.Join(names, " "), fmt.Sprintf("Manufacturer#%d", m), fmt.Sprintf("Brand#%d%d", m, d.between(1, 5)),
			d.pick(types1)+" "+d.pick(types2)+" "+d.pick(types3), d.between(1, 50), d.pick(containers1)+" "+d.pick(containers2),
			retailPrice(p), d.text(1))
		for i := range 4 {
			d.row("partsupp", p, d.supplierOf(p, i), d.between(1, 9999), cents(d.between(100, 100000)), d.text(10))
		}
	}
}

func (d *Data) customers() {
	for c := 1; c <= d.size(150_000); c++ {
		nation := d.between(0, 24)
		d.row("customer", c, fmt.Sprintf("Customer#%09d", c), d.address(), nation, d.phone(nation),
			cents(d.between(-99999, 999999)), d.pick(segments), d.text(8))
	}
}

var (
	startDate   = time.Date(1992, 1, 1, 0, 0, 0, 0, time.UTC)
	currentDate = time.Date(1995, 6, 17, 0, 0, 0, 0, time.UTC)
)

// orderDays is the span of order dates: 151 days are left for the deliveries.
const orderDays = 2405

func (d *Data) orders() {
	for i := range d.size(1_500_000) {
		key := i/8*32 + i%8 + 1 // eight keys of each 32 are used
		customer := d.between(1, d.size(150_000))
		for customer%3 == 0 { // a third never orders
			customer = d.between(1, d.size(150_000))
		}
		date := startDate.AddDate(0, 0, d.r.IntN(orderDays))
		total, shipped, lines := cents(0), 0, d.between(1, 7)
		for n := 1; n <= lines; n++ {
			price, done := d.line(key, n, date)
			total += price
			shipped += done
		}
		status := "P"
		switch shipped {
		case 0:
			status = "O"
		case lines:
			status = "F"
		}
		comment := d.text(6)
		if d.r.IntN(100) == 0 {
			comment = d.pick(comments) + " special " + d.pick(comments) + " requests " + d.pick(comments)
		}
		d.row("orders", key, customer, status, total, date.Format(time.DateOnly), d.pick(priorities),
			fmt.Sprintf("Clerk#%09d", d.between(1, max(1, d.size(1000)))), 0, comment)
	}
}

// line makes a line item and returns its price and 1 if it has been shipped.
func (d *Data) line(order, n int, ordered time.Time) (price cents, done int) {
	part := d.between(1, d.size(200_000))
	quantity, discount, tax := d.between(1, 50), d.between(0, 10), d.between(0, 8)
	extended := cents(quantity) * retailPrice(part)
	ship := ordered.AddDate(0, 0, d.between(1, 121))
	commit, receipt := ordered.AddDate(0, 0, d.between(30, 90)), ship.AddDate(0, 0, d.between(1, 30))
	flag, status := "N", "O"
	if !receipt.After(currentDate) {
		flag = d.pick([]string{"R", "A"})
	}
	if !ship.After(currentDate) {
		status, done = "F", 1
	}
	d.row("lineitem", order, part, d.supplierOf(part, d.between(0, 3)), n, cents(quantity*100), extended, cents(discount), cents(tax), flag,
		status, ship.Format(time.DateOnly), commit.Format(time.DateOnly), receipt.Format(time.DateOnly), d.pick(instructions),
		d.pick(modes), d.text(3))
	return extended * cents(100+tax) * cents(100-discount) / 10000, done
}
