package ledger

import (
	"context"
	"fmt"

	"github.com/google/uuid"

	"github.com/breachledger/breachledger/internal/incidents"
	"github.com/breachledger/breachledger/internal/ledger/internal/dbsqlc"
)

// load builds whole documents from their rows, in a number of queries that does
// not depend on how many there are. It is the inverse of store.go.
func (l *Ledger) load(ctx context.Context, db dbsqlc.DBTX, ids []uuid.UUID) ([]*incidents.Incident, error) {
	rows, err := l.q.IncidentRows(ctx, db, ids)
	if err != nil {
		return nil, fmt.Errorf("load incidents: %w", err)
	}
	ld := loader{l: l, db: db, ids: ids, byID: map[uuid.UUID]*incidents.Incident{}}
	documents := make([]*incidents.Incident, len(rows))
	for i, row := range rows {
		documents[i] = incidentFromRow(row)
		ld.byID[row.ID] = documents[i]
	}
	for _, step := range []func(context.Context) error{
		ld.sources, ld.evidence, ld.participants, ld.externalRefs, ld.counts, ld.losses, ld.attributions, ld.responses, ld.actors,
	} {
		if err := step(ctx); err != nil {
			return nil, err
		}
	}
	for _, in := range documents {
		in.Complete()
		in.Derive()
	}
	return documents, nil
}

func incidentFromRow(row dbsqlc.IncidentRowsRow) *incidents.Incident {
	return &incidents.Incident{
		ID: row.ID, Slug: row.Slug, Title: row.Title, Summary: row.Summary,
		Category: row.Category, Certainty: row.Certainty, Publication: row.Publication,
		Occurred: incidents.Period{
			From: dateOf(row.OccurredFrom, row.OccurredFromPrecision),
			To:   dateOf(row.OccurredTo, row.OccurredToPrecision),
		},
		Discovered: dateOf(row.Discovered, row.DiscoveredPrecision),
		Disclosed:  dateOf(row.Disclosed, row.DisclosedPrecision),
		Contained:  dateOf(row.Contained, row.ContainedPrecision),
		Countries:  row.Countries, Vectors: row.Vectors, DataClasses: row.DataClasses,
		PaymentMethods: row.PaymentMethods, Tags: row.Tags,
		MergedInto: orZero(row.MergedInto), RetractionReason: orZero(row.RetractionReason),
		Version: int(row.Version), CreatedAt: row.CreatedAt.UTC(), UpdatedAt: row.UpdatedAt.UTC(),
	}
}

// loader holds what the steps of a load share.
type loader struct {
	l    *Ledger
	db   dbsqlc.DBTX
	ids  []uuid.UUID
	byID map[uuid.UUID]*incidents.Incident
	// proof is the evidence of each claim; sourceRefs how evidence shows a source.
	proof      map[uuid.UUID][]incidents.Evidence
	sourceRefs map[uuid.UUID]incidents.SourceRef
}

func (ld *loader) sources(ctx context.Context) error {
	rows, err := ld.l.q.IncidentSourceRows(ctx, ld.db, ld.ids)
	if err != nil {
		return fmt.Errorf("load sources: %w", err)
	}
	ld.sourceRefs = map[uuid.UUID]incidents.SourceRef{}
	for _, row := range rows {
		s := incidents.Source{
			ID: row.ID, URL: orZero(row.Url), Title: orZero(row.Title), Publisher: orZero(row.Publisher), Author: orZero(row.Author),
			Published: dateOf(row.Published, row.PublishedPrecision), Language: orZero(row.Language), HasText: row.HasText,
			NoIncidentReason: orZero(row.NoIncidentReason),
		}
		in := ld.byID[row.IncidentID]
		in.Sources = append(in.Sources, s)
		ld.sourceRefs[row.ID] = s.Ref()
	}
	return nil
}

func (ld *loader) evidence(ctx context.Context) error {
	rows, err := ld.l.q.EvidenceRows(ctx, ld.db, ld.ids)
	if err != nil {
		return fmt.Errorf("load evidence: %w", err)
	}
	ld.proof = map[uuid.UUID][]incidents.Evidence{}
	for _, row := range rows {
		e := incidents.Evidence{Source: ld.sourceRefs[row.SourceID], Quote: orZero(row.Quote)}
		if row.QuoteStart != nil && row.QuoteEnd != nil {
			start, end := int(*row.QuoteStart), int(*row.QuoteEnd)
			e.Start, e.End = &start, &end
		}
		ld.proof[row.ClaimID] = append(ld.proof[row.ClaimID], e)
	}
	return nil
}

func (ld *loader) claim(id uuid.UUID) incidents.Claim {
	return incidents.Claim{ID: id, Evidence: ld.proof[id]}
}

func (ld *loader) participants(ctx context.Context) error {
	rows, err := ld.l.q.ParticipantRows(ctx, ld.db, ld.ids)
	if err != nil {
		return fmt.Errorf("load participants: %w", err)
	}
	for _, row := range rows {
		in := ld.byID[row.IncidentID]
		in.Participants = append(in.Participants, incidents.Participant{Actor: incidents.ActorRef{ID: row.ActorID}, Role: row.Role})
	}
	return nil
}

