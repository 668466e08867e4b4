// Package negotiate reads what a client accepts (RFC 9110, section 12.5), for the API
// and the pages alike. What is sent in the end is theirs to say.
package negotiate

import (
	"mime"
	"net/http"
	"strconv"
	"strings"
)

// Gzip reports whether the client takes content packed with gzip. "gzip;q=0" says
// that it does not.
func Gzip(h http.Header) bool {
	for _, line := range h["Accept-Encoding"] {
		for one := range strings.SplitSeq(line, ",") {
			coding, weight, _ := strings.Cut(strings.TrimSpace(one), ";")
			refused := strings.TrimRight(strings.ToLower(strings.Join(strings.Fields(weight), "")), "0.") == "q="
			if strings.EqualFold(strings.TrimSpace(coding), "gzip") && !refused {
				return true
			}
		}
	}
	return false
}

// Prefers reports whether an Accept header puts one media type before another. Of two
// that it likes alike, the one that it names more exactly goes first.
func Prefers(accept, media, to string) bool {
	a, b := likingOf(accept, media), likingOf(accept, to)
	return a.q > b.q || a.q == b.q && a.q > 0 && a.exact > b.exact
}

// liking is how much a client wants a media type, and how exactly it says so.
type liking struct {
	q     float64
	exact int // 2 by its name, 1 by "text/*", 0 by "*/*"
}

// likingOf is what an Accept header says of a media type: the most exact range
// decides (section 12.5.1). What cannot be read is passed over.
func likingOf(accept, media string) liking {
	kind, _, _ := strings.Cut(media, "/")
	best := liking{exact: -1}
	for part := range strings.SplitSeq(accept, ",") {
		name, parameters, err := mime.ParseMediaType(part)
		if err != nil {
			continue
		}
		exact := -1
		switch name {
		case media:
			exact = 2
		case kind + "/*":
			exact = 1
		case "*/*":
			exact = 0
		}
		q := 1.0
		if given, ok := parameters["q"]; ok {
			if q, err = strconv.ParseFloat(given, 64); err != nil || !(q >= 0 && q <= 1) {
				continue
			}
		}
		if exact > best.exact || exact == best.exact && exact >= 0 && q > best.q {
			best = liking{q, exact}
		}
	}
	return best
}
