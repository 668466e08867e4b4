package csvfile

import (
	"io"
	"iter"

	"github.com/breachledger/breachledger/internal/incidents"
)

// longColumns are those of the form with one row per claim. A claim leaves empty
// what its kind doesn't have. As in the other form, new ones come last.
var longColumns = []string{
	"incident_id", "incident_slug", "incident_title", "category", "certainty", "publication",
	"claim", "claim_id", "actor", "accused",
	"unit", "kind", "scope", "basis", "qualifier", "quantity", "low", "high", "currency", "converted_amount", "converted_currency",
	"confidence", "status", "date", "due", "spoken_by", "summary", "via_unnamed_source",
	"headline", "contested", "supersedes", "fulfils", "answers", "text",
	"support", "evidence", "quote", "quote_start", "quote_end", "source_id", "source_title", "source_publisher", "source_url",
	"victims", "affected_platforms", "occurred_from", "disclosed",
	"counted", "part_of", "converted_qualifier",
}

// EncodeLong writes one row per claim, with its qualifier, its source and the
// sentence quoted from it. An incident without claims has no row. It expects
// derived documents and holds one at a time.
func EncodeLong(w io.Writer, all iter.Seq2[incidents.Incident, error]) error {
	out := NewWriter(w, longColumns)
	l := longWriter{out: out, cells: make([]Cell, len(longColumns)), at: map[string]int{}}
	for i, name := range longColumns {
		l.at[name] = i
	}
	for in, err := range all {
		if err != nil {
			return err
		}
		l.incident(&in)
	}
	return out.Flush()
}

// longWriter fills in the cells of a row by the names of their columns.
type longWriter struct {
	out   *Writer
	at    map[string]int
	cells []Cell
}

func (l *longWriter) set(column string, c Cell) { l.cells[l.at[column]] = c }

func (l *longWriter) incident(in *incidents.Incident) {
	for _, c := range in.Counts {
		l.begin(in, "count", c.Claim, c.ClaimedBy)
		l.set("unit", Text(string(c.Unit)))
		l.set("qualifier", Text(string(c.Qualifier)))
		l.set("quantity", MaybeInt(c.Quantity))
		l.set("low", MaybeInt(c.Low))
		l.set("high", MaybeInt(c.High))
		l.set("date", date(c.AsOf))
		l.set("headline", Bool(c.Headline))
		l.set("supersedes", Text(string(c.Supersedes)))
		l.set("counted", Text(c.Counted))
		l.set("part_of", Text(string(c.PartOf)))
		l.set("text", Text(c.Text))
		l.out.Row(l.cells...)
	}
	for _, c := range in.Losses {
		l.begin(in, "loss", c.Claim, c.ClaimedBy)
		l.set("kind", Text(string(c.Kind)))
		l.set("scope", Text(string(c.Scope)))
		l.set("qualifier", Text(string(c.Qualifier)))
		l.set("quantity", maybeDecimal(c.Amount))
		l.set("low", maybeDecimal(c.Low))
		l.set("high", maybeDecimal(c.High))
		l.set("currency", Text(c.Currency))
		if c.Converted != nil {
			l.set("converted_qualifier", Text(string(c.Converted.Qualifier)))
			l.set("converted_amount", Decimal(c.Converted.Amount))
			l.set("converted_currency", Text(c.Converted.Currency))
		}
		l.set("text", Text(c.Words()))
		l.out.Row(l.cells...)
	}
	for _, c := range in.Attributions {
		l.begin(in, "attribution", c.Claim, c.Claimant)
		l.set("accused", maybeActor(&c.Accused))
		l.set("basis", Text(string(c.Basis)))
		l.set("confidence", Text(string(c.Confidence)))
		l.set("date", date(c.Stated))
		l.set("contested", Bool(c.Contested))
		l.out.Row(l.cells...)
	}
	for _, c := range in.Responses {
		l.begin(in, "response", c.Claim, &c.Actor)
		l.set("kind", Text(string(c.Kind)))
		l.set("status", Text(string(c.Status)))
		l.set("date", date(c.Date))
		l.set("due", date(c.Due))
		l.set("spoken_by", Text(c.SpokenBy))
		l.set("summary", Text(c.Summary))
		l.set("via_unnamed_source", Bool(c.ViaUnnamedSource))
		l.set("fulfils", Text(string(c.Fulfils)))
		l.set("answers", Text(string(c.Answers)))
		l.out.Row(l.cells...)
	}
}

// begin empties the row and writes what all claims have in common. actor is
// whose claim or answer it is.
func (l *longWriter) begin(in *incidents.Incident, kind string, c incidents.Claim, actor *incidents.ActorRef) {
	clear(l.cells)
	l.set("incident_id", maybeID(in.ID))
	l.set("incident_slug", Text(in.Slug))
	l.set("incident_title", Text(in.Title))
	l.set("category", Text(string(in.Category)))
	l.set("certainty", Text(string(in.Certainty)))
	l.set("publication", Text(string(in.Publication)))
	l.set("claim", Text(kind))
	l.set("claim_id", maybeID(c.ID))
	l.set("actor", maybeActor(actor))
	l.set("support", Text(string(c.Support)))
	l.set("evidence", Int(len(c.Evidence)))
	e := best(c)
	source := described(in, e.Source)
	l.set("quote", Text(e.Quote))
	if e.Start != nil && e.End != nil {
		l.set("quote_start", Int(*e.Start))
		l.set("quote_end", Int(*e.End))
	}
	l.set("source_id", maybeID(source.ID))
	l.set("source_title", Text(source.Title))
	l.set("source_publisher", Text(source.Publisher))
	l.set("source_url", Text(source.URL))
	l.set("victims", inRole(incidents.RoleVictim)(in))
	l.set("affected_platforms", inRole(incidents.RoleAffectedPlatform)(in))
	l.set("occurred_from", date(in.Occurred.From))
	l.set("disclosed", date(in.Disclosed))
}
