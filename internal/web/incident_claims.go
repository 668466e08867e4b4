package web

import (
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/breachledger/breachledger/internal/incidents"
)

// claim is what all claims have on a page: a permanent address, and evidence.
type claim struct {
	ID       uuid.UUID
	Slug     string
	Version  int
	Support  incidents.Support
	Passages []passage
	Citation string
}

// Anchor is the claim's place in the page.
func (c claim) Anchor() string { return "claim-" + c.ID.String() }

// Href is the claim's address in the present version.
func (c claim) Href() string { return "/incidents/" + c.Slug + "#" + c.Anchor() }

// Permanent is the claim's address in this version, which will say the same for ever.
func (c claim) Permanent() string {
	return fmt.Sprintf("/incidents/%s/history/%d#%s", c.Slug, c.Version, c.Anchor())
}

type figure struct {
	claim
	incidents.Count
	SupersededBy []incidents.Count // the counts that correct it, in the order of the incident
	Whole        *incidents.Count  // what it is a part of
}

type money struct {
	claim
	incidents.Loss
}

type accusation struct {
	claim
	incidents.Attribution
	Denials []reply
}

// Deniers are those who deny it, each once, however often they do.
func (a accusation) Deniers() []string {
	var out []string
	for _, d := range a.Denials {
		if !slices.Contains(out, d.Actor.Name) {
			out = append(out, d.Actor.Name)
		}
	}
	return out
}

type reply struct {
	claim
	incidents.Response
	Keeps   *incidents.Response    // the promise that it keeps or breaks
	Settled *incidents.Response    // what keeps or breaks it, if it is a promise
	Answers *incidents.Attribution // what it denies
	Overdue bool                   // a promise whose day has passed, and nothing keeps or breaks it
}

// overdue reports whether a response is a promise that is overdue, as the register
// has it: the last day that its date can mean has passed.
func overdue(r incidents.Response, all []incidents.Response) bool {
	if r.Status != incidents.Promised || r.Due.IsZero() || settled(r, all) != nil {
		return false
	}
	return r.Due.Last().Before(time.Now().UTC().Truncate(24 * time.Hour))
}

// settled is the response that keeps a promise or, if none does, breaks it: the first
// that does, as the register has it. It is nil where none is recorded.
func settled(promise incidents.Response, all []incidents.Response) *incidents.Response {
	var out *incidents.Response
	for i := range all {
		r := &all[i]
		if string(r.Fulfils) != promise.ID.String() {
			continue
		}
		broken := r.Status == incidents.Broken
		if out == nil || out.Status == incidents.Broken && !broken || (out.Status == incidents.Broken) == broken && byDate(r.Date, out.Date) < 0 {
			out = r
		}
	}
	return out
}

// byDate orders what has dates; what has none comes last.
func byDate(a, b incidents.PartialDate) int {
	switch {
	case a.IsZero() && b.IsZero():
		return 0
	case a.IsZero():
		return 1
	case b.IsZero():
		return -1
	default:
		return a.First().Compare(b.First())
	}
}

// organisation is who answered, with all its answers.
type organisation struct {
	Actor    incidents.ActorRef
	Breached bool
	Replies  []reply
}

func (p *incidentPage) figures(view func(incidents.Claim, string) claim) {
	for _, c := range p.In.Counts {
		p.Figures = append(p.Figures, figure{claim: view(c.Claim, countWords(&p.In, c)), Count: c, Whole: p.In.Whole(c), SupersededBy: corrections(&p.In, c)})
	}
	// The headline first, then what is in force, then what was corrected.
	slices.SortStableFunc(p.Figures, func(a, b figure) int { return a.rank() - b.rank() })
	if len(p.Figures) > 0 && p.Figures[0].Headline {
		p.Headline = &p.Figures[0]
	}
}

func (f figure) rank() int {
	switch {
	case f.Headline:
		return 0
	case len(f.SupersededBy) == 0:
		return 1
	default:
		return 2
	}
}

// replies puts each answer to who gave it, and each denial to what it answers.
func (p *incidentPage) replies(view func(incidents.Claim, string) claim) {
	in := &p.In
	for _, a := range in.Attributions {
		p.Accusations = append(p.Accusations, accusation{claim: view(a.Claim, accusationWords(in, a)), Attribution: a})
	}
	place := map[string]int{}
	for _, b := range p.Breached {
		if _, ok := place[b.Actor.Slug]; !ok {
			place[b.Actor.Slug] = len(p.Answers)
			p.Answers = append(p.Answers, organisation{Actor: b.Actor, Breached: true})
		}
	}
	for _, r := range in.Responses {
		one := reply{claim: view(r.Claim, responseWords(r)), Response: r, Overdue: overdue(r, in.Responses), Settled: settled(r, in.Responses)}
		for i := range in.Responses {
			if o := &in.Responses[i]; r.Fulfils != "" && o.ID.String() == string(r.Fulfils) {
				one.Keeps = o
			}
		}
		for i := range p.Accusations {
			if r.Answers != "" && p.Accusations[i].Attribution.ID.String() == string(r.Answers) {
				one.Answers = &p.Accusations[i].Attribution
				p.Accusations[i].Denials = append(p.Accusations[i].Denials, one)
			}
		}
		at, ok := place[r.Actor.Slug]
		if !ok {
			at = len(p.Answers)
			place[r.Actor.Slug] = at
			p.Answers = append(p.Answers, organisation{Actor: r.Actor})
		}
		p.Answers[at].Replies = append(p.Answers[at].Replies, one)
	}
	for _, o := range p.Answers {
		slices.SortStableFunc(o.Replies, func(a, b reply) int { return byDate(a.Date, b.Date) })
		if o.Breached && len(o.Replies) == 0 {
			p.Silent = append(p.Silent, o.Actor)
		}
	}
}
