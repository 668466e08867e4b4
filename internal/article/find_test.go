package article

import (
	"errors"
	"strings"
	"testing"
	"unicode"
)

func TestFindFolds(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct{ name, text, quote, want string }{
		{"verbatim", "Xi denied it.", "denied", "denied"},
		{"curly in the text", "Apple’s “app”", `Apple's "app"`, "Apple’s “app”"},
		{"curly in the quote", `Apple's "app"`, "Apple’s “app”", `Apple's "app"`},
		{"dashes", "a – b — c‑d − e", "a - b - c-d - e", "a – b — c‑d − e"},
		{"no-break space", "78.8\u00a0million\u202frecords", "78.8 million records", "78.8\u00a0million\u202frecords"},
		{"line breaks", "as many as\r\n  78.8\n\nmillion", "as many as 78.8 million", "as many as\r\n  78.8\n\nmillion"},
		{"broken in the quote", "as many as 78.8 million", "as many\n  as 78.8\tmillion\n", "as many as 78.8 million"},
		{"white space around", "a  b  c", "  b ", "b"},
		{"at the ends", "“whole text”", `"whole text"`, "“whole text”"},
		{"not Latin", "苹果公司 说", "公司 说", "公司 说"},
		{"beyond the basic plane", "😀 so 😀x", "😀x", "😀x"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			got, err := Find(tc.text, tc.quote, Options{})
			if err != nil || got.Quote != tc.want {
				t.Fatalf("got %+v, %v", got, err)
			}
			if at := string([]rune(tc.text)[got.Start:got.End]); at != got.Quote {
				t.Errorf("%d:%d of the text is %q, not %q", got.Start, got.End, at, got.Quote)
			}
		})
	}
}

func TestFindRefuses(t *testing.T) {
	t.Parallel()
	text := "Anthem lost “as many as 78.8 million” customer records.\nOPM lost 21 million."
	for _, tc := range []struct{ name, quote, want string }{
		{"blank", " \n", "the quote is blank"},
		{"nothing near", "Equifax", "the quote is not in the text, nor is its beginning"},
		{"case", "anthem lost", `the quote is not in the text. Its end "nthem lost" is (line 1), but before that the text has "A" and the quote "a"`},
		{"another figure", "as many as 80 million", `the quote is not in the text. Its beginning "as many as " is (line 1), but after that the text has "78.8 million\" customer records. OPM lost" and the quote "80 million"`},
		{"on the next line", "customer records. OPM lost 5 million", `Its beginning "customer records. OPM lost " is (line 2), but after that the text has "21 million." and the quote "5 million"`},
		{"another beginning", "Equifax lost 21 million.", `Its end " lost 21 million." is (line 2), but before that the text has "y as 78.8 million\" customer records. OPM"`},
		{"longer than the text", "OPM lost 21 million. And more", `Its beginning "OPM lost 21 million." is (line 2), but after that the text has "" and the quote " And more"`},
		{"ignored by nobody", "78,8 million", `Its end "8 million"`},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			got, err := Find(text, tc.quote, Options{})
			if err == nil || !strings.Contains(err.Error(), tc.want) {
				t.Errorf("got  %+v, %v\nwant %s", got, err, tc.want)
			}
		})
	}
	var notFound *NotFoundError
	if _, err := Find(text, "Equifax", Options{}); !errors.As(err, &notFound) {
		t.Errorf("got %T", err)
	}
}

func TestFindAmong(t *testing.T) {
	t.Parallel()
	at := func(n int) *int { return &n }
	for _, tc := range []struct {
		name, text, quote string
		o                 Options
		start             int
		want              string
	}{
		{"the first", "é ab ab", "ab", Options{Occurrence: 1}, 2, ""},
		{"the second", "é ab ab", "ab", Options{Occurrence: 2}, 5, ""},
		{"no third", "é ab ab", "ab", Options{Occurrence: 3}, 0, "the quote stands in the text 2 times; there is no occurrence 3"},
		{"by start", "é ab ab", "ab", Options{Start: at(5)}, 5, ""},
		{"occurrence before start", "é ab ab", "ab", Options{Occurrence: 1, Start: at(5)}, 2, ""},
		{"a stale start, one place", "é ab", "ab", Options{Start: at(0)}, 2, ""},
		{"a start outside", "é ab", "ab", Options{Start: at(99)}, 2, ""},
		{"a negative start", "é ab", "ab", Options{Start: at(-1)}, 2, ""},
		{"a start within white space", "é  ab ab", "ab", Options{Start: at(2)}, 0, "2 times"},
		{"a stale start, two places", "é ab ab", "ab", Options{Start: at(3)}, 0, "the quote stands in the text 2 times; say which by occurrence: (1) line 1, start 2: …é [ab] ab… (2) line 1, start 5: …é ab [ab]"},
		{"overlapping, first", "aaa", "aa", Options{Occurrence: 1}, 0, ""},
		{"overlapping, second", "aaa", "aa", Options{Occurrence: 2}, 1, ""},
		{"overlapping, too many", "aaa", "aa", Options{Occurrence: 3}, 0, "2 times"},
		{"spelt differently", "it's it’s", "it's", Options{Occurrence: 2}, 5, ""},
		{"on two lines", "one ab\ntwo ab", "ab", Options{}, 0, "(1) line 1, start 4: …one [ab] two ab… (2) line 2, start 11: …one ab two [ab]"},
		{"very many", strings.Repeat("a", 5000), "a", Options{}, 0, "more than 10 times"},
		{"an absurd occurrence", strings.Repeat("a", 5000), "a", Options{Occurrence: 1 << 40}, 0, "there is no occurrence"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			got, err := Find(tc.text, tc.quote, tc.o)
			switch {
			case tc.want == "" && (err != nil || got.Start != tc.start):
				t.Errorf("got %+v, %v; want start %d", got, err, tc.start)
			case tc.want != "" && (err == nil || !strings.Contains(err.Error(), tc.want)):
				t.Errorf("got %+v, %v\nwant %s", got, err, tc.want)
			}
		})
	}
}

