package api

import (
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/gin-gonic/gin"
)

// What huma finds wrong with a request becomes a problem like any other.

func init() {
	// Settings of the libraries that are the whole program's.
	gin.SetMode(gin.ReleaseMode)
	huma.DefaultArrayNullable = false
	// huma has its errors made by these variables and by nothing else.
	huma.NewErrorWithContext = func(ctx huma.Context, status int, message string, errs ...error) huma.StatusError {
		p := fromHuma(ctx, status, message, errs)
		if ctx != nil {
			p = p.complete(requestID(ctx.Context()))
		}
		return p
	}
	huma.NewError = func(status int, message string, errs ...error) huma.StatusError {
		return fromHuma(nil, status, message, errs).complete("")
	}
}

// fromHuma turns what huma found wrong with the parameters into a problem.
func fromHuma(ctx huma.Context, status int, message string, errs []error) *Problem {
	p := &Problem{Status: status, Code: "invalid", Detail: message}
	switch {
	case message == unreadableBody:
		// The client went away, or sent chunks that cannot be read.
		return &Problem{Status: http.StatusBadRequest, Code: "malformed", Detail: "the body could not be read to its end"}
	case status == http.StatusRequestTimeout:
		return &Problem{Status: status, Code: "body_too_slow", Detail: "the body did not arrive in time"}
	case status == http.StatusRequestEntityTooLarge:
		return problemOf(&http.MaxBytesError{Limit: maxBody})
	case status >= http.StatusInternalServerError:
		return internalProblem()
	}
	for _, err := range errs[:min(len(errs), mostNamed)] {
		var detailer huma.ErrorDetailer
		if !errors.As(err, &detailer) {
			p.Errors = append(p.Errors, FieldError{Detail: err.Error()})
			continue
		}
		d := detailer.ErrorDetail()
		where, name, _ := strings.Cut(d.Location, ".")
		if d.Message != unknownParameter {
			name, _, _ = strings.Cut(name, "[") // the index of one of several values
		}
		field := FieldError{Parameter: name, Detail: d.Message}
		if ctx != nil {
			field.Allowed = allowed(ctx.Operation(), name, d.Message)
			if words := expected(schemaOf(ctx.Operation(), name), d.Message, d.Value); words != "" {
				field.Detail = words
			}
		}
		if d.Message == unreadableParameter {
			field.Allowed = nil
		}
		if where == "query" && d.Message == unknownParameter {
			field.Detail = "there is no such parameter here"
		} else if field.Allowed != nil && d.Message != repeatedParameter {
			field.Detail = fmt.Sprintf("%q is not one of the allowed values", fmt.Sprint(d.Value))
		}
		p.Errors = append(p.Errors, field)
	}
	if len(p.Errors) > 0 {
		p.Detail = "a parameter cannot be accepted"
	}
	if len(p.Errors) > 1 {
		p.Detail = fmt.Sprintf("%d parameters cannot be accepted", len(errs))
	}
	if len(errs) > mostNamed {
		p.Detail += fmt.Sprintf("; the first %d are named", mostNamed)
	}
	return p
}

// mostNamed is how many wrong parameters an answer names: with what is allowed, each
// takes a hundred times its own length.
const mostNamed = 100

const (
	unreadableBody    = "cannot read request body" // huma's words
	unknownParameter  = "unknown query parameter"
	notATime          = "invalid date/time"
	repeatedParameter = "is given more than once: separate several values by commas"

	unreadableParameter = "cannot be read: in an address % is written as %25, ; as %3B and & as %26"
)

// allowed lists the values that a parameter can have, when it is a closed list; of an
// unknown parameter, the names that there are.
func allowed(op *huma.Operation, name, message string) []string {
	var values []string
	for _, p := range op.Parameters {
		if message == unknownParameter && p.In == "query" {
			values = append(values, p.Name)
		}
	}
	if schema := schemaOf(op, name); schema != nil {
		if schema.Items != nil {
			schema = schema.Items
		}
		for _, v := range schema.Enum {
			values = append(values, fmt.Sprint(v))
		}
	}
	return values
}

// schemaOf is the schema of a parameter; nil when there is no such one.
func schemaOf(op *huma.Operation, name string) *huma.Schema {
	for _, p := range op.Parameters {
		if p.Name == name {
			return p.Schema
		}
	}
	return nil
}