func (ld *loader) externalRefs(ctx context.Context) error {
	rows, err := ld.l.q.ExternalRefRows(ctx, ld.db, ld.ids)
	if err != nil {
		return fmt.Errorf("load external references: %w", err)
	}
	for _, row := range rows {
		in := ld.byID[row.IncidentID]
		in.ExternalRefs = append(in.ExternalRefs, incidents.ExternalRef{Scheme: row.Scheme, ID: row.RefID})
	}
	return nil
}

func (ld *loader) counts(ctx context.Context) error {
	rows, err := ld.l.q.CountRows(ctx, ld.db, ld.ids)
	if err != nil {
		return fmt.Errorf("load counts: %w", err)
	}
	for _, row := range rows {
		in := ld.byID[row.IncidentID]
		c := incidents.Count{
			Claim: ld.claim(row.ID), Unit: row.Unit, Counted: orZero(row.Counted), Qualifier: row.Qualifier, ClaimedBy: unresolved(row.ClaimedBy),
			AsOf: dateOf(row.AsOf, row.AsOfPrecision), Supersedes: claimRef(row.Supersedes), PartOf: claimRef(row.PartOf), Headline: row.Headline,
		}
		c.Quantity, c.Low, c.High = incidents.StatedFigures(row.Qualifier, row.Low, row.High)
		in.Counts = append(in.Counts, c)
	}
	return nil
}

func (ld *loader) losses(ctx context.Context) error {
	rows, err := ld.l.q.LossRows(ctx, ld.db, ld.ids)
	if err != nil {
		return fmt.Errorf("load losses: %w", err)
	}
	for _, row := range rows {
		in := ld.byID[row.IncidentID]
		c := incidents.Loss{
			Claim: ld.claim(row.ID), Kind: row.Kind, Scope: row.Scope, Qualifier: row.Qualifier,
			Currency: orZero(row.Currency), ClaimedBy: unresolved(row.ClaimedBy),
		}
		c.Amount, c.Low, c.High = incidents.StatedFigures(row.Qualifier, row.Low, row.High)
		if row.ConvertedAmount != nil {
			c.Converted = &incidents.Money{Qualifier: orZero(row.ConvertedQualifier), Amount: *row.ConvertedAmount, Currency: orZero(row.ConvertedCurrency)}
		}
		in.Losses = append(in.Losses, c)
	}
	return nil
}

func (ld *loader) attributions(ctx context.Context) error {
	rows, err := ld.l.q.AttributionRows(ctx, ld.db, ld.ids)
	if err != nil {
		return fmt.Errorf("load attributions: %w", err)
	}
	for _, row := range rows {
		in := ld.byID[row.IncidentID]
		in.Attributions = append(in.Attributions, incidents.Attribution{
			Claim: ld.claim(row.ID), Accused: incidents.ActorRef{ID: row.Accused}, Claimant: unresolved(row.Claimant),
			Basis: row.Basis, Confidence: row.Confidence, Stated: dateOf(row.Stated, row.StatedPrecision),
		})
	}
	return nil
}

func (ld *loader) responses(ctx context.Context) error {
	rows, err := ld.l.q.ResponseRows(ctx, ld.db, ld.ids)
	if err != nil {
		return fmt.Errorf("load responses: %w", err)
	}
	for _, row := range rows {
		in := ld.byID[row.IncidentID]
		in.Responses = append(in.Responses, incidents.Response{
			Claim: ld.claim(row.ID), Actor: incidents.ActorRef{ID: row.ActorID}, SpokenBy: orZero(row.SpokenBy),
			Kind: row.Kind, Status: row.Status, Date: dateOf(row.Date, row.DatePrecision), Due: dateOf(row.Due, row.DuePrecision),
			Fulfils: claimRef(row.Fulfils), Answers: claimRef(row.Answers), Summary: orZero(row.Summary), ViaUnnamedSource: row.ViaUnnamedSource,
		})
	}
	return nil
}

func unresolved(id *uuid.UUID) *incidents.ActorRef {
	if id == nil {
		return nil
	}
	return &incidents.ActorRef{ID: *id}
}

// actors fills in every actor that the documents name by id.
func (ld *loader) actors(ctx context.Context) error {
	wanted := map[uuid.UUID]bool{}
	for _, in := range ld.byID {
		in.EachActor(func(_ string, r *incidents.ActorRef) { wanted[r.ID] = true })
	}
	ids := make([]uuid.UUID, 0, len(wanted))
	for id := range wanted {
		ids = append(ids, id)
	}
	rows, err := ld.l.q.ActorsByID(ctx, ld.db, ids)
	if err != nil {
		return fmt.Errorf("load actors: %w", err)
	}
	known := map[uuid.UUID]incidents.ActorRef{}
	for _, row := range rows {
		known[row.ID] = incidents.Actor{ID: row.ID, Slug: row.Slug, Name: row.Name, Kind: row.Kind, Sector: row.Sector}.Ref()
	}
	for _, in := range ld.byID {
		in.EachActor(func(_ string, r *incidents.ActorRef) { *r = known[r.ID] })
	}
	return nil
}
