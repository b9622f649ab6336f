package s3

import (
	"encoding/xml"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/s3db-sql/s3db-sql/storage/objstore"
)

const contents = `<Contents><Key>%s</Key><LastModified>2026-11-22T20:00:00.123Z</LastModified><ETag>&quot;e&quot;</ETag><Size>7</Size></Contents>`

func result(inner string) string {
	return `<?xml version="1.0" encoding="UTF-8"?>` + "\n" + `<ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/">` +
		`<Name>b</Name><Prefix></Prefix><Delimiter/><IsTruncated>false</IsTruncated>` + inner + "</ListBucketResult>"
}

func TestListing(t *testing.T) {
	l := listing{metadata: true}
	require.NoError(t, l.parse([]byte(result(
		fmt.Sprintf(contents, "a&amp;b&#x9;&#65;")+"\n  "+
			`<Contents a="x>y" b='"'><Owner><ID>1</ID><Nested/></Owner><Key>c</Key><LastModified>2026-11-22T20:00:00Z</LastModified>`+
			`<ETag>bare</ETag><Size>0</Size><UserMetadata><X-Amz-Meta-A>1 &lt; 2</X-Amz-Meta-A><content-type>text/x</content-type>`+
			`</UserMetadata></Contents><CommonPrefixes><Prefix>p/</Prefix></CommonPrefixes>`))))
	require.Len(t, l.objects, 2)
	require.Equal(t, "a&b\tA", l.objects[0].Key)
	require.Equal(t, `"e"`, l.objects[0].ETag)
	require.Equal(t, int64(7), l.objects[0].Size)
	require.Equal(t, 123_000_000, l.objects[0].LastModified.Nanosecond())
	require.Nil(t, l.objects[0].Metadata, "not known")
	require.Equal(t, `"bare"`, l.objects[1].ETag)
	require.Equal(t, objstore.Metadata{"a": "1 < 2"}, l.objects[1].Metadata)
	require.Equal(t, "text/x", l.objects[1].ContentType)
	require.Equal(t, []string{"p/"}, l.prefixes)
}

func TestListingURLEncoded(t *testing.T) {
	l := listing{}
	require.NoError(t, l.parse([]byte(result(`<EncodingType>url</EncodingType>`+fmt.Sprintf(contents, "a+b%2Bc%25/%E6%97%A5")))))
	require.Equal(t, "a b+c%/日", l.objects[0].Key)
}

func TestListingRefused(t *testing.T) {
	good := result(fmt.Sprintf(contents, "k"))
	for name, doc := range map[string]string{
		"nothing":          "",
		"a web page":       "<html><body>hello</body></html>",
		"another document": `<Error><Code>x</Code></Error>`,
		"cut":              good[:len(good)-5],
		"cut early":        good[:len(good)/2],
		"trailing":         good + "<x/>",
		"a comment":        result("<!-- x -->"),
		"CDATA":            result(strings.Replace(fmt.Sprintf(contents, "k"), "<Key>k", "<Key><![CDATA[k]]>", 1)),
		"a doctype":        `<!DOCTYPE x>` + good,
		"wrong nesting":    result("<a><b></a></b>"),
		"unknown entity":   result(fmt.Sprintf(contents, "&nbsp;")),
		"bad reference":    result(fmt.Sprintf(contents, "&#x110000;")),
		"open entity":      result(fmt.Sprintf(contents, "&amp")),
		"child in a key":   result(fmt.Sprintf(contents, "<b>k</b>")),
		"no key":           result(strings.Replace(fmt.Sprintf(contents, "k"), "<Key>k</Key>", "", 1)),
		"bad size":         result(strings.Replace(fmt.Sprintf(contents, "k"), ">7<", ">x<", 1)),
		"bad date":         result(strings.Replace(fmt.Sprintf(contents, "k"), "2026-11-22T", "yesterday ", 1)),
		"bad url encoding": result("<EncodingType>url</EncodingType>" + fmt.Sprintf(contents, "%zz")),
		"not told if cut":  strings.Replace(good, "<IsTruncated>false</IsTruncated>", "", 1),
		"text between":     result("hello"),
	} {
		t.Run(name, func(t *testing.T) {
			require.Error(t, (&listing{}).parse([]byte(doc)))
		})
	}
}

// FuzzListing: what the scanner takes, encoding/xml reads alike.
func FuzzListing(f *testing.F) {
	f.Add(result(fmt.Sprintf(contents, "a&amp;&#x41;b")))
	f.Add(result("<CommonPrefixes><Prefix>x</Prefix></CommonPrefixes>"))
	f.Fuzz(func(t *testing.T, doc string) {
		l := listing{}
		if l.parse([]byte(doc)) != nil {
			return
		}
		var want struct {
			XMLName  xml.Name `xml:"ListBucketResult"`
			Contents []struct{ Key string }
		}
		if err := xml.Unmarshal([]byte(doc), &want); err != nil {
			t.Skip("the standard library is stricter on what S3 never sends")
		}
		if l.urlKeys {
			return
		}
		for i, o := range l.objects {
			if i < len(want.Contents) && want.Contents[i].Key != o.Key && !strings.ContainsRune(doc, '\r') {
				t.Fatalf("key %q, encoding/xml says %q", o.Key, want.Contents[i].Key)
			}
		}
	})
}

func BenchmarkListing(b *testing.B) {
	var inner strings.Builder
	for i := range 1000 {
		fmt.Fprintf(&inner, contents, fmt.Sprintf("databases/app/resource=users/data/id=%022d", i))
	}
	doc := []byte(result(inner.String()))
	b.ReportAllocs()
	for b.Loop() {
		if err := (&listing{}).parse(doc); err != nil {
			b.Fatal(err)
		}
	}
}
