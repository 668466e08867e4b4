package ledger

import (
	"errors"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgtype"
)

// Ids travel in PostgreSQL's binary form. By itself pgx would write them as text,
// and read that.

type pgUUID uuid.UUID

// UUIDValue is the id for PostgreSQL.
func (u pgUUID) UUIDValue() (pgtype.UUID, error) { return pgtype.UUID{Bytes: u, Valid: true}, nil }

// ScanUUID takes an id from PostgreSQL.
func (u *pgUUID) ScanUUID(v pgtype.UUID) error {
	if !v.Valid {
		return errors.New("an id is null")
	}
	*u = pgUUID(v.Bytes)
	return nil
}

// registerUUIDs teaches a connection [uuid.UUID].
func registerUUIDs(m *pgtype.Map) {
	encode := func(value any) (pgtype.WrappedEncodePlanNextSetter, any, bool) {
		id, ok := value.(uuid.UUID)
		return &encodeUUID{}, pgUUID(id), ok
	}
	scan := func(target any) (pgtype.WrappedScanPlanNextSetter, any, bool) {
		id, ok := target.(*uuid.UUID)
		return &scanUUID{}, (*pgUUID)(id), ok
	}
	m.TryWrapEncodePlanFuncs = append([]pgtype.TryWrapEncodePlanFunc{encode}, m.TryWrapEncodePlanFuncs...)
	m.TryWrapScanPlanFuncs = append([]pgtype.TryWrapScanPlanFunc{scan}, m.TryWrapScanPlanFuncs...)
}

type encodeUUID struct{ next pgtype.EncodePlan }

func (p *encodeUUID) SetNext(next pgtype.EncodePlan) { p.next = next }

func (p *encodeUUID) Encode(value any, buf []byte) ([]byte, error) {
	return p.next.Encode(pgUUID(value.(uuid.UUID)), buf)
}

type scanUUID struct{ next pgtype.ScanPlan }

func (p *scanUUID) SetNext(next pgtype.ScanPlan) { p.next = next }

func (p *scanUUID) Scan(src []byte, target any) error {
	return p.next.Scan(src, (*pgUUID)(target.(*uuid.UUID)))
}
