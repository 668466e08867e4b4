package browsertest

import (
	"context"
	"net/http/httptest"
	"testing"

	"github.com/breachledger/breachledger/internal/access"
	"github.com/breachledger/breachledger/internal/factfile"
	"github.com/breachledger/breachledger/internal/importer"
	"github.com/breachledger/breachledger/internal/incidents"
	"github.com/breachledger/breachledger/internal/ledger"
	"github.com/breachledger/breachledger/internal/ledgertest"
	"github.com/breachledger/breachledger/internal/web"
	"github.com/breachledger/breachledger/seeds"
)

// site is a server with the seed articles.
type site struct {
	url    string
	ledger *ledger.Ledger
	key    string // an editor's
}

func serve(t *testing.T) *site {
	t.Helper()
	l := ledgertest.Open(t)
	set, err := factfile.Load(seeds.Files, "seeds")
	if err != nil {
		t.Fatalf("read the seeds: %v", err)
	}
	if _, err := importer.Facts(context.Background(), l, set); err != nil {
		t.Fatalf("import the seeds: %v", err)
	}
	pages, err := web.New(web.Config{Ledger: l})
	if err != nil {
		t.Fatalf("make the pages: %v", err)
	}
	server := httptest.NewServer(pages)
	t.Cleanup(server.Close)
	_, secret, err := l.CreateKey(context.Background(), "an editor", access.Editor, nil)
	if err != nil {
		t.Fatalf("make a key: %v", err)
	}
	return &site{url: server.URL, ledger: l, key: secret}
}

// record logs an incident through the ledger.
func (s *site) record(t *testing.T, in incidents.Incident) string {
	t.Helper()
	c := ledger.Change{By: access.Identity{Name: "a test", Role: access.Editor}, Action: "record"}
	doc, err := s.ledger.Record(context.Background(), c, in)
	if err != nil {
		t.Fatalf("record %q: %v", in.Title, err)
	}
	return doc.Slug
}

func date(t *testing.T, s string) incidents.PartialDate {
	t.Helper()
	d, err := incidents.ParseDate(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// victim is a part that a company of that name takes.
func victim(name string) []incidents.Participant {
	return []incidents.Participant{{Actor: incidents.ActorRef{Name: name, Kind: incidents.Company}, Role: incidents.RoleVictim}}
}

// count is a figure without a source.
func count(q incidents.Qualifier, n int64) []incidents.Count {
	return []incidents.Count{{Unit: incidents.People, Qualifier: q, Quantity: &n}}
}
