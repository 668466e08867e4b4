package csvfile

import (
	"io"
	"iter"
	"sync"

	"github.com/shopspring/decimal"

	"github.com/breachledger/breachledger/internal/incidents"
)

// wideColumn is a column of the form with one row per incident. Names and order
// are kept: others' spreadsheets depend on them. New ones come last.
type wideColumn struct {
	name string
	cell func(*incidents.Incident) Cell
}

var wide = []wideColumn{
	{"id", func(in *incidents.Incident) Cell { return maybeID(in.ID) }},
	{"slug", func(in *incidents.Incident) Cell { return Text(in.Slug) }},
	{"title", func(in *incidents.Incident) Cell { return Text(in.Title) }},
	{"summary", func(in *incidents.Incident) Cell { return Text(in.Summary) }},
	{"category", func(in *incidents.Incident) Cell { return Text(string(in.Category)) }},
	{"certainty", func(in *incidents.Incident) Cell { return Text(string(in.Certainty)) }},
	{"publication", func(in *incidents.Incident) Cell { return Text(string(in.Publication)) }},
	{"occurred_from", func(in *incidents.Incident) Cell { return date(in.Occurred.From) }},
	{"occurred_to", func(in *incidents.Incident) Cell { return date(in.Occurred.To) }},
	{"discovered", func(in *incidents.Incident) Cell { return date(in.Discovered) }},
	{"disclosed", func(in *incidents.Incident) Cell { return date(in.Disclosed) }},
	{"contained", func(in *incidents.Incident) Cell { return date(in.Contained) }},
	{"countries", func(in *incidents.Incident) Cell { return list(in.Countries) }},
	{"vectors", func(in *incidents.Incident) Cell { return list(in.Vectors) }},
	{"data_classes", func(in *incidents.Incident) Cell { return list(in.DataClasses) }},
	{"payment_methods", func(in *incidents.Incident) Cell { return list(in.PaymentMethods) }},
	{"tags", func(in *incidents.Incident) Cell { return list(in.Tags) }},

	{"victim", inRole(incidents.RoleVictim)},
	{"affected_platform", inRole(incidents.RoleAffectedPlatform)},
	{"alleged_attacker", inRole(incidents.RoleAllegedAttacker)},
	{"accuser", inRole(incidents.RoleAccuser)},
	{"responder", inRole(incidents.RoleResponder)},
	{"regulator", inRole(incidents.RoleRegulator)},
	{"reporter", inRole(incidents.RoleReporter)},

	{"count_unit", count(func(c *incidents.Count) Cell { return Text(string(c.Unit)) })},
	{"count_qualifier", count(func(c *incidents.Count) Cell { return Text(string(c.Qualifier)) })},
	{"count_quantity", count(func(c *incidents.Count) Cell { return MaybeInt(c.Quantity) })},
	{"count_low", count(func(c *incidents.Count) Cell { return MaybeInt(c.Low) })},
	{"count_high", count(func(c *incidents.Count) Cell { return MaybeInt(c.High) })},
	{"count_claimed_by", count(func(c *incidents.Count) Cell { return maybeActor(c.ClaimedBy) })},
	{"count_as_of", count(func(c *incidents.Count) Cell { return date(c.AsOf) })},
	{"count_sources", func(in *incidents.Incident) Cell {
		return count(func(c *incidents.Count) Cell { return cited(in, c.Claim) })(in)
	}},
	{"count_support", count(func(c *incidents.Count) Cell { return Text(string(c.Support)) })},
	{"count_quote", count(func(c *incidents.Count) Cell { return Text(best(c.Claim).Quote) })},
	{"count_text", count(func(c *incidents.Count) Cell { return Text(c.Text) })},
	{"other_counts", otherCounts},

	{"loss_kind", loss(func(l *incidents.Loss) Cell { return Text(string(l.Kind)) })},
	{"loss_scope", loss(func(l *incidents.Loss) Cell { return Text(string(l.Scope)) })},
	{"loss_qualifier", loss(func(l *incidents.Loss) Cell { return Text(string(l.Qualifier)) })},
	{"loss_amount", loss(func(l *incidents.Loss) Cell { return maybeDecimal(l.Amount) })},
	{"loss_low", loss(func(l *incidents.Loss) Cell { return maybeDecimal(l.Low) })},
	{"loss_high", loss(func(l *incidents.Loss) Cell { return maybeDecimal(l.High) })},
	{"loss_currency", loss(func(l *incidents.Loss) Cell { return Text(l.Currency) })},
	{"loss_claimed_by", loss(func(l *incidents.Loss) Cell { return maybeActor(l.ClaimedBy) })},
	{"loss_sources", func(in *incidents.Incident) Cell {
		return loss(func(l *incidents.Loss) Cell { return cited(in, l.Claim) })(in)
	}},
	{"loss_text", loss(func(l *incidents.Loss) Cell { return Text(l.Words()) })},
	{"other_losses", otherLosses},

	{"attributions", attributionWords},
	{"responses", responseWords},
	{"sources", sources},
	{"external_refs", refs},

	{"payment", func(in *incidents.Incident) Cell { return Bool(in.Payment) }},
	{"unanswered", func(in *incidents.Incident) Cell { return Bool(in.Unanswered) }},
	{"contested", func(in *incidents.Incident) Cell { return Bool(in.Contested) }},
	{"version", func(in *incidents.Incident) Cell { return Int(in.Version) }},
	{"created_at", func(in *incidents.Incident) Cell { return maybeTime(in.CreatedAt) }},
	{"updated_at", func(in *incidents.Incident) Cell { return maybeTime(in.UpdatedAt) }},
}

var wideColumns = sync.OnceValue(func() []string {
	out := make([]string, len(wide))
	for i, c := range wide {
		out[i] = c.name
	}
	return out
})

// EncodeWide writes one row per incident, for spreadsheets: its own fields, its
// headline count and its first loss, and the rest of its claims in words. It
// expects derived documents and holds one at a time.
func EncodeWide(w io.Writer, all iter.Seq2[incidents.Incident, error]) error {
	out := NewWriter(w, wideColumns())
	cells := make([]Cell, len(wide))
	for in, err := range all {
		if err != nil {
			return err
		}
		for i, c := range wide {
			cells[i] = c.cell(&in)
		}
		out.Row(cells...)
	}
	return out.Flush()
}

// count is a cell of the headline count, empty where there is none.
func count(cell func(*incidents.Count) Cell) func(*incidents.Incident) Cell {
	return func(in *incidents.Incident) Cell {
		for i := range in.Counts {
			if in.Counts[i].Headline {
				return cell(&in.Counts[i])
			}
		}
		return Empty
	}
}

// loss is a cell of the first loss, empty where there is none.
func loss(cell func(*incidents.Loss) Cell) func(*incidents.Incident) Cell {
	return func(in *incidents.Incident) Cell {
		if len(in.Losses) == 0 {
			return Empty
		}
		return cell(&in.Losses[0])
	}
}

func maybeDecimal(d *decimal.Decimal) Cell {
	if d == nil {
		return Empty
	}
	return Decimal(*d)
}
