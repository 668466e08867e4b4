package web

import (
	"encoding/json"
	"strconv"
	"strings"

	"github.com/breachledger/breachledger/internal/strict"
)

// decode turns the form into a document. What does not fit becomes problems.
func (f *form) decode(into any) error {
	raw, err := json.Marshal(jsonOf("", f.tree()))
	if err != nil {
		return err
	}
	node, err := strict.ParseJSON(raw)
	if err != nil {
		return &badRequestError{detail: "The form has text that cannot be stored: " + err.Error()}
	}
	f.problems = strict.Decode(node, into, strict.Options{})
	return nil
}

// jsonOf turns the maps of the form into JSON values of the right types. Empty
// fields are left out.
func jsonOf(pointer string, v any) any {
	switch v := v.(type) {
	case []string:
		return jsonLeaf(pointer, v)
	case map[string]any:
		if indexes, ok := rowIndexes(v); ok {
			out := make([]any, 0, len(indexes))
			for _, i := range indexes {
				one := jsonOf(pointer+"/"+strconv.Itoa(i), v[strconv.Itoa(i)])
				if one == nil {
					one = map[string]any{}
				}
				out = append(out, one)
			}
			return out
		}
		if quote, was := leaf(v, "quote"), leaf(v, "was"); quote != was {
			delete(v, "start") // another quote has another position
			delete(v, "end")
		}
		delete(v, "was")
		out := map[string]any{}
		for name, one := range v {
			if value := jsonOf(pointer+"/"+name, one); value != nil {
				out[name] = value
			}
		}
		if len(out) == 0 {
			return nil
		}
		return out
	}
	return nil
}

func leaf(m map[string]any, name string) string {
	if v, ok := m[name].([]string); ok && len(v) > 0 {
		return v[0]
	}
	return ""
}

func jsonLeaf(pointer string, values []string) any {
	if manyValued(pointer) {
		out := []any{}
		for _, value := range values {
			for part := range strings.SplitSeq(value, ",") {
				if part = strings.TrimSpace(part); part != "" {
					if pointer == "/countries" {
						part = strings.ToUpper(part)
					}
					out = append(out, part)
				}
			}
		}
		return out
	}
	if len(values) == 0 {
		return nil
	}
	value := strings.ReplaceAll(values[len(values)-1], "\r\n", "\n")
	name := pointer[strings.LastIndexByte(pointer, '/')+1:]
	if name != "text" && name != "quote" {
		value = strings.TrimSpace(value)
	}
	if strings.TrimSpace(value) == "" {
		return nil
	}
	isLoss := strings.HasPrefix(pointer, "/losses/")
	switch name {
	case "headline", "via_unnamed_source":
		return value == "true"
	case "currency":
		return strings.ToUpper(value)
	case "amount", "low", "high", "quantity":
		value = plainNumber(value)
		if isLoss {
			return value
		}
		fallthrough
	case "start", "end", "occurrence":
		if n, err := strconv.ParseInt(value, 10, 64); err == nil { // "007" is no number in JSON
			return n
		}
	}
	return value
}
