package api

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/breachledger/breachledger/internal/access"
	"github.com/breachledger/breachledger/internal/exchange/csvfile"
	"github.com/breachledger/breachledger/internal/exchange/jsonstream"
	"github.com/breachledger/breachledger/internal/exchange/ndjson"
	"github.com/breachledger/breachledger/internal/importer"
	"github.com/breachledger/breachledger/internal/incidents"
	"github.com/breachledger/breachledger/internal/ledger"
	"github.com/breachledger/breachledger/internal/strict"
)

const importPath = "/v1/import"

// Upload is a body that streams: it is read while it arrives, however large.
type Upload struct{ body io.Reader }

// Resolve takes hold of the body; huma does not read it.
func (u *Upload) Resolve(ctx huma.Context) []error {
	u.body = ctx.BodyReader()
	return nil
}

type importInput struct {
	Located
	Upload
	Format  string `query:"format" required:"true" enum:"veris,hibp,csv,ndjson" doc:"What the body holds: documents of VERIS or of Have I Been Pwned (an array, or one behind another), a table, or a backup, which only an empty ledger takes. Plain or gzip"`
	Mapping string `query:"mapping" maxLength:"20000" doc:"csv: how other people's columns are read, as YAML (docs/exchange.md). Not given: our own forms, one row per incident or one row per claim, told apart by their columns"`
	Strict  bool   `query:"strict" doc:"VERIS: refuse a document that breaks a rule of VERIS. Otherwise what is usable is imported and the rest listed"`
	DryRun  bool   `query:"dry_run" doc:"Do everything, and write nothing. Not for a backup"`
	Atomic  bool   `query:"atomic" doc:"One transaction: with a refusal nothing is written. A backup is always one"`
}

func (a *API) importRoute() {
	register(a, operation{
		id: "import-documents", method: http.MethodPost, path: importPath, tag: "exchange", role: access.Admin, transfer: true,
		summary: "Import documents, or a backup",
		details: "The body streams: it may be of any size, and takes as long as it needs. Documents are stored in batches, each a transaction; one that cannot be stored is refused by itself and named in the answer. " +
			"If the body is sent again, what has not changed is left alone, so an import that was cut short can simply be repeated. What a person has edited since is never overwritten. There is no Idempotency-Key here, since none is needed.",
		request: []map[string]any{}, result: importer.StreamReport{}, errors: []int{409},
		requestExample: []any{map[string]any{
			"schema_version": "1.4.1", "incident_id": "FR-1182", "source_id": "case", "security_incident": "Confirmed",
			"summary": "Card data was read off the payment pages of Acme Pay.",
			"victim":  map[string]any{"victim_id": "Acme Pay", "industry": "522320", "country": []any{"US"}, "employee_count": "Unknown"},
			"actor":   map[string]any{"external": map[string]any{"variety": []any{"Organized crime"}, "motive": []any{"Financial"}, "country": []any{"Unknown"}}},
			"action":  map[string]any{"malware": map[string]any{"variety": []any{"Capture app data"}, "vector": []any{"Web application"}}},
			"asset":   map[string]any{"assets": []any{map[string]any{"variety": "S - Web application"}}},
			"attribute": map[string]any{"confidentiality": map[string]any{
				"data_disclosure": "Yes", "data_total": 4100, "data": []any{map[string]any{"variety": "Payment", "amount": 4100}},
			}},
			"timeline": map[string]any{"incident": map[string]any{"year": 2026}},
		}},
	}, a.importDocuments)
	body := a.huma.OpenAPI().Paths[importPath].Post.RequestBody
	body.Content[ndjsonMedia] = &huma.MediaType{Schema: &huma.Schema{Type: huma.TypeString}}
	body.Content["application/gzip"] = &huma.MediaType{Schema: &huma.Schema{Type: huma.TypeString, Format: "binary"}}
}

func (a *API) importDocuments(ctx context.Context, in *importInput) (*answer, error) {
	if err := in.check(); err != nil {
		return nil, err
	}
	writer := visitOf(ctx).writer
	control := http.NewResponseController(writer)
	// The answer comes when all is done, and then has the usual time.
	_ = control.SetWriteDeadline(time.Time{})
	defer func() { _ = control.SetWriteDeadline(time.Now().Add(stall)) }()
	body := &steadyReader{from: in.body, control: control, stall: stall}
	if in.Format == "ndjson" {
		return a.importBackup(ctx, in, body)
	}
	report, err := a.importStream(ctx, in, body)
	if !errors.Is(err, importer.ErrAtomic) {
		a.metrics.countImport(in.Format, report)
	}
	if err != nil {
		return nil, unfinished(err, report)
	}
	return asJSON(report)
}

