package incidents

// EachClaim calls f for every claim with its JSON Pointer.
func (in *Incident) EachClaim(f func(pointer string, c *Claim)) {
	for i := range in.Counts {
		f(at("/counts", i), &in.Counts[i].Claim)
	}
	for i := range in.Losses {
		f(at("/losses", i), &in.Losses[i].Claim)
	}
	for i := range in.Attributions {
		f(at("/attributions", i), &in.Attributions[i].Claim)
	}
	for i := range in.Responses {
		f(at("/responses", i), &in.Responses[i].Claim)
	}
}

// EachActor calls f for every reference to an actor with its JSON Pointer.
func (in *Incident) EachActor(f func(pointer string, r *ActorRef)) {
	for i := range in.Participants {
		f(at("/participants", i, "actor"), &in.Participants[i].Actor)
	}
	for i := range in.Counts {
		if in.Counts[i].ClaimedBy != nil {
			f(at("/counts", i, "claimed_by"), in.Counts[i].ClaimedBy)
		}
	}
	for i := range in.Losses {
		if in.Losses[i].ClaimedBy != nil {
			f(at("/losses", i, "claimed_by"), in.Losses[i].ClaimedBy)
		}
	}
	for i := range in.Attributions {
		f(at("/attributions", i, "accused"), &in.Attributions[i].Accused)
		if in.Attributions[i].Claimant != nil {
			f(at("/attributions", i, "claimant"), in.Attributions[i].Claimant)
		}
	}
	for i := range in.Responses {
		f(at("/responses", i, "actor"), &in.Responses[i].Actor)
	}
}

// eachLink calls f for every reference from claim to claim.
func (in *Incident) eachLink(f func(pointer string, r *ClaimRef)) {
	for i := range in.Counts {
		f(at("/counts", i, "supersedes"), &in.Counts[i].Supersedes)
		f(at("/counts", i, "part_of"), &in.Counts[i].PartOf)
	}
	for i := range in.Responses {
		f(at("/responses", i, "fulfils"), &in.Responses[i].Fulfils)
		f(at("/responses", i, "answers"), &in.Responses[i].Answers)
	}
}
