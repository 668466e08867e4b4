package web

import (
	"strconv"

	"github.com/breachledger/breachledger/internal/incidents"
	"github.com/breachledger/breachledger/internal/ledger"
)

// heatMap is how often each organisation answered in each way. Its cells lead
// nowhere: the filters of the list are about an incident, not about what one
// organisation did in it.
type heatMap struct {
	Kinds []incidents.ResponseKind // those that occur
	Rows  []heatRow
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
}

func newHeatMap(r ledger.ResponseReport) heatMap {
	var m heatMap
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
			}
			row.Cells = append(row.Cells, cell)
		}
		m.Rows = append(m.Rows, row)
	}
	return m
}
