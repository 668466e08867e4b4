package ledgertest

import (
	"github.com/breachledger/breachledger/internal/incidents"
)

// Change alters a stored document at random, as an editor would: fields, claims
// added, altered, moved and removed. The result is valid.
func (b *Builder) Change(in *incidents.Incident) {
	for range 1 + b.rnd.IntN(3) {
		for {
			next := in.Clone()
			b.changeOnce(next)
			next.Complete()
			if len(next.Validate()) == 0 {
				*in = *next
				break
			}
		}
	}
}

func (b *Builder) changeOnce(in *incidents.Incident) {
	switch b.rnd.IntN(14) {
	case 0:
		in.Title = b.word() + " " + b.word()
	case 1:
		in.Summary, in.Tags = b.word(), some(b.rnd, []string{"pos", "cloud"}, 2)
	case 2:
		in.Disclosed, in.Category = b.date(), Term[incidents.Category](b.rnd)
	case 3:
		b.occurred(in)
		in.Vectors = terms[incidents.Vector](b.rnd, 3)
	case 4:
		in.Participants = nil
		b.participants(in)
	case 5:
		b.AddCount(in)
	case 6:
		b.AddLoss(in)
	case 7:
		b.AddAttribution(in)
	case 8:
		b.AddResponse(in)
	case 9:
		in.Counts = b.without(in.Counts)
	case 10:
		in.Losses = remove(b, in.Losses)
	case 11:
		in.Responses = remove(b, in.Responses)
	case 12:
		in.Attributions = remove(b, in.Attributions)
	case 13:
		b.rnd.Shuffle(len(in.Losses), func(i, j int) { in.Losses[i], in.Losses[j] = in.Losses[j], in.Losses[i] })
		b.rnd.Shuffle(len(in.Responses), func(i, j int) { in.Responses[i], in.Responses[j] = in.Responses[j], in.Responses[i] })
	}
}

// without removes a count; another becomes the headline.
func (b *Builder) without(counts []incidents.Count) []incidents.Count {
	counts = remove(b, counts)
	for i := range counts {
		counts[i].Headline = i == len(counts)-1
	}
	return counts
}

func remove[T any](b *Builder, claims []T) []T {
	if len(claims) == 0 {
		return claims
	}
	i := b.rnd.IntN(len(claims))
	return append(claims[:i:i], claims[i+1:]...)
}
