-- name: PendingListsClean :exec
-- Moves what was written from the lists of the indexes that lists and searches read to
-- its places. Their owner may, and waits while another session does.
SELECT gin_clean_pending_list(index::regclass) FROM unnest(ARRAY['incidents_search', 'incidents_terms']) AS index;
