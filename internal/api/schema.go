package api

import (
	"cmp"
	"reflect"

	"github.com/danielgtaylor/huma/v2"
	"github.com/google/uuid"
	"github.com/shopspring/decimal"

	"github.com/breachledger/breachledger/internal/exchange/csvfile"
	"github.com/breachledger/breachledger/internal/importer"
	"github.com/breachledger/breachledger/internal/incidents"
	"github.com/breachledger/breachledger/internal/ledger"
)

const developmentVersion = "development"

const description = `A ledger of payments-security incidents. Every figure, accusation and response is a
claim that keeps its qualifier, its source and the verbatim sentence it came from; claims that disagree stand side by side.

An absent field means "not known"; it never means zero, none or false. Errors are problems of RFC 9457 and name every bad
field by JSON Pointer. Unknown fields and parameters are errors. Several values of one filter are separated by commas and
mean any of them; several filters mean all of them.`

func (a *API) humaConfig(version string) huma.Config {
	version = cmp.Or(version, developmentVersion)
	c := huma.DefaultConfig("Breachledger", version)
	c.Info.Description = description
	c.CreateHooks = nil                // no $schema fields
	c.DocsPath, c.SchemasPath = "", "" // its page loads from another host
	c.Formats = map[string]huma.Format{"application/json": huma.DefaultJSONFormat, "json": huma.DefaultJSONFormat}
	c.FieldsOptionalByDefault = true // tags say what is required; in answers see finishSchemas
	c.Servers = []*huma.Server{{URL: "/"}}
	c.Components.SecuritySchemes = map[string]*huma.SecurityScheme{
		"key": {Type: "http", Scheme: "bearer", Description: "An API key, made with `server keys create --role …`"},
	}
	c.Tags = []*huma.Tag{
		{Name: "incidents", Description: "Log, read, list and edit incidents."},
		{Name: "claims", Description: "Counts, losses, attributions and responses, one at a time."},
		{Name: "reports", Description: "What the incidents add up to."},
		{Name: "actors", Description: "The organisations, states, groups and people that incidents name."},
		{Name: "sources", Description: "The articles and notices that claims rest on."},
		{Name: "exchange", Description: "Incidents in the formats of others."},
		{Name: "keys", Description: "Who may use the API; for admins."},
		{Name: "server", Description: "Is it up?"},
	}
	c.Components.Schemas = huma.NewMapRegistry("#/components/schemas/", schemaName)
	aliasTypes(c.Components.Schemas)
	return c
}

// schemaName is the name of a type's schema; two packages have a Problem.
func schemaName(t reflect.Type, hint string) string {
	switch t {
	case reflect.TypeFor[incidents.Problem]():
		return "DocumentProblem"
	case reflect.TypeFor[csvfile.Problem]():
		return "CellProblem"
	case reflect.TypeFor[*importer.Sample]():
		return "ImportSample"
	case reflect.TypeFor[importer.SampleRow]():
		return "ImportSampleRow"
	case reflect.TypeFor[importer.StreamReport]():
		return "ImportReport"
	case reflect.TypeFor[importer.Detail]():
		return "ImportDetail"
	}
	return huma.DefaultSchemaNamer(t, hint)
}

// aliasTypes says how the domain's value types look in JSON; the domain itself
// knows nothing of OpenAPI.
func aliasTypes(r huma.Registry) {
	alias[incidents.Category, vocabulary[incidents.Category]](r)
	alias[incidents.Certainty, vocabulary[incidents.Certainty]](r)
	alias[incidents.Publication, vocabulary[incidents.Publication]](r)
	alias[incidents.Vector, vocabulary[incidents.Vector]](r)
	alias[incidents.DataClass, vocabulary[incidents.DataClass]](r)
	alias[incidents.PaymentMethod, vocabulary[incidents.PaymentMethod]](r)
	alias[incidents.ActorKind, vocabulary[incidents.ActorKind]](r)
	alias[incidents.Sector, vocabulary[incidents.Sector]](r)
	alias[incidents.Role, vocabulary[incidents.Role]](r)
	alias[incidents.Unit, vocabulary[incidents.Unit]](r)
	alias[incidents.Qualifier, vocabulary[incidents.Qualifier]](r)
	alias[incidents.LossKind, vocabulary[incidents.LossKind]](r)
	alias[incidents.LossScope, vocabulary[incidents.LossScope]](r)
	alias[incidents.Basis, vocabulary[incidents.Basis]](r)
	alias[incidents.Confidence, vocabulary[incidents.Confidence]](r)
	alias[incidents.ResponseKind, vocabulary[incidents.ResponseKind]](r)
	alias[incidents.ResponseStatus, vocabulary[incidents.ResponseStatus]](r)
	alias[incidents.Support, vocabulary[incidents.Support]](r)
	alias[incidents.PartialDate, partialDate](r)
	alias[decimal.Decimal, amount](r)
	alias[uuid.UUID, id](r)
	alias[incidents.ActorRef, actorReference](r)
	alias[incidents.SourceRef, sourceReference](r)
	alias[ledger.Involvement, involvement](r)
	alias[ledger.Revision, revision](r)
}