// check refuses parameters that the format would ignore: whoever gives one counts on it.
func (in *importInput) check() error {
	var wrong []FieldError
	if in.DryRun && in.Format == "ndjson" {
		wrong = append(wrong, FieldError{Parameter: "dry_run", Detail: "is not possible with format=ndjson: a backup is read whole, into an empty ledger, or not at all"})
	}
	if in.Mapping != "" && in.Format != "csv" {
		wrong = append(wrong, FieldError{Parameter: "mapping", Detail: "goes with format=csv only"})
	}
	if in.Strict && in.Format != "veris" {
		wrong = append(wrong, FieldError{Parameter: "strict", Detail: "goes with format=veris only"})
	}
	if len(wrong) == 0 {
		return nil
	}
	return &Problem{Status: http.StatusUnprocessableEntity, Code: "invalid", Detail: "a parameter cannot be accepted", Errors: wrong}
}

func (a *API) importStream(ctx context.Context, in *importInput, body io.Reader) (importer.StreamReport, error) {
	o := importer.Options{DryRun: in.DryRun, Atomic: in.Atomic, Writers: transferWriters}
	if in.Format != "csv" {
		format, _ := importer.FormatNamed(in.Format, in.Strict)
		return importer.Stream(ctx, a.ledger, format, jsonstream.Read(body), o)
	}
	mapping := csvfile.OwnMapping()
	if in.Mapping != "" {
		var err error
		if mapping, err = csvfile.ParseMapping("mapping", []byte(in.Mapping)); err != nil {
			return importer.StreamReport{}, &Problem{
				Status: http.StatusUnprocessableEntity, Code: "invalid", Detail: "the mapping cannot be accepted",
				Errors: []FieldError{{Parameter: "mapping", Detail: err.Error()}},
			}
		}
	}
	return importer.CSV(ctx, a.ledger, mapping, body, o)
}

// unfinished is the problem of an import that ended before its body did, or that
// was to be all or nothing. It tells what was stored until then.
func unfinished(err error, report importer.StreamReport) error {
	var broken *jsonstream.Error
	var table *csvfile.Error
	switch all := errors.Is(err, importer.ErrAtomic); {
	case errors.As(err, &broken), errors.As(err, &table):
		until := "Before that: " + report.String()
		if all {
			until = "Nothing was stored"
		}
		return &Problem{Status: http.StatusBadRequest, Code: "malformed", Detail: fmt.Sprintf("the body cannot be read on: %v. %s", err, until)}
	case all:
		var problems incidents.Problems
		for _, d := range report.Details {
			switch {
			case d.Kind != importer.DetailRefused:
			case len(d.Cells) > 0:
				problems = append(problems, ofCells(d.Cells)...)
			default:
				problems.Merge(d.Problems.Under(fmt.Sprint("/", d.Row-1)))
			}
		}
		return problems
	default:
		return err
	}
}

// ofCells are the problems of a table's cells by pointer: the row, from 0, and the
// name of the column.
func ofCells(cells []csvfile.Problem) incidents.Problems {
	var out incidents.Problems
	for _, c := range cells {
		p := incidents.Problem{Pointer: fmt.Sprint("/", c.Row-1), Detail: c.Detail, Allowed: c.Allowed}
		if c.Column != "" {
			p.Pointer += "/" + strict.Escape(c.Column)
		}
		if c.Value != "" {
			p.Detail = fmt.Sprintf("%.60q %s", c.Value, c.Detail)
		}
		out = append(out, p)
	}
	return out
}

// importBackup fills the empty ledger.
func (a *API) importBackup(ctx context.Context, in *importInput, body io.Reader) (*answer, error) {
	var broken *ndjson.Error
	r, err := ndjson.NewReader(body)
	if err == nil {
		err = a.ledger.ReadBackup(ctx, r)
	}
	switch {
	case errors.Is(err, ledger.ErrNotEmpty):
		return nil, &Problem{Status: http.StatusConflict, Code: "not_empty", Detail: ledger.ErrNotEmpty.Error()}
	case errors.As(err, &broken):
		return nil, &Problem{Status: http.StatusBadRequest, Code: "malformed", Detail: fmt.Sprintf("the body is not a backup as it is accepted here: %v. Nothing was stored", broken)}
	case err != nil:
		return nil, err
	}
	report := importer.BackupReport(r.Counts(), nil)
	a.metrics.countImport(in.Format, report)
	return asJSON(report)
}
