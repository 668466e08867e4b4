package web

import (
	"net/url"
	"strconv"

	"github.com/breachledger/breachledger/internal/incidents"
	"github.com/breachledger/breachledger/internal/ledger"
)

// heatMap is how often each organisation answered in each way. Its cells lead to the
// responses that they count.
type heatMap struct {
	Kinds []incidents.ResponseKind // those that occur
	Rows  []heatRow
	Leads bool // the cells lead to the responses
}

type heatRow struct {
	ledger.ActorResponses
	Cells []heatCell
}

// heatCell is one kind of answer of one organisation. Class is its shade, "h0"
// to "h5".
type heatCell struct {
	Kind  incidents.ResponseKind
	Count int64
	Class string
	Href  string // "" where a list would have others
}

// newHeatMap draws a report, which is about what the query says. Roles and kinds of
// responses are said of whole incidents there, in which anybody may have them, and of who
// answered and of the responses themselves in the list: then no cell leads there.
func newHeatMap(r ledger.ResponseReport, query url.Values) heatMap {
	m := heatMap{Leads: !query.Has("role") && !query.Has("response")}
	var most int64
	for _, value := range incidents.Denial.Vocabulary().Values() {
		kind := incidents.ResponseKind(value)
		used := false
		for _, a := range r.Actors {
			most = max(most, a.ByKind[kind])
			used = used || a.ByKind[kind] > 0
		}
		if used {
			m.Kinds = append(m.Kinds, kind)
		}
	}
	for _, a := range r.Actors {
		row := heatRow{ActorResponses: a}
		for _, kind := range m.Kinds {
			cell := heatCell{Kind: kind, Count: a.ByKind[kind], Class: "h0"}
			if cell.Count > 0 {
				cell.Class = "h" + strconv.FormatInt(1+(cell.Count*4)/max(most, 5), 10)
				if m.Leads {
					of := without(query, "actor", "response")
					of.Set("actor", a.Actor.Slug)
					of.Set("response", string(kind))
					cell.Href = fileOf(responseListPath, of)
				}
			}
			row.Cells = append(row.Cells, cell)
		}
		m.Rows = append(m.Rows, row)
	}
	return m
}
