package s3

import (
	"bytes"
	"errors"
	"strconv"
	"unicode/utf8"
)

var errXML = errors.New("the answer is not the XML that S3 sends")

// xmlScanner reads the few documents that S3 servers send, element by element.
// It knows elements, attributes (which it skips), text and entities; anything
// else (comments, CDATA, DOCTYPE) is an error, never ignored. It is about five
// times cheaper than encoding/xml (s3-servers.md section 3).
type xmlScanner struct {
	b     []byte
	open  [][]byte
	empty bool // the innermost element was <x/>: it is closed already
}

// document steps into the root element, which must have this name.
func (x *xmlScanner) document(root string) error {
	if rest, ok := bytes.CutPrefix(bytes.TrimLeft(x.b, " \t\r\n\ufeff"), []byte("<?xml")); ok {
		_, after, found := bytes.Cut(rest, []byte("?>"))
		if !found {
			return errXML
		}
		x.b = after
	}
	x.space()
	name, err := x.start()
	if err != nil || string(name) != root {
		return errXML
	}
	return nil
}

func (x *xmlScanner) space() { x.b = bytes.TrimLeft(x.b, " \t\r\n") }

// child steps into the next child of the innermost element. At its end it steps
// out and answers nil. The child's text or children must be read, or skipped.
func (x *xmlScanner) child() ([]byte, error) {
	if x.empty {
		x.leave()
		return nil, nil
	}
	x.space()
	if bytes.HasPrefix(x.b, []byte("</")) {
		return nil, x.end()
	}
	return x.start()
}

// start reads <name …> or <name …/>.
func (x *xmlScanner) start() ([]byte, error) {
	if len(x.b) < 2 || x.b[0] != '<' || x.b[1] == '!' || x.b[1] == '?' {
		return nil, errXML
	}
	n := bytes.IndexAny(x.b, " \t\r\n/>")
	if n < 2 {
		return nil, errXML
	}
	name := x.b[1:n]
	x.b = x.b[n:]
	if err := x.attributes(); err != nil {
		return nil, err
	}
	x.open = append(x.open, name)
	return name, nil
}

// attributes skips to behind the tag's end, minding quotes.
func (x *xmlScanner) attributes() error {
	var quote byte
	for i, c := range x.b {
		switch {
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case c == '"' || c == '\'':
			quote = c
		case c == '<':
			return errXML
		case c == '>':
			x.empty = i > 0 && x.b[i-1] == '/'
			x.b = x.b[i+1:]
			return nil
		}
	}
	return errXML
}

// end reads the end tag of the innermost element.
func (x *xmlScanner) end() error {
	if len(x.open) == 0 {
		return errXML
	}
	name := x.open[len(x.open)-1]
	rest := x.b[2:]
	if !bytes.HasPrefix(rest, name) || len(rest) <= len(name) || rest[len(name)] != '>' {
		return errXML
	}
	x.b = rest[len(name)+1:]
	x.leave()
	return nil
}

func (x *xmlScanner) leave() {
	x.empty = false
	x.open = x.open[:len(x.open)-1]
}

// text reads the innermost element to its end; it must have no children. The
// bytes may be part of the document.
func (x *xmlScanner) text() ([]byte, error) {
	if x.empty {
		x.leave()
		return nil, nil
	}
	n := bytes.IndexByte(x.b, '<')
	if n < 0 || !bytes.HasPrefix(x.b[n:], []byte("</")) {
		return nil, errXML
	}
	text := x.b[:n]
	x.b = x.b[n:]
	if err := x.end(); err != nil {
		return nil, err
	}
	if bytes.IndexByte(text, '&') < 0 {
		return text, nil
	}
	return unescape(text)
}

// skip reads the innermost element to its end.
func (x *xmlScanner) skip() error {
	for depth := len(x.open); len(x.open) >= depth; {
		if x.empty {
			x.leave()
			continue
		}
		n := bytes.IndexByte(x.b, '<')
		if n < 0 {
			return errXML
		}
		x.b = x.b[n:]
		if _, err := x.child(); err != nil {
			return err
		}
	}
	return nil
}

// finish wants nothing but space behind the root element.
func (x *xmlScanner) finish() error {
	x.space()
	if len(x.b) > 0 || len(x.open) > 0 {
		return errXML
	}
	return nil
}

var entities = map[string]string{"amp": "&", "lt": "<", "gt": ">", "quot": `"`, "apos": "'"}

func unescape(text []byte) ([]byte, error) {
	out := make([]byte, 0, len(text))
	for {
		n := bytes.IndexByte(text, '&')
		if n < 0 {
			return append(out, text...), nil
		}
		out = append(out, text[:n]...)
		name, rest, ok := bytes.Cut(text[n+1:], []byte(";"))
		if !ok {
			return nil, errXML
		}
		if s, known := entities[string(name)]; known {
			out = append(out, s...)
		} else if r, ok := charRef(name); ok {
			out = utf8.AppendRune(out, r)
		} else {
			return nil, errXML
		}
		text = rest
	}
}

// charRef reads #10 or #xA.
func charRef(name []byte) (rune, bool) {
	digits, ok := bytes.CutPrefix(name, []byte("#"))
	base := 10
	if hex, isHex := bytes.CutPrefix(digits, []byte("x")); isHex {
		digits, base = hex, 16
	}
	n, err := strconv.ParseUint(string(digits), base, 32)
	return rune(n), ok && err == nil && n <= utf8.MaxRune
}
