package s3fake

import (
	"context"
	"crypto/md5"
	"encoding/base64"
	"encoding/xml"
	"fmt"
	"maps"
	"mime"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/s3db-sql/s3db-sql/storage/objstore"
)

const metaPrefix = "x-amz-meta-"

// current is the object of key, if there is one.
func (s *Server) current(key string) (info objstore.Info, body []byte, ok bool) {
	page, err := s.objects.List(context.Background(), objstore.ListRequest{
		Prefix: key, MaxKeys: 1, WithMetadata: true, WithBodies: true})
	if err != nil || len(page.Objects) == 0 || page.Objects[0].Key != key {
		return info, nil, false
	}
	info = page.Objects[0]
	if body = page.Bodies[0]; body == nil && info.Size > 0 {
		o, err := s.objects.Get(context.Background(), key, objstore.GetOptions{})
		if err != nil {
			return info, nil, false
		}
		body, _ = objstore.ReadBody(o, info.Size)
	}
	return info, body, true
}

// condition checks If-Match and If-None-Match of a write. The server is locked.
func (s *Server) condition(r *request) (status int, code string) {
	match, none := r.Header.Get("If-Match"), r.Header.Get("If-None-Match")
	if match == "" && none == "" {
		return 0, ""
	}
	info, _, exists := s.current(r.key)
	etag := info.ETag
	if r.knobs.UnquotedIfMatch {
		etag = strings.Trim(etag, `"`)
	}
	switch {
	case none != "" && none != "*" || match == "*" || match != "" && none != "":
		return http.StatusNotImplemented, "NotImplemented"
	case none != "" && exists, match != "" && exists && match != etag:
		return http.StatusPreconditionFailed, "PreconditionFailed"
	case match != "" && !exists:
		return http.StatusNotFound, "NoSuchKey"
	}
	return 0, ""
}

func (s *Server) put(w http.ResponseWriter, r *request) {
	md, size := objstore.Metadata{}, 0
	for name, values := range r.Header {
		if short, ok := strings.CutPrefix(strings.ToLower(name), metaPrefix); ok {
			md[short] = strings.Join(values, ",")
			size += len(short) + len(md[short])
			if !r.knobs.LaxMetadata {
				size += len(metaPrefix)
			}
		}
	}
	if size > objstore.MaxMetadata {
		refuse(w, http.StatusBadRequest, "MetadataTooLarge", "Your metadata headers exceed the maximum allowed metadata size")
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if status, code := s.condition(r); status != 0 && !r.knobs.NoConditionalPut {
		refuse(w, status, code, "At least one of the pre-conditions you specified did not hold")
		return
	}
	if old, _, ok := s.current(r.key); ok && r.knobs.MergeMetadata {
		merged := maps.Clone(old.Metadata)
		maps.Copy(merged, md)
		md = merged
	}
	contentType := r.Header.Get("Content-Type")
	if contentType == "" {
		contentType = "binary/octet-stream"
	}
	s.objects.Seed(objstore.Info{Key: r.key, ContentType: contentType, Metadata: md,
		LastModified: s.clock.Now().Add(-r.knobs.Older).UTC().Truncate(time.Second)}, r.body)
	w.Header().Set("ETag", objstore.ETagOf(r.body))
}

// get answers GET and HEAD.
func (s *Server) get(w http.ResponseWriter, r *request) {
	info, body, ok := s.current(r.key)
	if !ok && r.Method == http.MethodHead {
		w.WriteHeader(http.StatusNotFound)
		return
	}
	if !ok {
		refuse(w, http.StatusNotFound, "NoSuchKey", "The specified key does not exist.")
		return
	}
	status := http.StatusOK
	if r.Header.Get("Range") != "" {
		from, to, ok := byteRange(r.Header.Get("Range"), len(body))
		if !ok {
			refuse(w, http.StatusRequestedRangeNotSatisfiable, "InvalidRange", "The requested range is not satisfiable")
			return
		}
		w.Header().Set("Content-Range", fmt.Sprintf("bytes %d-%d/%d", from, to-1, len(body)))
		body, status = body[from:to], http.StatusPartialContent
	}
	for name, value := range info.Metadata {
		w.Header()["X-Amz-Meta-"+name] = []string{mime.QEncoding.Encode("UTF-8", value)}
	}
	w.Header().Set("ETag", info.ETag)
	w.Header().Set("Content-Type", info.ContentType)
	w.Header().Set("Last-Modified", info.LastModified.Format(http.TimeFormat))
	if r.Method == http.MethodHead {
		w.Header().Set("Content-Length", strconv.Itoa(len(body)))
		body = nil
	}
	w.WriteHeader(status)
	_, _ = w.Write(body)
}

// byteRange reads bytes=from-to; other forms are refused.
func byteRange(header string, size int) (from, to int, ok bool) {
	first, last, _ := strings.Cut(strings.TrimPrefix(header, "bytes="), "-")
	from, err1 := strconv.Atoi(first)
	to, err2 := strconv.Atoi(last)
	if err1 != nil || err2 != nil || from >= size || to < from {
		return 0, 0, false
	}
	return from, min(to+1, size), true
}

func (s *Server) delete(w http.ResponseWriter, r *request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if status, code := s.condition(r); status != 0 && !r.knobs.NoConditionalDelete {
		refuse(w, status, code, "At least one of the pre-conditions you specified did not hold")
		return
	}
	s.remove(r.key)
	w.WriteHeader(http.StatusNoContent)
}

// remove deletes any key, also one that mem would refuse.
func (s *Server) remove(key string) {
	_ = s.objects.Delete(context.Background(), key, objstore.DeleteOptions{})
}

func (s *Server) deleteBatch(w http.ResponseWriter, r *request) {
	sum := md5.Sum(r.body)
	if r.Header.Get("Content-Md5") != base64.StdEncoding.EncodeToString(sum[:]) {
		refuse(w, http.StatusBadRequest, "InvalidDigest", "The Content-MD5 you specified was invalid.")
		return
	}
	var doc struct {
		XMLName xml.Name `xml:"Delete"`
		Quiet   bool
		Object  []struct{ Key string }
	}
	if err := xml.Unmarshal(r.body, &doc); err != nil || len(doc.Object) == 0 || len(doc.Object) > 1000 || !doc.Quiet {
		refuse(w, http.StatusBadRequest, "MalformedXML", "The XML you provided was not well-formed")
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, o := range doc.Object {
		s.remove(o.Key)
	}
	w.Header().Set("Content-Type", "application/xml")
	_, _ = w.Write([]byte(xml.Header + `<DeleteResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"/>`))
}
