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
	if err := registerVocabularies(ctx, conn); err != nil {
		return err
	}
	// Search vectors are only handed on, in PostgreSQL's own form.
	conn.TypeMap().RegisterType(&pgtype.Type{Name: "tsvector", OID: pgtype.TSVectorOID, Codec: pgtype.ByteaCodec{}})
	return nil
}

// registerVocabularies asks what the vocabularies' types are called here.
// (pgx's LoadTypes, which also finds what they consist of, takes 30 ms of each
// connection.)
func registerVocabularies(ctx context.Context, conn *pgx.Conn) error {
	names := []string{"access_role"}
	for _, v := range incidents.Vocabularies() {
		names = append(names, v.Name)
	}
	//nolint:rowserrcheck // ForEachRow checks them, and the error
	rows, _ := conn.Query(ctx, "SELECT name, coalesce(to_regtype(name)::oid, 0), coalesce(to_regtype(name || '[]')::oid, 0) FROM unnest($1::text[]) AS name", names)
	var name string
	var id, list uint32
	_, err := pgx.ForEachRow(rows, []any{&name, &id, &list}, func() error {
		if id == 0 || list == 0 {
			return fmt.Errorf("the database has no type %s: is it migrated?", name)
		}
		one := &pgtype.Type{Name: name, OID: id, Codec: &pgtype.EnumCodec{}}
		conn.TypeMap().RegisterType(one)
		conn.TypeMap().RegisterType(&pgtype.Type{Name: "_" + name, OID: list, Codec: &pgtype.ArrayCodec{ElementType: one}})
		return nil
	})
	if err != nil {
		return fmt.Errorf("ask for the vocabularies' types: %w", err)
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
