package plan

import (
	"fmt"
	"strings"
	"time"
)

// text renders the tree as PostgreSQL's EXPLAIN does.
func (x *explainer) text(root *explained) string {
	var b strings.Builder
	x.textNode(&b, root, 0)
	x.footer(&b)
	return b.String()
}

// textNode writes a node whose head stands at the given depth of arrows.
func (x *explainer) textNode(b *strings.Builder, e *explained, indent int) {
	b.WriteString(e.title + x.numbers(e) + "\n")
	inner := strings.Repeat(" ", indent+2)
	for _, p := range e.props {
		if p.only != 's' {
			b.WriteString(inner + p.key + ": " + textValue(p.value) + "\n")
		}
	}
	for _, c := range e.children {
		at := indent + 2
		if c.label != "" {
			b.WriteString(strings.Repeat(" ", at) + c.label + "\n")
			at += 2
		}
		b.WriteString(strings.Repeat(" ", at) + "->  ")
		x.textNode(b, c, at+4)
	}
}

func textValue(v any) string {
	switch v := v.(type) {
	case []string:
		return strings.Join(v, ", ")
	case decimal:
		return fmt.Sprintf("%.*f", v.digits, v.value)
	}
	return fmt.Sprint(v)
}

// numbers are the estimates and actuals after a node's head.
func (x *explainer) numbers(e *explained) string {
	var s string
	if x.report.Explain.Costs {
		c := e.est.Cost
		s = fmt.Sprintf("  (cost=%.2f..%.2f rows=%.0f requests=%d)", c.Startup, c.Total, e.est.Rows, estimatedUsage(c).Total())
	}
	a := e.actual
	switch {
	case a == nil:
		return s
	case a.Loops == 0:
		return s + " (never executed)"
	}
	rows := float64(a.Rows) / float64(a.Loops)
	if x.report.Explain.Timing {
		return s + fmt.Sprintf(" (actual time=%.3f..%.3f rows=%.0f loops=%d)", perLoop(a.Startup, a.Loops), perLoop(a.Total, a.Loops), rows, a.Loops)
	}
	return s + fmt.Sprintf(" (actual rows=%.0f loops=%d)", rows, a.Loops)
}

func perLoop(d time.Duration, loops int64) float64 { return millis(d) / float64(max(loops, 1)) }

func millis(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }

func (x *explainer) footer(b *strings.Builder) {
	r := x.report
	if r.Explain.Costs {
		u := estimatedUsage(r.Root.Est().Cost)
		fmt.Fprintf(b, "Estimated S3: %s\n", total(u.Total(), requestCounts(u), FormatDollars(u.Dollars())))
	}
	if r.Explain.Summary {
		fmt.Fprintf(b, "Planning Time: %.3f ms\n", millis(r.Planning))
	}
	if !x.analyzed() {
		return
	}
	if r.Explain.Summary {
		fmt.Fprintf(b, "Execution Time: %.3f ms\n", millis(r.Execution))
	}
	u := r.Usage
	fmt.Fprintf(b, "S3: %s\n", total(u.Total(), requestCounts(u), FormatDollars(u.Dollars())))
}

// total is "4 requests (LIST 1, GET 3), $0.0000062".
func total(n int64, counts, dollars string) string {
	s := fmt.Sprintf("%d requests", n)
	if n == 1 {
		s = "1 request"
	}
	if counts != "" {
		s += " (" + counts + ")"
	}
	return s + ", " + dollars
}
