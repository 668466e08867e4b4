package ledger_test

import (
	"strings"
	"testing"

	"github.com/google/uuid"

	"github.com/breachledger/breachledger/internal/incidents"
	"github.com/breachledger/breachledger/internal/ledger"
	"github.com/breachledger/breachledger/internal/ledgertest"
)

// These tests go past the program, by SQL: what a rule of the database refuses
// cannot be stored by a mistake in Go either.

// bare is an incident with nothing in it, and an actor.
func bare(t *testing.T, l *ledger.Ledger) (incident, actor uuid.UUID) {
	t.Helper()
	doc := record(t, l, fromJSON(t, `{"title":"Bare","category":"other","participants":[{"actor":{"name":"Acme"},"role":"victim"}]}`))
	return doc.ID, ask[uuid.UUID](t, l, "SELECT id FROM actors WHERE slug = 'acme'")
}

func TestAQualifierFitsItsBounds(t *testing.T) {
	t.Parallel()
	l := ledgertest.Open(t)
	incident, _ := bare(t, l)
	const (
		count = "INSERT INTO counts (incident_id, id, ordinal, unit, qualifier, low, high, headline) VALUES ($1, gen_random_uuid(), 1, 'people', $2, $3, $4, false)"
		loss  = "INSERT INTO losses (incident_id, id, ordinal, kind, scope, qualifier, low, high, currency) VALUES ($1, gen_random_uuid(), 1, 'stolen', 'total', $2, $3, $4, 'USD')"
	)
	one, two := new(1), new(2)
	fits := map[incidents.Qualifier]func(low, high *int) bool{
		incidents.Exact:        func(low, high *int) bool { return low != nil && high == low },
		incidents.About:        func(low, high *int) bool { return low != nil && high == low },
		incidents.AtLeast:      func(low, high *int) bool { return low != nil && high == nil },
		incidents.MoreThan:     func(low, high *int) bool { return low != nil && high == nil },
		incidents.AtMost:       func(low, high *int) bool { return low == nil && high != nil },
		incidents.LessThan:     func(low, high *int) bool { return low == nil && high != nil },
		incidents.Between:      func(low, high *int) bool { return low != nil && high != nil },
		incidents.Unquantified: func(low, high *int) bool { return low == nil && high == nil },
		incidents.NotDisclosed: func(low, high *int) bool { return low == nil && high == nil },
	}
	for _, q := range incidents.Qualifier("").Vocabulary().Values() {
		fit, known := fits[incidents.Qualifier(q)]
		if !known {
			t.Errorf("this test does not know the qualifier %s", q)
			continue
		}
		for _, bounds := range [][2]*int{{nil, nil}, {one, nil}, {nil, one}, {one, one}, {one, two}} {
			for table, sql := range map[string]string{"counts": count, "losses": loss} {
				if fit(bounds[0], bounds[1]) {
					exec(t, l, sql, incident, q, bounds[0], bounds[1])
				} else {
					refused(t, l, table+"_qualifier_fits", sql, incident, q, bounds[0], bounds[1])
				}
			}
		}
	}
	for table, sql := range map[string]string{"counts": count, "losses": loss} {
		refused(t, l, table+"_low_not_above_high", sql, incident, "between", 2, 1)
		refused(t, l, table+"_not_negative", sql, incident, "exact", -1, -1)
		refused(t, l, table+"_not_negative", sql, incident, "at_least", -1, nil)
		refused(t, l, table+"_not_negative", sql, incident, "at_most", nil, -1)
	}
	for _, figure := range []string{"NaN", "Infinity"} {
		refused(t, l, "losses_finite", "INSERT INTO losses (incident_id, id, ordinal, kind, scope, qualifier, low, high, currency) VALUES ($1, gen_random_uuid(), 1, 'stolen', 'total', 'exact', $2::text::numeric, $2::text::numeric, 'USD')", incident, figure)
	}
}

func TestLossesHaveACurrency(t *testing.T) {
	t.Parallel()
	l := ledgertest.Open(t)
	incident, _ := bare(t, l)
	const loss = "INSERT INTO losses (incident_id, id, ordinal, kind, scope, qualifier, low, high, currency, converted_amount, converted_currency) VALUES ($1, gen_random_uuid(), 1, 'stolen', 'total', 'exact', 5, 5, $2, $3, $4)"
	exec(t, l, loss, incident, "USD", nil, nil)
	exec(t, l, loss, incident, "USD", 3, "BTC")
	refused(t, l, "losses_currency_with_figure", loss, incident, nil, nil, nil)
	refused(t, l, "losses_currency_form", loss, incident, "dollars", nil, nil)
	refused(t, l, "losses_currency_form", loss, incident, "USD", 1, "eur")
	refused(t, l, "losses_converted_whole", loss, incident, "USD", 1, nil)
	refused(t, l, "losses_converted_whole", loss, incident, "USD", nil, "EUR")
	refused(t, l, "losses_not_negative", loss, incident, "USD", -1, "EUR")
}

