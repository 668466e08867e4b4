package ledger

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strconv"

	"github.com/breachledger/breachledger/internal/incidents"
	"github.com/breachledger/breachledger/internal/ledger/internal/dbsqlc"
)

// A slug has so many forms: acme, acme-2, … acme-20.
const (
	firstNumber = 2
	slugTries   = 20
)

func numberedSlug(slug string, n int) string { return slug + "-" + strconv.Itoa(n) }

// unnumberedSlug is a form of a slug that cannot be taken, for when all are.
func unnumberedSlug(slug string) string { return slug + "-" + incidents.NewID().String()[24:] }

// slugCandidates are a slug and its numbered forms.
func slugCandidates(slug string) []string {
	out := []string{slug}
	for n := firstNumber; n <= slugTries; n++ {
		out = append(out, numberedSlug(slug, n))
	}
	return out
}

// freeSlug is the first candidate that is not taken, or after all of them one
// that cannot be.
func freeSlug(slug string, taken map[string]bool) string {
	if !taken[slug] {
		return slug
	}
	for _, candidate := range slugCandidates(slug) {
		if !taken[candidate] {
			return candidate
		}
	}
	return unnumberedSlug(slug)
}

func wantedSlug(in *incidents.Incident) string {
	if in.Slug != "" {
		return in.Slug
	}
	return in.DefaultSlug()
}

func (d directLookups) incidentSlugsFree(ctx context.Context, wanted map[string]int) (map[string][]string, error) {
	return d.slugsFree(ctx, wanted, nil)
}

// slugsFree are of each slug and its numbered forms the first that are free, as
// many as it is wanted.
func (d directLookups) slugsFree(ctx context.Context, wanted map[string]int, book *slugBook) (map[string][]string, error) {
	rows, err := d.l.q.IncidentSlugsTaken(ctx, d.tx, slices.Collect(maps.Keys(wanted)))
	if err != nil {
		return nil, err
	}
	taken := map[string]bool{}
	for _, slug := range rows {
		taken[slug] = true
	}
	free := map[string][]string{}
	more := dbsqlc.IncidentSlugNumbersFreeParams{Last: slugTries}
	for slug, n := range wanted {
		if !taken[slug] {
			free[slug] = []string{slug}
			n--
		}
		if from := book.from(slug); n > 0 && from <= slugTries {
			more.Slugs, more.Froms, more.Most = append(more.Slugs, slug), append(more.Froms, int32(from)), append(more.Most, int32(n))
		}
	}
	if len(more.Slugs) == 0 {
		return free, nil
	}
	numbers, err := d.l.q.IncidentSlugNumbersFree(ctx, d.tx, more)
	if err != nil {
		return nil, err
	}
	first := make([]int, len(more.Slugs))
	for _, row := range numbers {
		slug := more.Slugs[row.Place-1]
		first[row.Place-1] = cmp.Or(first[row.Place-1], int(row.N))
		free[slug] = append(free[slug], numberedSlug(slug, int(row.N)))
	}
	for i, slug := range more.Slugs {
		book.learn(slug, cmp.Or(first[i], slugTries+1))
	}
	return free, nil
}
