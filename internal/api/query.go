package api

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/breachledger/breachledger/internal/access"
	"github.com/breachledger/breachledger/internal/incidents"
	"github.com/breachledger/breachledger/internal/ledger"
)

// optional is a parameter that tells "not given" from its zero value.
type optional[T any] struct {
	Value T
	Given bool
}

// Schema is that of the value.
func (optional[T]) Schema(r huma.Registry) *huma.Schema {
	return huma.SchemaFromType(r, reflect.TypeFor[T]())
}

// Receiver is where huma puts the value.
func (o *optional[T]) Receiver() reflect.Value { return reflect.ValueOf(o).Elem().Field(0) }

// OnParamSet notes whether the parameter was given.
func (o *optional[T]) OnParamSet(given bool, _ any) { o.Given = given }

func (o *optional[T]) pointer() *T {
	if !o.Given {
		return nil
	}
	return &o.Value
}

// Filters are the parameters that say which incidents a list or report is about.
type Filters struct {
	Q             string                    `query:"q" maxLength:"400" doc:"Words to search for in titles, summaries, names and aliases of those who take part, and source texts; quotes for a phrase, - to exclude, or between alternatives. Sources are left out for those who may not read their texts (SOURCE_TEXT=keyed)"`
	Category      []incidents.Category      `query:"category" doc:"What kind of incident it is"`
	Certainty     []incidents.Certainty     `query:"certainty" doc:"confirmed and suspected by default"`
	Publication   []incidents.Publication   `query:"publication" doc:"published by default; others need the role contributor"`
	Vector        []incidents.Vector        `query:"vector" doc:"A way in that was used"`
	DataClass     []incidents.DataClass     `query:"data_class" doc:"A kind of data that was touched"`
	PaymentMethod []incidents.PaymentMethod `query:"payment_method" doc:"A way of paying that was hit"`
	Payment       optional[bool]            `query:"payment" doc:"Payments incidents only, or all others"`
	Sector        []incidents.Sector        `query:"sector" doc:"The sector of somebody breached"`
	ActorKind     []incidents.ActorKind     `query:"actor_kind" doc:"The kind of somebody breached; with sector, of the same one"`
	Country       []string                  `query:"country" doc:"ISO 3166-1 alpha-2" pattern:"^[A-Z]{2}$"`
	Actor         []string                  `query:"actor" doc:"Slugs or names of actors who take part"`
	Role          []incidents.Role          `query:"role" doc:"A role in which the actor, or anybody, takes part"`
	Unit          []incidents.Unit          `query:"unit" doc:"The unit of the headline count"`
	Support       []incidents.Support       `query:"support" doc:"How well the headline count is evidenced"`
	Response      []incidents.ResponseKind  `query:"response" doc:"A kind of response that somebody gave"`
	Unanswered    optional[bool]            `query:"unanswered" doc:"Somebody was breached and none of them has a recorded response"`
	Contested     optional[bool]            `query:"contested" doc:"An attribution is answered by a denial"`
	MinVictims    optional[int64]           `query:"min_victims" minimum:"0" doc:"The largest number stated is at least this"`
	MaxVictims    optional[int64]           `query:"max_victims" minimum:"0" doc:"The largest number stated is at most this"`
	Tag           []string                  `query:"tag" doc:"A tag that the incident carries"`
	Compilations  optional[bool]            `query:"compilations" doc:"true includes spam lists, stealer logs and the like, which are not a breach of anybody in particular; so does tag=compilation"`
	UpdatedSince  time.Time                 `query:"updated_since" doc:"RFC 3339"`
	Date          ledger.DateField          `query:"date" enum:"disclosed,occurred,discovered" default:"disclosed" doc:"The date that from and to, the year of facets and the report on breaches are about; occurred is when it began or, if that is not known, ended"`
	From          incidents.PartialDate     `query:"from" doc:"The first day, month or year; a partial date counts as its first day"`
	To            incidents.PartialDate     `query:"to" doc:"The last day, month or year"`
}

// Resolve checks what the parameters' schemas do not say, so that it is named together
// with what they do.
func (f *Filters) Resolve(huma.Context) []error {
	var wrong []error
	for i, code := range f.Country {
		if len(code) == 2 && code == strings.ToUpper(code) && !incidents.KnownCountry(code) { // of the right form
			wrong = append(wrong, &huma.ErrorDetail{Location: fmt.Sprintf("query.country[%d]", i), Message: incidents.UnknownCountry(code), Value: code})
		}
	}
	return wrong
}

// filter is what the parameters mean to the ledger. The public reads published
// incidents only.
func (f *Filters) filter(by access.Identity) (ledger.Filter, error) {
	for _, p := range f.Publication {
		if p != incidents.Published && !by.Role.SeesUnpublished() {
			return ledger.Filter{}, &Problem{
				Status: 403, Code: "forbidden", Detail: "unpublished incidents can be listed with the role contributor or above",
				Errors: []FieldError{{Parameter: "publication", Detail: "only published is possible without such a key", Allowed: []string{"published"}}},
			}
		}
	}
	return ledger.Filter{
		Query: f.Q, Categories: f.Category, Certainties: f.Certainty, Publications: f.Publication, Vectors: f.Vector,
		DataClasses: f.DataClass, PaymentMethods: f.PaymentMethod, Payment: f.Payment.pointer(), Unanswered: f.Unanswered.pointer(),
		Contested: f.Contested.pointer(), Sectors: f.Sector, ActorKinds: f.ActorKind, Countries: f.Country, Actors: f.Actor,
		Roles: f.Role, Units: f.Unit, Supports: f.Support, Responses: f.Response, MinVictims: f.MinVictims.pointer(),
		MaxVictims: f.MaxVictims.pointer(), Date: f.Date, From: f.From, To: f.To, UpdatedSince: f.UpdatedSince, Tags: f.Tag,
		Compilations: f.Compilations.Value,
	}, nil
}

