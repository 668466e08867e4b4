package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/breachledger/breachledger/internal/benchdata"
	"github.com/breachledger/breachledger/internal/incidents"
	"github.com/breachledger/breachledger/internal/ledger"
)

const (
	incidentsPath = "/v1/incidents"
	firstPage     = incidentsPath + "?limit=20"
	// inputsMost is how many different requests of a kind there are.
	inputsMost = 200_000
)

// inputs are the files of requests to a server.
type inputs struct{ first, pages, details, rare, common, slow, bodies, plainBodies string }

// makeInputs writes the requests that suit a database.
func makeInputs(ctx context.Context, folder, database string, n int) (in inputs, err error) {
	for _, f := range []struct {
		file *string
		name string
		make func(context.Context, func(string), string, int) error
	}{
		{&in.first, "first", func(_ context.Context, add func(string), _ string, _ int) error { add(firstPage); return nil }},
		{&in.pages, "pages", pages}, {&in.details, "details", details}, {&in.rare, "rare", rareSearches},
		{&in.common, "common", commonSearches}, {&in.slow, "slow", slowSearches}, {&in.bodies, "bodies", bodies},
		{&in.plainBodies, "plain-bodies", plainBodies},
	} {
		*f.file = filepath.Join(folder, fmt.Sprintf("%s-%d.txt", f.name, n))
		out, err := os.Create(*f.file)
		if err != nil {
			return in, err
		}
		w := bufio.NewWriter(out)
		err = f.make(ctx, func(line string) { fmt.Fprintln(w, line) }, database, n)
		if err := errors.Join(err, w.Flush(), out.Close()); err != nil {
			return in, fmt.Errorf("make the requests %s: %w", f.name, err)
		}
	}
	return in, nil
}

// listed calls f for incidents that lists show, in no order.
func listed(ctx context.Context, database string, f func(id uuid.UUID, slug, victims string) error) error {
	conn, err := pgx.Connect(ctx, database)
	if err != nil {
		return err
	}
	defer conn.Close(ctx)
	//nolint:rowserrcheck // ForEachRow asks for it
	rows, err := conn.Query(ctx, "SELECT id, slug, victims_desc::text FROM incidents WHERE listed ORDER BY hashtext(slug) LIMIT $1", inputsMost)
	if err != nil {
		return err
	}
	var id uuid.UUID
	var slug, victims string
	_, err = pgx.ForEachRow(rows, []any{&id, &slug, &victims}, func() error { return f(id, slug, victims) })
	return err
}

func pages(ctx context.Context, add func(string), database string, _ int) error {
	asked := ledger.Filter{Date: "disclosed"} // what the API makes of a request without filters
	return listed(ctx, database, func(id uuid.UUID, _, victims string) error {
		cursor, err := ledger.CursorBehind(asked, "-victims", victims, id)
		add(firstPage + "&cursor=" + cursor)
		return err
	})
}

func details(ctx context.Context, add func(string), database string, _ int) error {
	return listed(ctx, database, func(_ uuid.UUID, slug, _ string) error {
		add(incidentsPath + "/" + slug)
		return nil
	})
}

func rareSearches(_ context.Context, add func(string), _ string, n int) error {
	for _, i := range rand.New(rand.NewPCG(1, 1)).Perm(benchdata.New(n).RareWords()) { //nolint:gosec // an order
		add(firstPage + "&q=" + benchdata.RareWord(i))
	}
	return nil
}

// commonSearches are for the same few words, in letters of different case: the
// same work, and another request.
func commonSearches(_ context.Context, add func(string), _ string, _ int) error {
	rnd := rand.New(rand.NewPCG(1, 2)) //nolint:gosec // an order
	for range 5000 {
		word := []rune(benchdata.Common()[rnd.IntN(len(benchdata.Common()))])
		for i := range word {
			if rnd.IntN(2) == 0 {
				word[i] -= 'a' - 'A'
			}
		}
		add(firstPage + "&q=" + string(word))
	}
	return nil
}

// slowSearches are the most work that a request can ask for.
func slowSearches(_ context.Context, add func(string), _ string, _ int) error {
	words := benchdata.Common()
	for i := range 200 {
		a, b := words[i%len(words)], words[(i+1)%len(words)]
		for _, q := range []string{
			"q=" + url.QueryEscape(a+" or "+b) + "&count=true&facets=category,vector,country,year,sector",
			"q=" + url.QueryEscape(`"concerned `+a+`"`) + "&count=true",
			"q=" + url.QueryEscape(a+" -"+b) + "&sort=updated&count=true",
			"q=" + url.QueryEscape(a+" "+b) + "&sector=card_network&sort=-disclosed&facets=sector,role",
		} {
			add(firstPage + "&" + q)
		}
		add(fmt.Sprintf("/v1/reports/responses?payment=true&min_victims=%d", i))
		add(fmt.Sprintf("/v1/reports/breaches?unanswered=true&min_victims=%d", i))
	}
	return nil
}

