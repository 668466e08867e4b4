package incidents

import (
	"strings"
	"testing"
)

const (
	needsCurrency = "is required with a figure: an ISO 4217 code such as USD, or the code of a crypto asset such as BTC"
	notACurrency  = " is neither an ISO 4217 code such as USD nor the code of a known crypto asset such as BTC"
	tooLong       = "must have at most 30 digits before the point and 18 behind it"
	noFigure      = "; where the source gives no figure, the qualifier is unquantified or not_disclosed"
)

func TestValidateCounts(t *testing.T) {
	t.Parallel()
	count := func(c Count) func(*Incident) { return func(in *Incident) { in.Counts = []Count{c} } }
	n := func(v int64) *int64 { return &v }
	check(t, []rule{
		{"exact by default", count(Count{Unit: People, Quantity: n(1)}), nil},
		{"zero", count(Count{Unit: People, Quantity: n(0)}), nil},
		{"no unit", count(Count{Quantity: n(1)}), []string{"/counts/0/unit: is required"}},
		{"unit", count(Count{Unit: "souls", Quantity: n(1)}), []string{`/counts/0/unit: "souls" is not a known unit`}},
		{"qualifier", count(Count{Unit: People, Qualifier: "roughly", Quantity: n(1)}), []string{`/counts/0/qualifier: "roughly" is not a known qualifier`}},
		{"no figure", count(Count{Unit: People, Qualifier: AtMost}), []string{"/counts/0/quantity: is required with the qualifier at_most" + noFigure}},
		{"figure not disclosed, yet given", count(Count{Unit: People, Qualifier: NotDisclosed, Quantity: n(0)}), []string{"/counts/0/quantity: must be left out with the qualifier not_disclosed"}},
		{"bounds of a single figure", count(Count{Unit: People, Qualifier: About, Quantity: n(5), Low: n(9), High: n(6)}), []string{
			"/counts/0/low: is only for the qualifier between; with about it must be left out",
			"/counts/0/high: is only for the qualifier between; with about it must be left out",
		}},
		{"between without bounds", count(Count{Unit: People, Qualifier: Between, Quantity: n(5)}), []string{
			"/counts/0/quantity: must be left out with the qualifier between",
			"/counts/0/low: is required with the qualifier between",
			"/counts/0/high: is required with the qualifier between",
		}},
		{"between equal bounds", count(Count{Unit: People, Qualifier: Between, Low: n(5), High: n(5)}), nil},
		{"between, backwards", count(Count{Unit: People, Qualifier: Between, Low: n(6), High: n(5)}), []string{"/counts/0/low: must not be above the upper bound"}},
		{"fewer than none", count(Count{Unit: People, Qualifier: LessThan, Quantity: n(0)}), []string{"/counts/0/quantity: must be above 0: nothing is fewer than none"}},
		{"negative", count(Count{Unit: People, Quantity: n(-1)}), []string{"/counts/0/quantity: must not be negative"}},
		{"negative bounds", count(Count{Unit: People, Qualifier: Between, Low: n(-2), High: n(-1)}), []string{
			"/counts/0/low: must not be negative", "/counts/0/high: must not be negative",
		}},
		{"empty claimant", count(Count{Unit: People, Quantity: n(1), ClaimedBy: &ActorRef{}}), []string{"/counts/0/claimed_by: " + noActor}},
	})
}

