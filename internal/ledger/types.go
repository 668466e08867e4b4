package ledger

import (
	"context"
	"fmt"

	"github.com/google/uuid"
	pgxdecimal "github.com/jackc/pgx-shopspring-decimal"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"

	"github.com/breachledger/breachledger/internal/incidents"
)

// registerTypes teaches a connection decimals, ids, which it could otherwise
// read only by way of their text, and the vocabularies, without which lists of
// vocabulary values could not be read.
func registerTypes(ctx context.Context, conn *pgx.Conn) error {
	pgxdecimal.Register(conn.TypeMap())
	ids := &pgtype.Type{Name: "uuid", OID: pgtype.UUIDOID, Codec: idCodec{}}
	conn.TypeMap().RegisterType(ids)
	conn.TypeMap().RegisterType(&pgtype.Type{Name: "_uuid", OID: pgtype.UUIDArrayOID, Codec: &pgtype.ArrayCodec{ElementType: ids}})
	var names []string
	for _, v := range incidents.Vocabularies() {
		names = append(names, v.Name, "_"+v.Name)
	}
	types, err := conn.LoadTypes(ctx, append(names, "access_role"))
	if err != nil {
		return fmt.Errorf("load the vocabularies' types: %w", err)
	}
	conn.TypeMap().RegisterTypes(types)
	// Search vectors are only handed on, in PostgreSQL's own form.
	conn.TypeMap().RegisterType(&pgtype.Type{Name: "tsvector", OID: pgtype.TSVectorOID, Codec: pgtype.ByteaCodec{}})
	for _, v := range incidents.Vocabularies() {
		if _, ok := conn.TypeMap().TypeForName(v.Name); !ok {
			return fmt.Errorf("the database has no type %s: is it migrated?", v.Name)
		}
	}
	return nil
}

// idCodec reads and writes ids as they are. Without it pgx takes the way of
// database/sql, by their text.
type idCodec struct{ pgtype.UUIDCodec }

// PlanScan is part of [pgtype.Codec].
func (c idCodec) PlanScan(m *pgtype.Map, oid uint32, format int16, target any) pgtype.ScanPlan {
	if _, ok := target.(*uuid.UUID); ok && format == pgtype.BinaryFormatCode {
		return idPlan{}
	}
	return c.UUIDCodec.PlanScan(m, oid, format, target)
}

// PlanEncode is part of [pgtype.Codec].
func (c idCodec) PlanEncode(m *pgtype.Map, oid uint32, format int16, value any) pgtype.EncodePlan {
	if _, ok := value.(uuid.UUID); ok && format == pgtype.BinaryFormatCode {
		return idPlan{}
	}
	return c.UUIDCodec.PlanEncode(m, oid, format, value)
}

type idPlan struct{}

func (idPlan) Scan(from []byte, to any) error {
	id, ok := to.(*uuid.UUID)
	if !ok || len(from) != len(id) {
		return fmt.Errorf("%d bytes are not read into a %T", len(from), to)
	}
	copy(id[:], from)
	return nil
}

func (idPlan) Encode(value any, to []byte) ([]byte, error) {
	id, ok := value.(uuid.UUID)
	if !ok {
		return nil, fmt.Errorf("a %T is no id", value)
	}
	return append(to, id[:]...), nil
}
