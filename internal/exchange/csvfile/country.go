package csvfile

import (
	"strings"
	"sync"

	"golang.org/x/text/language"
	"golang.org/x/text/language/display"

	"github.com/breachledger/breachledger/internal/incidents"
)

// countryNames are the English names of the countries (Unicode CLDR), folded,
// and some that are usual besides.
var countryNames = sync.OnceValue(func() map[string]string {
	out := map[string]string{"usa": "US", "uk": "GB", "great britain": "GB", "uae": "AE", "czech republic": "CZ", "korea": "KR", "turkey": "TR"}
	english := display.English.Regions()
	for a := 'A'; a <= 'Z'; a++ {
		for b := 'A'; b <= 'Z'; b++ {
			code := string([]rune{a, b})
			if !incidents.KnownCountry(code) {
				continue
			}
			if region, err := language.ParseRegion(code); err == nil {
				out[incidents.FoldName(english.Name(region))] = code
			}
		}
	}
	return out
})

// country is the code that a code or an English name stands for.
func country(word string) (string, bool) {
	if code := strings.ToUpper(word); incidents.KnownCountry(code) {
		return code, true
	}
	code, ok := countryNames()[incidents.FoldName(word)]
	return code, ok
}
