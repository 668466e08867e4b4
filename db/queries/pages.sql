-- name: YearsByCategory :many
-- How many of the matching incidents happened in each year, by category; those
-- whose date is not known have the year '' and come first.
SELECT
    coalesce(extract(year FROM coalesce(i.occurred_from, i.occurred_to))::integer::text, '')::text AS year,
    i.category,
    count(*) AS incidents
  FROM incidents_matching(@filter::jsonb) AS i
 GROUP BY 1, i.category
 ORDER BY 1, i.category;