func TestValidateHeadline(t *testing.T) {
	t.Parallel()
	counts := func(cs ...Count) func(*Incident) {
		return func(in *Incident) {
			for i := range cs {
				cs[i].Unit, cs[i].Qualifier = People, NotDisclosed
			}
			in.Counts = cs
		}
	}
	const superseded = "headline: a count that another one supersedes cannot be the headline"
	check(t, []rule{
		{"a lone count is it", counts(Count{}), nil},
		{"one of two", counts(Count{}, Count{Headline: true}), nil},
		{"none of two", counts(Count{}, Count{}), []string{"/counts: exactly one of several counts must be the headline"}},
		{"three", counts(Count{}, Count{Headline: true}, Count{Headline: true}, Count{Headline: true}), []string{
			"/counts/2/headline: only one count can be the headline; /counts/1 is it already",
			"/counts/3/headline: only one count can be the headline; /counts/1 is it already",
		}},
		{"the newer of two", counts(Count{Claim: Claim{Key: "old"}}, Count{Supersedes: "old", Headline: true}), nil},
		{"the older of two", counts(Count{Claim: Claim{Key: "old"}, Headline: true}, Count{Supersedes: "old"}), []string{"/counts/0/" + superseded}},
		{"the older of two, by id", counts(Count{Claim: Claim{ID: id(1)}, Headline: true}, Count{Supersedes: ClaimRef(strings.ToUpper(id(1).String()))}), []string{"/counts/0/" + superseded}},
	})
}

func TestValidateLosses(t *testing.T) {
	t.Parallel()
	loss := func(l Loss) func(*Incident) { return func(in *Incident) { in.Losses = []Loss{l} } }
	check(t, []rule{
		{"exact by default", loss(Loss{Kind: "stolen", Amount: amount("1.50"), Currency: "USD"}), nil},
		{"not disclosed", loss(Loss{Kind: "stolen", Qualifier: NotDisclosed}), nil},
		{"not disclosed, currency known", loss(Loss{Kind: "stolen", Qualifier: NotDisclosed, Currency: "CNY"}), nil},
		{"no kind", loss(Loss{Qualifier: NotDisclosed}), []string{"/losses/0/kind: is required"}},
		{"kind", loss(Loss{Kind: "lost", Qualifier: NotDisclosed}), []string{`/losses/0/kind: "lost" is not a known loss kind`}},
		{"scope", loss(Loss{Kind: "stolen", Scope: "all", Qualifier: NotDisclosed}), []string{`/losses/0/scope: "all" is not a known loss scope`}},
		{"qualifier", loss(Loss{Kind: "stolen", Qualifier: "undisclosed"}), []string{`/losses/0/qualifier: "undisclosed" is not a known qualifier`}},
		{"no figure and no currency", loss(Loss{Kind: "stolen"}), []string{
			"/losses/0/amount: is required with the qualifier exact" + noFigure, "/losses/0/currency: " + needsCurrency,
		}},
		{"currency", loss(Loss{Kind: "stolen", Amount: amount("1"), Currency: "RMB"}), []string{`/losses/0/currency: "RMB"` + notACurrency}},
		{"negative", loss(Loss{Kind: "stolen", Amount: amount("-0.01"), Currency: "USD"}), []string{"/losses/0/amount: must not be negative"}},
		{"too large", loss(Loss{Kind: "stolen", Amount: amount("1e400"), Currency: "USD"}), []string{"/losses/0/amount: " + tooLong}},
		{"too fine", loss(Loss{Kind: "stolen", Amount: amount("1e-19"), Currency: "USD"}), []string{"/losses/0/amount: " + tooLong}},
		{"between, backwards", loss(Loss{Kind: "stolen", Qualifier: Between, Low: amount("2.01"), High: amount("2"), Currency: "USD"}), []string{"/losses/0/low: must not be above the upper bound"}},
		{"between, too large", loss(Loss{Kind: "stolen", Qualifier: Between, Low: amount("1e999"), High: amount("2"), Currency: "USD"}), []string{"/losses/0/low: " + tooLong}},
		{"converted", loss(Loss{Kind: "stolen", Amount: amount("2000"), Currency: "CNY", Converted: &Money{Amount: *amount("-290"), Currency: "usd"}}), []string{
			"/losses/0/converted/amount: must not be negative", `/losses/0/converted/currency: "usd"` + notACurrency,
		}},
		{"empty conversion", loss(Loss{Kind: "stolen", Amount: amount("2000"), Currency: "CNY", Converted: &Money{}}), []string{
			"/losses/0/converted/amount: is required; it is 0 only where the figure itself is 0",
			"/losses/0/converted/currency: is required: an ISO 4217 code such as USD, or the code of a crypto asset such as BTC",
		}},
		{"qualified conversion", loss(Loss{Kind: "stolen", Amount: amount("2000"), Currency: "CNY", Converted: &Money{Qualifier: About, Amount: *amount("290"), Currency: "USD"}}), nil},
		{"conversion between", loss(Loss{Kind: "stolen", Amount: amount("2000"), Currency: "CNY", Converted: &Money{Qualifier: Between, Amount: *amount("290"), Currency: "USD"}}), []string{
			"/losses/0/converted/qualifier: must be one that takes one figure, not between",
		}},
		{"unknown qualifier of a conversion", loss(Loss{Kind: "stolen", Amount: amount("2000"), Currency: "CNY", Converted: &Money{Qualifier: "roughly", Amount: *amount("290"), Currency: "USD"}}), []string{
			`/losses/0/converted/qualifier: "roughly" is not a known qualifier`,
		}},
		{"conversion of zero", loss(Loss{Kind: "stolen", Amount: amount("0"), Currency: "CNY", Converted: &Money{Amount: *amount("0"), Currency: "USD"}}), nil},
		{"conversion of nothing", loss(Loss{Kind: "stolen", Qualifier: Unquantified, Converted: &Money{Amount: *amount("290"), Currency: "USD"}}), []string{"/losses/0/converted: must be left out where there is no figure to convert"}},
	})
}

