package incidents

import (
	"strings"
	"testing"
)

const notAnAddress = "must be an http or https address, without a user name, a password or spaces"

func TestValidateSources(t *testing.T) {
	t.Parallel()
	sources := func(ss ...Source) func(*Incident) { return func(in *Incident) { in.Sources = ss } }
	check(t, []rule{
		{"a known one", sources(Source{ID: id(1)}), nil},
		{"an address alone", sources(Source{URL: "https://example.com/a?b=c#d"}), nil},
		{"a title alone", sources(Source{Title: "Annual report, printed"}), nil},
		{"a text alone", sources(Source{Text: "…"}), nil},
		{"nothing", sources(Source{Publisher: "P", Key: "a"}), []string{"/sources/0: must have an address (url), a title or a text"}},
		{"a key twice", sources(Source{Key: "a", Title: "x"}, Source{Key: "a", Title: "y"}), []string{"/sources/1: the same source is listed twice"}},
		{"an id twice", sources(Source{ID: id(1)}, Source{ID: id(1)}), []string{"/sources/1: the same source is listed twice"}},
		{"an address twice", sources(Source{URL: "https://example.com"}, Source{URL: "https://example.com"}), []string{"/sources/1: the same source is listed twice"}},
		{"two without key, id and address", sources(Source{Title: "x"}, Source{Title: "x"}), nil},
		{"key like an id", sources(Source{Key: id(1).String(), Title: "x"}), []string{"/sources/0/key: must not have the form of an id"}},
		{"long key", sources(Source{Key: strings.Repeat("a", 61), Title: "x"}), []string{"/sources/0/key: must have at most 60 characters, has 61"}},
		{"long address", sources(Source{URL: "https://example.com/" + strings.Repeat("a", 1981)}), []string{"/sources/0/url: must have at most 2,000 bytes, has 2,001"}},
		{"long title", sources(Source{Title: strings.Repeat("a", 501)}), []string{"/sources/0/title: must have at most 500 characters, has 501"}},
		{"long publisher", sources(Source{Title: "x", Publisher: strings.Repeat("a", 201)}), []string{"/sources/0/publisher: must have at most 200 characters, has 201"}},
		{"author of two lines", sources(Source{Title: "x", Author: "A\nB"}), []string{"/sources/0/author: must be one line, without tabs"}},
		{"long reason", sources(Source{Title: "x", NoIncidentReason: strings.Repeat("a", 1001)}), []string{"/sources/0/no_incident_reason: must have at most 1,000 characters, has 1,001"}},
		{"language", sources(Source{Title: "x", Language: "English"}), []string{"/sources/0/language: must be a language tag such as en or pt-BR"}},
		{"a known one with a hostile address", sources(Source{ID: id(1), URL: "javascript:alert(1)"}), []string{"/sources/0/url: " + notAnAddress}},

		// A text is kept as it was captured.
		{"text with form feeds and stray control characters", sources(Source{Text: "a\fb\vc\u0085d\u0092e\u2028f"}), nil},
		{"text with NUL", sources(Source{Text: "a\x00b"}), []string{"/sources/0/text: must not contain the character U+0000"}},
		{"text not in UTF-8", sources(Source{Text: "caf\xe9"}), []string{"/sources/0/text: must be valid UTF-8"}},
		{"text of a megabyte", sources(Source{Text: strings.Repeat("a", 1<<20)}), nil},
	})
}

func TestValidateAddresses(t *testing.T) {
	t.Parallel()
	for _, address := range []string{
		"https://example.com", "http://example.com:8080/a", "HTTPS://EXAMPLE.COM/", "https://пример.example/支付",
		"https://[2001:db8::1]/", "https://example.com/%E2%80%AE", `https://example.com/"onmouseover="alert(1)`, "https://example.com/<script>",
	} {
		if problems := (Source{URL: address}).Validate(""); problems != nil {
			t.Errorf("%q is refused: %v", address, problems)
		}
	}
	for _, address := range []string{
		"javascript:alert(1)", "JavaScript:alert(1)", " javascript:alert(1)", "java\nscript:alert(1)", "java\tscript:alert(1)", "\x01javascript:alert(1)",
		"javascript://example.com/%0aalert(1)", "vbscript:x", "data:text/html,<script>alert(1)</script>", "file:///etc/passwd", "ftp://example.com",
		"//example.com", "/notice", "example.com", "https:", "https://", "https:///notice", "http:example.com", "https://:80/",
		"https://user@example.com", "https://user:secret@example.com", "https://example.com/a b", " https://example.com", "https://example.com\n", "https://example.com/\u00a0",
		"https://exa mple.com", "https://example.com/%zz", "https://[::1", "https://example.com/\x00", "https://example.com:port/",
	} {
		problems := (Source{URL: address}).Validate("/source")
		if len(problems) != 1 || problems[0].String() != "/source/url: "+notAnAddress {
			t.Errorf("%q: %v", address, problems)
		}
	}
}

