package web

import (
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/breachledger/breachledger/internal/ledger"
)

// filterQuery is a filter as the API takes it: the parameters that it has and no
// others, each as it is spelt there. The pages accept more.
func filterQuery(f ledger.Filter) url.Values {
	q := url.Values{}
	set := func(name, value string) {
		if value != "" {
			q.Set(name, value)
		}
	}
	set("q", f.Query)
	set("category", joined(f.Categories))
	set("certainty", joined(f.Certainties))
	set("publication", joined(f.Publications))
	set("vector", joined(f.Vectors))
	set("data_class", joined(f.DataClasses))
	set("payment_method", joined(f.PaymentMethods))
	set("sector", joined(f.Sectors))
	set("actor_kind", joined(f.ActorKinds))
	set("country", joined(f.Countries))
	set("actor", joined(f.Actors))
	set("role", joined(f.Roles))
	set("unit", joined(f.Units))
	set("support", joined(f.Supports))
	set("response", joined(f.Responses))
	set("tag", joined(f.Tags))
	set("date", string(f.Date))
	set("from", f.From.String())
	set("to", f.To.String())
	for name, flag := range map[string]*bool{"payment": f.Payment, "unanswered": f.Unanswered, "contested": f.Contested} {
		if flag != nil {
			set(name, strconv.FormatBool(*flag))
		}
	}
	for name, number := range map[string]*int64{"min_victims": f.MinVictims, "max_victims": f.MaxVictims} {
		if number != nil {
			set(name, strconv.FormatInt(*number, 10))
		}
	}
	if f.Compilations {
		set("compilations", "true")
	}
	if !f.UpdatedSince.IsZero() {
		set("updated_since", f.UpdatedSince.UTC().Format(time.RFC3339Nano))
	}
	return q
}

func joined[T ~string](values []T) string {
	all := make([]string, len(values))
	for i, value := range values {
		all[i] = string(value)
	}
	return strings.Join(all, ",")
}
