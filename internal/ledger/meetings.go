package ledger

import (
	"slices"

	"github.com/google/uuid"

	"github.com/breachledger/breachledger/internal/incidents"
	"github.com/breachledger/breachledger/internal/ledger/internal/likeness"
)

// Neither of two transactions under way at once sees what the other stores: each looks
// for likely duplicates and misses those that the other brings. So each announces here
// what it stores before it looks. The later one finds either the rows of the earlier
// one, which has ended, or its announcement: then it compares the two in memory, and
// their pairs are queued once both are stored.

// passing is a transaction that stores new incidents.
type passing struct {
	documents []*incidents.Incident // which nobody changes any more
	ended     chan struct{}
}

// meeting is an incident of another transaction that may be the same as one of this
// transaction, if it is stored.
type meeting struct {
	similar Similar
	with    *passing
}

// enter announces what a transaction stores, and returns the others under way.
func (g *recorder) enter(documents []*incidents.Incident) (p *passing, others []*passing) {
	p = &passing{documents: documents, ended: make(chan struct{})}
	g.mu.Lock()
	defer g.mu.Unlock()
	others = slices.Clone(g.passing)
	g.passing = append(g.passing, p)
	return p, others
}

// leave says that a transaction has ended. p may be nil: it never entered.
func (g *recorder) leave(p *passing) {
	if p == nil {
		return
	}
	g.mu.Lock()
	g.passing = slices.DeleteFunc(g.passing, func(other *passing) bool { return other == p })
	g.mu.Unlock()
	close(p.ended)
}

// passersBy are the incidents of other transactions, indexed by what finds them.
type passersBy struct {
	all    []passerBy
	byID   map[uuid.UUID][]int // of breached actors, and of sources
	byWord map[string][]int    // of titles
}

type passerBy struct {
	in   *incidents.Incident
	with *passing
}

// passersByOf puts them in order; nil is none.
func passersByOf(others []*passing) *passersBy {
	if len(others) == 0 {
		return nil
	}
	b := &passersBy{byID: map[uuid.UUID][]int{}, byWord: map[string][]int{}}
	for _, p := range others {
		for _, in := range p.documents {
			n := len(b.all)
			b.all = append(b.all, passerBy{in, p})
			for _, id := range append(breachedIDs(in), sourceIDs(in)...) {
				b.byID[id] = append(b.byID[id], n)
			}
			for _, word := range firstOf(wordsOf(in.Title), len(in.Title)) {
				b.byWord[word] = append(b.byWord[word], n)
			}
		}
	}
	return b
}

// meet compares an incident with those that share an actor, a source or words of the
// title with it, as the query for likely duplicates would. known are those that the
// query found already.
func (l *Ledger) meet(in *incidents.Incident, b *passersBy, known []Similar) []meeting {
	if b == nil {
		return nil
	}
	found := map[int]*likeness.Candidate{}
	at := func(n int) *likeness.Candidate {
		if found[n] == nil {
			found[n] = candidate(b.all[n].in)
		}
		return found[n]
	}
	for _, id := range breachedIDs(in) {
		for _, n := range b.byID[id] {
			at(n).SharesBreached = true
		}
	}
	for _, s := range in.Sources {
		for _, n := range b.byID[s.ID] {
			at(n).SharesSource = true
		}
	}
	words := l.titles.rare(in.Title, tellingMost)
	shared := map[int]int{}
	for _, word := range words {
		for _, n := range b.byWord[word] {
			if shared[n]++; shared[n] == min(2, len(words)) {
				at(n)
			}
		}
	}
	if len(found) == 0 {
		return nil
	}
	var out []meeting
	compared := likeness.Of(in)
	for n, other := range found {
		s := compared.With(*other)
		if s.Score >= likeness.ShownFrom && !slices.ContainsFunc(known, func(k Similar) bool { return k.ID == s.ID }) {
			out = append(out, meeting{s, b.all[n].with})
		}
	}
	return out
}

// candidate is an incident as the query for likely duplicates would return it.
func candidate(in *incidents.Incident) *likeness.Candidate {
	row := &likeness.Candidate{ID: in.ID, Slug: in.Slug, Title: in.Title}
	row.OccurredFrom, _ = dateRow(in.Occurred.From)
	row.Disclosed, _ = dateRow(in.Disclosed)
	if v := in.Victims; v != nil {
		row.Victims, row.VictimsUnit = v.Quantity, &v.Unit
	}
	return row
}

func breachedIDs(in *incidents.Incident) []uuid.UUID {
	var out []uuid.UUID
	for _, p := range in.Participants {
		if p.Role.Breached() && !slices.Contains(out, p.Actor.ID) {
			out = append(out, p.Actor.ID)
		}
	}
	return out
}
