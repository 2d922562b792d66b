-- People who asked in a blind battle of these days, and how far they came with any of them. The owner of a
-- conversation is the person, also after guests went into an account; deleted ones are nobody's.
WITH asked AS (
    SELECT conversation.account_id AS person, battle.created_at,
        -- When the vote was final; this spares looking for it.
        CASE WHEN battle.status IN ('voted', 'revealed')
            AND battle.ended_at < CAST(:after AS date)::timestamp AT TIME ZONE 'UTC'
            THEN battle.ended_at END AS voted_at,
        -- Both answers had ended, and a vote could be cast.
        battle.status IN ('ready', 'voted', 'revealed', 'skipped', 'abandoned')
            OR battle.status IN ('running', 'failed') AND EXISTS (
                SELECT FROM response
                WHERE response.battle_id = battle.id AND response.status IN ('done', 'stopped')
                GROUP BY response.turn_id HAVING count(*) = 2) AS answered
    FROM battle
    JOIN conversation ON conversation.id = battle.conversation_id
    WHERE battle.mode = 'battle'
        AND battle.created_at >= CAST(:since AS date)::timestamp AT TIME ZONE 'UTC'
        AND battle.created_at < CAST(:after AS date)::timestamp AT TIME ZONE 'UTC'
        AND conversation.account_id IS NOT NULL
        AND NOT EXISTS (
            SELECT FROM statistics_opt_out WHERE statistics_opt_out.account_id = conversation.account_id)
),
person AS (
    SELECT bool_or(answered) AS answered, min(voted_at) AS first_vote, max(created_at) AS last_battle
    FROM asked GROUP BY person
)
SELECT count(*) AS asked, count(*) FILTER (WHERE answered) AS answered, count(first_vote) AS voted,
    count(*) FILTER (WHERE last_battle > first_vote) AS again
FROM person
