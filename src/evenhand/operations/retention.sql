-- A person is an account with the guests that went into it. Who deleted it, or opted out, is nobody here.
WITH known AS (
    SELECT id AS account_id, coalesce(merged_into, id) AS person
    FROM account
    WHERE erased_at IS NULL
        AND NOT EXISTS (
            SELECT FROM statistics_opt_out
            WHERE statistics_opt_out.account_id = coalesce(account.merged_into, account.id))
),

-- What each cast on which day, as far back as the first month reaches.
recent AS MATERIALIZED (
    SELECT person, (cast_at AT TIME ZONE 'UTC')::date AS day, count(*) AS votes
    FROM vote JOIN known USING (account_id)
    WHERE cast_at >= (CAST(:since AS date) - 29)::timestamp AT TIME ZONE 'UTC'
        AND cast_at < CAST(:after AS date)::timestamp AT TIME ZONE 'UTC'
    GROUP BY person, day
),

-- The day on which each of them first voted, however long ago: a look into an index for each account.
beginning AS (
    SELECT person, (least(own.first, guests.first) AT TIME ZONE 'UTC')::date AS first
    FROM (SELECT DISTINCT person FROM recent) AS people
    CROSS JOIN LATERAL (SELECT min(cast_at) AS first FROM vote WHERE account_id = person) AS own
    CROSS JOIN LATERAL (
        SELECT min(cast_at) AS first FROM account JOIN vote ON vote.account_id = account.id
        WHERE account.merged_into = person) AS guests
),

-- A row for each person and day on which they voted, with the next one.
visit AS MATERIALIZED (
    SELECT person, day, votes, first, lead(day) OVER (PARTITION BY person ORDER BY day) AS next
    FROM recent JOIN beginning USING (person)
),

-- Within n days up to one a person is counted once: from each day on which they voted until the next one, or
-- until n days later.
change AS (
    SELECT day, count(*) AS daily, count(*) FILTER (WHERE first = day) AS new, count(*) AS weekly,
        count(*) AS monthly
    FROM visit GROUP BY day
    UNION ALL
    SELECT least(next, day + 7) AS left_on, 0, 0, -count(*), 0
    FROM visit GROUP BY left_on
    UNION ALL
    SELECT least(next, day + 30) AS left_on, 0, 0, 0, -count(*)
    FROM visit GROUP BY left_on
),
series AS (
    SELECT day, coalesce(sum(daily), 0) AS daily, coalesce(sum(new), 0) AS daily_new,
        sum(coalesce(sum(weekly), 0)) OVER (ORDER BY day) AS weekly,
        sum(coalesce(sum(new), 0)) OVER (ORDER BY day ROWS 6 PRECEDING) AS weekly_new,
        sum(coalesce(sum(monthly), 0)) OVER (ORDER BY day) AS monthly,
        sum(coalesce(sum(new), 0)) OVER (ORDER BY day ROWS 29 PRECEDING) AS monthly_new
    FROM (
        SELECT CAST(:since AS date) - 29 + number AS day
        FROM generate_series(0, CAST(:after AS date) - CAST(:since AS date) + 28) AS number) AS calendar
    LEFT JOIN change USING (day)
    GROUP BY day
),

cohort AS (
    SELECT date_trunc('week', first::timestamp)::date AS week, count(*) FILTER (WHERE day = first) AS people,
        count(*) FILTER (WHERE day = first AND first + 1 < :after) AS of_1,
        count(*) FILTER (WHERE day = first + 1) AS back_1,
        count(*) FILTER (WHERE day = first AND first + 7 < :after) AS of_7,
        count(*) FILTER (WHERE day = first + 7) AS back_7,
        count(*) FILTER (WHERE day = first AND first + 30 < :after) AS of_30,
        count(*) FILTER (WHERE day = first + 30) AS back_30
    FROM visit
    WHERE first >= date_trunc('week', CAST(:since AS date)::timestamp)
    GROUP BY GROUPING SETS ((1), ())
),

voter AS (SELECT person, sum(votes) AS votes FROM visit WHERE day >= :since GROUP BY person),
spread AS (
    SELECT width_bucket(votes, CAST(:from_votes AS numeric[])) AS bin, count(*) AS people
    FROM voter GROUP BY bin
)

SELECT
    (SELECT json_agg(series ORDER BY day) FROM series WHERE day >= :since) AS series,
    (SELECT json_agg(cohort ORDER BY week) FROM cohort) AS cohorts,
    (SELECT json_agg(spread) FROM spread) AS spread,
    (SELECT json_build_object('people', count(*), 'votes', coalesce(sum(votes), 0),
        'median', percentile_cont(0.5) WITHIN GROUP (ORDER BY votes)) FROM voter) AS votes
