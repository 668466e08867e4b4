package multiplex

import "time"

// SetLimit changes how long a round trip may take. Nobody may ask meanwhile.
func (r *Reader) SetLimit(limit time.Duration) { r.limit = limit }
