package auth

import (
	"context"
	"net/netip"
	"slices"
	"strings"
)

// Names is the name service: *net.Resolver.
type Names interface {
	LookupAddr(ctx context.Context, addr string) ([]string, error)
	LookupNetIP(ctx context.Context, network, host string) ([]netip.Addr, error)
}

// checkHostname refuses what can't be a host name: one has no mask.
func checkHostname(line int, text string) error {
	host, _, masked := strings.Cut(text, "/")
	switch _, err := netip.ParseAddr(host); {
	case masked && err == nil:
		return hbaError(line, "invalid CIDR mask in address \"%s\"", text)
	case masked:
		return hbaError(line, "specifying both host name and CIDR mask is invalid: \"%s\"", text)
	}
	return nil
}

// clientHost is a client's name, which is looked up at most once, when a rule asks. The
// client says who it is by its address alone: the name that belongs to it counts only if
// the address is among those of the name.
type clientHost struct {
	ctx   context.Context
	names Names
	addr  netip.Addr

	looked, confirmed, denied bool
	name                      string
}

// is is check_hostname: the client's name is the rule's, and its own.
func (c *clientHost) is(pattern string) bool {
	if !c.looked {
		c.looked = true
		c.name = c.lookUp()
	}
	if c.name == "" || c.denied || !hostnameMatch(pattern, c.name) {
		return false
	}
	if !c.confirmed {
		c.confirmed = c.forward()
		c.denied = !c.confirmed
	}
	return c.confirmed
}

// lookUp is the client's name, "" without one.
func (c *clientHost) lookUp() string {
	if c.names == nil || !c.addr.IsValid() {
		return ""
	}
	found, err := c.names.LookupAddr(c.ctx, c.addr.WithZone("").String())
	if err != nil || len(found) == 0 {
		return ""
	}
	return strings.TrimSuffix(found[0], ".")
}

// forward says whether the address is one of the name's.
func (c *clientHost) forward() bool {
	found, err := c.names.LookupNetIP(c.ctx, "ip", c.name)
	return err == nil && slices.ContainsFunc(found, func(a netip.Addr) bool {
		return a.Unmap().WithZone("") == c.addr.WithZone("")
	})
}

// hostnameMatch is hostname_match: a pattern that begins with a dot is a suffix.
func hostnameMatch(pattern, name string) bool {
	if !strings.HasPrefix(pattern, ".") {
		return strings.EqualFold(pattern, name)
	}
	return len(name) >= len(pattern) && strings.EqualFold(pattern, name[len(name)-len(pattern):])
}
