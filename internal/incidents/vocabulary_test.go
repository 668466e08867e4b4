package incidents

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

func TestTermsAreComplete(t *testing.T) {
	t.Parallel()
	valuePattern := regexp.MustCompile(`^[a-z0-9_]+$`)
	names := map[string]bool{}
	for _, voc := range Vocabularies() {
		if !valuePattern.MatchString(voc.Name) || names[voc.Name] {
			t.Errorf("the vocabulary's name %q is malformed or used twice", voc.Name)
		}
		names[voc.Name] = true
		t.Run(voc.Name, func(t *testing.T) {
			t.Parallel()
			if len(voc.Terms) < 2 {
				t.Errorf("%d terms", len(voc.Terms))
			}
			values, labels := map[string]bool{}, map[string]bool{}
			for _, term := range voc.Terms {
				if !valuePattern.MatchString(term.Value) {
					t.Errorf("the value %q is not of lower-case letters, digits and underscores", term.Value)
				}
				if values[term.Value] || labels[term.Label] {
					t.Errorf("%q: its value or its label %q is there twice", term.Value, term.Label)
				}
				values[term.Value], labels[term.Label] = true, true
				// An exact figure is written without a word before it.
				if term.Label == "" && term.Value != string(Exact) {
					t.Errorf("%q has no label", term.Value)
				}
				if len(term.Meaning) < 5 || !strings.HasSuffix(term.Meaning, ".") {
					t.Errorf("the meaning of %q is not a sentence: %q", term.Value, term.Meaning)
				}
				if !voc.Has(term.Value) || voc.Label(term.Value) != term.Label {
					t.Errorf("the vocabulary does not find its own %q", term.Value)
				}
			}
			if voc.Has("") || voc.Has("no_such_value") {
				t.Error("the vocabulary has values that it does not list")
			}
			if got := voc.Label("no_such_value"); got != "no such value" {
				t.Errorf("the label of an unknown value is %q", got)
			}
		})
	}
}

func TestEveryUnitHasASingular(t *testing.T) {
	t.Parallel()
	for _, unit := range units.Values() {
		if unitSingular[Unit(unit)] == "" {
			t.Errorf("unit %q has no singular", unit)
		}
	}
	for unit := range unitSingular {
		if !units.Has(string(unit)) {
			t.Errorf("there is a singular for %q, which is no unit", unit)
		}
	}
}

func TestListsWithinVocabularies(t *testing.T) {
	t.Parallel()
	for _, s := range paymentSectors {
		if !sectors.Has(string(s)) {
			t.Errorf("payment sector %q is no sector", s)
		}
	}
	for _, k := range spokenKinds {
		if !responseKinds.Has(string(k)) {
			t.Errorf("spoken kind %q is no kind of response", k)
		}
	}
	for _, c := range paymentDataClasses {
		if !dataClasses.Has(string(c)) {
			t.Errorf("payment data class %q is no data class", c)
		}
	}
}

func TestPredicates(t *testing.T) {
	t.Parallel()
	for _, role := range roles.Values() {
		if got, want := Role(role).Breached(), role == "victim" || role == "affected_platform"; got != want {
			t.Errorf("%s: breached = %t", role, got)
		}
	}
	for _, kind := range responseKinds.Values() {
		if got, want := ResponseKind(kind).Denies(), kind == "denial" || kind == "scope_denial"; got != want {
			t.Errorf("%s: denies = %t", kind, got)
		}
	}
}

// A type with a Vocabulary method must be in Vocabularies, and every constant
// of such a type in its vocabulary.
func TestVocabulariesAreAllListed(t *testing.T) {
	t.Parallel()
	source := readPackage(t)
	if len(source.listed) != len(Vocabularies()) {
		t.Fatalf("Vocabularies lists %v, and returns %d", source.listed, len(Vocabularies()))
	}
	byVariable := map[string]Vocabulary{}
	for i, variable := range source.listed {
		byVariable[variable] = Vocabularies()[i]
	}
	for typ, variable := range source.vocabularyOf {
		if !slices.Contains(source.listed, variable) {
			t.Errorf("the vocabulary of %s (%s) is not in Vocabularies", typ, variable)
		}
	}
	if len(source.vocabularyOf) != len(source.listed) {
		t.Errorf("%d types have a vocabulary, Vocabularies lists %d", len(source.vocabularyOf), len(source.listed))
	}
	if len(source.constants) < 40 {
		t.Errorf("only %d constants found: the test no longer sees them", len(source.constants))
	}
	for _, c := range source.constants {
		variable, ok := source.vocabularyOf[c.typ]
		if ok && !byVariable[variable].Has(c.value) {
			t.Errorf("%s is %q, which is not in the vocabulary of %s", c.name, c.value, c.typ)
		}
	}
}

type constant struct{ name, typ, value string }

// packageSource is what the tests need to know of the package's source.
type packageSource struct {
	vocabularyOf map[string]string // type → the variable that its Vocabulary method returns
	listed       []string          // the variables that Vocabularies lists
	constants    []constant        // typed string constants
}

func readPackage(t *testing.T) packageSource {
	t.Helper()
	out := packageSource{vocabularyOf: map[string]string{}}
	files, err := os.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		if !strings.HasSuffix(f.Name(), ".go") || strings.HasSuffix(f.Name(), "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), f.Name(), nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		for _, decl := range file.Decls {
			out.read(t, decl)
		}
	}
	return out
}

func (s *packageSource) read(t *testing.T, decl ast.Decl) {
	t.Helper()
	switch d := decl.(type) {
	case *ast.FuncDecl:
		switch {
		case d.Name.Name == "Vocabulary" && d.Recv != nil:
			s.vocabularyOf[d.Recv.List[0].Type.(*ast.Ident).Name] = returned(d).(*ast.Ident).Name
		case d.Name.Name == "Vocabularies" && d.Recv == nil:
			for _, e := range returned(d).(*ast.CompositeLit).Elts {
				s.listed = append(s.listed, e.(*ast.Ident).Name)
			}
		}
	case *ast.GenDecl:
		for _, spec := range d.Specs {
			v, ok := spec.(*ast.ValueSpec)
			if !ok || d.Tok != token.CONST {
				continue
			}
			typ, ok := v.Type.(*ast.Ident)
			if !ok {
				continue
			}
			for i, name := range v.Names {
				if i >= len(v.Values) {
					continue
				}
				if lit, ok := v.Values[i].(*ast.BasicLit); ok && lit.Kind == token.STRING {
					value, err := strconv.Unquote(lit.Value)
					if err != nil {
						t.Fatal(err)
					}
					s.constants = append(s.constants, constant{name.Name, typ.Name, value})
				}
			}
		}
	}
}

// returned is what a function of one return statement returns.
func returned(f *ast.FuncDecl) ast.Expr { return f.Body.List[0].(*ast.ReturnStmt).Results[0] }
