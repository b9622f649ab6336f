package mb

// Client converts what goes to a client and what comes from it, where its
// encoding is not the server's. It serves one goroutine at a time.
type Client struct {
	in, out *Conversion
	err     error
}

// NewClient makes the conversions of a client_encoding: nil, nil where there is
// nothing to convert (UTF8, and SQL_ASCII, whose client takes what comes). 0A000
// for an encoding without a conversion.
func NewClient(e Encoding) (*Client, error) {
	if e == UTF8 || e == SQLASCII {
		return nil, nil
	}
	in, err := Default(e, UTF8)
	if err != nil {
		return nil, err
	}
	out, err := Default(UTF8, e)
	return &Client{in: in, out: out}, err
}

// Decode converts what the client sent. 22021, 22P05.
func (c *Client) Decode(b []byte) ([]byte, error) { return c.in.all(nil, b) }

// DecodePart converts as much of a piece of what the client sent as can be, and says
// how much that was. The rest may be the beginning of a character (Incomplete);
// if not, Refused is the error.
func (c *Client) DecodePart(dst, b []byte) (out []byte, n int) { return c.in.Append(dst, b) }

// Incomplete says whether the rest of a character may still come.
func (c *Client) Incomplete(rest []byte) bool {
	return c.in.From.valid(rest) < 0 && c.in.From.Incomplete(rest)
}

// Refused is why the beginning of b can't be converted. 22021, 22P05.
func (c *Client) Refused(b []byte) error { return c.in.Refused(b) }

// Encode adds a text for the client. 22P05; dst is then as it was.
func (c *Client) Encode(dst, text []byte) ([]byte, error) { return c.out.all(dst, text) }

// Append is Encode for those who can't fail: the first error waits for Err.
func (c *Client) Append(dst, text []byte) []byte {
	out, err := c.Encode(dst, text)
	if err != nil && c.err == nil {
		c.err = err
	}
	return out
}

// Err takes the error of Append.
func (c *Client) Err() error {
	err := c.err
	c.err = nil
	return err
}

// all converts the whole of src.
func (c *Conversion) all(dst, src []byte) ([]byte, error) {
	out, n := c.Append(dst, src)
	if n < len(src) {
		return dst, c.Refused(src[n:])
	}
	return out, nil
}
