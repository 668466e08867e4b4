package api

import (
	"fmt"
	"net/http"
	"net/netip"
	"slices"
	"strings"

	"github.com/breachledger/breachledger/internal/httpconn"
)

// client is where a request comes from.
type client struct {
	addr netip.Addr
	// forwarded: a proxy that is not trusted says that it speaks for somebody else.
	forwarded bool
}

// local reports whether the client is a program on this machine, as far as can
// be told. A proxy on this machine that is not configured is not taken for one.
func (c client) local() bool { return c.addr.IsLoopback() && !c.forwarded }

// network is what a rate limit counts as one: an IPv4 address, or the /64 of an
// IPv6 address, of which a single machine has all.
func (c client) network() [16]byte {
	if c.addr.Is6() {
		if p, err := c.addr.Prefix(64); err == nil {
			return p.Addr().As16()
		}
	}
	return c.addr.As16()
}

// proxies are the networks whose X-Forwarded-For is believed.
type proxies []netip.Prefix

func parseProxies(texts []string) (proxies, error) {
	var out proxies
	for _, text := range texts {
		text = strings.TrimSpace(text)
		p, err := netip.ParsePrefix(text)
		if err != nil {
			addr, addrErr := netip.ParseAddr(text)
			if addrErr != nil {
				return nil, fmt.Errorf("%q is neither an address nor a network (CIDR) of trusted proxies", text)
			}
			p = netip.PrefixFrom(addr, addr.BitLen())
		}
		out = append(out, p.Masked())
	}
	return out, nil
}

func (p proxies) trust(addr netip.Addr) bool {
	for _, prefix := range p {
		if prefix.Contains(addr) {
			return true
		}
	}
	return false
}

// client finds out where a request comes from. X-Forwarded-For is read from the
// right, where each proxy adds the address that it saw, up to the first address
// that is no trusted proxy's: what stands left of it is the client's own word.
func (p proxies) client(r *http.Request) client {
	addr := peer(r).Unmap().WithZone("")
	lines := r.Header["X-Forwarded-For"]
	if !p.trust(addr) {
		return client{addr: addr, forwarded: len(lines) > 0 || len(r.Header["Forwarded"]) > 0}
	}
	for _, line := range slices.Backward(lines) {
		for rest, more := line, true; more; {
			var hop string
			rest, hop, more = cutLast(rest)
			next, ok := parseHop(hop)
			if !ok {
				return client{addr: addr}
			}
			if addr = next; !p.trust(addr) {
				return client{addr: addr}
			}
		}
	}
	return client{addr: addr}
}

// peer is the other end of the request's connection; the zero Addr when that has none.
func peer(r *http.Request) netip.Addr {
	if addr := httpconn.Of(r.Context()).Peer(); addr.IsValid() {
		return addr
	}
	at, _ := netip.ParseAddrPort(r.RemoteAddr) // a connection that is not by TCP, as of a test
	return at.Addr()
}

func cutLast(list string) (before, last string, more bool) {
	i := strings.LastIndexByte(list, ',')
	if i < 0 {
		return "", list, false
	}
	return list[:i], list[i+1:], true
}

// parseHop reads an address of X-Forwarded-For; some proxies add the port.
func parseHop(text string) (netip.Addr, bool) {
	text = strings.TrimSpace(text)
	if addr, err := netip.ParseAddr(text); err == nil {
		return addr.Unmap().WithZone(""), true
	}
	if at, err := netip.ParseAddrPort(text); err == nil {
		return at.Addr().Unmap().WithZone(""), true
	}
	return netip.Addr{}, false
}
