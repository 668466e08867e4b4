package incidents

import "slices"

// JoinActors adds the actors whom claims name and who have no role yet: whoever answers
// joins as responder, whoever is accused as alleged attacker, and whoever accuses as
// accuser. It expects resolved actors.
func (in *Incident) JoinActors() {
	present := map[string]bool{}
	for _, p := range in.Participants {
		present[p.Actor.Key()] = true
	}
	join := func(r ActorRef, role Role) {
		if !present[r.Key()] {
			present[r.Key()] = true
			in.Participants = append(in.Participants, Participant{Actor: r, Role: role})
		}
	}
	for _, a := range in.Attributions {
		join(a.Accused, RoleAllegedAttacker)
		if a.Claimant != nil {
			join(*a.Claimant, RoleAccuser)
		}
	}
	for _, r := range in.Responses {
		join(r.Actor, RoleResponder)
	}
}

// LeaveActors removes the participants whom [Incident.JoinActors] had added to the
// document before, and whom no claim names any more in the role with which they
// joined. The document before does not show whether somebody had listed such a
// participant besides: listed tells, and those stay. It expects resolved actors.
func (in *Incident) LeaveActors(before *Incident, listed func(Participant) bool) {
	joined, named := before.joined(), in.named()
	in.Participants = slices.DeleteFunc(in.Participants, func(p Participant) bool {
		part := part{p.Actor.Slug, p.Role}
		return joined[part] && !named[part] && !listed(p)
	})
}

// Unnamed are the participants whom no claim names in their role: somebody must have
// listed them. It expects resolved actors.
func (in *Incident) Unnamed() []Participant {
	named := in.named()
	return slices.DeleteFunc(slices.Clone(in.Participants), func(p Participant) bool { return named[part{p.Actor.Slug, p.Role}] })
}

// UniteParticipants drops participants that are listed twice in one role: two actors
// of an old document may have been merged since. It expects resolved actors.
func (in *Incident) UniteParticipants() {
	seen := map[part]bool{}
	in.Participants = slices.DeleteFunc(in.Participants, func(p Participant) bool {
		one := part{p.Actor.Slug, p.Role}
		again := seen[one]
		seen[one] = true
		return again
	})
}

// part is an actor in a role.
type part struct {
	actor string // the slug
	role  Role
}

// named are the roles in which claims name actors.
func (in *Incident) named() map[part]bool {
	named := map[part]bool{}
	for _, a := range in.Attributions {
		named[part{a.Accused.Slug, RoleAllegedAttacker}] = true
		if a.Claimant != nil {
			named[part{a.Claimant.Slug, RoleAccuser}] = true
		}
	}
	for _, r := range in.Responses {
		named[part{r.Actor.Slug, RoleResponder}] = true
	}
	return named
}

// joined are the participants whom [Incident.JoinActors] may have added: a claim
// names them in their role, and they have no other role earlier in the list.
func (in *Incident) joined() map[part]bool {
	named, joined, present := in.named(), map[part]bool{}, map[string]bool{}
	for _, p := range in.Participants {
		if one := (part{p.Actor.Slug, p.Role}); named[one] && !present[p.Actor.Slug] {
			joined[one] = true
		}
		present[p.Actor.Slug] = true
	}
	return joined
}