func TestOccurrence(t *testing.T) {
	t.Parallel()
	x := NewIndex("it's it’s. That is it")
	for _, tc := range []struct {
		quote       string
		start, want int
	}{{"it's", 0, 1}, {"it's", 5, 2}, {"That", 11, 0}, {"it", 19, 3}, {"it", 1, 0}, {"none", 0, 0}} {
		if got := x.Occurrence(tc.quote, tc.start); got != tc.want {
			t.Errorf("%q at %d: got %d, want %d", tc.quote, tc.start, got, tc.want)
		}
	}
}

// Whatever part of a seed is quoted, it is found again where it stands: with
// the start that says which, and without one when it stands there once only.
func TestFindGivesBackEveryPartOfTheSeeds(t *testing.T) {
	t.Parallel()
	for name, text := range seeds(t) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			x, runes := NewIndex(text), []rune(text)
			for start := range runes {
				for _, length := range []int{1, 2, 3, 5, 8, 21, 55, 144, 987, len(runes) - start} {
					from, to := start, min(start+length, len(runes))
					for from < to && unicode.IsSpace(runes[from]) {
						from++
					}
					for from < to && unicode.IsSpace(runes[to-1]) {
						to--
					}
					if from == to {
						continue
					}
					want := Span{Start: from, End: to, Quote: string(runes[from:to])}
					got, err := x.Find(string(runes[start:min(start+length, len(runes))]), Options{Start: &from})
					if err != nil || got != want {
						t.Fatalf("with its start: got %+v, %v; want %+v", got, err, want)
					}
					if start%7 != 0 {
						continue
					}
					var ambiguous *AmbiguousError
					got, err = x.Find(want.Quote, Options{})
					if got != want && !errors.As(err, &ambiguous) {
						t.Fatalf("without it: got %+v, %v; want %+v", got, err, want)
					}
				}
			}
		})
	}
}

func FuzzFind(f *testing.F) {
	f.Add("Apple’s  “app” – x", `Apple's "app"`, 1)
	f.Add("aaa\xff", "aa", 2)
	f.Add(strings.Repeat("é\n", 600), "é é", 700)
	f.Fuzz(func(t *testing.T, text, quote string, occurrence int) {
		got, err := Find(text, quote, Options{Occurrence: max(occurrence, 0)})
		if err != nil {
			if err.Error() == "" {
				t.Fatal("an error without words")
			}
			return
		}
		if _, err := Read("x", []byte(text)); err != nil {
			return // positions count in valid texts only
		}
		if at := string([]rune(text)[got.Start:got.End]); at != got.Quote || strings.TrimSpace(fold(at, nil)) != strings.TrimSpace(fold(quote, nil)) {
			t.Fatalf("%q at %d:%d is %q", quote, got.Start, got.End, at)
		}
	})
}

func BenchmarkFindInOneMegabyte(b *testing.B) {
	text := strings.Repeat("Apple’s “app” – or so they say, all in all.\n", MaxSize/50) + "the needle"
	b.Run("index", func(b *testing.B) {
		for b.Loop() {
			NewIndex(text)
		}
	})
	x := NewIndex(text)
	b.Run("find", func(b *testing.B) {
		for b.Loop() {
			if _, err := x.Find("the needle", Options{}); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("miss", func(b *testing.B) {
		for b.Loop() {
			if _, err := x.Find(strings.Repeat("or so they say ", 300), Options{}); err == nil {
				b.Fatal("found")
			}
		}
	})
}

// What is missing and what stands there look different in the message, also where
// only the spelling of an accent differs.
func TestNotFoundShowsAccents(t *testing.T) {
	t.Parallel()
	_, err := Find("Soci\u00e9t\u00e9 lost cards.", "Socie\u0301te\u0301 lost cards", Options{})
	if err == nil || !strings.Contains(err.Error(), `the text has "Société" and the quote "Socie\u0301te\u0301"`) {
		t.Errorf("got %v", err)
	}
}