func TestOneHeadlineAnIncident(t *testing.T) {
	t.Parallel()
	l := ledgertest.Open(t)
	incident, _ := bare(t, l)
	const count = "INSERT INTO counts (incident_id, id, ordinal, unit, qualifier, low, high, headline) VALUES ($1, gen_random_uuid(), 1, 'people', 'exact', 1, 1, $2)"
	exec(t, l, count, incident, true)
	exec(t, l, count, incident, false)
	refused(t, l, "counts_one_headline", count, incident, true)
}

func TestVocabulariesAreClosed(t *testing.T) {
	t.Parallel()
	l := ledgertest.Open(t)
	for _, voc := range incidents.Vocabularies() {
		for _, value := range []string{"", "no_such_value", strings.ToUpper(voc.Values()[0])} {
			refused(t, l, "22P02", "SELECT $1::text::"+voc.Name, value) // invalid_text_representation
		}
	}
}

func TestClaimsReferWithinTheirIncident(t *testing.T) {
	t.Parallel()
	l := ledgertest.Open(t)
	one, actor := bare(t, l)
	other, _ := bare(t, l)
	promise, attribution, count := incidents.NewID(), incidents.NewID(), incidents.NewID()
	const response = "INSERT INTO responses (incident_id, id, ordinal, actor_id, kind, status, fulfils, answers, due, due_precision, via_unnamed_source) VALUES ($1, $2, 1, $3, $4, $5, $6, $7, $8::text::date, $9, false)"
	exec(t, l, response, one, promise, actor, "refund", "promised", nil, nil, "2015-01-01", "year")
	exec(t, l, "INSERT INTO attributions (incident_id, id, ordinal, accused, basis, confidence) VALUES ($1, $2, 1, $3, 'attacker_claims', 'low')", one, attribution, actor)
	const counts = "INSERT INTO counts (incident_id, id, ordinal, unit, qualifier, supersedes, headline) VALUES ($1, $2, 1, 'people', 'not_disclosed', $3, false)"
	exec(t, l, counts, one, count, nil)

	next := incidents.NewID
	exec(t, l, response, one, next(), actor, "refund", "done", promise, nil, nil, nil)
	exec(t, l, response, one, next(), actor, "denial", "stated", nil, attribution, nil, nil)
	exec(t, l, counts, one, next(), count)
	refused(t, l, "responses_fulfils_fkey", response, other, next(), actor, "refund", "done", promise, nil, nil, nil)
	refused(t, l, "responses_answers_fkey", response, other, next(), actor, "denial", "stated", nil, attribution, nil, nil)
	refused(t, l, "counts_supersedes_fkey", counts, other, next(), count)
	refused(t, l, "responses_only_denials_answer", response, one, next(), actor, "apology", "stated", nil, attribution, nil, nil)
	refused(t, l, "responses_only_delivery_fulfils", response, one, next(), actor, "refund", "stated", promise, nil, nil, nil)
	refused(t, l, "responses_only_promises_are_due", response, one, next(), actor, "apology", "stated", nil, nil, "2015-01-01", "day")
	self := next()
	refused(t, l, "responses_not_fulfilling_itself", response, one, self, actor, "refund", "done", self, nil, nil, nil)
	refused(t, l, "counts_not_superseding_itself", counts, one, self, self)
	refused(t, l, "responses_fulfils_fkey", "DELETE FROM responses WHERE id = $1", promise)
	refused(t, l, "responses_answers_fkey", "DELETE FROM attributions WHERE id = $1", attribution)
}

func TestPartialDatesAreFirstDays(t *testing.T) {
	t.Parallel()
	l := ledgertest.Open(t)
	incident, _ := bare(t, l)
	good := [][2]any{{"2015-01-01", "year"}, {"2015-03-01", "month"}, {"2015-03-04", "day"}, {nil, nil}}
	bad := [][2]any{
		{"2015-02-01", "year"}, {"2015-01-02", "year"}, {"2015-03-02", "month"}, {"2015-03-04", nil}, {nil, "day"},
		{"infinity", "day"}, {"infinity", "month"}, {"infinity", "year"}, {"-infinity", "year"},
	}
	for _, column := range []string{"occurred_from", "occurred_to", "discovered", "disclosed", "contained"} {
		sql := "UPDATE incidents SET " + column + " = $2::text::date, " + column + "_precision = $3 WHERE id = $1"
		for _, v := range good {
			exec(t, l, sql, incident, v[0], v[1])
		}
		for _, v := range bad {
			refused(t, l, "incidents_"+column+"_partial", sql, incident, v[0], v[1])
		}
	}
	source := ask[uuid.UUID](t, l, "INSERT INTO sources (id, title) VALUES (gen_random_uuid(), 'A source') RETURNING id")
	for _, v := range bad {
		refused(t, l, "sources_published_partial", "UPDATE sources SET published = $2::text::date, published_precision = $3 WHERE id = $1", source, v[0], v[1])
	}
}

