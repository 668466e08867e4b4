package ledger_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/breachledger/breachledger/internal/incidents"
	"github.com/breachledger/breachledger/internal/ledger"
	"github.com/breachledger/breachledger/internal/ledgertest"
)

// TestNamesWithCommas: a list of names is parted at commas, and some names have one.
func TestNamesWithCommas(t *testing.T) {
	t.Parallel()
	l := ledgertest.Open(t)
	for _, name := range []string{"Heartland Payment Systems, Inc.", "Acme", "Bank", "Acme, Bank and Sons, Ltd.", "Acme Bank"} {
		record(t, l, incidents.Incident{
			Title: name, Category: incidents.DataBreach, Participants: []incidents.Participant{{Actor: incidents.ActorRef{Name: name, Kind: incidents.Company}, Role: incidents.RoleVictim}},
		})
	}
	for given, want := range map[string]string{
		"Heartland Payment Systems,Inc.":      "heartland-payment-systems-inc",
		"Acme,heartland payment systems,inc":  "acme|heartland-payment-systems-inc",
		"Acme,Bank and Sons,Ltd.,acme":        "acme|acme-bank-and-sons-ltd",
		"Nobody,Heartland Payment Systems":    "",
		"Nobody,Inc.,Bank":                    "bank",
		"Acme,Bank":                           "acme|bank", // each means somebody, so that it is not Acme Bank
		"acme,bank":                           "acme|bank",
		"heartland-payment-systems-inc,Inc.,": "heartland-payment-systems-inc",
	} {
		got := slugsOf(search(t, l, ledger.ListRequest{Filter: ledger.Filter{Actors: strings.Split(given, ",")}}))
		if slices.Sort(got); strings.Join(got, "|") != want {
			t.Errorf("%s finds %q, want %s", given, got, want)
		}
	}
}
