package incidents

import (
	"encoding/json"
	"math"
	"math/big"
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"
)

func TestKnownCurrency(t *testing.T) {
	t.Parallel()
	for _, code := range []string{"USD", "EUR", "CNY", "JPY", "GBP", "KWD", "HRK", "VES", "BTC", "ETH", "USDT", "XMR", "MATIC"} {
		if !KnownCurrency(code) {
			t.Errorf("KnownCurrency(%q) = false", code)
		}
	}
	for _, code := range []string{"", "usd", "US", "USDX", "XXX", "XTS", "XAU", "RMB", "$", "€", "USD ", "<b>"} {
		if KnownCurrency(code) {
			t.Errorf("KnownCurrency(%q) = true", code)
		}
	}
}

func TestCurrencyListsHaveNoDuplicates(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for _, code := range strings.Fields(isoCurrencies + " " + cryptoCurrencies) {
		if seen[code] {
			t.Errorf("%s is listed twice", code)
		}
		seen[code] = true
	}
	for _, code := range strings.Fields(isoCurrencies) {
		if len(code) != 3 || code != strings.ToUpper(code) {
			t.Errorf("%q does not have the form of an ISO 4217 code", code)
		}
	}
}

func TestKnownCountry(t *testing.T) {
	t.Parallel()
	codes := strings.Fields(isoCountries)
	if got, want := len(codes), 250; got != want { // 249 of ISO 3166-1 and XK
		t.Errorf("%d country codes, want %d", got, want)
	}
	if len(countries) != len(codes) {
		t.Errorf("%d codes, %d of them different", len(codes), len(countries))
	}
	for code, want := range map[string]bool{"US": true, "CN": true, "XK": true, "TW": true, "us": false, "UK": false, "EU": false, "": false, "USA": false, "ZZ": false} {
		if got := KnownCountry(code); got != want {
			t.Errorf("KnownCountry(%q) = %t", code, got)
		}
	}
}

func TestSaneAmount(t *testing.T) {
	t.Parallel()
	huge := decimal.NewFromBigInt(new(big.Int).Lsh(big.NewInt(1), 3_300_000), 0) // quicker made than read
	tests := []struct {
		name   string
		amount decimal.Decimal
		want   bool
	}{
		{"0", decimal.Zero, true},
		{"2000.50", decimal.RequireFromString("2000.50"), true},
		{"-1 (refused elsewhere)", decimal.RequireFromString("-1"), true},
		{"30 digits", decimal.RequireFromString(strings.Repeat("9", 30)), true},
		{"31 digits", decimal.RequireFromString(strings.Repeat("9", 31)), false},
		{"18 digits behind the point", decimal.New(1, -18), true},
		{"19 digits behind the point", decimal.New(1, -19), false},
		{"30 before and 18 behind", decimal.RequireFromString(strings.Repeat("9", 30) + "." + strings.Repeat("9", 18)), true},
		{"31 before and 18 behind", decimal.RequireFromString(strings.Repeat("9", 31) + "." + strings.Repeat("9", 18)), false},
		{"1e29", decimal.RequireFromString("1e29"), true},
		{"1e30", decimal.RequireFromString("1e30"), false},
		{"0e30", decimal.New(0, 30), false},
		{"1e400", decimal.RequireFromString("1e400"), false},
		{"1e-400", decimal.RequireFromString("1e-400"), false},
		{"1e999999999", decimal.New(1, 999_999_999), false},
		{"1e-999999999", decimal.New(1, -999_999_999), false},
		{"the largest exponent", decimal.New(1, math.MaxInt32), false},
		{"the smallest exponent", decimal.New(1, math.MinInt32), false},
		{"a million digits", huge, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			start := time.Now()
			if got := AmountFits(tt.amount); got != tt.want {
				t.Errorf("AmountFits = %t, want %t", got, tt.want)
			}
			if took := time.Since(start); took > hostileLimit {
				t.Errorf("took %s", took)
			}
		})
	}
}

// hostileLimit is what a busy machine never takes, and an amount that is
// expanded always does.
const hostileLimit = 10 * time.Second

// The whole way of a hostile amount, from JSON to the list of problems.
func TestHostileAmountsCostNothing(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"1e400", "1e999999999", "1e-999999999", "1e99999999999999999999", "-1e5000", "NaN", "Infinity", "0x10", "1,000", ""} {
		t.Run(text, func(t *testing.T) {
			t.Parallel()
			start := time.Now()
			in := small()
			err := json.Unmarshal([]byte(`{"losses":[{"kind":"stolen","currency":"USD","amount":"`+text+`"}]}`), in)
			if err == nil {
				in.Complete()
				if problems := in.Validate(); len(problems) == 0 {
					t.Errorf("%q is accepted", text)
				}
			}
			if took := time.Since(start); took > hostileLimit {
				t.Errorf("took %s", took)
			}
		})
	}
}
