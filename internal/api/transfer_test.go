package api_test

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/breachledger/breachledger/internal/access"
	"github.com/breachledger/breachledger/internal/api"
	"github.com/breachledger/breachledger/internal/exchange/csvfile"
	"github.com/breachledger/breachledger/internal/importer"
	"github.com/breachledger/breachledger/internal/incidents"
)

// verisDocument is a document of VERIS with a number of its own.
func verisDocument(n int) string {
	return fmt.Sprintf(`{"schema_version":"1.4.1","source_id":"case","incident_id":"C-%d","security_incident":"Confirmed",
		"summary":"Card data of shop %d was read.","victim":{"victim_id":"Shop %d","industry":"441110","country":["US"]},
		"attribute":{"confidentiality":{"data_total":%d,"data":[{"variety":"Payment"}]}},"timeline":{"incident":{"year":2026}}}`, n, n, n, n+1)
}

func (s *service) upload(tb testing.TB, query, body string) reply {
	tb.Helper()
	return s.send(tb, request{method: http.MethodPost, path: "/v1/import?" + query, role: access.Admin, body: body})
}

func report(tb testing.TB, r reply) importer.StreamReport {
	tb.Helper()
	return decode[importer.StreamReport](tb, r.must(tb, http.StatusOK).body)
}

func TestImportStreamsPastTheLimitOfBodies(t *testing.T) {
	t.Parallel()
	s := start(t)
	var documents []string
	for n := range 700 {
		documents = append(documents, strings.Replace(verisDocument(n), `"summary":"`, `"summary":"`+strings.Repeat("Again. ", 250), 1))
	}
	body := "[" + strings.Join(documents, ",") + "]"
	if len(body) < 1<<20 {
		t.Fatalf("the body has only %d bytes", len(body))
	}
	if got := report(t, s.upload(t, "format=veris", body)); got.Created != 700 || got.Refused != 0 {
		t.Errorf("the first import: %v", got)
	}
	var packed bytes.Buffer
	w := gzip.NewWriter(&packed)
	if _, err := w.Write([]byte(strings.Join(documents, "\n"))); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if got := report(t, s.upload(t, "format=veris", packed.String())); got.Unchanged != 700 {
		t.Errorf("the same again, packed and as JSON lines: %v", got)
	}
}

func TestImportSaysWhatItRefuses(t *testing.T) {
	t.Parallel()
	s := start(t)
	bad := `{"source_id":"case","summary":"It has no number"}`
	body := "[" + verisDocument(1) + "," + bad + "," + verisDocument(2) + "]"

	got := s.upload(t, "format=veris&atomic=true", body).must(t, http.StatusUnprocessableEntity)
	if p := got.problem(t); len(p.Errors) == 0 || !strings.HasPrefix(p.Errors[0].Pointer, "/1") {
		t.Errorf("an atomic import does not say which document is refused: %s", got.body)
	}
	if got := report(t, s.upload(t, "format=veris&dry_run=true", body)); got.Created != 2 || got.Refused != 1 || !got.DryRun {
		t.Errorf("a dry run: %v", got)
	}
	if list := s.get(t, "/v1/incidents").json(t)["data"].([]any); len(list) != 0 {
		t.Errorf("%d incidents are stored by imports that were to store none", len(list))
	}
	if got := report(t, s.upload(t, "format=veris", body)); got.Created != 2 || got.Refused != 1 || got.Details[0].Row != 2 {
		t.Errorf("the import: %v", got)
	}

	metrics := string(s.send(t, request{path: "/metrics", role: access.Admin}).body)
	for _, line := range []string{
		`breachledger_import_documents_total{format="veris",outcome="created"} 2`, `breachledger_import_documents_total{format="veris",outcome="refused"} 1`,
	} {
		if !strings.Contains(metrics, line) {
			t.Errorf("the metrics lack %s", line)
		}
	}

	cut := s.upload(t, "format=veris", "["+verisDocument(3)+`,{"source_id":`).must(t, http.StatusBadRequest)
	if p := cut.problem(t); !strings.Contains(p.Detail, "row 2") || !strings.Contains(p.Detail, "1 created") {
		t.Errorf("a body that ends early: %s", cut.body)
	}
	s.upload(t, "format=excel", "").must(t, http.StatusUnprocessableEntity)
	s.upload(t, "", verisDocument(9)).must(t, http.StatusUnprocessableEntity)
}

