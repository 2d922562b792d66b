-- The votes of an arena, summed: how many of each choice on each pair count, and how many do not. Every count
-- gives the sums that it changes its own number, higher than those before it, so that whoever knows them up to
-- a number reads only what is newer.
CREATE SEQUENCE board_cell_revision;
CREATE TABLE board_cell (
    arena_id uuid NOT NULL REFERENCES arena,
    configuration_a uuid NOT NULL REFERENCES configuration,
    configuration_b uuid NOT NULL REFERENCES configuration,
    choice text NOT NULL CHECK (choice IN ('a', 'b', 'tie', 'both_bad')),
    votes bigint NOT NULL CHECK (votes >= 0),
    excluded bigint NOT NULL CHECK (excluded >= 0),
    revision bigint NOT NULL,
    PRIMARY KEY (arena_id, configuration_a, configuration_b, choice)
);
ALTER SEQUENCE board_cell_revision OWNED BY board_cell.revision;
CREATE INDEX board_cell_by_revision ON board_cell (arena_id, revision);

-- What a vote, or an exclusion of one, changes in the sums that do not tell of it yet. Written in the vote's
-- transaction as a row of its own: on the sum itself all voters on a pair would wait for each other.
CREATE TABLE vote_to_count (
    vote_id uuid NOT NULL,
    votes smallint NOT NULL,
    excluded smallint NOT NULL
);

-- These run as the owner: nobody else writes the sums.
CREATE FUNCTION note_votes() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    INSERT INTO vote_to_count (vote_id, votes, excluded) SELECT id, 1, 0 FROM changed;
    RETURN NULL;
END $$;

CREATE FUNCTION note_exclusions() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    -- Of two reasons that come or go at one time each would take the other for the one that decides.
    PERFORM FROM vote WHERE id IN (SELECT vote_id FROM changed) ORDER BY id FOR NO KEY UPDATE;
    IF TG_OP = 'INSERT' THEN
        INSERT INTO vote_to_count (vote_id, votes, excluded)
        SELECT vote_id, -1, 1 FROM changed GROUP BY vote_id
        HAVING count(*) = (SELECT count(*) FROM vote_exclusion AS every WHERE every.vote_id = changed.vote_id);
    ELSE
        INSERT INTO vote_to_count (vote_id, votes, excluded)
        SELECT vote_id, 1, -1 FROM changed GROUP BY vote_id
        HAVING NOT EXISTS (SELECT FROM vote_exclusion AS every WHERE every.vote_id = changed.vote_id);
    END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION count_votes() RETURNS void LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    number bigint;
BEGIN
    IF NOT EXISTS (SELECT FROM vote_to_count) THEN
        RETURN;
    END IF;
    -- One count after the other, so that their numbers come in the order in which they are seen.
    PERFORM pg_advisory_xact_lock(x'766f7465'::int);
    number := nextval('board_cell_revision');
    WITH taken AS (DELETE FROM vote_to_count RETURNING vote_id, votes, excluded)
    MERGE INTO board_cell AS cell
    USING (
        SELECT battle.arena_id, battle.configuration_a, battle.configuration_b, vote.choice,
               sum(taken.votes) AS votes, sum(taken.excluded) AS excluded
        FROM taken
        JOIN vote ON vote.id = taken.vote_id
        JOIN battle ON battle.id = vote.battle_id
        GROUP BY battle.arena_id, battle.configuration_a, battle.configuration_b, vote.choice
    ) AS more
    ON (cell.arena_id, cell.configuration_a, cell.configuration_b, cell.choice)
        = (more.arena_id, more.configuration_a, more.configuration_b, more.choice)
    WHEN MATCHED THEN UPDATE SET
        votes = cell.votes + more.votes, excluded = cell.excluded + more.excluded, revision = number
    WHEN NOT MATCHED THEN INSERT
        (arena_id, configuration_a, configuration_b, choice, votes, excluded, revision)
        VALUES (more.arena_id, more.configuration_a, more.configuration_b, more.choice,
                more.votes, more.excluded, number);
END $$;

-- The triggers first: they wait for votes that are being written, so that the sums below miss none.
CREATE TRIGGER to_count AFTER INSERT ON vote REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION note_votes();
CREATE TRIGGER to_count AFTER INSERT ON vote_exclusion REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION note_exclusions();
CREATE TRIGGER to_count_again AFTER DELETE ON vote_exclusion REFERENCING OLD TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION note_exclusions();

INSERT INTO board_cell (arena_id, configuration_a, configuration_b, choice, votes, excluded, revision)
SELECT arena_id, configuration_a, configuration_b, choice,
       count(*) FILTER (WHERE NOT excluded), count(*) FILTER (WHERE excluded), nextval('board_cell_revision')
FROM (
    SELECT battle.arena_id, battle.configuration_a, battle.configuration_b, vote.choice,
           EXISTS (SELECT FROM vote_exclusion WHERE vote_id = vote.id) AS excluded
    FROM vote JOIN battle ON battle.id = vote.battle_id
) AS cast_before
GROUP BY arena_id, configuration_a, configuration_b, choice;

GRANT SELECT ON board_cell TO evenhand_app;
REVOKE EXECUTE ON FUNCTION count_votes FROM PUBLIC;
GRANT EXECUTE ON FUNCTION count_votes TO evenhand_app;

-- A reason comes or goes; it never becomes that of another vote. A vote is on two contestants, in an arena.
REVOKE UPDATE ON vote_exclusion FROM evenhand_app;
CREATE OR REPLACE FUNCTION vote_on_ready_battle_only() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    battle_status text;
    battle_mode text;
BEGIN
    SELECT status, mode INTO battle_status, battle_mode
    FROM battle WHERE id = NEW.battle_id FOR NO KEY UPDATE;
    IF battle_status <> 'ready' OR battle_mode = 'direct' THEN
        RAISE EXCEPTION 'battle % is % (mode %), it takes no vote', NEW.battle_id, battle_status, battle_mode
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE OR REPLACE FUNCTION refuse_other_pair() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (OLD.conversation_id, OLD.arena_id, OLD.mode, OLD.draw_id, OLD.configuration_a, OLD.configuration_b,
        OLD.salt_a, OLD.salt_b, OLD.commitment_a, OLD.commitment_b)
       IS DISTINCT FROM
       (NEW.conversation_id, NEW.arena_id, NEW.mode, NEW.draw_id, NEW.configuration_a, NEW.configuration_b,
        NEW.salt_a, NEW.salt_b, NEW.commitment_a, NEW.commitment_b) THEN
        RAISE EXCEPTION 'the pair of a battle, and its arena, never change' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