func alias[T, As any](r huma.Registry) {
	r.RegisterTypeAlias(reflect.TypeFor[T](), reflect.TypeFor[As]())
}

type vocabulary[T incidents.Worded] struct{}

func (vocabulary[T]) Schema(huma.Registry) *huma.Schema {
	var none T
	s := &huma.Schema{Type: huma.TypeString}
	for _, value := range none.Vocabulary().Values() {
		s.Enum = append(s.Enum, value)
	}
	return s
}

type partialDate struct{}

func (partialDate) Schema(huma.Registry) *huma.Schema {
	return &huma.Schema{
		Type: huma.TypeString, Nullable: true, Pattern: `^[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?$`,
		Description: "A date known to the day, the month or the year", Examples: []any{"2014-10-28", "2014-10", "2014"},
	}
}

type amount struct{}

func (amount) Schema(huma.Registry) *huma.Schema {
	return &huma.Schema{
		OneOf: []*huma.Schema{
			{Type: huma.TypeString, Pattern: `^[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?$`, MaxLength: new(64)},
			{Type: huma.TypeNumber, Minimum: new(0.0)},
			{Type: "null"},
		},
		Description: "A decimal; written as a string, so that no reader rounds it", Examples: []any{"2000"},
	}
}

type id struct{}

func (id) Schema(huma.Registry) *huma.Schema {
	return &huma.Schema{Type: huma.TypeString, Format: "uuid"}
}

// actorRef and sourceRef are the long forms; they have no methods, so that huma
// makes objects of them.
type (
	actorRef  incidents.ActorRef
	sourceRef incidents.SourceRef
)

type actorReference struct{}

func (actorReference) Schema(r huma.Registry) *huma.Schema {
	return &huma.Schema{
		OneOf: []*huma.Schema{
			{Type: huma.TypeString, MaxLength: new(200), Description: "The slug or a name of a known actor"},
			r.Schema(reflect.TypeFor[actorRef](), true, ""),
			{Type: "null"},
		},
		Description: "An actor: its slug or name, or an object that describes a new one in place. An object that names a known actor is that actor: if it contradicts the ledger (another kind, the slug of one actor and the name of another), the answer is 422, and what it adds is not taken over; `PATCH /v1/actors/{slug}` changes an actor.",
	}
}

type sourceReference struct{}

func (sourceReference) Schema(r huma.Registry) *huma.Schema {
	return &huma.Schema{
		OneOf: []*huma.Schema{
			{Type: huma.TypeString, MaxLength: new(2000), Description: "The id, key or address of a source"},
			r.Schema(reflect.TypeFor[sourceRef](), true, ""),
			{Type: "null"},
		},
		Description: "A source: its id, key or address, or an object with one of these",
	}
}

// involvement is a role with the incident's card, which the ledger keeps as
// finished JSON.
type involvement struct {
	Role     incidents.Role `json:"role"`
	Incident incidents.Card `json:"incident"`
}

// revision is a version of an incident with the parts that the ledger keeps as
// finished JSON.
type revision struct {
	ledger.Revision
	Changes  []change            `json:"changes,omitempty" doc:"The difference from the previous version that you may see, as a JSON Patch (RFC 6902); absent for the first"`
	Document *incidents.Incident `json:"document,omitempty" doc:"The whole document as it stood; when one version is read"`
}

// change is an operation of a JSON Patch.
type change struct {
	Op    string `json:"op" enum:"add,remove,replace,move,copy,test"`
	Path  string `json:"path" doc:"JSON Pointer (RFC 6901)"`
	From  string `json:"from,omitempty"`
	Value any    `json:"value,omitempty"`
}
