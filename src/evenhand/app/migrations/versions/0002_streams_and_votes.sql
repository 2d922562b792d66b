-- When how many characters of an answer had come: pairs of ms and characters.
ALTER TABLE attempt ADD COLUMN timeline jsonb;

-- Requests that are carried out once, by the key that their sender gave them; forgotten after a day.
CREATE TABLE idempotency (
    account_id uuid NOT NULL REFERENCES account,
    route text NOT NULL,
    key text NOT NULL,
    body_hash bytea NOT NULL,
    answer text,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (account_id, route, key)
);
CREATE INDEX idempotency_by_age ON idempotency (created_at);

-- A vote that may still be taken back. It becomes a vote, with the same id, once its time has come.
CREATE TABLE held_vote (
    id uuid PRIMARY KEY,
    battle_id uuid NOT NULL UNIQUE REFERENCES battle,
    account_id uuid NOT NULL REFERENCES account,
    choice text NOT NULL CHECK (choice IN ('a', 'b', 'tie', 'both_bad')),
    cast_at timestamptz NOT NULL,
    final_at timestamptz NOT NULL CHECK (final_at > cast_at)
);
CREATE INDEX held_vote_by_time ON held_vote (final_at);
CREATE TRIGGER only_when_ready BEFORE INSERT ON held_vote
    FOR EACH ROW EXECUTE FUNCTION vote_on_ready_battle_only();

-- Told events are kept for readers that come back, not for ever.
ALTER TABLE stream_event ADD COLUMN stored_at timestamptz NOT NULL DEFAULT now();
CREATE INDEX stream_event_by_age ON stream_event (stored_at);

-- When a configuration was out of the draw because its calls failed. Rows stay: they are the record of it.
CREATE TABLE outage (
    id uuid PRIMARY KEY,
    configuration_id uuid NOT NULL REFERENCES configuration,
    error text NOT NULL,
    began_at timestamptz NOT NULL,
    probe_at timestamptz NOT NULL,
    probes integer NOT NULL DEFAULT 0,
    ended_at timestamptz CHECK (ended_at >= began_at)
);
CREATE UNIQUE INDEX outage_now ON outage (configuration_id) WHERE ended_at IS NULL;

GRANT SELECT, INSERT, UPDATE ON outage TO evenhand_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON idempotency, held_vote TO evenhand_app;
