package veris

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/breachledger/breachledger/internal/incidents"
)

// TestTimeOfHostileDocuments: what a document takes grows with its length, whatever
// stands in it. These take half a second at most, and with the square of it a minute or so.
func TestTimeOfHostileDocuments(t *testing.T) {
	t.Parallel()
	limit := 20 * time.Second
	if testing.Short() { // as under the race detector, which takes fifty times as long
		limit = time.Hour
	}
	names := func(n int, behind string) string {
		out := make([]string, n)
		for i := range out {
			out[i] = fmt.Sprintf(`"Acme %d"%s`, i, behind)
		}
		return strings.Join(out, ",")
	}
	for what, fields := range map[string]string{
		"a figure again and again": `"attribute":{"confidentiality":{"data_total":1000,"notes":"` + strings.Repeat("1000 ", 200_000) + `"}}`,
		"ranges that are none":     `"attribute":{"confidentiality":{"data_total":1000,"notes":"` + strings.Repeat("1000 to 1 ", 20_000) + `"}}`,
		"ranges in the summary":    `"attribute":{"confidentiality":{"data_total":1000}},"summary":"` + strings.Repeat("1000 to 1 ", 20_000) + `"`,
		"addresses without blanks": `"reference":"` + strings.Repeat("http://a,", 100_000) + `"`,
		"brackets":                 `"reference":"http://a` + strings.Repeat(")", 2_000_000) + `"`,
		"secondary victims":        `"victim":{"secondary":{"victim_id":[` + names(30_000, "") + `]}}`,
		"partners":                 `"actor":{"partner":{"name":[` + names(30_000, "") + `]}}`,
		"attackers":                `"actor":{"external":{"variety":["Activist"],"name":[` + names(30_000, "") + `]}}`,
		"unknown fields":           names(150_000, ":1"),
	} {
		t.Run(what, func(t *testing.T) {
			t.Parallel()
			document := []byte(`{"schema_version":"1.4.0","incident_id":"7","timeline":{"incident":{"year":2020}},` + fields + "}")
			began := time.Now()
			result, problems := Decode(document, Options{})
			if len(problems) > 0 {
				t.Errorf("it was not read: %.300v", problems)
			}
			if _, _, problems := Upgrade(document); len(problems) > 0 {
				t.Errorf("it was not upgraded: %.300v", problems)
			}
			_ = Validate(document)
			if _, err := Encode(result.Incident, document); err != nil {
				t.Error(err)
			}
			if took := time.Since(began); took > limit {
				t.Errorf("%d bytes took %s", len(document), took)
			}
		})
	}
}

// TestManyFieldsAreKept: the changes that are told are bounded, and what is kept is not.
func TestManyFieldsAreKept(t *testing.T) {
	t.Parallel()
	const more = maxProblems + 500
	document := `{"schema_version":"1.4.1","incident_id":"7","timeline":{"incident":{"year":2020}}`
	for i := range more {
		document += fmt.Sprintf(`,"field %d":%d`, i, i)
	}
	upgraded, changes, problems := Upgrade([]byte(document + "}"))
	if len(problems) > 0 || len(changes) != maxProblems {
		t.Fatalf("%d changes, problems %v", len(changes), problems)
	}
	var kept struct {
		Plus struct {
			Breachledger struct {
				Upgraded struct{ Displaced []json.RawMessage }
			}
		}
	}
	if err := json.Unmarshal(upgraded, &kept); err != nil || len(kept.Plus.Breachledger.Upgraded.Displaced) != more {
		t.Errorf("of %d fields %d are kept, %v", more, len(kept.Plus.Breachledger.Upgraded.Displaced), err)
	}
}

// TestProblemsThatAreLeftOut say nothing of those that are told.
func TestProblemsThatAreLeftOut(t *testing.T) {
	t.Parallel()
	document := `{"schema_version":"1.4.1","actor":{"external":{"name":[` +
		strings.Repeat("0,", maxProblems) + `0]}},"confidence":"Sure"}`
	problems := Validate([]byte(document))
	if len(problems) != maxProblems {
		t.Fatalf("%d problems", len(problems))
	}
	if last := problems[maxProblems-1]; len(last.Allowed) > 0 {
		t.Errorf("%v: what is allowed is said of another field: %v", last, last.Allowed)
	}
}

// TestMoreThanAnIncidentHolds: of lists that are longer than an incident can hold, the
// beginning is read, and the rest noted.
func TestMoreThanAnIncidentHolds(t *testing.T) {
	t.Parallel()
	list := func(n int, item string) string {
		out := make([]string, n)
		for i := range out {
			out[i] = fmt.Sprintf(item, i)
		}
		return "[" + strings.Join(out, ",") + "]"
	}
	document := `{"incident_id":"7","victim":{"secondary":{"victim_id":` + list(mostParticipants+1, `"Acme %d"`) + `}},` +
		`"actor":{"external":{"variety":["Activist"],"name":` + list(incidents.MaxClaims+1, `"Ring %d"`) + `}},` +
		`"impact":{"iso_currency_code":"USD","loss":` + list(incidents.MaxClaims, `{"amount":%d,"min_amount":0}`) + `}}`
	result, problems := Decode([]byte(document), Options{})
	if len(problems) > 0 {
		t.Fatalf("it was not read: %.300v", problems)
	}
	in := &result.Incident
	in.JoinActors()
	if problems := in.Validate(); len(problems) > 0 {
		t.Errorf("it cannot be stored: %.300v", problems)
	}
	if p, a, l := len(in.Participants), len(in.Attributions), len(in.Losses); p != mostParticipants+incidents.MaxClaims || a != incidents.MaxClaims || l != incidents.MaxClaims {
		t.Errorf("%d participants, %d attributions, %d losses", p, a, l)
	}
	for _, pointer := range []string{"/victim/secondary/victim_id", "/actor/external/name", "/impact/loss"} {
		if n := strings.Count(fmt.Sprint(result.Notes), pointer+": was not read in part"); n != 1 {
			t.Errorf("%s is noted %d times in %v", pointer, n, result.Notes)
		}
	}
}
