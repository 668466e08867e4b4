package api

import (
	"bytes"
	"encoding/json"
	"fmt"
	"mime"
	"net/url"
	"strconv"
	"strings"

	"github.com/breachledger/breachledger/internal/exchange/csvfile"
	"github.com/breachledger/breachledger/internal/incidents"
	"github.com/breachledger/breachledger/internal/ledger"
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

// complete finishes a page that comes as JSON or CSV.
func (Negotiated) complete(out *answer, err error, next string, at url.URL) (*answer, error) {
	if err != nil {
		return nil, err
	}
	out.Link = nextLink(at, next)
	out.Vary = append(out.Vary, "Accept")
	return out, nil
}

// asCSV is an answer that is saved as a file of that name. write writes rows.
func asCSV(name string, columns []string, write func(*csvfile.Writer) error) (*answer, error) {
	var out bytes.Buffer
	w := csvfile.NewWriter(&out, columns)
	if err := write(w); err != nil {
		return nil, err
	}
	if err := w.Flush(); err != nil {
		return nil, err
	}
	return &answer{ContentType: csvfile.MediaType, Disposition: `attachment; filename="` + name + `.csv"`, Body: out.Bytes()}, nil
}

// theSource stands where a figure is claimed by nobody but the source itself.
const theSource = "(the source)"

var incidentColumns = []string{
	"slug", "title", "category", "certainty", "publication", "disclosed", "occurred_from", "occurred_to", "countries", "vectors", "payment",
	"victims_qualifier", "victims", "victims_unit", "victims_claimed_by", "victims_support", "victims_low", "victims_high", "victims_text",
	"breached", "alleged_attackers", "response_count", "unanswered", "contested", "version", "updated_at", "id",
}

// incidentsCSV is a row for each card.
func incidentsCSV(name string, cards []json.RawMessage) (*answer, error) {
	return asCSV(name, incidentColumns, func(w *csvfile.Writer) error {
		for _, raw := range cards {
			var c incidents.Card
			if err := json.Unmarshal(raw, &c); err != nil {
				return fmt.Errorf("read a card: %w", err)
			}
			w.Row(incidentCells(c)...)
		}
		return nil
	})
}

func incidentCells(c incidents.Card) []csvfile.Cell {
	var occurred incidents.Period
	if c.Occurred != nil {
		occurred = *c.Occurred
	}
	var breached, accused []string
	for _, a := range c.Actors {
		switch {
		case a.Role.Breached():
			breached = append(breached, a.Name)
		case a.Role == incidents.RoleAllegedAttacker:
			accused = append(accused, a.Name)
		}
	}
	cells := []csvfile.Cell{
		csvfile.Text(c.Slug), csvfile.Text(c.Title), csvfile.Text(string(c.Category)), csvfile.Text(string(c.Certainty)), csvfile.Text(string(c.Publication)),
		dateCell(c.Disclosed), dateCell(occurred.From), dateCell(occurred.To), csvfile.Texts(c.Countries), csvfile.Texts(c.Vectors), csvfile.Bool(c.Payment),
	}
	if v := c.Victims; v == nil {
		cells = append(cells, make([]csvfile.Cell, 8)...)
	} else {
		claimant := theSource
		if v.ClaimedBy != nil {
			claimant = v.ClaimedBy.Name
		}
		cells = append(cells, csvfile.Text(string(v.Qualifier)), csvfile.MaybeInt(v.Quantity), csvfile.Text(string(v.Unit)), csvfile.Text(claimant),
			csvfile.Text(string(v.Support)), csvfile.MaybeInt(v.Low), csvfile.MaybeInt(v.High), csvfile.Text(v.Text))
	}
	return append(cells, csvfile.Texts(breached), csvfile.Texts(accused), csvfile.Int(c.ResponseCount), csvfile.Bool(c.Unanswered),
		csvfile.Bool(c.Contested), csvfile.Int(c.Version), csvfile.Time(c.UpdatedAt), csvfile.Text(c.ID.String()))
}

func dateCell(d incidents.PartialDate) csvfile.Cell { return csvfile.Text(d.String()) }

// responsesCSV is a row for each organisation, with a column for each kind of
// response.
func responsesCSV(rows []ledger.ActorResponses) (*answer, error) {
	columns := []string{
		"actor", "name", "kind", "sector", "incidents", "unanswered", "responses", "promised", "kept", "broken", "overdue",
		"first_response_median_days", "first_response_incidents", "first_response_measured_from",
	}
	kinds := incidents.ResponseKind("").Vocabulary().Values()
	for _, k := range kinds {
		columns = append(columns, "responses_"+k)
	}
	return asCSV("responses", columns, func(w *csvfile.Writer) error {
		for _, r := range rows {
			days := csvfile.Empty
			if r.FirstResponse.MedianDays != nil {
				days = csvfile.Float(*r.FirstResponse.MedianDays)
			}
			cells := []csvfile.Cell{
				csvfile.Text(r.Actor.Slug), csvfile.Text(r.Actor.Name), csvfile.Text(string(r.Actor.Kind)), csvfile.Text(string(r.Actor.Sector)),
				csvfile.Int(r.Incidents), csvfile.Int(r.Unanswered), csvfile.Int(r.Responses), csvfile.Int(r.Promised), csvfile.Int(r.Kept),
				csvfile.Int(r.Broken), csvfile.Int(r.Overdue), days, csvfile.Int(r.FirstResponse.Incidents), csvfile.Text(r.FirstResponse.MeasuredFrom),
			}
			for _, k := range kinds {
				cells = append(cells, csvfile.Int(r.ByKind[incidents.ResponseKind(k)]))
			}
			w.Row(cells...)
		}
		return nil
	})
}

var promiseColumns = []string{
	"incident", "incident_title", "actor", "actor_name", "spoken_by", "kind", "state", "made_on", "due", "kept_on", "broken_on", "summary",
	"via_unnamed_source", "support", "quote", "source_title", "source_publisher", "source_url", "source_id", "id",
}

// promisesCSV is a row for each promise, with its best evidence.
func promisesCSV(promises []ledger.Promise) (*answer, error) {
	return asCSV("promises", promiseColumns, func(w *csvfile.Writer) error {
		for _, p := range promises {
			var e incidents.Evidence
			source := csvfile.Empty
			for i, one := range p.Evidence {
				if i == 0 || e.Quote == "" && one.Quote != "" {
					e, source = one, csvfile.Text(one.Source.ID.String())
				}
			}
			w.Row(csvfile.Text(p.Incident.Slug), csvfile.Text(p.Incident.Title), csvfile.Text(p.Actor.Slug), csvfile.Text(p.Actor.Name),
				csvfile.Text(p.SpokenBy), csvfile.Text(string(p.Kind)), csvfile.Text(string(p.State)), dateCell(p.MadeOn), dateCell(p.Due),
				dateCell(p.KeptOn), dateCell(p.BrokenOn), csvfile.Text(p.Summary), csvfile.Bool(p.ViaUnnamedSource), csvfile.Text(string(p.Support)),
				csvfile.Text(e.Quote), csvfile.Text(e.Source.Title), csvfile.Text(e.Source.Publisher), csvfile.Text(e.Source.URL), source, csvfile.Text(p.ID.String()))
		}
		return nil
	})
}
