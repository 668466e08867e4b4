package csvfile_test

import (
	"bytes"
	"encoding/json"
	"iter"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/google/uuid"
	"github.com/shopspring/decimal"

	"github.com/breachledger/breachledger/internal/exchange/csvfile"
	"github.com/breachledger/breachledger/internal/factfile"
	"github.com/breachledger/breachledger/internal/incidents"
)

// documents are the incidents of the seeds, and the maximal and the smallest
// document of the domain's own tests.
func documents(tb testing.TB) []incidents.Incident {
	tb.Helper()
	text, err := os.ReadFile("../../incidents/testdata/documents.golden")
	if err != nil {
		tb.Fatal(err)
	}
	var out []incidents.Incident
	dec := json.NewDecoder(bytes.NewReader(text))
	for dec.More() {
		var in incidents.Incident
		if err := dec.Decode(&in); err != nil {
			tb.Fatal(err)
		}
		out = append(out, in)
	}
	set, err := factfile.Load(os.DirFS("../../../seeds"), "seeds")
	if err != nil {
		tb.Fatal(err)
	}
	for _, f := range set.Files {
		for _, in := range f.Incidents {
			in.JoinActors()
			n := 0
			in.EachClaim(func(_ string, c *incidents.Claim) {
				n++
				c.ID = uuid.NewSHA1(uuid.NameSpaceURL, []byte{byte(len(out)), byte(n)})
			})
			in.Link(func(uuid.UUID) bool { return true })
			in.Derive()
			out = append(out, in)
		}
	}
	return append(out, hostile())
}

// hostile has what a spreadsheet, a separator or an escape could trip over.
func hostile() incidents.Incident {
	amount := decimal.RequireFromString("0.000000000000000001")
	most := int64(incidents.MaxQuantity)
	in := incidents.Incident{
		Title: `=HYPERLINK("http://evil.example";"x")`, Summary: "-1\n\n\"two\", three; \\four", Category: incidents.CategoryOther,
		Participants: []incidents.Participant{
			{Actor: incidents.ActorRef{Name: `Acme; Pay \ Co.`}, Role: incidents.RoleVictim}, {Actor: incidents.ActorRef{Name: "+Beta"}, Role: incidents.RoleVictim},
			{Actor: incidents.ActorRef{Name: "'=Gamma"}, Role: incidents.RoleReporter},
		},
		Counts: []incidents.Count{{Unit: incidents.Records, Quantity: &most, ClaimedBy: &incidents.ActorRef{Name: "@Delta"}}},
		Losses: []incidents.Loss{{Kind: "fine", Amount: &amount, Currency: "ETH"}},
		Sources: []incidents.Source{
			{URL: "https://example.org/a;b?c=\\d"}, {Title: "-Title; with"},
		},
		ExternalRefs: []incidents.ExternalRef{{Scheme: "case", ID: "a:b;c"}},
	}
	in.Complete()
	in.Derive()
	return in
}

func each(all []incidents.Incident) iter.Seq2[incidents.Incident, error] {
	return func(yield func(incidents.Incident, error) bool) {
		for _, in := range all {
			if !yield(in, nil) {
				return
			}
		}
	}
}

func encoded(tb testing.TB, encode func(*strings.Builder) error) string {
	tb.Helper()
	var out strings.Builder
	if err := encode(&out); err != nil {
		tb.Fatal(err)
	}
	return out.String()
}

func wide(tb testing.TB, all []incidents.Incident) string {
	tb.Helper()
	return encoded(tb, func(out *strings.Builder) error { return csvfile.EncodeWide(out, each(all)) })
}

func TestWideGolden(t *testing.T) {
	t.Parallel()
	golden(t, "wide.golden.csv", wide(t, documents(t)))
}

func TestLongGolden(t *testing.T) {
	t.Parallel()
	golden(t, "long.golden.csv", encoded(t, func(out *strings.Builder) error { return csvfile.EncodeLong(out, each(documents(t))) }))
}

