package likeness

import "fmt"

// The reasons that an import gives too, which looks for duplicates by itself.
const (
	SameBreached = "the same organisation was breached"
	SimilarCount = "they state nearly the same number"
)

// DatesApart says how far the dates of two incidents are from each other.
func DatesApart(days int) string {
	switch days {
	case 0:
		return "their dates are the same"
	case 1:
		return "their dates are a day apart"
	}
	return fmt.Sprintf("their dates are %d days apart", days)
}
