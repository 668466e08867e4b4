package api_test

import (
	"net/http"
	"net/http/httptest"
)

// raw sends a GET as a client in the network would.
func raw(s *service, path, key string) reply {
	r := httptest.NewRequest(http.MethodGet, "http://api.test"+path, nil)
	if key != "" {
		r.Header.Set("Authorization", "Bearer "+key)
	}
	return serve(s, r)
}

func serve(s *service, r *http.Request) reply {
	w := httptest.NewRecorder()
	s.api.ServeHTTP(w, r)
	return reply{status: w.Code, header: w.Header(), body: w.Body.Bytes()}
}
