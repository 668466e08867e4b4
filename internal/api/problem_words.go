package api

import (
	"fmt"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"github.com/breachledger/breachledger/internal/incidents"
)

// countryPattern is that of the parameter country.
const countryPattern = "^[A-Z]{2}$"

// expected says what the value of a parameter must be, in place of huma's words,
// which name types and patterns. "" leaves those.
func expected(s *huma.Schema, message string, value any) string {
	if s != nil && s.Items != nil {
		s = s.Items
	}
	switch {
	case strings.HasPrefix(message, notATime):
		return "must be a date and time of RFC 3339, such as 2026-01-31T00:00:00Z"
	case s == nil || message == unknownParameter || message == unreadableParameter || message == repeatedParameter:
		return ""
	case s.Pattern == countryPattern:
		return incidents.UnknownCountry(fmt.Sprint(value))
	case s.Type == huma.TypeBoolean:
		return "must be true or false"
	case s.Type == huma.TypeInteger && s.Minimum != nil && s.Maximum != nil:
		return fmt.Sprintf("must be a whole number from %.0f to %.0f", *s.Minimum, *s.Maximum)
	case s.Type == huma.TypeInteger && s.Minimum != nil:
		return fmt.Sprintf("must be a whole number from %.0f on", *s.Minimum)
	case s.Type == huma.TypeInteger:
		return "must be a whole number"
	case s.Format == "uuid":
		return "must be an id such as 01a2017a-2240-749b-9b44-b8bdbc92db9c"
	case s.MaxLength != nil && strings.HasPrefix(message, "expected length"):
		return fmt.Sprintf("must have at most %s characters", incidents.Number(int64(*s.MaxLength)))
	}
	return strings.TrimPrefix(message, "invalid value: ")
}