// filter is what the parameters mean to the ledger, for whoever makes the request.
func (a *API) filter(ctx context.Context, in *Filters) (ledger.Filter, error) {
	by := identity(ctx)
	f, err := in.filter(by)
	f.TextsClosed = f.Query != "" && !a.showsText(by)
	return f, err
}

// aboutParameters says of problems with a filter which parameters they are about:
// the ledger, which knows none, names them as it names the fields of a document.
func aboutParameters(err error) error {
	var problems incidents.Problems
	if !errors.As(err, &problems) {
		return err
	}
	p := &Problem{Status: http.StatusUnprocessableEntity, Code: "invalid", Detail: "a parameter cannot be accepted"}
	if len(problems) > 1 {
		p.Detail = fmt.Sprintf("%d parameters cannot be accepted", len(problems))
	}
	for _, one := range problems {
		p.Errors = append(p.Errors, FieldError{Parameter: strings.TrimPrefix(one.Pointer, "/"), Detail: one.Detail, Allowed: one.Allowed})
	}
	return p
}

// Paging are the parameters of a list in pages.
type Paging struct {
	Cursor string `query:"cursor" maxLength:"2000" doc:"next_cursor of the previous page"`
	Limit  int    `query:"limit" minimum:"1" maximum:"200" default:"20" doc:"How many at most"`
}

func (p Paging) page() ledger.Page { return ledger.Page{Cursor: p.Cursor, Limit: p.Limit} }

// Conditional is part of the input of operations whose answers have an ETag.
type Conditional struct {
	IfNoneMatch string `header:"If-None-Match" doc:"An ETag that you have: 304 if it is still the current one"`
}

func (c *Conditional) ifNoneMatch() string { return c.IfNoneMatch }

type conditional interface{ ifNoneMatch() string }

// nextLink is the Link header of a page (RFC 8288).
func (l *Located) nextLink(next string) string {
	if next == "" {
		return ""
	}
	return "<" + l.at.EscapedPath() + "?" + l.queryWith("cursor", next) + `>; rel="next"`
}

// pageOf is a page of a list, which leads to the next one.
func (l *Located) pageOf(body any, next string) (*answer, error) {
	out, err := asJSON(body)
	if err == nil {
		out.Link = l.nextLink(next)
	}
	return out, err
}

// queryWith is the query with another value of a parameter.
func (l *Located) queryWith(name, value string) string {
	given, ok := l.query[name]
	l.query[name] = []string{value} // to copy them all takes longer than the rest
	out := l.query.Encode()
	if l.query[name] = given; !ok {
		delete(l.query, name)
	}
	return out
}

// unreadable are the names of the parameters that [url.Values] leaves out, as they
// are not encoded as an address must be: without them a list would be another one.
func unreadable(query string) []string {
	var names []string
	for part := range strings.SplitSeq(query, "&") {
		if _, err := url.ParseQuery(part); err != nil {
			name, _, _ := strings.Cut(part, "=")
			if decoded, err := url.QueryUnescape(name); err == nil {
				name = decoded
			}
			names = append(names, name)
		}
	}
	return names
}

// Located is part of every input: the request's address, and the check that no
// parameter is unknown, given twice or unreadable. huma calls Resolve, and reports what that finds
// together with its own findings.
type Located struct {
	at     url.URL
	query  url.Values // of it
	origin string     // scheme and host, as the client wrote them
}

// Resolve keeps the address and checks the names of the query's parameters, and the
// reason: of what an input embeds, only the Resolve of the least deep is called, or
// those of several that are as deep.
func (l *Located) Resolve(ctx huma.Context) []error {
	l.at = ctx.URL()
	l.origin = "http://" + ctx.Host()
	if ctx.TLS() != nil {
		l.origin = "https://" + ctx.Host()
	}
	l.query = l.at.Query()
	var wrong []*huma.ErrorDetail
	for _, name := range unreadable(l.at.RawQuery) {
		wrong = append(wrong, &huma.ErrorDetail{Location: "query." + name, Message: unreadableParameter})
	}
	for name, values := range l.query {
		switch {
		case !slices.ContainsFunc(ctx.Operation().Parameters, func(p *huma.Param) bool { return p.In == "query" && p.Name == name }):
			wrong = append(wrong, &huma.ErrorDetail{Location: "query." + name, Message: unknownParameter})
		case len(values) > 1:
			wrong = append(wrong, &huma.ErrorDetail{Location: "query." + name, Message: repeatedParameter})
		case name == "reason": // which the ledger would report as a field of the body
			if detail := incidents.BadText(values[0]); detail != "" {
				wrong = append(wrong, &huma.ErrorDetail{Location: "query.reason", Message: detail, Value: values[0]})
			}
		}
	}
	slices.SortFunc(wrong, func(a, b *huma.ErrorDetail) int { return strings.Compare(a.Location, b.Location) })
	errs := make([]error, len(wrong))
	for i, e := range wrong {
		errs[i] = e
	}
	return errs
}
