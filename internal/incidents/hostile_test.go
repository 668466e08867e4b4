package incidents

import (
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"testing"
)

// Text is text: markup is the page's to render harmless, and a title may well
// quote it. Words in any script are text too, and what a quote has is its source's.
func TestTextIsNotRead(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]string{
		"markup":         `<script>alert("1")</script><img src=x onerror=alert(1)>`,
		"template":       `{{.Title}} ${title} <%= title %>`,
		"SQL":            `'; DROP TABLE incidents; --`,
		"right to left":  "\u200fבנק דיסקונט \u200e(IL)\u061c بنك دبي",
		"joiners":        "a\u200b\u200d\u2060\ufeff",
		"emoji":          "👩‍💻🔓",
		"many marks":     "e" + strings.Repeat("\u0301", 50),
		"non-characters": "\ufffe \uffff \U0010ffff \ufffd",
		"format strings": "%s %d %!v(BADINDEX) %",
		"JSON pointer":   "/a~0b~1c",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			actor := ActorRef{Name: "Acme " + text, Aliases: []string{"Alias " + text}}
			evidence := []Evidence{{Quote: text}}
			in := &Incident{
				Title: text, Summary: text, Category: DataBreach,
				Participants: []Participant{{actor, RoleVictim}, {named("B " + text), RoleReporter}},
				Counts:       []Count{{Claim: Claim{Key: text, Evidence: evidence}, Unit: People, Qualifier: NotDisclosed}},
				Responses:    []Response{{Actor: actor, Kind: "apology", SpokenBy: text, Summary: text}},
				Sources:      []Source{{Key: text, Title: text, Publisher: text, Author: text, Text: text, NoIncidentReason: text}},
				ExternalRefs: []ExternalRef{{"case", text}},
			}
			in.Complete()
			if problems := in.Validate(); problems != nil {
				t.Errorf("refused: %v", problems)
			}
			if slug := in.DefaultSlug(); !ValidSlug(slug) {
				t.Errorf("the slug of %q is %q", text, slug)
			}
		})
	}
}

// Every field but the words of a source refuses control characters, and says where.
func TestControlCharactersAreRefused(t *testing.T) {
	t.Parallel()
	for _, c := range []string{
		"\x00", "\x07", "\x1b", "\x7f", "\u0080", "\u009f",
		"\u202a", "\u202b", "\u202c", "\u202d", "\u202e", "\u2066", "\u2067", "\u2068", "\u2069",
	} {
		text := "a" + c
		in := &Incident{
			Title: text, Summary: text, Category: DataBreach,
			Participants: []Participant{{ActorRef{Name: text, Aliases: []string{text}}, RoleVictim}, {named("b" + c), RoleVictim}},
			Responses:    []Response{{Claim: Claim{Key: text}, Actor: named("c" + c), Kind: "apology", SpokenBy: text, Summary: text}},
			Sources:      []Source{{Key: text, Title: text, Publisher: text, Author: text, NoIncidentReason: text, Text: "b\u202e\x1b"}},
			Counts:       []Count{{Claim: Claim{Evidence: []Evidence{{Quote: "b\u202e\x1b"}}}, Unit: People, Qualifier: NotDisclosed}},
			ExternalRefs: []ExternalRef{{"case", text}},
		}
		in.Complete()
		var pointers []string
		for _, p := range in.Validate() {
			if !strings.HasPrefix(p.Detail, fmt.Sprintf("must not contain the control character U+%04X", []rune(c)[0])) {
				t.Errorf("%q: %s", text, p)
			}
			pointers = append(pointers, p.Pointer)
		}
		want := "/title /summary /external_refs/0/id /sources/0/key /sources/0/title /sources/0/publisher /sources/0/author /sources/0/no_incident_reason " +
			"/participants/0/actor/name /participants/0/actor/aliases/0 /participants/1/actor /responses/0/actor " +
			"/responses/0/spoken_by /responses/0/summary /responses/0/key"
		if got := strings.Join(pointers, " "); got != want {
			t.Errorf("%q is reported at %s\nwant %s", text, got, want)
		}
	}
}

// Everything that can be wrong in one document is reported in one go, and
// each time in the same order.
func TestEverythingWrongAtOnce(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("testdata/everything_wrong.json")
	if err != nil {
		t.Fatal(err)
	}
	in := &Incident{}
	if err := json.Unmarshal(text, in); err != nil {
		t.Fatal(err)
	}
	in.Complete()
	problems := in.Validate()
	var out strings.Builder
	for _, p := range problems {
		out.WriteString(p.String() + "\n")
	}
	golden(t, "everything_wrong.golden", out.String())
	for range 20 {
		if again := in.Validate().Error(); again != problems.Error() {
			t.Fatalf("validated again, the problems differ:\n%s\n%s", again, problems.Error())
		}
	}
}
