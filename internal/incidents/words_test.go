package incidents

import (
	"math"
	"testing"

	"github.com/shopspring/decimal"
)

func TestNumber(t *testing.T) {
	t.Parallel()
	for n, want := range map[int64]string{
		0: "0", 7: "7", 999: "999", 1000: "1,000", 78_800_000: "78,800,000", -1234: "-1,234", -123: "-123",
		12_000_000_000: "12,000,000,000", math.MaxInt64: "9,223,372,036,854,775,807", math.MinInt64: "-9,223,372,036,854,775,808",
	} {
		if got := Number(n); got != want {
			t.Errorf("Number(%d) = %s, want %s", n, got, want)
		}
	}
}

func TestPlural(t *testing.T) {
	t.Parallel()
	for n, want := range map[int]string{0: "0 rows", 1: "1 row", 2: "2 rows", 1000: "1,000 rows", -1: "-1 rows"} {
		if got := Plural(n, "row", "rows"); got != want {
			t.Errorf("Plural(%d) = %s, want %s", n, got, want)
		}
	}
}

func TestCountWords(t *testing.T) {
	t.Parallel()
	tests := []struct {
		qualifier Qualifier
		unit      Unit
		low, high *int64
		want      string
	}{
		{Exact, People, new(int64(0)), new(int64(0)), "0 people"},
		{Exact, People, new(int64(1)), new(int64(1)), "1 person"},
		{Exact, People, new(int64(2)), new(int64(2)), "2 people"},
		{Exact, Records, new(int64(12_000_000_000)), new(int64(12_000_000_000)), "12,000,000,000 records"},
		{About, Accounts, new(int64(0)), new(int64(0)), "about 0 accounts"},
		{About, Accounts, new(int64(1)), new(int64(1)), "about 1 account"},
		{About, "cards", new(int64(4100)), new(int64(4100)), "about 4,100 cards"},
		{AtLeast, "forms", new(int64(0)), nil, "at least 0 forms"},
		{AtLeast, "forms", new(int64(1)), nil, "at least 1 form"},
		{AtLeast, "forms", new(int64(19_700_000)), nil, "at least 19,700,000 forms"},
		{MoreThan, "national_ids", new(int64(0)), nil, "more than 0 national IDs"},
		{MoreThan, "national_ids", new(int64(1)), nil, "more than 1 national ID"},
		{MoreThan, "national_ids", new(int64(21_000_000)), nil, "more than 21,000,000 national IDs"},
		{AtMost, Records, nil, new(int64(0)), "at most 0 records"},
		{AtMost, Records, nil, new(int64(1)), "at most 1 record"},
		{AtMost, Records, nil, new(int64(78_800_000)), "at most 78,800,000 records"},
		{LessThan, "devices", nil, new(int64(0)), "fewer than 0 devices"},
		{LessThan, "devices", nil, new(int64(1)), "fewer than 1 device"},
		{LessThan, "devices", nil, new(int64(50)), "fewer than 50 devices"},
		{Between, "transactions", new(int64(0)), new(int64(1)), "between 0 and 1 transactions"},
		{Between, "transactions", new(int64(1000)), new(int64(2000)), "between 1,000 and 2,000 transactions"},
		{Unquantified, People, nil, nil, "an unquantified number of people"},
		{NotDisclosed, People, nil, nil, "number of people not disclosed"},
		{Exact, "fingerprints", new(int64(1)), new(int64(1)), "1 fingerprint"},
		{Exact, "other", new(int64(1)), new(int64(1)), "1 item"},
		{Exact, "other", new(int64(3)), new(int64(3)), "3 items"},

		// What validation refuses still gives words.
		{Exact, People, nil, nil, "people"},
		{Between, People, new(int64(1)), nil, "people"},
		{Exact, "gold_bars", new(int64(1)), new(int64(1)), "1 gold bars"},
		{Exact, "", new(int64(5)), new(int64(5)), "5"},
	}
	for _, tt := range tests {
		t.Run(tt.want, func(t *testing.T) {
			t.Parallel()
			if got := CountWords(tt.qualifier, tt.unit, tt.low, tt.high); got != tt.want {
				t.Errorf("CountWords(%s, %s, %s) = %q, want %q", tt.qualifier, tt.unit, show(tt.low, tt.high), got, tt.want)
			}
		})
	}
}