func TestValidateEvidence(t *testing.T) {
	t.Parallel()
	two := []Source{{Key: "a", URL: "https://example.com/a"}, {Key: "b", Title: "B"}}
	with := func(sources []Source, e Evidence) func(*Incident) {
		return func(in *Incident) {
			in.Sources = sources
			in.Counts = []Count{{Claim: Claim{Evidence: []Evidence{e}}, Unit: People, Qualifier: NotDisclosed}}
		}
	}
	const p = "/counts/0/evidence/0"
	check(t, []rule{
		{"the only source", with(two[:1], Evidence{Quote: "…"}), nil},
		{"no source of two", with(two, Evidence{Quote: "…"}), []string{p + "/source: is required, as the incident has 2 sources; it can be left out only where there is exactly one"}},
		{"no source of none", with(nil, Evidence{}), []string{p + "/source: is required, as the incident has 0 sources; it can be left out only where there is exactly one"}},
		{"by key", with(two, Evidence{Source: SourceRef{Key: "b"}}), nil},
		{"by unknown key", with(two, Evidence{Source: SourceRef{Key: "c"}}), []string{p + `/source/key: "c" is not the key of one of the document's sources`}},
		{"by id", with(nil, Evidence{Source: SourceRef{ID: id(1)}}), nil},
		{"by address", with(nil, Evidence{Source: SourceRef{URL: "https://example.com/notice"}}), nil},
		{"by hostile address", with(nil, Evidence{Source: SourceRef{URL: "javascript:alert(1)"}}), []string{p + "/source/url: " + notAnAddress}},
		{"by key and a hostile address", with(two, Evidence{Source: SourceRef{Key: "a", URL: "javascript:alert(1)"}}), []string{p + "/source/url: " + notAnAddress}},
		{"by id and a hostile address", with(two, Evidence{Source: SourceRef{ID: id(1), URL: "javascript:alert(1)"}}), []string{p + "/source/url: " + notAnAddress}},
		{"by title", with(nil, Evidence{Source: SourceRef{Title: "Notice"}}), nil},
		{"by publisher alone", with(nil, Evidence{Source: SourceRef{Publisher: "P"}}), []string{p + "/source: must have an id, a key, a url or a title"}},
		{"by long title", with(nil, Evidence{Source: SourceRef{Title: strings.Repeat("a", 501)}}), []string{p + "/source/title: must have at most 500 characters, has 501"}},
		{"short form: key", with(two, Evidence{Source: SourceRef{Given: "b"}}), nil},
		{"short form: address of a source", with(two, Evidence{Source: SourceRef{Given: "https://example.com/a"}}), nil},
		{"short form: another address", with(nil, Evidence{Source: SourceRef{Given: "https://example.com/c"}}), nil},
		{"short form: id", with(nil, Evidence{Source: SourceRef{Given: id(1).String()}}), nil},
		{"short form: none of them", with(two, Evidence{Source: SourceRef{Given: "c"}}), []string{p + `/source: "c" is neither the key of one of the document's sources, nor an id, nor an http or https address`}},
		{"short form: hostile address", with(two, Evidence{Source: SourceRef{Given: "javascript:alert(1)"}}), []string{p + `/source: "javascript:alert(1)" is neither the key of one of the document's sources, nor an id, nor an http or https address`}},
		{"short form: long address", with(nil, Evidence{Source: SourceRef{Given: "https://example.com/" + strings.Repeat("a", 1981)}}), []string{p + "/source: must have at most 2,000 bytes, has 2,001"}},
		{"blank quote", with(two[:1], Evidence{Quote: " \n"}), []string{p + "/quote: must not be blank"}},
		{"long quote", with(two[:1], Evidence{Quote: strings.Repeat("a", 5001)}), []string{p + "/quote: must have at most 5,000 characters, has 5,001"}},
		{"quote over a page break", with(two[:1], Evidence{Quote: "a\fb"}), nil},
		{"quote with NUL", with(two[:1], Evidence{Quote: "a\x00"}), []string{p + "/quote: must not contain the character U+0000"}},
		{"second occurrence", with(two[:1], Evidence{Quote: "a", Occurrence: 2}), nil},
		{"negative occurrence", with(two[:1], Evidence{Quote: "a", Occurrence: -1}), []string{p + "/occurrence: counts from 1 and needs a quote"}},
		{"occurrence of nothing", with(two[:1], Evidence{Occurrence: 1}), []string{p + "/occurrence: counts from 1 and needs a quote"}},
		{"negative position", with(two[:1], Evidence{Quote: "a", Start: new(-1), End: new(-1)}), []string{p + "/start: must not be negative", p + "/end: must not be negative"}},
	})
}

// Every kind of claim has its evidence looked at.
func TestValidateEveryEvidence(t *testing.T) {
	t.Parallel()
	claim := Claim{Evidence: []Evidence{{Source: SourceRef{ID: id(1)}}, {Source: SourceRef{ID: id(1)}, Quote: " "}}}
	in := small()
	in.Counts = []Count{{Claim: claim, Unit: People, Qualifier: NotDisclosed}}
	in.Losses = []Loss{{Claim: claim, Kind: "stolen", Qualifier: NotDisclosed}}
	in.Attributions = []Attribution{{Claim: claim, Accused: named("Acme"), Basis: "media_attributes"}}
	in.Responses = []Response{{Claim: claim, Actor: named("Acme"), Kind: "apology"}}
	in.Complete()
	want := "/counts/0/evidence/1/quote: must not be blank; /losses/0/evidence/1/quote: must not be blank; " +
		"/attributions/0/evidence/1/quote: must not be blank; /responses/0/evidence/1/quote: must not be blank"
	if got := in.Validate().Error(); got != want {
		t.Errorf("got %s\nwant %s", got, want)
	}
}
