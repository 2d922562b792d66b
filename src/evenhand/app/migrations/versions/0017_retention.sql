-- Who wants to be in no figure of how often people come back, since when; no row: nobody said so.
CREATE TABLE statistics_opt_out (
    account_id uuid PRIMARY KEY REFERENCES account,
    since timestamptz NOT NULL
);
-- Of an account that is deleted, or goes into another, at the moment of the choice.
CREATE TRIGGER merged BEFORE INSERT ON statistics_opt_out
    FOR EACH ROW EXECUTE FUNCTION begin_where_merged();
GRANT SELECT, INSERT, DELETE ON statistics_opt_out TO evenhand_app;

-- What was done within some weeks, without reading all years: rows lie in the order of their time, and such an
-- index costs next to nothing when they are written.
CREATE INDEX battle_by_time ON battle USING brin (created_at) WITH (pages_per_range = 32);
CREATE INDEX vote_by_time ON vote USING brin (cast_at) WITH (pages_per_range = 32);

-- One's own votes, and when the first of them was.
DROP INDEX vote_by_account;
CREATE INDEX vote_by_account ON vote (account_id, cast_at);
