package ledger

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"sync"

	"github.com/google/uuid"

	"github.com/breachledger/breachledger/internal/incidents"
	"github.com/breachledger/breachledger/internal/ledger/internal/dbsqlc"
)

// Document is an incident as stored and as sent: finished JSON with its ETag.
type Document struct {
	ID          uuid.UUID
	Slug        string
	Publication incidents.Publication
	ETag        string // with its quotation marks
	JSON        []byte
	// Part is the id of a claim that was added.
	Part uuid.UUID
	// Similar are incidents that may be the same, after one was recorded.
	Similar []Similar
}

// rendered is what is kept beside an incident's rows.
type rendered struct {
	card, document []byte
	etag           string
}

// render is the one place where a list card and a whole document are made.
// It expects a derived document.
func render(in *incidents.Incident) (rendered, error) {
	card, err := marshal(in.Card())
	if err != nil {
		return rendered{}, fmt.Errorf("render the card of %s: %w", in.Slug, err)
	}
	document, err := marshal(in)
	if err != nil {
		return rendered{}, fmt.Errorf("render %s: %w", in.Slug, err)
	}
	sum := sha256.Sum256(document)
	return rendered{card: card, document: document, etag: fmt.Sprintf(`"%d-%s"`, in.Version, hex.EncodeToString(sum[:6]))}, nil
}

// marshal writes JSON as it is read, without \u0026 for &.
func marshal(v any) ([]byte, error) {
	w, _ := writers.Get().(*jsonWriter)
	defer writers.Put(w)
	w.out.Reset()
	if err := w.enc.Encode(v); err != nil {
		return nil, err
	}
	return bytes.Clone(bytes.TrimSuffix(w.out.Bytes(), []byte("\n"))), nil
}

// jsonWriter is kept from one document to the next, with the room it has made.
type jsonWriter struct {
	out bytes.Buffer
	enc *json.Encoder
}

var writers = sync.Pool{New: func() any {
	w := &jsonWriter{}
	w.enc = json.NewEncoder(&w.out)
	w.enc.SetEscapeHTML(false)
	return w
}}

// incidentRow is the incident's own row, with what is rendered and derived.
func incidentRow(in *incidents.Incident, r rendered) dbsqlc.IncidentInsertParams {
	row := dbsqlc.IncidentInsertParams{
		ID: in.ID, Slug: in.Slug, Title: in.Title, Summary: in.Summary, Category: in.Category, Certainty: in.Certainty, Publication: in.Publication,
		Countries: in.Countries, Vectors: in.Vectors, DataClasses: in.DataClasses, PaymentMethods: in.PaymentMethods, Tags: in.Tags,
		Version: int32(in.Version), CreatedAt: in.CreatedAt, UpdatedAt: in.UpdatedAt,
		Payment: in.Payment, Unanswered: in.Unanswered, Contested: in.Contested,
		MergedInto: nullable(in.MergedInto), RetractionReason: nullable(in.RetractionReason),
		Card: r.card, Document: r.document, Etag: r.etag,
		ActorIds: []uuid.UUID{}, SourceIds: []uuid.UUID{},
	}
	row.OccurredFrom, row.OccurredFromPrecision = dateRow(in.Occurred.From)
	row.OccurredTo, row.OccurredToPrecision = dateRow(in.Occurred.To)
	row.Discovered, row.DiscoveredPrecision = dateRow(in.Discovered)
	row.Disclosed, row.DisclosedPrecision = dateRow(in.Disclosed)
	row.Contained, row.ContainedPrecision = dateRow(in.Contained)
	if v := in.Victims; v != nil {
		row.Victims, row.VictimsLow, row.VictimsHigh = v.Quantity, v.Low, v.High
		row.VictimsUnit, row.VictimsSupport = &v.Unit, &v.Support
	}
	for _, p := range in.Participants {
		row.ActorIds = append(row.ActorIds, p.Actor.ID)
	}
	for _, s := range in.Sources {
		row.SourceIds = append(row.SourceIds, s.ID)
	}
	return row
}
