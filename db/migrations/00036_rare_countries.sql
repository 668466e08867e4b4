-- Lists of a country that few incidents name.

-- +goose Up
-- +goose StatementBegin
-- About in how many incidents the most frequent of some countries is, as far as
-- PostgreSQL knows; 0 where it does not. For a country that it does not know the
-- planner guesses half of the rarest that it does: thousands, at a million.
CREATE FUNCTION estimated_incidents_in(sought text[]) RETURNS bigint LANGUAGE plpgsql STABLE SET plan_cache_mode = force_generic_plan AS $$
BEGIN
    RETURN (SELECT coalesce(max(known.share * c.reltuples), 0)
              FROM pg_stats AS s
              JOIN pg_class AS c ON c.oid = 'incidents'::regclass
             CROSS JOIN LATERAL unnest(s.most_common_elems::text::text[], s.most_common_elem_freqs) AS known (country, share)
             WHERE s.schemaname = current_schema() AND s.tablename = 'incidents' AND s.attname = 'countries' AND known.country = ANY (sought));
END $$;
-- +goose StatementEnd

-- +goose Down
DROP FUNCTION estimated_incidents_in;
