package plan

import (
	"encoding/json"
	"encoding/xml"
	"fmt"
	"strconv"
	"strings"

	"github.com/s3db-sql/s3db-sql/storage/objstore"
)

// object is an ordered map: what the structured formats render. Values are
// string, []string, int64, decimal, bool, object and []object.
type object []property

func (o *object) put(key string, value any) { *o = append(*o, property{key: key, value: value}) }

// document is the whole answer of a structured format.
func (x *explainer) document(root *explained) object {
	var doc object
	doc.put("Plan", x.object(root))
	r := x.report
	if r.Explain.Summary {
		doc.put("Planning Time", decimal{millis(r.Planning), 3})
	}
	if !x.analyzed() {
		return doc
	}
	if r.Explain.Summary {
		doc.put("Execution Time", decimal{millis(r.Execution), 3})
	}
	doc.put("S3", usageObject(r.Usage))
	return doc
}

func usageObject(u objstore.Usage) object {
	var o object
	for _, r := range requestOrder {
		if n := u.Requests[r]; n > 0 {
			o.put(r.String(), n)
		}
	}
	o.put("Requests", u.Total())
	o.put("Bytes Read", u.BytesIn)
	o.put("Bytes Written", u.BytesOut)
	o.put("Dollars", decimal{u.Dollars(), 7})
	return o
}

func (x *explainer) object(e *explained) object {
	var o object
	o.put("Node Type", e.kind)
	if e.title != e.kind {
		o.put("Description", e.title)
	}
	if e.relation != "" {
		o.put("Parent Relationship", e.relation)
	}
	if e.label != "" {
		o.put("Subplan Name", e.label)
	}
	if x.report.Explain.Costs {
		c := e.est.Cost
		o.put("Startup Cost", decimal{c.Startup, 2})
		o.put("Total Cost", decimal{c.Total, 2})
		o.put("Plan Rows", decimal{e.est.Rows, 0})
		u := estimatedUsage(c)
		o.put("Plan Requests", u.Total())
		o.put("Plan Dollars", decimal{u.Dollars(), 7})
	}
	x.actuals(&o, e.actual)
	var repeated = map[string][]string{}
	for _, p := range e.props {
		if p.key == "Not used" {
			repeated[p.key] = append(repeated[p.key], textValue(p.value))
		} else if p.only != 't' {
			o.put(p.key, p.value)
		}
	}
	if why := repeated["Not used"]; why != nil {
		o.put("Not Used", why)
	}
	if len(e.children) > 0 {
		var plans []object
		for _, c := range e.children {
			plans = append(plans, x.object(c))
		}
		o.put("Plans", plans)
	}
	return o
}

func (x *explainer) actuals(o *object, a *Actual) {
	if a == nil {
		return
	}
	if x.report.Explain.Timing {
		o.put("Actual Startup Time", decimal{perLoop(a.Startup, a.Loops), 3})
		o.put("Actual Total Time", decimal{perLoop(a.Total, a.Loops), 3})
	}
	o.put("Actual Rows", a.Rows/max(a.Loops, 1))
	o.put("Actual Loops", a.Loops)
	if a.Usage.Total() > 0 {
		o.put("S3", usageObject(a.Usage))
	}
}

// renderJSON is a list of one object, indented as PostgreSQL does.
func renderJSON(doc object) string {
	var b strings.Builder
	b.WriteString("[\n  ")
	jsonObject(&b, doc, 2)
	return b.String() + "\n]"
}

func jsonObject(b *strings.Builder, o object, indent int) {
	pad := strings.Repeat(" ", indent+2)
	b.WriteString("{")
	for i, p := range o {
		if i > 0 {
			b.WriteString(",")
		}
		b.WriteString("\n" + pad + jsonString(p.key) + ": ")
		jsonValue(b, p.value, indent+2)
	}
	b.WriteString("\n" + strings.Repeat(" ", indent) + "}")
}

func jsonValue(b *strings.Builder, v any, indent int) {
	switch v := v.(type) {
	case object:
		jsonObject(b, v, indent)
	case []object:
		b.WriteString("[")
		for i, o := range v {
			if i > 0 {
				b.WriteString(",")
			}
			b.WriteString("\n" + strings.Repeat(" ", indent+2))
			jsonObject(b, o, indent+2)
		}
		b.WriteString("\n" + strings.Repeat(" ", indent) + "]")
	case []string:
		parts := make([]string, len(v))
		for i, s := range v {
			parts[i] = jsonString(s)
		}
		b.WriteString("[" + strings.Join(parts, ", ") + "]")
	case string:
		b.WriteString(jsonString(v))
	default:
		b.WriteString(textValue(v))
	}
}

func jsonString(s string) string {
	var b strings.Builder
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	// A string always encodes.
	_ = enc.Encode(s)
	return strings.TrimSuffix(b.String(), "\n")
}

func renderYAML(doc object) string {
	var b strings.Builder
	yamlObject(&b, doc, 0, "- ")
	return strings.TrimSuffix(b.String(), "\n")
}

// yamlObject writes the members at indent+2; the first stands after lead.
func yamlObject(b *strings.Builder, o object, indent int, lead string) {
	for _, p := range o {
		b.WriteString(strings.Repeat(" ", indent) + lead + p.key + ": ")
		lead = "  "
		yamlValue(b, p.value, indent+2)
	}
}

func yamlValue(b *strings.Builder, v any, indent int) {
	switch v := v.(type) {
	case object:
		b.WriteString("\n")
		yamlObject(b, v, indent, "  ")
	case []object:
		b.WriteString("\n")
		for _, o := range v {
			yamlObject(b, o, indent, "- ")
		}
	case []string:
		b.WriteString("\n")
		for _, s := range v {
			b.WriteString(strings.Repeat(" ", indent) + "- " + strconv.Quote(s) + "\n")
		}
	case string:
		b.WriteString(strconv.Quote(v) + "\n")
	default:
		b.WriteString(textValue(v) + "\n")
	}
}

func renderXML(doc object) string {
	var b strings.Builder
	b.WriteString("<explain xmlns=\"http://www.postgresql.org/2009/explain\">\n  <Query>\n")
	xmlObject(&b, doc, 4)
	b.WriteString("  </Query>\n</explain>")
	return b.String()
}

func xmlObject(b *strings.Builder, o object, indent int) {
	for _, p := range o {
		tag := strings.NewReplacer(" ", "-", "/", "-").Replace(p.key)
		xmlValue(b, tag, p.value, indent)
	}
}

func xmlValue(b *strings.Builder, tag string, v any, indent int) {
	pad := strings.Repeat(" ", indent)
	switch v := v.(type) {
	case object:
		fmt.Fprintf(b, "%s<%s>\n", pad, tag)
		xmlObject(b, v, indent+2)
		fmt.Fprintf(b, "%s</%s>\n", pad, tag)
	case []object:
		fmt.Fprintf(b, "%s<%s>\n", pad, tag)
		for _, o := range v {
			xmlValue(b, "Plan", o, indent+2)
		}
		fmt.Fprintf(b, "%s</%s>\n", pad, tag)
	case []string:
		fmt.Fprintf(b, "%s<%s>\n", pad, tag)
		for _, s := range v {
			xmlValue(b, "Item", s, indent+2)
		}
		fmt.Fprintf(b, "%s</%s>\n", pad, tag)
	default:
		fmt.Fprintf(b, "%s<%s>", pad, tag)
		// Writing to a strings.Builder does not fail.
		_ = xml.EscapeText(b, []byte(textValue(v)))
		fmt.Fprintf(b, "</%s>\n", tag)
	}
}
