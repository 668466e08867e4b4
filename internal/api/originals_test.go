package api_test

import (
	"bytes"
	"net/http"
	"testing"

	"github.com/breachledger/breachledger/internal/access"
	"github.com/breachledger/breachledger/internal/api"
	"github.com/breachledger/breachledger/internal/exchange/veris"
	"github.com/breachledger/breachledger/internal/ledger"
	"github.com/breachledger/breachledger/internal/ledgertest"
)

// TestOriginalsHoldNoTexts: a document that another ledger of ours has written brings
// the texts of its sources along. They are kept with the sources alone, so that who
// may not read them, and who comes after they were taken away, finds them nowhere.
func TestOriginalsHoldNoTexts(t *testing.T) {
	t.Parallel()
	var documents bytes.Buffer
	for one, err := range seeded(t).ledger.Exported(t.Context(), ledger.Export{Texts: true}) {
		if err != nil {
			t.Fatal(err)
		}
		document, err := veris.Encode(one.Incident, nil)
		if err != nil {
			t.Fatal(err)
		}
		documents.Write(append(document, '\n'))
	}
	const unquoted = "Chinese President Xi Jinping" // of the text on Anthem, where nothing quotes it
	if !bytes.Contains(documents.Bytes(), []byte(unquoted)) {
		t.Fatal("the documents have no texts")
	}
	s := startWith(t, ledgertest.Open(t), api.Config{KeyedTexts: true})
	if got := report(t, s.upload(t, "format=veris", documents.String())); got.Created != 4 || got.Refused != 0 {
		t.Fatalf("the import: %v", got)
	}
	if again := report(t, s.upload(t, "format=veris", documents.String())); again.Unchanged != 4 {
		t.Errorf("the import again: %v", again)
	}
	const path = "/v1/incidents/anthem-records-breach"
	original := s.get(t, path+"/veris?version=original").must(t, http.StatusOK).body
	if bytes.Contains(original, []byte(unquoted)) || !bytes.Contains(original, []byte("as many as 78.8 million customer records")) {
		t.Errorf("the original is %s", original)
	}
	incident := s.get(t, path).must(t, http.StatusOK).json(t)
	source := text(t, incident, "sources", 0, "id")
	if !at(t, incident, "sources", 0, "has_text").(bool) {
		t.Error("the ledger does not hold the text")
	}
	s.send(t, request{method: http.MethodPost, path: "/v1/sources/" + source + "/redact", role: access.Admin, body: "{}"}).must(t, http.StatusOK)
	if backup := s.send(t, request{path: "/v1/export", role: access.Admin}).must(t, http.StatusOK).body; bytes.Contains(backup, []byte(unquoted)) {
		t.Error("a text that was taken away stands in the backup")
	}
}
