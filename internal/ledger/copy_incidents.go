package ledger

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

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

// searchVectors asks what is searched in each of many incidents, in their order
// and in the binary form of a tsvector: incident_search of all at once. (sqlc
// does not know unnest of several lists.)
const searchVectors = `
WITH named AS (
    SELECT pair.incident, string_agg(n.name, ' / ' ORDER BY n.key) AS names
      FROM (SELECT DISTINCT p.incident, p.actor_id
              FROM unnest($3::bigint[], $4::uuid[]) AS p (incident, actor_id)) AS pair
      JOIN actor_names AS n ON n.actor_id = pair.actor_id
     GROUP BY pair.incident
), told AS (
    SELECT pair.incident,
        string_agg(left(concat_ws(' ', s.title, s.publisher, s.text), 95000 / pair.sources::integer), ' / ' ORDER BY s.id) AS texts
      FROM (SELECT p.incident, p.source_id, count(*) OVER (PARTITION BY p.incident) AS sources
              FROM unnest($5::bigint[], $6::uuid[]) AS p (incident, source_id)) AS pair
      JOIN sources AS s ON s.id = pair.source_id
     GROUP BY pair.incident
)
SELECT tsvectorsend(search_of(i.title, i.summary, named.names, told.texts))::bytea AS search
  FROM unnest($1::text[], $2::text[]) WITH ORDINALITY AS i (title, summary, incident)
  LEFT JOIN named ON named.incident = i.incident
  LEFT JOIN told ON told.incident = i.incident
 ORDER BY i.incident`

// copyIncidents copies rows of incidents; their actors and sources must be
// there. What is searched the server says first, of all at once, and then takes
// it back in its own binary form: COPY computes nothing.
func (l *Ledger) copyIncidents(ctx context.Context, tx pgx.Tx, rows []newIncident) error {
	var titles, summaries []string
	var actors, sources pairs
	for i, r := range rows {
		titles, summaries = append(titles, r.Title), append(summaries, r.Summary)
		actors.add(i+1, r.ActorIds)
		sources.add(i+1, r.SourceIds)
	}
	found, err := tx.Query(ctx, searchVectors, titles, summaries, actors.of, actors.ids, sources.of, sources.ids)
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

// pairs are the numbers of incidents, and an id with each.
type pairs struct {
	of  []int64
	ids []uuid.UUID
}

func (p *pairs) add(incident int, ids []uuid.UUID) {
	for _, id := range ids {
		p.of, p.ids = append(p.of, int64(incident)), append(p.ids, id)
	}
}
