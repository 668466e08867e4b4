package incidents

import (
	"strings"
	"sync"
	"testing"
	"unicode"
)

func TestFoldName(t *testing.T) {
	t.Parallel()
	// Each group is one name in several spellings; the first is the folded one.
	groups := [][]string{
		{"acme pay", "Acme Pay", "ACME  PAY", " Acme-Pay ", "Acme.Pay!", "Ａｃｍｅ　Ｐａｙ", "acme_pay", "Acme\tPay"},
		{"oneil", "O'Neil", "O’Neil", "O‘Neil", "OʼNeil"},
		{"societe generale", "Société Générale", "SOCIE\u0301TE\u0301 GE\u0301NE\u0301RALE"},
		{"strasse", "Straße", "STRASSE", "STRAẞE"},
		{"finance office", "ﬁnance oﬃce"},
		{"maersk", "Mærsk", "MÆRSK", "Maersk"},
		{"moller", "Møller", "Moller"},
		{"isik", "Işık", "IŞIK", "ışık", "ISIK"},
		{"istanbul", "İstanbul", "ISTANBUL", "istanbul"},
		{"сбербанк", "Сбербанк", "СБЕРБАНК"},
		{"σισυφοσ", "Σίσυφος", "ΣΊΣΥΦΟΣ", "σισυφος"},
		{"支付宝", "支付宝", " 支付宝 "},
		{"が", "が", "か\u3099"},
		{"ガ", "ガ", "ｶﾞ"},
		{"한국은행", "한국은행", "\u1112\u1161\u11ab국은행"},
		{"भारत", "भारत"},
		{"ꭰꮃ", "ᎠᎳ", "ꭰꮃ"},
		{"paypal", "PayPal", "Pay\u200bPal", "Pay\u00adPal", "\u202ePayPal", "Pay\ufe0fPal", "Pay\u3164Pal"},
		{"3m", "3M", "³M"},
		{"7 eleven", "7-Eleven", "7 ELEVEN"},
		{"at t", "AT&T", "At & T"},
		{"", "", " ", "-", "…", "\u200b", "\u3164", "❤\ufe0f", "\xff", "'"},
	}
	for _, group := range groups {
		t.Run(group[0], func(t *testing.T) {
			t.Parallel()
			for _, name := range group {
				if got := FoldName(name); got != group[0] {
					t.Errorf("FoldName(%q) = %q, want %q", name, got, group[0])
				}
			}
		})
	}
}

func TestFoldNameKeepsDifferentNamesApart(t *testing.T) {
	t.Parallel()
	for _, pair := range [][2]string{
		{"PayPal", "Раypal"}, // Cyrillic Р and а
		{"Acme Pay", "AcmePay"},
		{"か", "が"},
		{"支付宝", "微信支付"},
		{"Acme 1", "Acme 2"},
	} {
		if FoldName(pair[0]) == FoldName(pair[1]) {
			t.Errorf("%q and %q both fold to %q", pair[0], pair[1], FoldName(pair[0]))
		}
	}
}

// Every letter, mark and digit of Unicode, alone and behind and before others.
func TestFoldNameTwiceIsOnce(t *testing.T) {
	t.Parallel()
	var group sync.WaitGroup
	const parts = 16
	for part := range rune(parts) {
		group.Go(func() {
			for r := part; r <= unicode.MaxRune; r += parts {
				if !unicode.In(r, unicode.L, unicode.M, unicode.N) || unicode.In(r, unicode.Han) && r%64 != part {
					continue
				}
				name := "a" + string(r) + "\u0301b " + string(r) + " '\u0345" + string(r)
				once := FoldName(name)
				if twice := FoldName(once); twice != once {
					t.Errorf("%U: FoldName(%q) = %q, and of that %q", r, name, once, twice)
				}
				if upper := FoldName(string(unicode.ToUpper(r))); upper != FoldName(string(r)) {
					t.Errorf("%U folds to %q, its upper case to %q", r, FoldName(string(r)), upper)
				}
			}
		})
	}
	group.Wait()
}

func FuzzFoldName(f *testing.F) {
	for _, s := range []string{"Acme Pay", "O’Neil", "Straße", "ᎠᎳ", "İı", "か'\u3099", "\u1112'\u1161", "ﬁ", "\u200b", "a\u0345", "支付宝", "\xff", strings.Repeat("0", 79) + "\xf3Ų"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, name string) {
		once := FoldName(name)
		if twice := FoldName(once); twice != once {
			t.Errorf("FoldName(%q) = %q, and of that %q", name, once, twice)
		}
	})
}

func TestIsNobody(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"", " ", "-", "?", "Unknown", "UNKNOWN", "(unknown)", "n/a", "N/A", "N.A.", "Not disclosed", "undisclosed", "None", "null", "TBD", "Various", "Un\u200bknown", "Unknown organisation", "Unknown Organization"} {
		if !IsNobody(name) {
			t.Errorf("IsNobody(%q) = false", name)
		}
	}
	for _, name := range []string{"Acme", "Unknown Worlds", "Nobody's Business", "支付宝", "Сбербанк", "X", "3", "NA Bank", "Anonymous Sudan"} {
		if IsNobody(name) {
			t.Errorf("IsNobody(%q) = true", name)
		}
	}
	for name := range nobody {
		if FoldName(name) != name {
			t.Errorf("the list of nobodies has %q, which is not folded (%q) and so never met", name, FoldName(name))
		}
	}
}
