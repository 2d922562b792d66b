-- The hour in which a browser was last here before its present visit.
ALTER TABLE session ADD COLUMN left_at timestamptz;

-- One's own votes, for one's own board.
CREATE INDEX vote_by_account ON vote (account_id);

-- Where contestants stood on an arena's board when a UTC day began, and how many votes they had: written at the
-- first look of the day, and forgotten when no session is as old.
CREATE TABLE board_place (
    arena_id uuid NOT NULL REFERENCES arena,
    day date NOT NULL,
    contestant_id uuid NOT NULL REFERENCES contestant,
    rank_best integer NOT NULL,
    rank_worst integer NOT NULL CHECK (rank_worst >= rank_best),
    votes bigint NOT NULL,
    PRIMARY KEY (arena_id, day, contestant_id)
);
CREATE INDEX board_place_by_day ON board_place (day);

-- Whom a voter took the sides of a battle for, before the names appeared; null: they did not say. Of a vote,
-- so that there is none before it. `among`: how many names there were to choose from.
CREATE TABLE guess (
    vote_id uuid PRIMARY KEY REFERENCES vote,
    contestant_a uuid REFERENCES contestant,
    contestant_b uuid REFERENCES contestant,
    among integer NOT NULL CHECK (among >= 2),
    guessed_at timestamptz NOT NULL,
    CHECK (num_nonnulls(contestant_a, contestant_b) > 0),
    CHECK (contestant_a <> contestant_b)
);
CREATE TRIGGER immutable BEFORE UPDATE ON guess FOR EACH ROW EXECUTE FUNCTION refuse_change();

GRANT SELECT, INSERT, DELETE ON board_place, guess TO evenhand_app;
