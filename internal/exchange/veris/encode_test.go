package veris

import (
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"github.com/shopspring/decimal"

	"github.com/breachledger/breachledger/internal/factfile"
	"github.com/breachledger/breachledger/internal/incidents"
)

// roundTrip encodes an incident, checks the document and reads it back.
func roundTrip(t *testing.T, in *incidents.Incident, original []byte) {
	t.Helper()
	doc, err := Encode(*in, original)
	if err != nil {
		t.Fatal(err)
	}
	valid(t, doc)
	r, problems := Decode(doc, Options{Strict: true})
	if len(problems) > 0 || len(r.Notes) > 0 {
		t.Fatalf("problems %v, notes %v in\n%s", problems, r.Notes, doc)
	}
	want := plain(in)
	if diff := cmp.Diff(want, plain(&r.Incident), cmp.Comparer(func(a, b incidents.PartialDate) bool { return a == b })); diff != "" {
		t.Fatalf("(-want +got):\n%s\nin %s", diff, doc)
	}
}

// plain is an incident without what follows from the rest, and without the ids
// that only the database knows actors by.
func plain(in *incidents.Incident) *incidents.Incident {
	p := in.Clone()
	p.Complete()
	p.Victims, p.Payment, p.Unanswered, p.Contested = nil, false, false, false
	p.EachClaim(func(_ string, c *incidents.Claim) { c.Support = "" })
	for i := range p.Counts {
		p.Counts[i].Text = ""
	}
	for i := range p.Losses {
		p.Losses[i].Text = ""
	}
	for i := range p.Attributions {
		p.Attributions[i].Contested = false
	}
	for i := range p.Sources {
		p.Sources[i].HasText = false
	}
	p.EachActor(func(_ string, r *incidents.ActorRef) { r.ID = uuid.Nil })
	return p
}

func seeds(t *testing.T) []incidents.Incident {
	t.Helper()
	set, err := factfile.Load(os.DirFS("../../../seeds"), "seeds")
	if err != nil || len(set.Problems) > 0 {
		t.Fatalf("%v %v", err, set.Problems)
	}
	var out []incidents.Incident
	for _, f := range set.Files {
		out = append(out, f.Incidents...)
	}
	if len(out) == 0 {
		t.Fatal("no seeds")
	}
	return out
}

func TestRoundTripSeeds(t *testing.T) {
	t.Parallel()
	for _, in := range seeds(t) {
		roundTrip(t, &in, nil)
		in.JoinActors()
		in.Link(func(uuid.UUID) bool { return false })
		in.Derive()
		in.ID, in.Version, in.Publication = incidents.NewID(), 3, incidents.Published
		in.CreatedAt = time.Date(2026, 3, 4, 5, 6, 7, 890_000, time.UTC)
		roundTrip(t, &in, nil)
	}
}

// TestRoundTripGenerated sends incidents with everything that a document can have
// there and back.
func TestRoundTripGenerated(t *testing.T) {
	t.Parallel()
	for seed := range uint64(300) {
		g := generator{rand.New(rand.NewPCG(seed, 1))}
		in := g.incident()
		in.Complete()
		if problems := in.Validate(); len(problems) > 0 {
			t.Fatalf("seed %d: the generator makes an invalid incident: %v", seed, problems)
		}
		roundTrip(t, in, nil)
	}
}

// An imported document keeps what the ledger doesn't hold, and what was edited
// since is written anew.
func TestEncodeVCDB(t *testing.T) {
	t.Parallel()
	docs := vcdb(t)
	const step = 20 // all of them take long where the race detector looks on
	for i := 0; i < len(docs); i += step {
		r, problems := Decode(docs[i], Options{})
		if len(problems) > 0 {
			t.Fatal(problems)
		}
		roundTrip(t, &r.Incident, docs[i])
		if i%10 == 0 {
			roundTrip(t, &r.Incident, nil)
		}
	}
}

