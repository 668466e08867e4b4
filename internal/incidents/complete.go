package incidents

// Complete fills in every default that the document leaves open, gives every list
// a value, and writes the addresses of sources in one way. It is the first step
// with a document from outside.
func (in *Incident) Complete() {
	setDefault(&in.Certainty, Confirmed)
	for i := range in.Counts {
		setDefault(&in.Counts[i].Qualifier, Exact)
		in.Counts[i].Evidence = orEmpty(in.Counts[i].Evidence)
	}
	if len(in.Counts) == 1 {
		in.Counts[0].Headline = true
	}
	for i := range in.Losses {
		setDefault(&in.Losses[i].Qualifier, Exact)
		setDefault(&in.Losses[i].Scope, ScopeUnspecified)
		in.Losses[i].Evidence = orEmpty(in.Losses[i].Evidence)
		if m := in.Losses[i].Converted; m != nil && m.Qualifier == Exact { // one way to say it
			in.Losses[i].Converted = &Money{Amount: m.Amount, Currency: m.Currency}
		}
	}
	for i := range in.Attributions {
		setDefault(&in.Attributions[i].Confidence, NoConfidence)
		in.Attributions[i].Evidence = orEmpty(in.Attributions[i].Evidence)
	}
	for i := range in.Responses {
		setDefault(&in.Responses[i].Status, in.Responses[i].Kind.DefaultStatus())
		in.Responses[i].Evidence = orEmpty(in.Responses[i].Evidence)
	}
	in.Countries, in.Vectors = orEmpty(in.Countries), orEmpty(in.Vectors)
	in.DataClasses, in.PaymentMethods = orEmpty(in.DataClasses), orEmpty(in.PaymentMethods)
	in.Tags, in.Participants, in.Counts = orEmpty(in.Tags), orEmpty(in.Participants), orEmpty(in.Counts)
	in.Losses, in.Attributions, in.Responses = orEmpty(in.Losses), orEmpty(in.Attributions), orEmpty(in.Responses)
	in.Sources, in.ExternalRefs = orEmpty(in.Sources), orEmpty(in.ExternalRefs)
	in.normalAddresses()
}

func setDefault[T ~string](field *T, value T) {
	if *field == "" {
		*field = value
	}
}
