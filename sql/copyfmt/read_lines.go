package copyfmt

import "github.com/s3db-sql/s3db-sql/pgerr"

// eol is how the lines of the data end: the first one decides.
type eol uint8

const (
	eolUnknown eol = iota
	eolNL
	eolCR
	eolCRNL
)

// lineSource takes the text and csv formats apart into lines (CopyReadLineText).
type lineSource struct {
	stream
	r             *Reader
	csv           bool
	delimiter     byte
	quote, escape byte // of csv
	null          string
	header        Header
	eol           eol
	over          bool      // the end of the data has been seen
	special       [256]bool // what the scan for a line's end must look at
	fields
}

func newLineSource(r *Reader, o *Options, src stream) *lineSource {
	l := &lineSource{stream: src, r: r, csv: o.Format == CSV, delimiter: (*o.Delimiter)[0], null: *o.Null, header: o.Header}
	for _, c := range []byte("\r\n\\") {
		l.special[c] = true
	}
	if l.csv {
		l.quote, l.escape = (*o.Quote)[0], (*o.Escape)[0]
		l.special[l.quote], l.special[l.escape] = true, true
	}
	return l
}

func (l *lineSource) begin() error { return nil }

// nextLine reads a line without its end; false at the end of the data.
func (l *lineSource) nextLine() ([]byte, bool, error) {
	l.r.place = place{line: l.r.place.line + 1}
	if l.over {
		return nil, false, l.drain()
	}
	line, err := l.scanLine()
	if err == nil {
		err = l.err
	}
	if err != nil {
		return nil, false, err
	}
	if l.over && len(line) == 0 {
		return nil, false, l.drain() // what follows \. is ignored
	}
	l.r.place.text, l.r.place.known = line, true
	return line, true, nil
}

// lineState is where within a line the scan is.
type lineState struct {
	inQuote, escaped, inside bool
}

func (l *lineSource) scanLine() ([]byte, error) {
	l.start = l.at
	var st lineState
	for {
		for l.at < len(l.buf) && !l.special[l.buf[l.at]] {
			l.at++
			st.inside, st.escaped = true, false
		}
		if !l.have(1) {
			l.over = true
			return l.buf[l.start:l.at], nil
		}
		if !l.special[l.buf[l.at]] {
			continue
		}
		c := l.buf[l.at]
		l.at++
		if l.csv {
			l.quoting(&st, c)
		}
		ended, err := l.lineEnd(&st, c)
		if err != nil {
			return nil, err
		}
		if ended >= 0 {
			return l.buf[l.start:ended], nil
		}
		st.inside = true
	}
}

// quoting follows quotes and escapes through a csv line.
func (l *lineSource) quoting(st *lineState, c byte) {
	escapes := c == l.escape && l.escape != l.quote // the same one just toggles
	if st.inQuote && escapes {
		st.escaped = !st.escaped
	}
	if c == l.quote && !st.escaped {
		st.inQuote = !st.inQuote
	}
	if !escapes {
		st.escaped = false
	}
	newline := byte('\r')
	if l.eol == eolNL {
		newline = '\n'
	}
	if st.inQuote && c == newline {
		l.r.place.line++
	}
}

// lineEnd says where the line ends if c, which is behind at, ends it; else -1.
func (l *lineSource) lineEnd(st *lineState, c byte) (int, error) {
	switch {
	case c == '\r' && !st.inQuote:
		return l.carriageReturn()
	case c == '\n' && !st.inQuote:
		if l.eol == eolCR || l.eol == eolCRNL {
			return 0, l.literalEnd("newline", "n")
		}
		l.eol = eolNL
		return l.at - 1, nil
	case c == '\\' && (!l.csv || !st.inside):
		return l.backslash()
	}
	return -1, nil
}

// literalEnd is the error of a line end of another kind than the lines before.
func (l *lineSource) literalEnd(what, letter string) error {
	if l.csv {
		return badFormat("unquoted %s found in data", what).WithHint("Use quoted CSV field to represent %s.", what)
	}
	return badFormat("literal %s found in data", what).WithHint("Use \"\\%s\" to represent %s.", letter, what)
}

func (l *lineSource) carriageReturn() (int, error) {
	if l.eol == eolNL {
		return 0, l.literalEnd("carriage return", "r")
	}
	if l.eol == eolCR {
		return l.at - 1, nil
	}
	if l.have(1) && l.buf[l.at] == '\n' {
		l.eol = eolCRNL
		l.at++
		return l.at - 2, nil
	}
	if l.eol == eolCRNL {
		return 0, l.literalEnd("carriage return", "r")
	}
	l.eol = eolCR
	return l.at - 1, nil
}

// backslash looks at what follows a backslash: the marker of the data's end, or
// in text anything, which it skips.
func (l *lineSource) backslash() (int, error) {
	if !l.have(1) {
		return -1, nil
	}
	if l.buf[l.at] != '.' {
		if !l.csv {
			l.at++
		}
		return -1, nil
	}
	behind := l.at - l.start // fill moves the line
	l.at++
	is, err := l.endMarker()
	switch {
	case err != nil:
		return 0, err
	case is:
		l.over = true
		return l.start + behind - 1, nil
	}
	l.at = l.start + behind
	return -1, nil
}

// endMarker reads what follows \. up to the line's end. In csv only a line of
// its own is the marker.
func (l *lineSource) endMarker() (bool, error) {
	if l.eol == eolCRNL {
		switch l.byteOrZero() {
		case '\n':
			return false, l.unlessCSV("end-of-copy marker does not match previous newline style")
		case '\r':
		default:
			return false, l.unlessCSV("end-of-copy marker corrupt")
		}
	}
	c := l.byteOrZero()
	switch {
	case c != '\r' && c != '\n':
		return false, l.unlessCSV("end-of-copy marker corrupt")
	case (l.eol == eolNL || l.eol == eolCRNL) && c != '\n', l.eol == eolCR && c != '\r':
		return false, badFormat("end-of-copy marker does not match previous newline style")
	}
	return true, nil
}

func (l *lineSource) unlessCSV(message string) error {
	if l.csv {
		return nil
	}
	return pgerr.New(pgerr.BadCopyFileFormat, "%s", message)
}

func (l *lineSource) byteOrZero() byte {
	if !l.have(1) {
		return 0
	}
	l.at++
	return l.buf[l.at-1]
}
