package ledger_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/breachledger/breachledger/internal/access"
	"github.com/breachledger/breachledger/internal/incidents"
	"github.com/breachledger/breachledger/internal/ledger"
	"github.com/breachledger/breachledger/internal/ledgertest"
)

// breach is a breach of a company with one count from one source.
func breach(t *testing.T, l *ledger.Ledger, title, company string, records int64, url string) ledger.Document {
	t.Helper()
	in := incidents.Incident{
		Title: title, Category: incidents.DataBreach,
		Participants: []incidents.Participant{{Actor: incidents.ActorRef{Name: company, Kind: incidents.Company}, Role: incidents.RoleVictim}},
		Counts: []incidents.Count{{
			Claim: incidents.Claim{Evidence: []incidents.Evidence{{Source: incidents.SourceRef{URL: url}}}},
			Unit:  incidents.Records, Quantity: &records,
		}},
		ExternalRefs: []incidents.ExternalRef{{Scheme: "case", ID: title}},
	}
	doc, err := l.Record(t.Context(), ledger.Change{By: editor, Action: "record"}, in)
	if err != nil {
		t.Fatalf("record %q: %v", title, err)
	}
	return doc
}

func TestMergeAndUndo(t *testing.T) {
	t.Parallel()
	l := ledgertest.Open(t)
	target := breach(t, l, "Anthem breach", "Anthem", 78_800_000, "https://example.com/a")
	source := breach(t, l, "Anthem hack", "Anthem", 80_000_000, "https://example.com/b")
	if len(source.Similar) != 1 || source.Similar[0].ID != target.ID {
		t.Errorf("recording a likely duplicate warned of %+v, want the first incident", source.Similar)
	}
	queue, _, err := l.Duplicates(t.Context(), editor, ledger.Page{})
	if err != nil || len(queue) != 1 {
		t.Fatalf("the queue has %d pairs (%v), want 1", len(queue), err)
	}
	before := parse(t, target)
	lost := parse(t, source)

	merged, err := l.Merge(t.Context(), ledger.Change{By: editor, Action: "merge", Reason: "the same"}, source.Slug, source.ETag, target.Slug)
	if err != nil {
		t.Fatal(err)
	}
	in := parse(t, merged)
	if len(in.Counts) != 2 || len(in.Sources) != 2 || len(in.ExternalRefs) != 2 || len(in.Participants) != 1 || in.Version != 2 {
		t.Errorf("merged into %s", merged.JSON)
	}
	if !in.Counts[0].Headline || in.Counts[1].Headline || in.Counts[1].ID != lost.Counts[0].ID {
		t.Errorf("the target's headline does not stay, or the moved count has another id: %+v", in.Counts)
	}
	sameAsRows(t, l, merged.Slug)
	for _, ref := range []string{source.Slug, source.ID.String()} {
		var moved *ledger.MovedError
		if _, err := l.Incident(t.Context(), access.Identity{}, ref); !errors.As(err, &moved) || moved.Slug != target.Slug {
			t.Errorf("reading %s gives %v, want it moved to %s", ref, err, target.Slug)
		}
	}
	if queue, _, err = l.Duplicates(t.Context(), editor, ledger.Page{}); err != nil || len(queue) != 0 {
		t.Errorf("the queue still has %d pairs (%v)", len(queue), err)
	}
	for slug, want := range map[string]int{source.Slug: 2, target.Slug: 2} {
		history, _, err := l.History(t.Context(), editor, slug, ledger.Page{})
		if err != nil || len(history) != want {
			t.Errorf("%s has %d revisions (%v), want %d", slug, len(history), err, want)
		}
	}

	restored, err := l.Restore(t.Context(), ledger.Change{By: editor, Action: "restore"}, source.Slug, "", 1)
	if err != nil {
		t.Fatal(err)
	}
	back := parse(t, restored)
	if back.Publication != incidents.Published || len(back.Counts) != 1 || back.Counts[0].ID != lost.Counts[0].ID || !back.Counts[0].Headline || len(back.ExternalRefs) != 1 {
		t.Errorf("restored as %s", restored.JSON)
	}
	sameAsRows(t, l, restored.Slug)
	again, err := l.Incident(t.Context(), editor, target.Slug)
	if err != nil {
		t.Fatal(err)
	}
	after := parse(t, again)
	before.Version, before.UpdatedAt = after.Version, after.UpdatedAt
	was, _ := json.Marshal(before)
	is, _ := json.Marshal(after)
	if string(was) != string(is) {
		t.Errorf("the target is now\n%s\nand was before the merge\n%s", is, was)
	}
	sameAsRows(t, l, again.Slug)
}

