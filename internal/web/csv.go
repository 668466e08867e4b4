package web

import (
	"context"
	"encoding/json"
	"io"

	"github.com/breachledger/breachledger/internal/exchange/csvfile"
	"github.com/breachledger/breachledger/internal/incidents"
	"github.com/breachledger/breachledger/internal/ledger"
	"github.com/breachledger/breachledger/internal/tables"
)

// whole is an answer with all items of a list as a file, however many pages of the
// list that takes. The first page is read before the answer begins, so that an error
// is still shown on a page; each of the others waits its turn.
func whole[T any](s *Web, v *visit, table tables.Table[T], page func(ctx context.Context, cursor string) ([]T, string, error)) (answer, error) {
	items, next, err := page(v.ctx(), "")
	if err != nil {
		return answer{}, err
	}
	return answer{file: &file{contentType: csvfile.MediaType, name: table.Name + ".csv", write: func(to io.Writer) error {
		w := table.Writer(to)
		for {
			if err := table.Rows(w, items); err != nil {
				return err
			}
			if err := w.Flush(); err != nil || next == "" {
				return err
			}
			ctx, leave, err := enter(v.ctx(), s.gates.Part)
			if err != nil {
				return err
			}
			items, next, err = page(ctx, next)
			leave()
			if err != nil {
				return err
			}
		}
	}}}, nil
}

// incidentsCSV is the list of the incidents page as a file, whole.
func (s *Web) incidentsCSV(v *visit) (answer, error) {
	ps := &params{Values: v.query}
	ps.only("sort")
	f := s.filter(ps, v.by)
	if err := ps.problems.OrNil(); err != nil {
		return answer{}, err
	}
	sort := ledger.Sort(v.query.Get("sort"))
	if sort == "" || sort == ledger.Relevance { // which ends with the best matches
		sort = ledger.Sort(ledger.Sorts()[0])
	}
	return whole(s, v, tables.Incidents(), func(ctx context.Context, cursor string) ([]json.RawMessage, string, error) {
		list, err := s.ledger.Incidents(ctx, f, sort, ledger.Page{Limit: ledger.MaxLimit, Cursor: cursor})
		return list.JSON(), list.NextCursor, err
	})
}

// responsesCSV is the report as a file: a row for each organisation.
func (s *Web) responsesCSV(v *visit) (answer, error) {
	ps := &params{Values: v.query}
	ps.only()
	scope := s.responseScope(ps, v)
	if err := ps.problems.OrNil(); err != nil {
		return answer{}, err
	}
	return whole(s, v, tables.Responses(), func(ctx context.Context, cursor string) ([]ledger.ActorResponses, string, error) {
		report, err := s.ledger.Responses(ctx, scope, ledger.Page{Limit: ledger.MaxLimit, Cursor: cursor})
		return report.Actors, orNone(report.NextCursor), err
	})
}

// promisesCSV is the register of promises as a file.
func (s *Web) promisesCSV(v *visit) (answer, error) {
	ps := &params{Values: v.query}
	ps.only("state")
	ps.filter(v.by) // for its problems
	scope := s.promiseScope(ps, v)
	if err := ps.problems.OrNil(); err != nil {
		return answer{}, err
	}
	return whole(s, v, tables.Promises(), func(ctx context.Context, cursor string) ([]ledger.Promise, string, error) {
		report, err := s.ledger.Promises(ctx, scope, ledger.Page{Limit: ledger.MaxLimit, Cursor: cursor})
		return report.Promises, orNone(report.NextCursor), err
	})
}

// responseListCSV is the list of responses as a file.
func (s *Web) responseListCSV(v *visit) (answer, error) {
	ps := &params{Values: v.query}
	ps.only("status")
	scope := s.responseListScope(ps, v)
	if err := ps.problems.OrNil(); err != nil {
		return answer{}, err
	}
	return whole(s, v, tables.ResponseList(), func(ctx context.Context, cursor string) ([]ledger.ResponseItem, string, error) {
		return s.ledger.ResponseList(ctx, scope, ledger.Page{Limit: ledger.MaxLimit, Cursor: cursor})
	})
}

// claimsCSV is an incident as a file: a row for each claim.
func (s *Web) claimsCSV(v *visit) (answer, error) {
	doc, err := s.ledger.Incident(v.ctx(), v.by, v.PathValue("ref"))
	if err != nil {
		return answer{}, err
	}
	in, err := readDocument(doc.JSON)
	if err != nil {
		return answer{}, err
	}
	return answer{file: &file{contentType: csvfile.MediaType, name: doc.Slug + ".csv", write: func(to io.Writer) error {
		return csvfile.EncodeLong(to, func(yield func(incidents.Incident, error) bool) { yield(in, nil) })
	}}}, nil
}

func orNone(cursor *string) string {
	if cursor == nil {
		return ""
	}
	return *cursor
}