// TestImportRefusesWhatItWouldPassOver: a strict import of a table is none.
func TestImportRefusesWhatItWouldPassOver(t *testing.T) {
	t.Parallel()
	s := start(t)
	for query, parameters := range map[string][]string{
		"format=hibp&strict=true":                {"strict"},
		"format=csv&strict=true":                 {"strict"},
		"format=veris&mapping=key:%20x":          {"mapping"},
		"format=ndjson&strict=true&dry_run=true": {"dry_run", "strict"},
	} {
		problem := decode[api.Problem](t, s.upload(t, query, "[]").must(t, http.StatusUnprocessableEntity).body)
		var named []string
		for _, e := range problem.Errors {
			named = append(named, e.Parameter)
		}
		if !slices.Equal(named, parameters) {
			t.Errorf("%s: %v", query, problem.Errors)
		}
	}
}

// TestImportOfATable: our own form, and other people's columns with a mapping.
func TestImportOfATable(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	var table bytes.Buffer
	all := func(yield func(incidents.Incident, error) bool) {
		for _, slug := range []string{acme, "acme-pay-breach-2024"} {
			yield(decode[incidents.Incident](t, w.get(t, "/v1/incidents/"+slug).must(t, http.StatusOK).body), nil)
		}
	}
	if err := csvfile.EncodeWide(&table, all); err != nil {
		t.Fatal(err)
	}
	to := start(t)
	if got := report(t, to.upload(t, "format=csv", table.String())); got.Created != 2 || got.Refused != 0 {
		t.Errorf("our own table: %+v", got)
	}
	if got := report(t, to.upload(t, "format=csv", table.String())); got.Unchanged != 2 {
		t.Errorf("our own table again: %+v", got)
	}
	var claims bytes.Buffer
	if err := csvfile.EncodeLong(&claims, all); err != nil {
		t.Fatal(err)
	}
	if got := report(t, to.upload(t, "format=csv&dry_run=true", claims.String())); got.LeftAlone != 2 || got.Sample == nil || len(got.Sample.Rows) == 0 {
		t.Errorf("the claims of the same incidents: %+v", got)
	}
	other := start(t)
	if got := report(t, other.upload(t, "format=csv", claims.String())); got.Created != 2 || got.Refused != 0 || got.Format != "csv:long" {
		t.Errorf("one row per claim: %+v", got)
	}
	wrong := other.upload(t, "format=csv&atomic=true", "incident_title,category,claim,actor,kind\nA,other,response,Acme,apology\nA,other,response,Acme,shouting\n").must(t, http.StatusUnprocessableEntity)
	if p := wrong.problem(t); len(p.Errors) != 2 || p.Errors[0].Pointer != "/2/kind" || len(p.Errors[0].Allowed) == 0 {
		t.Errorf("a wrong row, all or nothing: %s", wrong.body)
	}
	for query, want := range map[string]int{
		"format=csv":                      http.StatusBadRequest,
		"format=csv&mapping=columns%3A+7": http.StatusUnprocessableEntity,
	} {
		to.upload(t, query, "a,b\n1,2\n").must(t, want)
	}
}

// TestExportAndImportTheWholeLedger: what one server gives out, another with an
// empty ledger takes in, and gives out alike.
// TestAnExportThatCannotBeginIsAProblem: what an answer was going to be does not show
// in the problem that takes its place.
func TestAnExportThatCannotBeginIsAProblem(t *testing.T) {
	t.Parallel()
	s := start(t)
	export := request{path: "/v1/export", role: access.Admin, header: map[string]string{"Accept-Encoding": "gzip"}}
	s.send(t, export).must(t, http.StatusOK) // and the key is known from now on
	s.ledger.Close()
	got := s.serve(export.build(t, s.keys))
	if got.status < http.StatusInternalServerError || got.problem(t).Status != got.status {
		t.Errorf("the answer without a database is %d %s", got.status, got.body)
	}
	if media, name := got.header.Get("Content-Type"), got.header.Get("Content-Disposition"); media != "application/problem+json" || name != "" || got.header.Get("Content-Encoding") != "" {
		t.Errorf("the problem comes as %s, named %q", media, name)
	}
}

// TestAnExportIsPackedForThoseWhoTakeIt: and not for those who say that they don't.
func TestAnExportIsPackedForThoseWhoTakeIt(t *testing.T) {
	t.Parallel()
	s := start(t)
	for accepted, want := range map[string]string{"": "", "br, gzip;q=0.5": "gzip", "gzip;q=0": "", "x-gzip-like": ""} {
		got := s.send(t, request{path: "/v1/export", role: access.Admin, header: map[string]string{"Accept-Encoding": accepted}}).must(t, http.StatusOK)
		if encoding := got.header.Get("Content-Encoding"); encoding != want {
			t.Errorf("%q: the export is packed with %q", accepted, encoding)
		}
	}
}

