package ledger

import (
	"context"

	"github.com/google/uuid"

	"github.com/breachledger/breachledger/internal/incidents"
	"github.com/breachledger/breachledger/internal/ledger/internal/dbsqlc"
)

// This file turns a resolved document into rows. load.go is its inverse.

// queueChildren queues the rows of everything below the incident itself.
func (l *Ledger) queueChildren(ctx context.Context, q dbsqlc.DBTX, in *incidents.Incident) error {
	for i, p := range in.Participants {
		if err := l.q.ParticipantInsert(ctx, q, dbsqlc.ParticipantInsertParams{IncidentID: in.ID, ActorID: p.Actor.ID, Role: p.Role, Ordinal: int32(i)}); err != nil {
			return err
		}
	}
	for i, s := range in.Sources {
		if err := l.q.IncidentSourceInsert(ctx, q, dbsqlc.IncidentSourceInsertParams{IncidentID: in.ID, SourceID: s.ID, Ordinal: int32(i)}); err != nil {
			return err
		}
	}
	for i, r := range in.ExternalRefs {
		if err := l.q.ExternalRefInsert(ctx, q, dbsqlc.ExternalRefInsertParams{IncidentID: in.ID, Scheme: r.Scheme, RefID: r.ID, Ordinal: int32(i)}); err != nil {
			return err
		}
	}
	if err := l.queueCounts(ctx, q, in); err != nil {
		return err
	}
	if err := l.queueLosses(ctx, q, in); err != nil {
		return err
	}
	if err := l.queueAttributions(ctx, q, in); err != nil {
		return err
	}
	return l.queueResponses(ctx, q, in)
}

// queueEmptying queues the removal of everything below the incident itself, so
// that queueChildren can write it anew.
func (l *Ledger) queueEmptying(ctx context.Context, q dbsqlc.DBTX, id uuid.UUID) error {
	for _, remove := range []func(context.Context, dbsqlc.DBTX, uuid.UUID) error{
		l.q.EvidenceDelete, l.q.ResponsesDelete, l.q.AttributionsDelete, l.q.CountsDelete, l.q.LossesDelete,
		l.q.ParticipantsDelete, l.q.IncidentSourcesDelete, l.q.ExternalRefsDelete,
	} {
		if err := remove(ctx, q, id); err != nil {
			return err
		}
	}
	return nil
}

func (l *Ledger) queueCounts(ctx context.Context, q dbsqlc.DBTX, in *incidents.Incident) error {
	for i, c := range in.Counts {
		low, high := c.Bounds()
		asOf, precision := dateRow(c.AsOf)
		if err := l.q.CountInsert(ctx, q, dbsqlc.CountInsertParams{
			IncidentID: in.ID, ID: c.ID, Ordinal: int32(i), Unit: c.Unit, Counted: nullable(c.Counted), Qualifier: c.Qualifier,
			Low: low, High: high, ClaimedBy: actorID(c.ClaimedBy), AsOf: asOf, AsOfPrecision: precision,
			Supersedes: claimID(c.Supersedes), PartOf: claimID(c.PartOf), Headline: c.Headline,
		}); err != nil {
			return err
		}
		if err := l.queueEvidence(ctx, q, in.ID, c.Claim, dbsqlc.EvidenceInsertParams{CountID: &c.ID}); err != nil {
			return err
		}
	}
	return nil
}

func (l *Ledger) queueLosses(ctx context.Context, q dbsqlc.DBTX, in *incidents.Incident) error {
	for i, c := range in.Losses {
		low, high := c.Bounds()
		row := dbsqlc.LossInsertParams{
			IncidentID: in.ID, ID: c.ID, Ordinal: int32(i), Kind: c.Kind, Scope: c.Scope, Qualifier: c.Qualifier,
			Low: low, High: high, Currency: nullable(c.Currency), ClaimedBy: actorID(c.ClaimedBy),
		}
		if c.Converted != nil {
			row.ConvertedQualifier = nullable(c.Converted.Qualifier)
			row.ConvertedAmount, row.ConvertedCurrency = &c.Converted.Amount, &c.Converted.Currency
		}
		if err := l.q.LossInsert(ctx, q, row); err != nil {
			return err
		}
		if err := l.queueEvidence(ctx, q, in.ID, c.Claim, dbsqlc.EvidenceInsertParams{LossID: &c.ID}); err != nil {
			return err
		}
	}
	return nil
}

func (l *Ledger) queueAttributions(ctx context.Context, q dbsqlc.DBTX, in *incidents.Incident) error {
	for i, a := range in.Attributions {
		stated, precision := dateRow(a.Stated)
		if err := l.q.AttributionInsert(ctx, q, dbsqlc.AttributionInsertParams{
			IncidentID: in.ID, ID: a.ID, Ordinal: int32(i), Accused: a.Accused.ID, Claimant: actorID(a.Claimant),
			Basis: a.Basis, Confidence: a.Confidence, Stated: stated, StatedPrecision: precision,
		}); err != nil {
			return err
		}
		if err := l.queueEvidence(ctx, q, in.ID, a.Claim, dbsqlc.EvidenceInsertParams{AttributionID: &a.ID}); err != nil {
			return err
		}
	}
	return nil
}

func (l *Ledger) queueResponses(ctx context.Context, q dbsqlc.DBTX, in *incidents.Incident) error {
	for i, r := range in.Responses {
		date, datePrecision := dateRow(r.Date)
		due, duePrecision := dateRow(r.Due)
		if err := l.q.ResponseInsert(ctx, q, dbsqlc.ResponseInsertParams{
			IncidentID: in.ID, ID: r.ID, Ordinal: int32(i), ActorID: r.Actor.ID, SpokenBy: nullable(r.SpokenBy),
			Kind: r.Kind, Status: r.Status, Date: date, DatePrecision: datePrecision, Due: due, DuePrecision: duePrecision,
			Fulfils: claimID(r.Fulfils), Answers: claimID(r.Answers), Summary: nullable(r.Summary), ViaUnnamedSource: r.ViaUnnamedSource,
		}); err != nil {
			return err
		}
		if err := l.queueEvidence(ctx, q, in.ID, r.Claim, dbsqlc.EvidenceInsertParams{ResponseID: &r.ID}); err != nil {
			return err
		}
	}
	return nil
}

// queueEvidence queues the evidence of a claim; of names the claim.
func (l *Ledger) queueEvidence(ctx context.Context, q dbsqlc.DBTX, incidentID uuid.UUID, c incidents.Claim, of dbsqlc.EvidenceInsertParams) error {
	for i, e := range c.Evidence {
		of.IncidentID, of.ID, of.Ordinal, of.SourceID = incidentID, incidents.NewID(), int32(i), e.Source.ID
		of.Quote, of.QuoteStart, of.QuoteEnd = nil, nil, nil
		if e.Quote != "" {
			start, end := int32(*e.Start), int32(*e.End)
			of.Quote, of.QuoteStart, of.QuoteEnd = &e.Quote, &start, &end
		}
		if err := l.q.EvidenceInsert(ctx, q, of); err != nil {
			return err
		}
	}
	return nil
}
