package ledger

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/breachledger/breachledger/internal/incidents"
	"github.com/breachledger/breachledger/internal/ledger/internal/dbsqlc"
)

// incidentColumns are the columns of an incident, in the order in which
// incidentValues gives them; what is searched comes last.
var incidentColumns = []string{
	"id", "slug", "title", "summary", "category", "certainty", "publication",
	"occurred_from", "occurred_from_precision", "occurred_to", "occurred_to_precision", "discovered", "discovered_precision",
	"disclosed", "disclosed_precision", "contained", "contained_precision",
	"countries", "vectors", "data_classes", "payment_methods", "tags",
	"first_published_at", "merged_into", "retraction_reason", "version", "created_at", "updated_at",
	"victims", "victims_low", "victims_high", "victims_unit", "victims_support", "payment", "unanswered", "contested",
	"card", "document", "etag", "search",
}

func incidentValues(r dbsqlc.IncidentInsertParams, firstPublished *time.Time, search []byte) []any {
	return []any{
		r.ID, r.Slug, r.Title, r.Summary, r.Category, r.Certainty, r.Publication,
		r.OccurredFrom, r.OccurredFromPrecision, r.OccurredTo, r.OccurredToPrecision, r.Discovered, r.DiscoveredPrecision,
		r.Disclosed, r.DisclosedPrecision, r.Contained, r.ContainedPrecision,
		r.Countries, r.Vectors, r.DataClasses, r.PaymentMethods, r.Tags,
		firstPublished, r.MergedInto, r.RetractionReason, r.Version, r.CreatedAt, r.UpdatedAt,
		r.Victims, r.VictimsLow, r.VictimsHigh, r.VictimsUnit, r.VictimsSupport, r.Payment, r.Unanswered, r.Contested,
		r.Card, r.Document, r.Etag, search,
	}
}

// newIncident is a row of an incident that is to be copied.
type newIncident struct {
	dbsqlc.IncidentInsertParams
	firstPublished *time.Time
}

// newlyLogged is a row of an incident that was not there before.
func newlyLogged(row dbsqlc.IncidentInsertParams) newIncident {
	if row.Publication != incidents.Published {
		return newIncident{row, nil}
	}
	return newIncident{row, &row.CreatedAt}
}

// searchVectors asks for the search vectors of many incidents, in their order and in
// the binary form of a tsvector: incident_search for all of them at once. Each incident
// names its own range of the actors and of the sources. (sqlc does not know unnest of
// several lists.)
const searchVectors = `
SELECT tsvectorsend(search_of(i.title, i.summary,
        (SELECT string_agg(n.name, ' / ' ORDER BY n.key) FROM actor_names AS n
          WHERE n.actor_id = ANY (($3::uuid[])[i.actors_from:i.actors_to])),
        (SELECT string_agg(left(concat_ws(' ', s.title, s.publisher, s.text), 95000 / greatest(i.sources_to - i.sources_from + 1, 1)), ' / ' ORDER BY s.id)
           FROM sources AS s WHERE s.id = ANY (($6::uuid[])[i.sources_from:i.sources_to]))))::bytea
  FROM unnest($1::text[], $2::text[], $4::integer[], $5::integer[], $7::integer[], $8::integer[]) WITH ORDINALITY
    AS i (title, summary, actors_from, actors_to, sources_from, sources_to, place)
 ORDER BY i.place`

// copyIncidents copies rows of incidents, whose actors and sources must be there. COPY
// computes nothing, so PostgreSQL is first asked for the search vectors of all of them,
// and then takes them back in its own binary form.
func (l *Ledger) copyIncidents(ctx context.Context, tx pgx.Tx, rows []newIncident) error {
	var titles, summaries []string
	var actors, sources parts
	for _, r := range rows {
		titles, summaries = append(titles, r.Title), append(summaries, r.Summary)
		actors.add(r.ActorIds)
		sources.add(r.SourceIds)
	}
	found, err := tx.Query(ctx, searchVectors, titles, summaries,
		orEmpty(actors.ids), actors.from, actors.to, orEmpty(sources.ids), sources.from, sources.to)
	if err != nil {
		return fmt.Errorf("ask what is searched: %w", err)
	}
	vectors, err := pgx.CollectRows(found, pgx.RowTo[[]byte])
	if err != nil {
		return fmt.Errorf("ask what is searched: %w", err)
	}
	_, err = tx.CopyFrom(ctx, pgx.Identifier{"incidents"}, incidentColumns, pgx.CopyFromSlice(len(rows), func(i int) ([]any, error) {
		return incidentValues(rows[i].IncidentInsertParams, rows[i].firstPublished, vectors[i]), nil
	}))
	if err != nil {
		return fmt.Errorf("copy incidents: %w", err)
	}
	return nil
}

// parts are ids that belong to many incidents, one incident after another, and the
// range of those of each, counted from 1.
type parts struct {
	ids      []uuid.UUID
	from, to []int32
}

func (p *parts) add(ids []uuid.UUID) {
	p.from = append(p.from, int32(len(p.ids)+1))
	p.ids = append(p.ids, ids...)
	p.to = append(p.to, int32(len(p.ids)))
}