// The incident that is logged: its quotes stand in its text.
const (
	newTitle   = "payment gateway leak"
	newSummary = "Card numbers were taken from a payment gateway of the bank and offered for sale. The bank says that it has closed the gap."
	quote1     = "As many as 4,100 cards may have been copied, the bank said."
	quote2     = "It has written to everyone affected."
	newText    = "A bank has lost card numbers to thieves, it said on Monday. " + quote1 + " The thieves came in by way of a gateway that a supplier runs, " +
		"and stayed for eleven days. " + quote2 + " The regulator has asked for a report, and wants to know why the alarm was not heeded. "
)

// loggedMost keeps what is logged off the first page, which is then the same in
// every round.
const loggedMost = 200_000

// loggedKinds are more than a measurement logs: the same twice would be likely
// duplicates, all of them.
const loggedKinds = 60_000

// bodies are incidents to be logged, with marks in place of what is new in each:
// two known actors, one of whom answers, a count, and a source with quotes. As in
// life, they differ in their titles and dates, and in the number of victims by a
// heavy tail: pgbench draws these anew each time as well.
func bodies(_ context.Context, add func(string), _ string, n int) error {
	return logged(n, add, func(body map[string]any, victim string) {
		evidence := func(quote string) []incidents.Evidence {
			return []incidents.Evidence{{Source: incidents.SourceRef{Key: "s"}, Quote: quote}}
		}
		body["counts"].([]map[string]any)[0]["evidence"], body["responses"].([]map[string]any)[0]["evidence"] = evidence(quote1), evidence(quote2)
		body["sources"] = []map[string]any{{
			"key": "s", "url": "https://bench.example/@@", "title": victim + ": " + newTitle + " @@", "publisher": "The Bench Courier", "published": "2026-03-02",
			"language": "en", "text": newText + "@@",
		}}
	})
}

// plainBodies are the same without a source and quotes.
func plainBodies(_ context.Context, add func(string), _ string, n int) error {
	return logged(n, add, func(map[string]any, string) {})
}

func logged(n int, add func(string), complete func(body map[string]any, victim string)) error {
	actors := benchdata.New(n).Actors()
	rnd := rand.New(rand.NewPCG(1, 3)) //nolint:gosec // an order
	for range loggedKinds {
		victim, regulator := actors[rnd.IntN(len(actors)/10)*10+5], actors[rnd.IntN(len(actors)/10)*10+2]
		body := map[string]any{
			"title": victim.Name + ": @w @w @w leak", "summary": newSummary, "category": incidents.DataBreach, "countries": []string{"US"},
			"disclosed": time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC).AddDate(0, 0, -rnd.IntN(2000)).Format(time.DateOnly),
			"vectors":   []string{"phishing"}, "data_classes": []string{"card_number"},
			"participants": []map[string]any{{"actor": victim.Slug, "role": incidents.RoleVictim}, {"actor": regulator.Slug, "role": incidents.RoleRegulator}},
			"counts":       []map[string]any{{"unit": "cards", "qualifier": incidents.AtMost, "quantity": int64(min(100/math.Pow(1-rnd.Float64(), 1.5), loggedMost))}},
			"responses": []map[string]any{{
				"actor": victim.Slug, "kind": "victim_notification", "date": "2026-03-02", "summary": "It wrote to those affected.",
			}},
		}
		complete(body, victim.Name)
		line, err := json.Marshal(body)
		if err != nil {
			return err
		}
		add(string(line))
	}
	return nil
}

// writeInsert completes the script that logs the same incident by SQL. In
// pgbench's scripts a colon begins a variable.
func writeInsert(folder string, card, document []byte) error {
	path := filepath.Join(folder, "insert.sql")
	text, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	runes := func(s string) int { return len([]rune(s)) }
	at := func(quote string) int {
		before, _, _ := strings.Cut(newText, quote)
		return runes(before)
	}
	sql := strings.NewReplacer(
		"@title", newTitle, "@summary", newSummary, "@slug", incidents.Slugify(newTitle), "@text", newText,
		"@quote1", quote1, "@quote2", quote2, "@card", sqlJSON(card), "@document", sqlJSON(document),
		"@from1", fmt.Sprint(at(quote1)), "@to1", fmt.Sprint(at(quote1)+runes(quote1)), "@from2", fmt.Sprint(at(quote2)), "@to2", fmt.Sprint(at(quote2)+runes(quote2)),
	).Replace(string(text))
	return os.WriteFile(path, []byte(sql), 0o600) //nolint:gosec // the folder is our own
}

// sqlJSON is JSON for a literal of a pgbench script.
func sqlJSON(raw []byte) string {
	var out strings.Builder
	inside, escaped := false, false
	for _, c := range string(raw) {
		switch {
		case c == ':' && inside:
			out.WriteString(`\u003a`)
		case c == ':':
			out.WriteString(": ")
		case c == '\'':
			out.WriteString("''")
		default:
			out.WriteRune(c)
		}
		if c == '"' && !escaped {
			inside = !inside
		}
		escaped = c == '\\' && !escaped
	}
	return out.String()
}