func TestSlugsArePermanentOncePublished(t *testing.T) {
	t.Parallel()
	l := ledgertest.Open(t)
	published, _ := bare(t, l)
	draft, err := l.Record(t.Context(), ledger.Change{By: contributor, Action: "record"}, fromJSON(t, `{"title":"A draft","category":"other"}`))
	if err != nil {
		t.Fatal(err)
	}
	const rename = "UPDATE incidents SET slug = $2 WHERE id = $1"
	exec(t, l, rename, draft.ID, "renamed")
	refused(t, l, "incidents_slug_permanent", rename, published, "renamed-too")
	exec(t, l, rename, published, "bare") // to what it is
	refused(t, l, "incidents_slug_key", rename, draft.ID, "bare")
	for _, slug := range []string{"", "A", "a--b", "-a", "a-", "a_b", "ä", "../x", "a b", strings.Repeat("a", 101)} {
		refused(t, l, "incidents_slug_form", rename, draft.ID, slug)
		refused(t, l, "actors_slug_form", "UPDATE actors SET slug = $1", slug)
	}
}

func TestTheEndsOfAnIncident(t *testing.T) {
	t.Parallel()
	l := ledgertest.Open(t)
	one, _ := bare(t, l)
	other, _ := bare(t, l)
	refused(t, l, "incidents_retracted_with_reason", "UPDATE incidents SET publication = 'retracted' WHERE id = $1", one)
	refused(t, l, "incidents_retracted_with_reason", "UPDATE incidents SET publication = 'retracted', retraction_reason = ' ' WHERE id = $1", one)
	exec(t, l, "UPDATE incidents SET publication = 'retracted', retraction_reason = 'it was another' WHERE id = $1", one)
	refused(t, l, "incidents_merged_when_merged", "UPDATE incidents SET publication = 'merged' WHERE id = $1", one)
	refused(t, l, "incidents_merged_when_merged", "UPDATE incidents SET merged_into = $2 WHERE id = $1", one, other)
	refused(t, l, "incidents_merged_when_merged", "UPDATE incidents SET publication = 'merged', merged_into = id WHERE id = $1", one)
	refused(t, l, "incidents_merged_into_fkey", "UPDATE incidents SET publication = 'merged', merged_into = gen_random_uuid() WHERE id = $1", one)
	exec(t, l, "UPDATE incidents SET publication = 'merged', merged_into = $2 WHERE id = $1", one, other)
	// Nothing is deleted.
	refused(t, l, "23503", "DELETE FROM incidents WHERE id = $1", other)
}

func TestDerivedVictimsAgree(t *testing.T) {
	t.Parallel()
	l := ledgertest.Open(t)
	incident, _ := bare(t, l)
	const set = "UPDATE incidents SET victims_low = $2, victims_high = $3, victims = $4 WHERE id = $1"
	for _, v := range [][3]any{{1, 2, 2}, {1, nil, 1}, {nil, 2, 2}, {nil, nil, nil}, {0, 0, 0}} {
		exec(t, l, set, incident, v[0], v[1], v[2])
	}
	for _, v := range [][3]any{{2, 1, 1}, {1, 2, 1}, {nil, nil, 0}, {1, nil, nil}, {-1, nil, -1}, {nil, -1, -1}} {
		refused(t, l, "incidents_victims_bounds", set, incident, v[0], v[1], v[2])
	}
}

func TestANameBelongsToOneActor(t *testing.T) {
	t.Parallel()
	l := ledgertest.Open(t)
	_, acme := bare(t, l)
	other := incidents.NewID()
	// Its own name is somebody else's, or it has none at all.
	const both = "WITH a AS (INSERT INTO actors (id, slug, name, kind, sector) VALUES ($1, $2, $3, 'company', 'bank')) INSERT INTO actor_names (key, actor_id, name) VALUES ($4, $1, $3)"
	refused(t, l, "actor_names_pkey", both, other, "other", "ACME", "acme")
	refused(t, l, "actors_name_fkey", "INSERT INTO actors (id, slug, name, kind, sector) VALUES ($1, 'other', 'Other', 'company', 'bank')", other)
	refused(t, l, "actors_slug_key", both, other, "acme", "Other", "other")
	exec(t, l, both, other, "other", "Other", "other")
	refused(t, l, "actor_names_pkey", "INSERT INTO actor_names (key, actor_id, name) VALUES ('acme', $1, 'Acme')", other)
	refused(t, l, "actor_names_key_given", "INSERT INTO actor_names (key, actor_id, name) VALUES ('', $1, '?')", other)
	refused(t, l, "actors_name_fkey", "DELETE FROM actor_names WHERE actor_id = $1", acme)
	refused(t, l, "actors_not_merged_into_itself", "UPDATE actors SET merged_into = id WHERE id = $1", acme)
}

func TestKeysAreHashes(t *testing.T) {
	t.Parallel()
	l := ledgertest.Open(t)
	const key = "INSERT INTO api_keys (id, name, role, hash) VALUES (gen_random_uuid(), $1, 'reader', $2)"
	exec(t, l, key, "a key", make([]byte, 32))
	refused(t, l, "api_keys_hash_key", key, "another", make([]byte, 32))
	refused(t, l, "api_keys_hash_is_sha256", key, "another", []byte("blk_secret"))
	refused(t, l, "api_keys_name_given", key, " ", append(make([]byte, 31), 1))
}