func TestWordsOfWhatIsCounted(t *testing.T) {
	t.Parallel()
	n := new(int64(900_000))
	of := func(q Qualifier, u Unit, counted string) Count {
		return Count{Unit: u, Counted: counted, Qualifier: q, Quantity: n}
	}
	for want, c := range map[string]Count{
		"more than 900,000 people (those with a card)": of(MoreThan, People, "those with a card"),
		"900,000 fuel pumps":                           of(Exact, UnitOther, "fuel pumps"),
		"fewer than 900,000 fuel pumps":                of(LessThan, UnitOther, "fuel pumps"),
		"number of fuel pumps not disclosed":           {Unit: UnitOther, Counted: "fuel pumps", Qualifier: NotDisclosed},
		"an unquantified number of people (children)":  {Unit: People, Counted: "children", Qualifier: Unquantified},
		"between 2 and 3 fuel pumps":                   {Unit: UnitOther, Counted: "fuel pumps", Qualifier: Between, Low: new(int64(2)), High: new(int64(3))},
	} {
		if got := c.Words(); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

func TestWordsOfAPart(t *testing.T) {
	t.Parallel()
	count := func(n int, q Qualifier, of int) Count {
		c := Count{Claim: Claim{ID: id(n)}, Unit: People, Qualifier: q, PartOf: ClaimRef(id(of).String())}
		if q != NotDisclosed {
			c.Quantity = new(int64(n))
		}
		return c
	}
	in := Incident{Counts: []Count{count(1_200, About, 0), count(900, MoreThan, 1_200), count(5, Exact, 900), count(7, NotDisclosed, 0), count(6, Exact, 7)}}
	in.Derive()
	want := []string{
		"about 1,200 people", "more than 900 people, of about 1,200 people", "5 people, of more than 900 people", "number of people not disclosed", "6 people",
	}
	for i, c := range in.Counts {
		if c.Text != want[i] {
			t.Errorf("count %d: %q, want %q", i, c.Text, want[i])
		}
	}
}

func TestSumWords(t *testing.T) {
	t.Parallel()
	tests := []struct {
		unit      Unit
		stated    *int64
		low, high *int64
		want      string
	}{
		{Records, new(int64(78_800_000)), nil, new(int64(78_800_000)), "at most 78,800,000 records"},
		{Records, new(int64(5)), new(int64(5)), new(int64(5)), "5 records"},
		{People, new(int64(1)), new(int64(1)), new(int64(1)), "1 person"},
		{People, new(int64(0)), new(int64(0)), new(int64(0)), "0 people"},
		{"cards", new(int64(9)), new(int64(2)), new(int64(9)), "between 2 and 9 cards"},
		{"cards", new(int64(12_000)), new(int64(5000)), nil, "at least 5,000 cards (12,000 stated)"},
		{"cards", new(int64(12_000)), nil, nil, "12,000 cards stated, no bound known"},
		{"cards", new(int64(1)), nil, nil, "1 card stated, no bound known"},
		{People, nil, nil, nil, "number of people not known"},                // unknown is never 0
		{People, new(int64(0)), nil, nil, "0 people stated, no bound known"}, // "at most 0", and one that states none
	}
	for _, tt := range tests {
		t.Run(tt.want, func(t *testing.T) {
			t.Parallel()
			if got := SumWords(tt.unit, tt.stated, tt.low, tt.high); got != tt.want {
				t.Errorf("SumWords = %q, want %q", got, tt.want)
			}
		})
	}
}

func TestLossWords(t *testing.T) {
	t.Parallel()
	tests := []struct {
		loss Loss
		want string
	}{
		{Loss{Kind: "stolen", Qualifier: AtMost, Amount: amount("2000"), Currency: "CNY", Scope: ScopeUnspecified, Converted: &Money{Amount: *amount("290"), Currency: "USD"}}, "at most 2,000 CNY stolen (290 USD in the source)"},
		{Loss{Kind: "stolen", Qualifier: Exact, Amount: amount("500"), Currency: "CNY", Converted: &Money{Qualifier: About, Amount: *amount("73"), Currency: "USD"}}, "500 CNY stolen (about 73 USD in the source)"},
		{Loss{Kind: "stolen", Qualifier: Exact, Amount: amount("1234567.89"), Currency: "USD"}, "1,234,567.89 USD stolen"},
		{Loss{Kind: "stolen", Qualifier: Exact, Amount: amount("0"), Currency: "USD"}, "0 USD stolen"},
		{Loss{Kind: "stolen", Qualifier: About, Amount: amount("0.000000000000000001"), Currency: "ETH"}, "about 0.000000000000000001 ETH stolen"},
		{Loss{Kind: "fine", Qualifier: LessThan, Amount: amount("1"), Currency: "EUR"}, "less than 1 EUR fine"},
		{Loss{Kind: "fine", Qualifier: MoreThan, Amount: amount("1e6"), Currency: "EUR"}, "more than 1,000,000 EUR fine"},
		{Loss{Kind: "ransom_demanded", Qualifier: AtLeast, Amount: amount("75"), Currency: "BTC", Scope: ScopeTotal}, "at least 75 BTC ransom demanded in total"},
		{Loss{Kind: "refunded", Qualifier: Between, Low: amount("999.5"), High: amount("1000"), Currency: "CNY", Scope: ScopePerVictim}, "between 999.5 and 1,000 CNY refunded per victim"},
		{Loss{Kind: "other", Qualifier: Exact, Amount: amount("5"), Currency: "CNY"}, "5 CNY other loss"},
		{Loss{Kind: "stolen", Qualifier: NotDisclosed, Scope: ScopeTotal}, "stolen in total, amount not disclosed"},
		{Loss{Kind: "ransom_paid", Qualifier: NotDisclosed}, "ransom paid, amount not disclosed"},
		{Loss{Kind: "stolen", Qualifier: Unquantified}, "stolen, amount not quantified"},

		// What validation refuses has no words.
		{Loss{Kind: "stolen", Qualifier: Exact, Currency: "USD"}, ""},
		{Loss{Kind: "stolen", Qualifier: Between, Low: amount("1"), Currency: "USD"}, ""},
	}
	for _, tt := range tests {
		t.Run(tt.want, func(t *testing.T) {
			t.Parallel()
			if got := tt.loss.Words(); got != tt.want {
				t.Errorf("Words() = %q, want %q", got, tt.want)
			}
		})
	}
}

func TestAmountWordsOfThirtyDigits(t *testing.T) {
	t.Parallel()
	d := decimal.RequireFromString("123456789012345678901234567890.000000000000000009")
	if got, want := amountWords(d), "123,456,789,012,345,678,901,234,567,890.000000000000000009"; got != want {
		t.Errorf("amountWords = %s, want %s", got, want)
	}
	if got, want := amountWords(decimal.RequireFromString("-1234.5")), "-1,234.5"; got != want {
		t.Errorf("amountWords = %s, want %s", got, want)
	}
}