func TestEncodeKeepsTheOriginal(t *testing.T) {
	t.Parallel()
	original := []byte(`{"schema_version":"1.3.3","incident_id":"A-1","source_id":"vcdb","security_incident":"Confirmed",
		"victim":{"victim_id":"Acme Pay","industry":"522320","employee_count":"11 to 100","country":["DE"],"state":"BE"},
		"actor":{"external":{"variety":["Organized crime"],"motive":["Financial"],"country":["Unknown"]}},
		"action":{"physical":{"variety":["Skimmer"],"vector":["Public facility"],"notes":"at the till"}},
		"asset":{"assets":[{"variety":"U - POS terminal","amount":12}]},
		"attribute":{"confidentiality":{"data_disclosure":"Yes","data":[{"variety":"Payment","amount":40}],"data_total":40}},
		"timeline":{"incident":{"year":2014,"month":3},"discovery":{"unit":"Months","value":2}},
		"notes":"seen by hand","plus":{"dbir_year":2015}}`)
	r, problems := Decode(original, Options{})
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	unchanged, err := Encode(r.Incident, original)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{`"employee_count":"11 to 100"`, `"state":"BE"`, `"notes":"at the till"`, `"amount":12`, `"dbir_year":2015`, `"discovery":{"unit":"Months","value":2}`} {
		if !strings.Contains(string(unchanged), want) {
			t.Errorf("%s is missing in %s", want, unchanged)
		}
	}
	r.Incident.Counts = r.Incident.Counts[:1]
	n := int64(45)
	r.Incident.Counts[0].Quantity = &n
	changed, err := Encode(r.Incident, original)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{`"data_total":45`, `"employee_count":"11 to 100"`, `"notes":"at the till"`} {
		if !strings.Contains(string(changed), want) {
			t.Errorf("%s is missing in %s", want, changed)
		}
	}
	roundTrip(t, &r.Incident, original)
}

func TestDecodeOwnChangedElsewhere(t *testing.T) {
	t.Parallel()
	in := seeds(t)[0]
	doc, err := Encode(in, nil)
	if err != nil {
		t.Fatal(err)
	}
	const field = `"summary":"`
	i := strings.LastIndex(string(doc), field) + len(field)
	edited := string(doc[:i]) + "Edited. " + string(doc[i:])
	r, problems := Decode([]byte(edited), Options{})
	if len(problems) > 0 || len(r.Notes) != 1 || r.Notes[0].Pointer != plusPath {
		t.Fatalf("problems %v, notes %v", problems, r.Notes)
	}
	if want := "Edited. " + in.Summary; r.Incident.Summary != want {
		t.Errorf("summary %q, want %q", r.Incident.Summary, want)
	}
	broken := strings.Replace(string(doc), `"category":"`, `"category":"un`, 1)
	if _, problems = Decode([]byte(broken), Options{Strict: true}); len(problems) == 0 || problems[0].Pointer != plusPath+"/incident/category" {
		t.Errorf("strict: %v", problems)
	}
	if r, problems = Decode([]byte(broken), Options{}); len(problems) > 0 || len(r.Notes) == 0 {
		t.Errorf("lenient: %v, notes %v", problems, r.Notes)
	}
}

// The tables follow what the vocabularies say that they map to.
// TestWhatIsNotPublishedIsNotRead: an export of everything has drafts and what was
// retracted, which would become public wherever it is read.
func TestWhatIsNotPublishedIsNotRead(t *testing.T) {
	t.Parallel()
	for publication, read := range map[incidents.Publication]bool{"": true, incidents.Published: true, incidents.Draft: false, incidents.Retracted: false, incidents.Merged: false} {
		in := seeds(t)[0].Clone()
		in.Publication = publication
		document, err := Encode(*in, nil)
		if err != nil {
			t.Fatal(err)
		}
		for _, strictly := range []bool{false, true} {
			_, problems := Decode(document, Options{Strict: strictly})
			if read && len(problems) > 0 || !read && (len(problems) != 1 || problems[0].Pointer != "/plus/breachledger/incident/publication") {
				t.Errorf("%q: %v", publication, problems)
			}
		}
	}
}

func TestTablesFollowTheVocabularies(t *testing.T) {
	t.Parallel()
	for _, term := range incidents.Vector("").Vocabulary().Terms {
		a, ok := actionsOf[incidents.Vector(term.Value)]
		want := fmt.Sprintf("action.%s.variety.%s", a.action, a.variety)
		if ok && want != term.VERIS || !ok && term.Value != "third_party" && term.Value != "unknown" {
			t.Errorf("vector %s: %s, the vocabulary says %s", term.Value, want, term.VERIS)
		}
		if back := vectorsOf[a.action][a.variety]; ok && back != incidents.Vector(term.Value) && back != "" && term.Value != "sim_swap" {
			t.Errorf("vector %s comes back as %s", term.Value, back)
		}
	}
	for _, term := range incidents.DataClass("").Vocabulary().Terms {
		if want := "data.variety." + varietiesOf[incidents.DataClass(term.Value)]; want != term.VERIS {
			t.Errorf("data class %s: %s, the vocabulary says %s", term.Value, want, term.VERIS)
		}
	}
	for _, term := range incidents.LossKind("").Vocabulary().Terms {
		variety, ok := lossVarieties[incidents.LossKind(term.Value)]
		if want := "impact.loss.variety." + variety; ok && want != term.VERIS || !ok && term.VERIS != "" {
			t.Errorf("loss %s: %s, the vocabulary says %s", term.Value, want, term.VERIS)
		}
	}
	for action, known := range vectorsOf {
		rule := root().child("action", newest).child(action, newest).child("variety", newest)
		for variety := range known {
			if variety != "" && !slices.ContainsFunc(rule.values, func(v value) bool { return v.text == variety }) {
				t.Errorf("action.%s.variety has no %q", action, variety)
			}
		}
	}
}