func TestExportAndImportTheWholeLedger(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.incident(t, "", true)
	exported := w.send(t, request{path: "/v1/export", role: access.Admin}).must(t, http.StatusOK)
	if !strings.HasPrefix(exported.header.Get("Content-Disposition"), `attachment; filename="breachledger-`) {
		t.Errorf("the export has no name: %v", exported.header)
	}

	to := start(t)
	cut := exported.body[:len(exported.body)-20]
	to.upload(t, "format=ndjson", string(cut)).must(t, http.StatusBadRequest)
	to.upload(t, "format=ndjson", `{"something":"else"}`).must(t, http.StatusBadRequest)
	refused := strings.Replace(string(exported.body), `"slug":"`, `"slug":"A `, 1) // only the database finds that
	if r := to.upload(t, "format=ndjson", refused).must(t, http.StatusBadRequest); !strings.Contains(string(r.body), "line 2: ") {
		t.Errorf("what the ledger cannot hold is refused by %s", r.body)
	}
	to.upload(t, "format=ndjson&dry_run=true", string(exported.body)).must(t, http.StatusUnprocessableEntity)
	if got := report(t, to.upload(t, "format=ndjson", string(exported.body))); got.Created != 3 || got.Message == "" {
		t.Errorf("the import of a backup: %+v", got)
	}
	again := to.send(t, request{path: "/v1/export", role: access.Admin, header: map[string]string{"Accept-Encoding": "gzip"}}).must(t, http.StatusOK)
	unpacked, err := gzip.NewReader(bytes.NewReader(again.body))
	if err != nil {
		t.Fatalf("the export is not packed: %v", err)
	}
	var back bytes.Buffer
	if _, err := back.ReadFrom(unpacked); err != nil {
		t.Fatal(err)
	}
	if a, b := withoutHeader(exported.body), withoutHeader(back.Bytes()); !bytes.Equal(a, b) {
		t.Errorf("the ledgers differ:\n%s\n%s", a, b)
	}
	to.upload(t, "format=ndjson", string(exported.body)).must(t, http.StatusConflict)
}

// withoutHeader leaves out the first line, which has the time.
func withoutHeader(backup []byte) []byte {
	_, rest, _ := bytes.Cut(backup, []byte("\n"))
	return rest
}

// TestPatchASourceOfAnIncident: what is said of it is changed under the
// incident's ETag, and whoever has an old one is told.
func TestPatchASourceOfAnIncident(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	doc := w.incident(t, "", false)
	path := "/v1/incidents/" + text(t, doc, "slug") + "/sources/" + text(t, doc, "sources", 0, "id")
	patch := func(etag, body string) reply {
		return w.send(t, request{method: http.MethodPatch, path: path, role: access.Editor, body: body, header: map[string]string{"If-Match": etag}})
	}
	old := w.get(t, "/v1/incidents/"+text(t, doc, "slug")).header.Get("ETag")
	patch("", `{"publisher":"Acme Pay"}`).must(t, http.StatusPreconditionRequired)
	got := patch(old, `{"publisher":"Acme Pay"}`).must(t, http.StatusOK)
	if said := text(t, got.json(t), "sources", 0, "publisher"); said != "Acme Pay" {
		t.Errorf("the publisher is %q", said)
	}
	patch(old, `{"publisher":"Another"}`).must(t, http.StatusPreconditionFailed)
	patch("*", `{"text":"Something else"}`).must(t, http.StatusUnprocessableEntity)
	path = "/v1/incidents/" + acme + "/sources/" + text(t, doc, "sources", 0, "id")
	patch("*", `{"publisher":"Another"}`).must(t, http.StatusNotFound)
}

// TestWhatPostAnswersCanBeSentBack, the warning of likely duplicates included.
func TestWhatPostAnswersCanBeSentBack(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	doc := w.incident(t, "", false)
	if _, ok := doc["possible_duplicates"]; !ok {
		t.Fatalf("the incident is like others, and there is no warning: %v", doc)
	}
	body, err := json.Marshal(doc)
	if err != nil {
		t.Fatal(err)
	}
	w.send(t, request{method: http.MethodPut, path: "/v1/incidents/" + text(t, doc, "slug"), role: access.Editor, body: string(body), header: map[string]string{"If-Match": "*"}}).must(t, http.StatusOK)
}
