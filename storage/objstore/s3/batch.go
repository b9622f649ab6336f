package s3

import (
	"bytes"
	"context"
	"crypto/md5"
	"encoding/base64"
	"encoding/xml"
	"errors"
	"io"
	"net/http"
	"slices"

	"github.com/s3db-sql/s3db-sql/storage/objstore"
)

// DeleteBatch implements objstore.Store by DeleteObjects, whose XML has no place for
// control characters: such keys, of other programs, go one by one.
func (s *Store) DeleteBatch(ctx context.Context, keys []string) error {
	var odd, plain []string
	for _, key := range keys {
		if objstore.HasControl(key) {
			odd = append(odd, key)
		} else {
			plain = append(plain, key)
		}
	}
	for _, key := range odd {
		if err := s.Delete(ctx, key, objstore.DeleteOptions{}); err != nil {
			return err
		}
	}
	for batch := range slices.Chunk(plain, objstore.MaxListKeys) {
		if err := s.deleteObjects(ctx, batch); err != nil {
			return err
		}
	}
	return nil
}

func (s *Store) deleteObjects(ctx context.Context, keys []string) error {
	doc, err := deleteDocument(keys)
	if err != nil {
		return err
	}
	sum := md5.Sum(doc)
	call := &call{
		op: opDelete, method: http.MethodPost, key: keys[0], bucket: true, query: "delete=", body: bytesPayload(doc),
		header: http.Header{
			"Content-Type": {"application/xml"}, "Content-Md5": {base64.StdEncoding.EncodeToString(sum[:])},
		},
		unrepeatable: true,
	}
	resp, err := s.client.do(ctx, call)
	if err != nil {
		return err
	}
	answer, err := io.ReadAll(resp.Body)
	if err = errors.Join(err, resp.Body.Close()); err != nil {
		return s.client.unanswered(call, err, errors.Is(err, errStalled)).err
	}
	return deleteErrors(keys[0], answer)
}

func deleteDocument(keys []string) ([]byte, error) {
	var doc bytes.Buffer
	doc.WriteString(`<Delete xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Quiet>true</Quiet>`)
	for _, key := range keys {
		if err := objstore.CheckKey(opDelete, key); err != nil {
			return nil, err
		}
		doc.WriteString("<Object><Key>")
		_ = xml.EscapeText(&doc, []byte(key)) // a bytes.Buffer takes everything
		doc.WriteString("</Key></Object>")
	}
	doc.WriteString("</Delete>")
	return doc.Bytes(), nil
}

// deleteErrors is the first error in a DeleteResult. A missing key is none.
func deleteErrors(first string, answer []byte) error {
	x := &xmlScanner{b: answer}
	if err := x.document("DeleteResult"); err != nil {
		return objstore.Wrap(objstore.Unavailable, opDelete, first, err)
	}
	var failed error
	err := x.each(func(name string) error {
		if name != "Error" {
			return x.skip()
		}
		e, err := deleteError(x)
		if failed == nil && e.Kind != objstore.NotFound {
			failed = e
		}
		return err
	})
	if err = errors.Join(err, x.finish()); err != nil {
		return objstore.Wrap(objstore.Unavailable, opDelete, first, err)
	}
	return failed
}

func deleteError(x *xmlScanner) (*objstore.Error, error) {
	var key, code, message string
	err := x.each(func(name string) error {
		switch name {
		case "Key":
			key = x.string()
		case "Code":
			code = x.string()
		case "Message":
			message = x.string()
		default:
			return x.skip()
		}
		return nil
	})
	return objstore.Errorf(judge(0, code).kind, opDelete, key, "%s: %s", code, message), err
}
