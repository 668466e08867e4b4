package web

import (
	"maps"
	"net/http"
	"slices"
)

// signedOutPage is the answer to a form of somebody whose session has ended. It
// holds what was typed, to be sent again.
type signedOutPage struct {
	Frame
	Action string
	Fields []sentField
}

type sentField struct{ Name, Value string }

func signedOut(v *visit) answer {
	p := &signedOutPage{Frame: Frame{Title: "You are not signed in", NoIndex: true}, Action: v.URL.EscapedPath()}
	for _, name := range slices.Sorted(maps.Keys(v.PostForm)) {
		for _, value := range v.PostForm[name] {
			p.Fields = append(p.Fields, sentField{name, value})
		}
	}
	out := show("signed_out", p)
	out.status = http.StatusForbidden
	return out
}
