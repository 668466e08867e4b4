package incidents

// MaxDocument is how large a document can become, in bytes of its texts and of what
// belongs to each piece of evidence. It is many times what the longest article gives,
// and keeps a backup's line, what an edit reads and what a page shows within bounds:
// a source is named in full by each piece of evidence that cites it.
const MaxDocument = 4 << 20

// eachEvidence is what a piece of evidence has besides its texts.
const eachEvidence = 200

// maxQuotes is how many quotes a document may have, one for each claim that there may be:
// each is looked for in a whole text.
const maxQuotes = 4 * MaxClaims

// maxNames is in how many ways the evidence may name sources: each of as many as there
// may be has an id, a key and an address, and a title.
const maxNames = 4 * MaxClaims

// TooMuch are the problems of a document that names so much that nobody should look it
// up: it cannot be stored, whatever is found. Its sources need not be resolved.
func (in *Incident) TooMuch() Problems {
	v := &validator{}
	names := map[SourceRef]bool{}
	in.EachClaim(func(_ string, c *Claim) {
		for _, e := range c.Evidence {
			names[e.Source] = true
		}
	})
	v.atMost("/sources", len(in.Sources), MaxClaims)
	if len(names) > maxNames {
		v.Add("/sources", "must have at most %s items, and the evidence names %s", Number(MaxClaims), Number(int64(len(names))))
	}
	v.size(in)
	return v.problems()
}

// size refuses a document that would become too large. Before its sources are resolved
// it knows only a part of it.
func (v *validator) size(in *Incident) {
	size, quotes := len(in.Title)+len(in.Summary), 0
	in.EachClaim(func(_ string, c *Claim) {
		for _, e := range c.Evidence {
			if e.Quote != "" {
				quotes++
			}
			size += eachEvidence + len(e.Quote) + len(e.Source.URL) + len(e.Source.Title) + len(e.Source.Publisher)
		}
	})
	for _, c := range in.Counts {
		size += len(c.Counted)
	}
	for _, r := range in.Responses {
		size += len(r.Summary) + len(r.SpokenBy)
	}
	for _, s := range in.Sources {
		size += len(s.URL) + len(s.Title) + len(s.Publisher) + len(s.Author) + len(s.NoIncidentReason)
	}
	if quotes > maxQuotes {
		v.Add("", "has %s quotes, and may have %s: cite a source without a quote where another one is quoted", Number(int64(quotes)), Number(maxQuotes))
	}
	if size > MaxDocument {
		v.Add("", "would have %s bytes in texts and evidence, and may have %s: cite fewer sources for each claim, or quote less of them", Number(int64(size)), Number(MaxDocument))
	}
}