func TestValidateAttributions(t *testing.T) {
	t.Parallel()
	attribution := func(a Attribution) func(*Incident) {
		return func(in *Incident) { in.Attributions = []Attribution{a} }
	}
	ring := named("Night Ring")
	check(t, []rule{
		{"by the source itself", attribution(Attribution{Accused: ring, Basis: "media_attributes"}), nil},
		{"nobody accused", attribution(Attribution{Basis: "media_attributes"}), []string{"/attributions/0/accused: " + noActor}},
		{"no basis", attribution(Attribution{Accused: ring}), []string{"/attributions/0/basis: is required"}},
		{"basis", attribution(Attribution{Accused: ring, Basis: "rumour"}), []string{`/attributions/0/basis: "rumour" is not a known attribution basis`}},
		{"confidence", attribution(Attribution{Accused: ring, Basis: "media_attributes", Confidence: "total"}), []string{`/attributions/0/confidence: "total" is not a known confidence`}},
	})
}

func TestValidateResponses(t *testing.T) {
	t.Parallel()
	response := func(r Response) func(*Incident) {
		return func(in *Incident) {
			r.Actor = named("Acme")
			in.Responses = []Response{r}
			in.Attributions = []Attribution{{Claim: Claim{Key: "accusation"}, Accused: named("Acme"), Basis: "media_attributes"}}
		}
	}
	check(t, []rule{
		{"no actor", func(in *Incident) { in.Responses = []Response{{Kind: "apology"}} }, []string{"/responses/0/actor: " + noActor}},
		{"no kind", response(Response{}), []string{"/responses/0/kind: is required"}},
		{"kind", response(Response{Kind: "shrug"}), []string{`/responses/0/kind: "shrug" is not a known response kind`}},
		{"status", response(Response{Kind: Refund, Status: "soon"}), []string{`/responses/0/status: "soon" is not a known response status`}},
		{"speaker of two lines", response(Response{Kind: "apology", SpokenBy: "A\nB"}), []string{"/responses/0/spoken_by: must be one line, without tabs"}},
		{"long summary", response(Response{Kind: "apology", Summary: strings.Repeat("a", 2001)}), []string{"/responses/0/summary: must have at most 2,000 characters, has 2,001"}},
		{"due, with nothing to deliver", response(Response{Kind: "apology", Due: date(t, "2015")}), []string{"/responses/0/due: is only for a promise, kept or not: status must be promised, done or broken"}},
		{"a promise that is due", response(Response{Kind: Refund, Status: Promised, Due: date(t, "2015")}), nil},
		{"a denial answers", response(Response{Kind: Denial, Answers: "accusation"}), nil},
		{"an apology answers", response(Response{Kind: "apology", Answers: "accusation"}), []string{"/responses/0/answers: only a denial or scope_denial answers an attribution"}},
	})
}