// generator makes valid incidents with every field.
type generator struct{ *rand.Rand }

func pick[T ~string](g generator, kind T) T {
	values := (any(kind).(interface{ Vocabulary() incidents.Vocabulary })).Vocabulary().Values()
	return T(values[g.IntN(len(values))])
}

func several[T ~string](g generator, kind T) []T {
	var out []T
	for range g.IntN(4) {
		if v := pick(g, kind); !slices.Contains(out, v) {
			out = append(out, v)
		}
	}
	return out
}

func (g generator) words(most int) string {
	alphabet := []rune("abc ABC 012 äß中文🙂\"\\/<>&'-.,;:\u2028é")
	out := make([]rune, g.IntN(most))
	for i := range out {
		out[i] = alphabet[g.IntN(len(alphabet))]
	}
	return string(out)
}

func (g generator) line(most int) string { return strings.ReplaceAll(g.words(most), "\u2028", "") }

func (g generator) date() incidents.PartialDate {
	texts := []string{"", "1949", "1950", "2014", "2014-02", "2014-02-28", "2149-12-31"}
	d, _ := incidents.ParseDate(texts[g.IntN(len(texts))])
	return d
}

func (g generator) name() string { return fmt.Sprintf("Name %d %s", g.IntN(1e6), g.line(20)) }

func (g generator) actor() incidents.ActorRef {
	switch g.IntN(4) {
	case 0:
		return incidents.ActorRef{Given: g.name()}
	case 1:
		return incidents.ActorRef{Slug: fmt.Sprintf("slug-%d", g.IntN(1e6))}
	default:
		return incidents.ActorRef{
			Name: g.name(), Slug: fmt.Sprintf("slug-%d", g.IntN(1e6)), Kind: pick(g, incidents.ActorKind("")), Sector: pick(g, incidents.Sector("")),
			Country: "DE", Domain: "example.com", Aliases: []string{g.name()},
		}
	}
}

func (g generator) maybe() *incidents.ActorRef {
	if g.IntN(2) == 0 {
		return nil
	}
	a := g.actor()
	return &a
}

func (g generator) claim(key string) incidents.Claim {
	c := incidents.Claim{Key: key}
	if g.IntN(2) == 0 {
		c.ID = incidents.NewID()
	}
	one := 1
	for range g.IntN(3) {
		e := []incidents.Evidence{
			{Source: incidents.SourceRef{Given: "source-1"}, Quote: "x" + g.words(40), Occurrence: 2, Start: &one, End: &one},
			{Source: incidents.SourceRef{Key: "source-1"}},
			{Source: incidents.SourceRef{URL: "https://example.com/a?b=c&d"}},
			{Source: incidents.SourceRef{ID: incidents.NewID(), Title: g.line(20), Publisher: g.line(20)}},
		}
		c.Evidence = append(c.Evidence, e[g.IntN(len(e))])
	}
	return c
}

func (g generator) amounts(l *incidents.Loss) {
	d := decimal.New(g.Int64N(1e12), int32(-g.IntN(18)))
	high := d.Add(decimal.NewFromInt(1))
	switch l.Qualifier.Takes() {
	case incidents.OneFigure:
		l.Amount = &d
		l.Converted = &incidents.Money{Amount: high, Currency: "EUR"}
	case incidents.TwoFigures:
		l.Low, l.High = &d, &high
	case incidents.NoFigure:
	}
	l.Currency = []string{"USD", "BTC", "ETH", "DOGE", "EUR"}[g.IntN(5)]
}

