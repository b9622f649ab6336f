package s3fake

import (
	"encoding/base64"
	"encoding/xml"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/s3db-sql/s3db-sql/storage/objstore"
)

// list answers ListObjectsV2.
func (s *Server) list(w http.ResponseWriter, r *request) {
	for name := range r.query {
		if !slices.Contains([]string{"list-type", "prefix", "start-after", "continuation-token", "delimiter", "max-keys",
			"encoding-type", "metadata"}, name) {
			refuse(w, http.StatusNotImplemented, "NotImplemented", "the fake does not know "+name)
			return
		}
	}
	size, err := strconv.Atoi(r.query.Get("max-keys"))
	after, err2 := base64.StdEncoding.DecodeString(r.query.Get("continuation-token"))
	if r.query.Get("list-type") != "2" || err != nil || err2 != nil || size < 1 {
		refuse(w, http.StatusBadRequest, "InvalidArgument", "Invalid Argument")
		return
	}
	if r.knobs.EmptyPages && len(after) == 0 {
		s.writePage(w, r, &objstore.ListPage{More: true, Next: r.query.Get("start-after") + "\x00"})
		return
	}
	if len(after) == 0 {
		after = []byte(r.query.Get("start-after"))
	}
	if r.knobs.PageSize > 0 {
		size = min(size, r.knobs.PageSize)
	}
	page, err := s.objects.List(r.Context(), objstore.ListRequest{
		Prefix: r.query.Get("prefix"), StartAfter: string(after), Delimiter: r.query.Get("delimiter"),
		MaxKeys: size, WithMetadata: true,
	})
	if err != nil {
		refuse(w, http.StatusInternalServerError, "InternalError", "We encountered an internal error.")
		return
	}
	if r.knobs.Unordered {
		slices.Reverse(page.Objects)
	}
	s.writePage(w, r, page)
}

// writePage writes a ListBucketResult as AWS does.
func (s *Server) writePage(w http.ResponseWriter, r *request, page *objstore.ListPage) {
	encode := escape
	if r.query.Get("encoding-type") == "url" {
		encode = urlEncode
	}
	var b strings.Builder
	fmt.Fprintf(&b, `%s<ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Name>%s</Name>`, xml.Header, Bucket)
	fmt.Fprintf(&b, "<Prefix>%s</Prefix><KeyCount>%d</KeyCount><MaxKeys>%s</MaxKeys>", encode(r.query.Get("prefix")),
		len(page.Objects)+len(page.CommonPrefixes), r.query.Get("max-keys"))
	if r.query.Get("encoding-type") == "url" {
		b.WriteString("<EncodingType>url</EncodingType>")
	}
	if page.More {
		token := base64.StdEncoding.EncodeToString([]byte(page.Next))
		fmt.Fprintf(&b, "<NextContinuationToken>%s</NextContinuationToken>", token)
	}
	fmt.Fprintf(&b, "<IsTruncated>%v</IsTruncated>", page.More)
	for _, o := range page.Objects {
		fmt.Fprintf(&b, "<Contents><Key>%s</Key><LastModified>%s</LastModified><ETag>%s</ETag><Size>%d</Size>",
			encode(o.Key), o.LastModified.Format("2006-01-02T15:04:05.000Z"), escape(o.ETag), o.Size)
		if r.knobs.ListMetadata && r.query.Get("metadata") == "true" {
			writeMetadata(&b, o)
		}
		b.WriteString("<StorageClass>STANDARD</StorageClass></Contents>")
	}
	for _, p := range page.CommonPrefixes {
		fmt.Fprintf(&b, "<CommonPrefixes><Prefix>%s</Prefix></CommonPrefixes>", encode(p))
	}
	b.WriteString("</ListBucketResult>")
	w.Header().Set("Content-Type", "application/xml")
	_, _ = w.Write([]byte(b.String()))
}

// writeMetadata is MinIO's extension.
func writeMetadata(b *strings.Builder, o objstore.Info) {
	fmt.Fprintf(b, "<UserMetadata><content-type>%s</content-type>", escape(o.ContentType))
	for name, value := range o.Metadata {
		fmt.Fprintf(b, "<X-Amz-Meta-%s>%s</X-Amz-Meta-%s>", name, escape(value), name)
	}
	b.WriteString("</UserMetadata>")
}

// urlEncode is what AWS does for encoding-type=url: a space is a plus, a slash
// stays.
func urlEncode(s string) string { return strings.ReplaceAll(url.QueryEscape(s), "%2F", "/") }

func escape(s string) string {
	var b strings.Builder
	_ = xml.EscapeText(&b, []byte(s)) // a strings.Builder takes everything
	return b.String()
}
