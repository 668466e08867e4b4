package api

import (
	"bytes"

	"github.com/breachledger/breachledger/internal/exchange/csvfile"
	"github.com/breachledger/breachledger/internal/negotiate"
	"github.com/breachledger/breachledger/internal/tables"
)

// Negotiated is part of the input of operations that also answer in CSV.
type Negotiated struct {
	Accept string `header:"Accept" hidden:"true"`
}

// wantsCSV reports whether the client would rather have CSV than JSON. Where it
// likes both the same it gets JSON, unless it names CSV and not JSON.
func (n Negotiated) wantsCSV() bool {
	return negotiate.Prefers(n.Accept, "text/csv", "application/json")
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