func (g generator) incident() *incidents.Incident {
	in := &incidents.Incident{
		ID: incidents.NewID(), Slug: fmt.Sprintf("incident-%d", g.IntN(1e6)), Title: "T" + g.line(100), Summary: g.words(200),
		Category: pick(g, incidents.Category("")), Certainty: pick(g, incidents.Certainty("")), Publication: incidents.Published,
		Discovered: g.date(), Disclosed: g.date(), Contained: g.date(), Countries: []string{"US", "XK"},
		Vectors: several(g, incidents.Vector("")), DataClasses: several(g, incidents.DataClass("")), PaymentMethods: several(g, incidents.PaymentMethod("")),
		Tags: []string{"a", "b:c"}, Version: g.IntN(9), CreatedAt: time.Date(2025, 1, 2, 3, 4, 5, g.IntN(1e9), time.UTC), UpdatedAt: time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC),
		ExternalRefs: []incidents.ExternalRef{{Scheme: "case", ID: g.name()}, {Scheme: "cve", ID: "CVE-2024-12345"}},
		Sources: []incidents.Source{
			{Key: "source-1", URL: "https://example.com/1", Title: g.line(50), Publisher: g.line(20), Author: g.line(20), Published: g.date(), Language: "pt-BR", Text: g.words(500)},
			{ID: incidents.NewID(), NoIncidentReason: g.words(30)},
		},
	}
	if d := g.date(); g.IntN(2) == 0 {
		in.Occurred.From, in.Occurred.To = d, d
	} else {
		in.Occurred.From = d
	}
	for range g.IntN(5) {
		in.Participants = append(in.Participants, incidents.Participant{Actor: g.actor(), Role: pick(g, incidents.Role(""))})
	}
	low, high := g.Int64N(1e14), int64(incidents.MaxQuantity)
	for i := range g.IntN(4) {
		c := incidents.Count{Claim: g.claim(fmt.Sprintf("count-%d", i)), Unit: pick(g, incidents.Unit("")), Qualifier: pick(g, incidents.Qualifier("")), ClaimedBy: g.maybe(), AsOf: g.date()}
		switch c.Qualifier.Takes() {
		case incidents.OneFigure:
			c.Quantity = &low
		case incidents.TwoFigures:
			c.Low, c.High = &low, &high
		case incidents.NoFigure:
		}
		if i > 0 {
			c.Supersedes = incidents.ClaimRef(fmt.Sprintf("count-%d", i-1))
		}
		in.Counts = append(in.Counts, c)
	}
	if n := len(in.Counts); n > 0 {
		in.Counts[n-1].Headline = true
	}
	for i := range g.IntN(4) {
		l := incidents.Loss{Claim: g.claim(fmt.Sprintf("loss-%d", i)), Kind: pick(g, incidents.LossKind("")), Scope: pick(g, incidents.LossScope("")), Qualifier: pick(g, incidents.Qualifier("")), ClaimedBy: g.maybe()}
		g.amounts(&l)
		in.Losses = append(in.Losses, l)
	}
	in.Attributions = append(in.Attributions, incidents.Attribution{
		Claim: g.claim("attribution-1"), Accused: g.actor(), Claimant: g.maybe(), Basis: pick(g, incidents.Basis("")),
		Confidence: pick(g, incidents.Confidence("")), Stated: g.date(),
	})
	promise := incidents.Response{Claim: g.claim("promise"), Actor: g.actor(), Kind: incidents.Refund, Status: incidents.Promised, Date: g.date(), Due: g.date(), Summary: g.words(50)}
	kept := incidents.Response{Claim: g.claim("kept"), Actor: promise.Actor, SpokenBy: g.line(30), Kind: incidents.Refund, Status: incidents.Done, Fulfils: "promise", ViaUnnamedSource: true}
	denial := incidents.Response{Claim: g.claim("denial"), Actor: g.actor(), Kind: incidents.Denial, Answers: "attribution-1"}
	in.Responses = append(in.Responses, promise, kept, denial)
	return in
}

// TestAnOrganisationInTwoRolesIsHitOnce: the victim is no secondary victim too, and the
// others are counted once each.
func TestAnOrganisationInTwoRolesIsHitOnce(t *testing.T) {
	t.Parallel()
	in := incidents.Incident{Title: "Acme", Category: incidents.DataBreach}
	for _, p := range []struct {
		name string
		role incidents.Role
	}{{"Till", incidents.RoleAffectedPlatform}, {"Acme", incidents.RoleAffectedPlatform}, {"Acme", incidents.RoleVictim}, {"Till", incidents.RoleVictim}} {
		in.Participants = append(in.Participants, incidents.Participant{Actor: incidents.ActorRef{Name: p.name}, Role: p.role})
	}
	doc, err := Encode(in, nil)
	if err != nil {
		t.Fatal(err)
	}
	valid(t, doc)
	if want := `"secondary":{"amount":1,"victim_id":["Till"]}`; !strings.Contains(string(doc), want) {
		t.Errorf("there is no %s in\n%s", want, doc)
	}
}
