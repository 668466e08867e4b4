package web

import "testing"

func TestReasons(t *testing.T) {
	t.Parallel()
	const one, two, three, but = "they share a source", "their titles are alike", "they state nearly the same number", "but their dates are 900 days apart"
	for want, of := range map[string][]string{
		"": nil, one: {one}, one + " and " + two: {one, two}, "their dates are 900 days apart": {but},
		one + ", " + but: {one, but},
		one + ", " + two + " and " + three + ", " + but: {one, two, but, three},
	} {
		if got := reasons(of); got != want {
			t.Errorf("%q are %q, not %q", of, got, want)
		}
	}
}
