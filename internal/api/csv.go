package api

import (
	"bytes"
	"mime"
	"strconv"
	"strings"

	"github.com/breachledger/breachledger/internal/exchange/csvfile"
	"github.com/breachledger/breachledger/internal/tables"
)

// Negotiated is what the input of an operation has that also answers in CSV.
type Negotiated struct {
	Accept string `header:"Accept" hidden:"true"`
}

// wantsCSV reports whether the client would rather have CSV than JSON. Where it
// likes both the same it gets JSON, unless it names CSV and not JSON.
func (n Negotiated) wantsCSV() bool {
	csv, json := quality(n.Accept, "text", "csv"), quality(n.Accept, "application", "json")
	return csv.q > json.q || csv.q == json.q && csv.q > 0 && csv.exact > json.exact
}

// liking is how much a client wants a media type, and how exactly it says so.
type liking struct {
	q     float64
	exact int // 2 by its name, 1 by "text/*", 0 by "*/*"
}

// quality is what an Accept header says of a media type: the most exact range
// decides (RFC 9110, section 12.5.1). What cannot be read is passed over.
func quality(accept, kind, subtype string) liking {
	best := liking{exact: -1}
	for part := range strings.SplitSeq(accept, ",") {
		media, parameters, err := mime.ParseMediaType(part)
		if err != nil {
			continue
		}
		exact := -1
		switch media {
		case kind + "/" + subtype:
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

// complete finishes a page that comes as JSON or CSV, with the link to the next.
func (Negotiated) complete(out *answer, err error, link string) (*answer, error) {
	if err != nil {
		return nil, err
	}
	out.Link = link
	out.Vary = append(out.Vary, "Accept")
	return out, nil
}

// csvAnswer is an answer that is saved as a file, with a row for each item.
func csvAnswer[T any](name string, table tables.Table[T], items []T) (*answer, error) {
	var out bytes.Buffer
	w := table.Writer(&out)
	if err := table.Rows(w, items); err != nil {
		return nil, err
	}
	if err := w.Flush(); err != nil {
		return nil, err
	}
	return &answer{ContentType: csvfile.MediaType, Disposition: `attachment; filename="` + name + `.csv"`, Body: out.Bytes()}, nil
}
