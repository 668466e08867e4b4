package incidents

import (
	"strings"
	"testing"
)

func TestValidSlug(t *testing.T) {
	t.Parallel()
	valid := []string{"a", "7", "acme-pay", "acme-pay-2014", strings.Repeat("a", MaxSlug)}
	invalid := []string{
		"", "-", "..", ".", "a..b", "../etc/passwd", "a/b", "a b", "a--b", "-a", "a-", "A", "ä", "a_b", "a\n", "a\x00", "a%2fb",
		"раypal", "ａcme", "a‐b", "a\u200bb", strings.Repeat("a", MaxSlug+1),
		"01890000-0000-7000-8000-000000000001", "deadbeefdeadbeefdeadbeefdeadbeef",
	}
	for _, s := range valid {
		if !ValidSlug(s) {
			t.Errorf("ValidSlug(%q) = false", s)
		}
	}
	for _, s := range invalid {
		if ValidSlug(s) {
			t.Errorf("ValidSlug(%q) = true", s)
		}
	}
}

func TestSlugify(t *testing.T) {
	t.Parallel()
	words := strings.Repeat("nine-char-", 20) // 200 characters, a gap at every fifth
	tests := []struct{ name, text, want string }{
		{"words", "Acme Pay: card skimming!", "acme-pay-card-skimming"},
		{"gaps at the ends", "  --Acme--  ", "acme"},
		{"apostrophes", "O'Neil’s shop", "oneils-shop"},
		{"accents", "Crédit Agricole São Paulo", "credit-agricole-sao-paulo"},
		{"letters that do not decompose", "Mærsk Straße Łódź Þór İstanbul Işık", "maersk-strasse-lodz-thor-istanbul-isik"},
		{"ligatures and full width", "ﬁnance Ａｃｍｅ", "finance-acme"},
		{"Cyrillic letters that look Latin are dropped", "рayрal", "ay-al"},
		{"mixed scripts", "支付宝 Alipay 盗刷", "alipay"},
		{"no Latin letter", "支付宝", ""},
		{"path", "../../etc/passwd", "etc-passwd"},
		{"dots", "..", ""},
		{"invisible characters", "Pay\u200bPal\u00ad\u202e x", "paypal-x"},
		{"control characters and bad UTF-8", "a\x00b\xffc", "a-b-c"},
		{"markup", "<script>alert(1)</script>", "script-alert-1-script"},
		{"empty", "", ""},
		{"id", "01890000-0000-7000-8000-000000000001", "id-01890000-0000-7000-8000-000000000001"},
		{"id without hyphens", "DEADBEEFDEADBEEFDEADBEEFDEADBEEF", "id-deadbeefdeadbeefdeadbeefdeadbeef"},
		{"long, cut between words", words, strings.TrimSuffix(words[:maxMadeSlug], "-")},
		{"long, cut just behind a word", strings.Repeat("a", 60) + "-" + strings.Repeat("b", 19) + "-c", strings.Repeat("a", 60) + "-" + strings.Repeat("b", 19)},
		{"long, one word", strings.Repeat("a", 500), strings.Repeat("a", maxMadeSlug)},
		{"long last word", "a " + strings.Repeat("b", 500), "a-" + strings.Repeat("b", maxMadeSlug-2)},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got := Slugify(tt.text); got != tt.want {
				t.Errorf("Slugify(%q) = %q, want %q", tt.text, got, tt.want)
			}
		})
	}
}

func TestDefaultSlug(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		in   Incident
		want string
	}{
		{"title", Incident{Title: "Acme breach"}, "acme-breach"},
		{"no title", Incident{}, "incident"},
		{"no Latin letter", Incident{Title: "支付宝", Disclosed: date(t, "2014-10")}, "incident-2014"},
		{"year it occurred", Incident{Title: "Acme", Occurred: Period{From: date(t, "2013")}, Disclosed: date(t, "2014")}, "acme-2013"},
		{"year it ended", Incident{Title: "Acme", Occurred: Period{To: date(t, "2012-02")}, Disclosed: date(t, "2014")}, "acme-2012"},
		{"year disclosed before year discovered", Incident{Title: "Acme", Disclosed: date(t, "2015"), Discovered: date(t, "2014")}, "acme-2015"},
		{"year discovered", Incident{Title: "Acme", Discovered: date(t, "2014")}, "acme-2014"},
		{"not the year contained", Incident{Title: "Acme", Contained: date(t, "2014")}, "acme"},
		{"year in the title", Incident{Title: "The 2014 Acme breach", Disclosed: date(t, "2014")}, "the-2014-acme-breach"},
		{"year in a longer number", Incident{Title: "Acme 20140", Disclosed: date(t, "2014")}, "acme-20140-2014"},
		{"id", Incident{Title: "deadbeefdeadbeefdeadbeefdeadbeef"}, "id-deadbeefdeadbeefdeadbeefdeadbeef"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got := tt.in.DefaultSlug(); got != tt.want {
				t.Errorf("DefaultSlug() = %q, want %q", got, tt.want)
			}
		})
	}
}

func FuzzSlugify(f *testing.F) {
	for _, s := range []string{"Acme Pay", "..", "Straße", "a’b", "deadbeefdeadbeefdeadbeefdeadbeef", strings.Repeat("ß", 90), strings.Repeat("a-", 60)} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		slug := Slugify(s)
		if slug != "" && !ValidSlug(slug) {
			t.Errorf("Slugify(%q) = %q, which is not a valid slug", s, slug)
		}
		if again := Slugify(slug); again != slug {
			t.Errorf("Slugify(%q) = %q, and of that %q", s, slug, again)
		}
		in := Incident{Title: s, Disclosed: PartialDate{year: 2014}}
		if slug := in.DefaultSlug(); !ValidSlug(slug) || len(slug) > MaxSlug-10 {
			t.Errorf("DefaultSlug of %q = %q: not valid, or no room for a number", s, slug)
		}
	})
}
