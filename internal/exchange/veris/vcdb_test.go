package veris

import (
	"encoding/json"
	"os"
	"regexp"
	"slices"
	"testing"

	"github.com/breachledger/breachledger/internal/exchange/jsonstream"
	"github.com/breachledger/breachledger/internal/exchange/sharedtest"
	"github.com/breachledger/breachledger/internal/incidents"
)

// vcdb is the VERIS Community Database.
func vcdb(t sharedtest.TB) [][]byte {
	t.Helper()
	f, err := os.Open(sharedtest.Path(t, "data/vcdb-2019.jsonl.gz"))
	if err != nil {
		t.Fatalf("%v", err)
	}
	defer f.Close()
	var out [][]byte
	for d, err := range jsonstream.Read(f) {
		if err != nil {
			t.Fatalf("%v", err)
		}
		out = append(out, d.JSON)
	}
	return out
}

// Every document is read, and what it says of figures and addresses is there.
func TestDecodeVCDB(t *testing.T) {
	t.Parallel()
	docs := vcdb(t)
	ids := map[incidents.ExternalRef]int{}
	counts, victims := 0, 0
	for _, doc := range docs {
		r, problems := Decode(doc, Options{})
		if len(problems) > 0 {
			t.Errorf("%v in %s", problems, doc)
			continue
		}
		if problems := r.Incident.Validate(); len(problems) > 0 {
			t.Errorf("%v in %s", problems, doc)
		}
		ids[r.Ref]++
		var said struct {
			Victim struct {
				ID string `json:"victim_id"`
			}
			Attribute struct {
				Confidentiality struct {
					Total *int64 `json:"data_total"`
				}
			}
			Reference string
		}
		if err := json.Unmarshal(doc, &said); err != nil {
			t.Fatal(err)
		}
		r.Incident.Derive()
		v := r.Incident.Victims
		if total := said.Attribute.Confidentiality.Total; total != nil {
			counts++
			if v == nil || *v.Quantity != *total || v.Unit != incidents.Records {
				t.Errorf("victims %+v, want %d records, in %s", v, *total, doc)
			}
		}
		if n := len(regexp.MustCompile(`(^|[\s;,(])https?://`).FindAllString(said.Reference, -1)); n > 0 && len(r.Incident.Sources) == 0 {
			t.Errorf("no source, of %d addresses in %s", n, said.Reference)
		}
		if named := slices.ContainsFunc(r.Incident.Participants, func(p incidents.Participant) bool { return p.Role == incidents.RoleVictim }); named {
			victims++
		} else if !nobody(said.Victim.ID) {
			t.Errorf("the victim %q was lost", said.Victim.ID)
		}
	}
	if len(docs) != 8198 || len(ids) != 8193 || counts != 4622 {
		t.Errorf("%d documents, %d ids, %d totals", len(docs), len(ids), counts)
	}
	t.Logf("%d documents with a victim", victims)
}

func BenchmarkDecode(b *testing.B) {
	docs := vcdb(b)
	b.ReportAllocs()
	for b.Loop() {
		for _, doc := range docs {
			if _, problems := Decode(doc, Options{}); len(problems) > 0 {
				b.Fatal(problems)
			}
		}
	}
	b.ReportMetric(float64(len(docs)*b.N)/b.Elapsed().Seconds(), "documents/s")
}

func BenchmarkEncode(b *testing.B) {
	docs := vcdb(b)[:1000]
	read := make([]Result, len(docs))
	for i, doc := range docs {
		var problems incidents.Problems
		if read[i], problems = Decode(doc, Options{}); len(problems) > 0 {
			b.Fatal(problems)
		}
	}
	b.ReportAllocs()
	for b.Loop() {
		for i, r := range read {
			if _, err := Encode(r.Incident, docs[i]); err != nil {
				b.Fatal(err)
			}
		}
	}
	b.ReportMetric(float64(len(read)*b.N)/b.Elapsed().Seconds(), "documents/s")
}