func TestRestoreBringsClaimsBackWithTheirIds(t *testing.T) {
	t.Parallel()
	l := ledgertest.Open(t)
	doc := breach(t, l, "Acme breach", "Acme", 10, "https://example.com/a")
	first := parse(t, doc)
	if _, err := l.Edit(t.Context(), ledger.Change{By: editor, Action: "remove count"}, doc.Slug, doc.ETag, func(in *incidents.Incident) error {
		in.Counts, in.Title = nil, "Another title"
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	restored, err := l.Restore(t.Context(), ledger.Change{By: editor, Action: "restore version 1", Reason: "wrong edit"}, doc.Slug, "", 1)
	if err != nil {
		t.Fatal(err)
	}
	in := parse(t, restored)
	if in.Version != 3 || in.Title != first.Title || len(in.Counts) != 1 || in.Counts[0].ID != first.Counts[0].ID {
		t.Errorf("restored as %s", restored.JSON)
	}
	sameAsRows(t, l, restored.Slug)
	history, _, err := l.History(t.Context(), editor, doc.Slug, ledger.Page{})
	if err != nil || len(history) != 3 || history[0].Reason != "wrong edit" || history[2].Changes != nil || history[1].Author != editor.Name {
		t.Errorf("the history is %+v (%v)", history, err)
	}
	public, _, err := l.History(t.Context(), access.Identity{}, doc.Slug, ledger.Page{})
	if err != nil || public[0].Author != "" {
		t.Errorf("the public sees the author %q (%v)", public[0].Author, err)
	}
}

func TestLifeOfADraft(t *testing.T) {
	t.Parallel()
	l := ledgertest.Open(t)
	record := func(title string) ledger.Document {
		doc, err := l.Record(t.Context(), ledger.Change{By: contributor, Action: "record"}, incidents.Incident{Title: title, Category: incidents.DataBreach})
		if err != nil {
			t.Fatal(err)
		}
		return doc
	}
	good, bad := record("A good draft"), record("A bad draft")
	public := access.Identity{}
	if _, err := l.Incident(t.Context(), public, good.Slug); !errors.Is(err, ledger.ErrNotFound) {
		t.Errorf("the public reads a draft: %v", err)
	}
	if _, err := l.Publish(t.Context(), ledger.Change{By: contributor, Action: "publish"}, good.Slug, ""); !errors.Is(err, ledger.ErrForbidden) {
		t.Errorf("a contributor publishes: %v", err)
	}
	published, err := l.Publish(t.Context(), ledger.Change{By: editor, Action: "publish"}, good.Slug, "")
	if err != nil || published.Publication != incidents.Published {
		t.Fatalf("publish: %v", err)
	}
	if history, _, err := l.History(t.Context(), public, good.Slug, ledger.Page{}); err != nil || history[0].Changes != nil {
		t.Errorf("the public sees what the draft said: %+v (%v)", history, err)
	}
	if _, err := l.Revision(t.Context(), public, good.Slug, 1); !errors.Is(err, ledger.ErrNotFound) {
		t.Errorf("the public reads the draft's version: %v", err)
	}
	var problems incidents.Problems
	if _, err := l.Retract(t.Context(), ledger.Change{By: editor, Action: "retract"}, good.Slug, ""); !errors.As(err, &problems) {
		t.Errorf("retracting without a reason gives %v", err)
	}
	if _, err := l.Retract(t.Context(), ledger.Change{By: editor, Action: "retract", Reason: "a hoax"}, good.Slug, ""); err != nil {
		t.Fatal(err)
	}
	var gone *ledger.GoneError
	if _, err := l.Incident(t.Context(), public, good.Slug); !errors.As(err, &gone) || gone.Reason != "a hoax" {
		t.Errorf("the public reads a retracted incident: %v", err)
	}
	if _, err := l.Reject(t.Context(), ledger.Change{By: editor, Action: "reject", Reason: "no source"}, bad.Slug, ""); err != nil {
		t.Fatal(err)
	}
	if _, err := l.Incident(t.Context(), public, bad.Slug); !errors.Is(err, ledger.ErrNotFound) {
		t.Errorf("a rejected draft was never public, and reading it gives %v", err)
	}
	var state *ledger.StateError
	if _, err := l.Reject(t.Context(), ledger.Change{By: editor, Action: "reject", Reason: "again"}, bad.Slug, ""); !errors.As(err, &state) {
		t.Errorf("rejecting twice gives %v", err)
	}
}

func TestOnceIsOnce(t *testing.T) {
	t.Parallel()
	l := ledgertest.Open(t)
	key, _, err := l.CreateKey(t.Context(), "script", access.Editor, nil)
	if err != nil {
		t.Fatal(err)
	}
	by := access.Identity{KeyID: key.ID, Name: key.Name, Role: key.Role}
	in := incidents.Incident{Title: "Logged once", Category: incidents.DataBreach}
	const tries = 12
	documents := make([]ledger.Document, tries)
	replays := make([]bool, tries)
	var wg sync.WaitGroup
	for i := range tries {
		wg.Go(func() {
			once := &ledger.Once{APIKey: by.KeyID, Key: "k1", Hash: []byte("a request")}
			doc, err := l.Record(context.Background(), ledger.Change{By: by, Action: "record", Once: once}, in)
			if err != nil {
				t.Errorf("try %d: %v", i, err)
			}
			documents[i], replays[i] = doc, once.Replayed
		})
	}
	wg.Wait()
	first := 0
	for i, doc := range documents {
		if doc.ID != documents[0].ID || string(doc.JSON) != string(documents[0].JSON) {
			t.Errorf("try %d answers with another document", i)
		}
		if !replays[i] {
			first++
		}
	}
	if first != 1 {
		t.Errorf("%d tries were carried out, want 1", first)
	}
	other := &ledger.Once{APIKey: by.KeyID, Key: "k1", Hash: []byte("another request")}
	if _, err := l.Record(t.Context(), ledger.Change{By: by, Action: "record", Once: other}, in); !errors.Is(err, ledger.ErrKeyReused) {
		t.Errorf("another request with the same key gives %v", err)
	}
	// A request that failed is not kept: mended, it may use its key.
	once := &ledger.Once{APIKey: by.KeyID, Key: "k2", Hash: []byte("bad")}
	if _, err := l.Record(t.Context(), ledger.Change{By: by, Action: "record", Once: once}, incidents.Incident{}); err == nil {
		t.Error("an incident without a title was recorded")
	}
	once = &ledger.Once{APIKey: by.KeyID, Key: "k2", Hash: []byte("good")}
	if _, err := l.Record(t.Context(), ledger.Change{By: by, Action: "record", Once: once}, in); err != nil {
		t.Errorf("after a failure the key gives %v", err)
	}
}

func TestRenamedAndMergedActorsShowEverywhere(t *testing.T) {
	t.Parallel()
	l := ledgertest.Open(t)
	one := breach(t, l, "Breach one", "WeChat Pay", 10, "https://example.com/1")
	two := breach(t, l, "Breach two", "Weixin Pay", 20, "https://example.com/2")
	c := ledger.Change{By: editor, Action: "edit actor"}
	if err := l.EditActor(t.Context(), c, "wechat-pay", func(a *incidents.Actor) error {
		a.Name, a.Sector, a.Aliases = "WeChat Pay (Tencent)", "wallet", []string{"WeChat Pay"}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	sameAsRows(t, l, one.Slug)
	doc, _ := l.Incident(t.Context(), editor, one.Slug)
	in := parse(t, doc)
	if in.Participants[0].Actor.Name != "WeChat Pay (Tencent)" || !in.Payment || in.Version != 1 {
		t.Errorf("after the rename: %s", doc.JSON)
	}
	if doc.ETag == one.ETag {
		t.Error("the ETag is the same for other bytes")
	}
	var problems incidents.Problems
	err := l.EditActor(t.Context(), c, "weixin-pay", func(a *incidents.Actor) error {
		a.Aliases = []string{"wechat pay"}
		return nil
	})
	if !errors.As(err, &problems) || problems[0].Pointer != "/aliases/0" {
		t.Errorf("taking another actor's name gives %v", err)
	}
	if err := l.MergeActors(t.Context(), ledger.Change{By: editor, Action: "merge actor"}, "weixin-pay", "wechat-pay"); err != nil {
		t.Fatal(err)
	}
	sameAsRows(t, l, two.Slug)
	doc, _ = l.Incident(t.Context(), editor, two.Slug)
	if in := parse(t, doc); in.Participants[0].Actor.Slug != "wechat-pay" {
		t.Errorf("after the merge: %s", doc.JSON)
	}
	var moved *ledger.MovedError
	if _, err := l.Actor(t.Context(), editor, "weixin-pay"); !errors.As(err, &moved) || moved.Slug != "wechat-pay" {
		t.Errorf("the merged actor's slug gives %v", err)
	}
	for _, name := range []string{"weixin-pay", "Weixin Pay", "WECHAT PAY"} {
		page, err := l.Incidents(t.Context(), ledger.Filter{Actors: []string{name}}, "-victims", ledger.Page{})
		if err != nil || len(page.Items) != 2 {
			t.Errorf("filtering by %q finds %d incidents (%v), want 2", name, len(page.Items), err)
		}
	}
	// A merged name and slug still name the actor in a new document.
	for i, ref := range []incidents.ActorRef{{Given: "weixin-pay"}, {Given: "Weixin Pay"}} {
		doc, err := l.Record(t.Context(), ledger.Change{By: editor, Action: "record"}, incidents.Incident{
			Title: fmt.Sprint("Later ", i), Category: incidents.DataBreach, Participants: []incidents.Participant{{Actor: ref, Role: incidents.RoleVictim}},
		})
		if err != nil {
			t.Fatal(err)
		}
		if in := parse(t, doc); in.Participants[0].Actor.Slug != "wechat-pay" {
			t.Errorf("%+v is resolved to %s", ref, in.Participants[0].Actor.Slug)
		}
	}
}

func TestRedactionKeepsQuotes(t *testing.T) {
	t.Parallel()
	l := ledgertest.Open(t)
	ten := int64(10)
	doc, err := l.Record(t.Context(), ledger.Change{By: editor, Action: "record"}, incidents.Incident{
		Title: "Quoted", Category: incidents.DataBreach,
		Sources: []incidents.Source{{Key: "a", Title: "An article", Text: "They lost ten cards. No more."}},
		Counts:  []incidents.Count{{Claim: incidents.Claim{Evidence: []incidents.Evidence{{Quote: "They lost ten cards."}}}, Unit: "cards", Quantity: &ten}},
	})
	if err != nil {
		t.Fatal(err)
	}
	source := parse(t, doc).Sources[0].ID
	admin := access.Identity{Name: "an admin", Role: access.Admin}
	if err := l.Redact(t.Context(), ledger.Change{By: editor, Action: "redact"}, source); !errors.Is(err, ledger.ErrForbidden) {
		t.Errorf("an editor redacts: %v", err)
	}
	if err := l.Redact(t.Context(), ledger.Change{By: admin, Action: "redact"}, source); err != nil {
		t.Fatal(err)
	}
	page, err := l.Source(t.Context(), editor, source)
	if err != nil || page.Text != "" || !page.Redacted || len(page.Quotes) != 1 {
		t.Errorf("the redacted source is %+v (%v)", page, err)
	}
	sameAsRows(t, l, doc.Slug)
	edited, err := l.Edit(t.Context(), ledger.Change{By: editor, Action: "patch"}, doc.Slug, "", func(in *incidents.Incident) error {
		in.Summary = "Edited after the redaction."
		return nil
	})
	if err != nil {
		t.Fatalf("edit an incident that quotes a redacted source: %v", err)
	}
	if in := parse(t, edited); in.Counts[0].Evidence[0].Quote != "They lost ten cards." {
		t.Errorf("the quote is gone: %s", edited.JSON)
	}
}

// TestAPublishedIncidentIsNotMergedIntoADraft, where the public could not follow.
func TestAPublishedIncidentIsNotMergedIntoADraft(t *testing.T) {
	t.Parallel()
	l := ledgertest.Open(t)
	public := counted(t, l, "Public", 1)
	draft, other := draftOf(t, l, "Draft", ""), draftOf(t, l, "Other", "")
	var state *ledger.StateError
	_, err := l.Merge(t.Context(), ledger.Change{By: editor, Action: "merge"}, public.Slug, "", draft.Slug)
	if !errors.As(err, &state) || !strings.Contains(err.Error(), "publish draft first") {
		t.Errorf("merging into a draft gives %v", err)
	}
	if _, err := l.Incident(t.Context(), access.Identity{}, public.Slug); err != nil {
		t.Errorf("the public reads it no more: %v", err)
	}
	merge(t, l, other.Slug, draft.Slug)
	if _, err := l.Publish(t.Context(), ledger.Change{By: editor, Action: "publish"}, draft.Slug, ""); err != nil {
		t.Fatal(err)
	}
	merge(t, l, public.Slug, draft.Slug)
}

// TestARenameThatLosesItsNameSaysSo: another actor takes the name between the look
// at it and the write.
func TestARenameThatLosesItsNameSaysSo(t *testing.T) {
	t.Parallel()
	l := ledgertest.Open(t)
	for pointer, change := range map[string]func(*incidents.Actor){
		"/name":      func(a *incidents.Actor) { a.Name = "Taken /name" },
		"/aliases/0": func(a *incidents.Actor) { a.Aliases = []string{"Taken /aliases/0"} },
	} {
		var slugs []string
		for _, name := range []string{"One ", "Other "} {
			slug, err := l.CreateActor(t.Context(), editing, incidents.Actor{Name: name + pointer})
			if err != nil {
				t.Fatal(err)
			}
			slugs = append(slugs, slug)
		}
		tx, err := l.Pool().Begin(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = tx.Rollback(context.Background()) })
		if _, err := tx.Exec(t.Context(), "INSERT INTO actor_names (key, actor_id, name) SELECT $1, id, $2 FROM actors WHERE slug = $3",
			incidents.FoldName("Taken "+pointer), "Taken "+pointer, slugs[0]); err != nil {
			t.Fatal(err)
		}
		done := make(chan error, 1)
		go func() {
			done <- l.EditActor(context.Background(), editing, slugs[1], func(a *incidents.Actor) error {
				change(a)
				return nil
			})
		}()
		untilWaiting(t, l, done)
		if err := tx.Commit(t.Context()); err != nil {
			t.Fatal(err)
		}
		var problems incidents.Problems
		if err := <-done; !errors.As(err, &problems) || problems[0].Pointer != pointer {
			t.Errorf("taking %s too late gives %v", pointer, err)
		}
	}
}