// kept is what the wide form keeps of a document.
func kept(in incidents.Incident) incidents.Incident {
	out := incidents.Incident{
		ID: in.ID, Slug: in.Slug, Title: in.Title, Summary: in.Summary, Category: in.Category, Certainty: in.Certainty,
		Occurred: in.Occurred, Discovered: in.Discovered, Disclosed: in.Disclosed, Contained: in.Contained,
		Countries: in.Countries, Vectors: in.Vectors, DataClasses: in.DataClasses, PaymentMethods: in.PaymentMethods, Tags: in.Tags,
		ExternalRefs: in.ExternalRefs,
	}
	roles := incidents.RoleVictim.Vocabulary().Values()
	for _, role := range roles {
		for _, p := range in.Participants {
			if string(p.Role) == role {
				out.Participants = append(out.Participants, incidents.Participant{Actor: named(p.Actor), Role: p.Role})
			}
		}
	}
	for _, s := range in.Sources {
		// It is known by its address, else by its title, else by its id.
		switch {
		case s.URL != "":
			out.Sources = append(out.Sources, incidents.Source{URL: s.URL})
		case s.Title != "":
			out.Sources = append(out.Sources, incidents.Source{Title: s.Title})
		case s.ID != uuid.Nil:
			out.Sources = append(out.Sources, incidents.Source{ID: s.ID})
		}
	}
	for _, c := range in.Counts {
		if c.Headline {
			c.Claim, c.Text, c.Supersedes, c.ClaimedBy = incidents.Claim{Evidence: c.Evidence}, "", "", maybeNamed(c.ClaimedBy)
			out.Counts = []incidents.Count{c}
		}
	}
	if len(in.Losses) > 0 {
		l := in.Losses[0]
		l.Claim, l.Text, l.Converted, l.ClaimedBy = incidents.Claim{Evidence: l.Evidence}, "", nil, maybeNamed(l.ClaimedBy)
		out.Losses = []incidents.Loss{l}
	}
	out.Complete()
	return out
}

func named(r incidents.ActorRef) incidents.ActorRef {
	return incidents.ActorRef{Name: r.Name + strings.TrimPrefix(r.Given, r.Name)}
}

func maybeNamed(r *incidents.ActorRef) *incidents.ActorRef {
	if r == nil {
		return nil
	}
	n := named(*r)
	return &n
}

// What the wide form says is read back as it was.
func TestWideRoundTrip(t *testing.T) {
	t.Parallel()
	all := documents(t)
	text := wide(t, all)
	n := 0
	for row, err := range decodeOwn(strings.NewReader(text)) {
		if err != nil {
			t.Fatal(err)
		}
		want := kept(all[n])
		n++
		if len(row.Problems) > 0 {
			t.Errorf("row %d: %v", row.Number, row.Problems)
		}
		sources := slices.Clone(row.Incident.Sources)
		for i := range sources {
			sources[i].Key = ""
		}
		row.Incident.Sources = sources
		diff := cmp.Diff(want, row.Incident, cmp.AllowUnexported(incidents.PartialDate{}), cmpopts.IgnoreFields(incidents.Claim{}, "Evidence"),
			cmp.Comparer(func(a, b decimal.Decimal) bool { return a.Equal(b) }), cmpopts.EquateEmpty())
		if diff != "" {
			t.Errorf("row %d (-want +got):\n%s", row.Number, diff)
		}
	}
	if n != len(all) {
		t.Errorf("%d rows, want %d", n, len(all))
	}
}

// A claim that is read back cites what it cited, not every source of its row.
func TestWideEvidence(t *testing.T) {
	t.Parallel()
	in := hostile()
	in.Counts[0].Evidence = []incidents.Evidence{{Source: in.Sources[1].Ref(), Quote: "gone"}}
	for row, err := range decodeOwn(strings.NewReader(wide(t, []incidents.Incident{in}))) {
		if err != nil || len(row.Problems) > 0 {
			t.Fatal(err, row.Problems)
		}
		if got := row.Incident.Counts[0].Evidence; len(got) != 1 || got[0].Source.Key != row.Incident.Sources[1].Key || got[0].Quote != "" {
			t.Errorf("the count's evidence is %+v", got)
		}
		if got := row.Incident.Losses[0].Evidence; len(got) != 0 {
			t.Errorf("the loss's evidence is %+v", got)
		}
	}
}

// FuzzWide: whatever row of the wide form can be read is read the same after it
// was written again.
func FuzzWide(f *testing.F) {
	f.Add([]byte(wide(f, []incidents.Incident{hostile()})))
	f.Add([]byte("title,category,victim\n\"A\nB\",other,\"a\\;b; c\\\\\"\n"))
	f.Add([]byte("title\tcategory\tcount_quantity\tcount_unit\n'=A\tData breach\t> 5\tcards\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		read := func(r string) []incidents.Incident {
			var out []incidents.Incident
			f, err := csvfile.Open(strings.NewReader(r), csvfile.OwnMapping())
			if err != nil || f.Name() != "wide" { // FuzzLong reads the other
				return nil
			}
			for row, err := range f.Rows() {
				if err != nil {
					break
				}
				for _, p := range row.Problems {
					if p.Row != row.Number || p.Detail == "" {
						t.Errorf("%+v", p)
					}
				}
				if len(row.Problems) == 0 {
					out = append(out, row.Incident)
				}
			}
			return out
		}
		first := read(string(data))
		for i := range first {
			first[i].Derive()
		}
		again := read(wide(t, first))
		for i := range again {
			again[i].Derive()
		}
		if diff := cmp.Diff(wide(t, first), wide(t, again)); diff != "" {
			t.Errorf("(-first +again):\n%s", diff)
		}
	})
}
