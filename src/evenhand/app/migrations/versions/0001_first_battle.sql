-- People -------------------------------------------------------------------------------------------

CREATE TABLE account (
    id uuid PRIMARY KEY,
    kind text NOT NULL CHECK (kind IN ('guest')),
    created_at timestamptz NOT NULL
);

-- A session is known by the hash of its token: what a copy of the database shows opens nothing.
CREATE TABLE session (
    token_hash bytea PRIMARY KEY CHECK (length(token_hash) = 32),
    account_id uuid NOT NULL REFERENCES account,
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL
);

-- Who competes -------------------------------------------------------------------------------------

CREATE TABLE arena (
    id uuid PRIMARY KEY,
    slug text NOT NULL UNIQUE,
    created_at timestamptz NOT NULL
);

CREATE TABLE contestant (
    id uuid PRIMARY KEY,
    slug text NOT NULL UNIQUE,
    name text NOT NULL,
    organization text,
    license text,
    demo boolean NOT NULL DEFAULT false,
    created_at timestamptz NOT NULL
);

CREATE TABLE configuration (
    id uuid PRIMARY KEY,
    contestant_id uuid NOT NULL REFERENCES contestant,
    digest text NOT NULL CHECK (digest ~ '^[0-9a-f]{64}$'),
    document jsonb NOT NULL,
    created_at timestamptz NOT NULL,
    UNIQUE (contestant_id, digest)
);

-- Which configuration answers for a contestant in an arena at present; no row, no draw.
CREATE TABLE lineup (
    arena_id uuid NOT NULL REFERENCES arena,
    contestant_id uuid NOT NULL REFERENCES contestant,
    configuration_id uuid NOT NULL REFERENCES configuration,
    weight integer NOT NULL DEFAULT 1 CHECK (weight > 0),
    PRIMARY KEY (arena_id, contestant_id)
);

-- Draws --------------------------------------------------------------------------------------------

CREATE TABLE draw_seed (
    day date PRIMARY KEY,
    seed bytea NOT NULL CHECK (length(seed) = 32),
    commitment text NOT NULL CHECK (commitment ~ '^[0-9a-f]{64}$'),
    created_at timestamptz NOT NULL
);

-- Taken inside the transaction that draws, so that the numbers have no gaps.
CREATE TABLE draw_counter (
    arena_id uuid NOT NULL REFERENCES arena,
    day date NOT NULL REFERENCES draw_seed,
    value bigint NOT NULL,
    PRIMARY KEY (arena_id, day)
);

CREATE TABLE draw (
    id uuid PRIMARY KEY,
    arena_id uuid NOT NULL REFERENCES arena,
    day date NOT NULL REFERENCES draw_seed,
    counter bigint NOT NULL,
    drawn_at timestamptz NOT NULL,
    algorithm text NOT NULL,
    eligible uuid[] NOT NULL,
    weights integer[] NOT NULL,
    weights_digest text NOT NULL,
    kept uuid REFERENCES configuration,
    first uuid NOT NULL REFERENCES configuration,
    second uuid NOT NULL REFERENCES configuration,
    probability double precision NOT NULL CHECK (probability > 0 AND probability <= 1),
    swapped boolean NOT NULL,
    tie_side text NOT NULL CHECK (tie_side IN ('a', 'b')),
    client_nonce text NOT NULL,
    UNIQUE (arena_id, day, counter),
    CHECK (first <> second),
    CHECK (cardinality(eligible) = cardinality(weights))
);

-- Conversations and battles ------------------------------------------------------------------------

CREATE TABLE conversation (
    id uuid PRIMARY KEY,
    account_id uuid NOT NULL REFERENCES account,
    arena_id uuid NOT NULL REFERENCES arena,
    mode text NOT NULL CHECK (mode IN ('battle', 'side_by_side', 'direct')),
    contestants uuid[] NOT NULL,
    title text NOT NULL DEFAULT '',
    terms_version text NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    CHECK (cardinality(contestants) = CASE mode WHEN 'battle' THEN 0 WHEN 'side_by_side' THEN 2 ELSE 1 END)
);
CREATE INDEX conversation_by_account ON conversation (account_id, updated_at DESC);

CREATE TABLE battle (
    id uuid PRIMARY KEY,
    conversation_id uuid NOT NULL REFERENCES conversation,
    arena_id uuid NOT NULL REFERENCES arena,
    mode text NOT NULL CHECK (mode IN ('battle', 'side_by_side', 'direct')),
    draw_id uuid UNIQUE REFERENCES draw,
    status text NOT NULL CHECK (status IN (
        'drawn', 'running', 'ready', 'voted', 'revealed', 'failed', 'redrawn', 'skipped', 'abandoned')),
    configuration_a uuid NOT NULL REFERENCES configuration,
    configuration_b uuid REFERENCES configuration,
    salt_a bytea NOT NULL CHECK (length(salt_a) = 32),
    salt_b bytea CHECK (length(salt_b) = 32),
    commitment_a text NOT NULL,
    commitment_b text,
    redrawn_to uuid REFERENCES battle,
    carried_side text CHECK (carried_side IN ('a', 'b')),
    carried_by text CHECK (carried_by IN ('choice', 'draw', 'only_answer')),
    created_at timestamptz NOT NULL,
    ended_at timestamptz,
    CHECK ((mode = 'battle') = (draw_id IS NOT NULL)),
    CHECK ((mode = 'direct') = (configuration_b IS NULL)),
    CHECK (configuration_a IS DISTINCT FROM configuration_b),
    CHECK ((status = 'redrawn') = (redrawn_to IS NOT NULL))
);
CREATE INDEX battle_by_conversation ON battle (conversation_id);

CREATE TABLE turn (
    id uuid PRIMARY KEY,
    conversation_id uuid NOT NULL REFERENCES conversation,
    parent_id uuid REFERENCES turn,
    battle_id uuid NOT NULL REFERENCES battle,
    account_id uuid NOT NULL REFERENCES account,
    created_at timestamptz NOT NULL
);
CREATE INDEX turn_by_conversation ON turn (conversation_id, id);
CREATE INDEX turn_by_battle ON turn (battle_id);
CREATE INDEX turn_by_account ON turn (account_id, created_at);

CREATE TABLE turn_part (
    turn_id uuid NOT NULL REFERENCES turn,
    index smallint NOT NULL,
    kind text NOT NULL CHECK (kind IN ('text')),
    text text NOT NULL,
    PRIMARY KEY (turn_id, index)
);

CREATE TABLE response (
    id uuid PRIMARY KEY,
    turn_id uuid NOT NULL REFERENCES turn,
    battle_id uuid NOT NULL REFERENCES battle,
    side text NOT NULL CHECK (side IN ('a', 'b')),
    configuration_id uuid NOT NULL REFERENCES configuration,
    status text NOT NULL CHECK (status IN ('queued', 'streaming', 'done', 'failed', 'stopped')),
    error text CHECK (error IN ('timeout', 'overloaded', 'refused', 'too_long', 'failed', 'interrupted')),
    attempts smallint NOT NULL,
    reserved_usd numeric(12, 6) NOT NULL,
    queued_at timestamptz NOT NULL,
    UNIQUE (battle_id, turn_id, side),
    CHECK ((status = 'failed') = (error IS NOT NULL))
);
CREATE INDEX response_by_turn ON response (turn_id);
CREATE INDEX response_in_flight ON response (status) WHERE status IN ('queued', 'streaming');

CREATE TABLE attempt (
    id uuid PRIMARY KEY,
    response_id uuid NOT NULL REFERENCES response,
    number smallint NOT NULL,
    status text NOT NULL CHECK (status IN ('streaming', 'done', 'failed', 'stopped')),
    lease_until timestamptz NOT NULL,
    started_at timestamptz NOT NULL,
    ended_at timestamptz,
    first_token_ms integer,
    duration_ms integer,
    finish_reason text CHECK (finish_reason IN ('stop', 'length')),
    error text,
    cause text,
    input_tokens integer,
    output_tokens integer,
    reasoning_tokens integer,
    tokens_reported boolean NOT NULL DEFAULT false,
    price jsonb,
    cost_usd numeric(12, 6) CHECK (cost_usd >= 0),
    style jsonb,
    UNIQUE (response_id, number),
    CHECK ((status = 'streaming') = (ended_at IS NULL)),
    CHECK ((status = 'done') = (finish_reason IS NOT NULL))
);
CREATE INDEX attempt_in_flight ON attempt (lease_until) WHERE status = 'streaming';
CREATE INDEX attempt_by_end ON attempt (ended_at);

CREATE TABLE part (
    attempt_id uuid NOT NULL REFERENCES attempt,
    index smallint NOT NULL,
    kind text NOT NULL CHECK (kind IN ('text', 'reasoning')),
    text text NOT NULL,
    PRIMARY KEY (attempt_id, index)
);

-- What a reader of a conversation is told, in the order in which it was stored. `data` is the JSON of the
-- event as it leaves for the page.
CREATE TABLE stream_event (
    seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    conversation_id uuid NOT NULL REFERENCES conversation,
    turn_id uuid NOT NULL REFERENCES turn,
    kind text NOT NULL CHECK (kind IN ('delta', 'response', 'battle')),
    data text NOT NULL
);
CREATE INDEX stream_event_by_conversation ON stream_event (conversation_id, seq);
CREATE INDEX stream_event_by_turn ON stream_event (turn_id, seq);

-- Votes --------------------------------------------------------------------------------------------

CREATE TABLE vote (
    id uuid PRIMARY KEY,
    battle_id uuid NOT NULL REFERENCES battle,
    account_id uuid NOT NULL REFERENCES account,
    role text NOT NULL CHECK (role IN ('author', 'juror')),
    choice text NOT NULL CHECK (choice IN ('a', 'b', 'tie', 'both_bad')),
    cast_at timestamptz NOT NULL,
    UNIQUE (battle_id, account_id)
);

-- Whether a vote counts stands beside it, so that it can change without touching the vote.
CREATE TABLE vote_exclusion (
    vote_id uuid NOT NULL REFERENCES vote,
    reason text NOT NULL CHECK (reason IN ('stopped', 'not_blind')),
    excluded_at timestamptz NOT NULL,
    PRIMARY KEY (vote_id, reason)
);

-- Boards -------------------------------------------------------------------------------------------

-- Votes of another arena, as sums per pair and outcome: [[a, b, outcome, n, sum of weights, of squares], …].
CREATE TABLE imported_board (
    slug text PRIMARY KEY CHECK (slug ~ '^[a-z0-9][a-z0-9-]*$'),
    name text NOT NULL,
    source_name text NOT NULL,
    source_url text,
    source_note text,
    as_of timestamptz,
    sums jsonb NOT NULL,
    imported_at timestamptz NOT NULL
);

-- Operations ---------------------------------------------------------------------------------------

CREATE TABLE pause (
    only_one boolean PRIMARY KEY DEFAULT true CHECK (only_one),
    since timestamptz NOT NULL
);

-- Rules that no code may break ---------------------------------------------------------------------

CREATE FUNCTION refuse_illegal_transition() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT (OLD.status || '>' || NEW.status) = ANY (TG_ARGV) THEN
        RAISE EXCEPTION '% cannot go from % to %', TG_TABLE_NAME, OLD.status, NEW.status
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION refuse_other_beginning() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.status <> TG_ARGV[0] THEN
        RAISE EXCEPTION '% begins as %, not as %', TG_TABLE_NAME, TG_ARGV[0], NEW.status
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a row of % never changes', TG_TABLE_NAME USING ERRCODE = 'check_violation';
END $$;

CREATE FUNCTION vote_on_ready_battle_only() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    battle_status text;
BEGIN
    SELECT status INTO battle_status FROM battle WHERE id = NEW.battle_id FOR NO KEY UPDATE;
    IF battle_status <> 'ready' THEN
        RAISE EXCEPTION 'battle % is %, it takes no vote', NEW.battle_id, battle_status
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;

-- A battle's pair, salts and commitments are fixed when it is drawn.
CREATE FUNCTION refuse_other_pair() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (OLD.conversation_id, OLD.mode, OLD.draw_id, OLD.configuration_a, OLD.configuration_b,
        OLD.salt_a, OLD.salt_b, OLD.commitment_a, OLD.commitment_b)
       IS DISTINCT FROM
       (NEW.conversation_id, NEW.mode, NEW.draw_id, NEW.configuration_a, NEW.configuration_b,
        NEW.salt_a, NEW.salt_b, NEW.commitment_a, NEW.commitment_b) THEN
        RAISE EXCEPTION 'the pair of a battle never changes' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER begins BEFORE INSERT ON battle
    FOR EACH ROW EXECUTE FUNCTION refuse_other_beginning('drawn');
CREATE TRIGGER transitions BEFORE UPDATE OF status ON battle
    FOR EACH ROW WHEN (OLD.status IS DISTINCT FROM NEW.status)
    EXECUTE FUNCTION refuse_illegal_transition(
        'drawn>running', 'drawn>failed', 'drawn>redrawn',
        'running>ready', 'running>failed', 'running>redrawn',
        'ready>running', 'ready>voted', 'ready>skipped', 'ready>abandoned',
        'voted>revealed',
        'failed>running');
CREATE TRIGGER pair BEFORE UPDATE ON battle FOR EACH ROW EXECUTE FUNCTION refuse_other_pair();

CREATE TRIGGER begins BEFORE INSERT ON response
    FOR EACH ROW EXECUTE FUNCTION refuse_other_beginning('queued');
CREATE TRIGGER transitions BEFORE UPDATE OF status ON response
    FOR EACH ROW WHEN (OLD.status IS DISTINCT FROM NEW.status)
    EXECUTE FUNCTION refuse_illegal_transition(
        'queued>streaming', 'queued>failed', 'queued>stopped',
        'streaming>done', 'streaming>failed', 'streaming>stopped',
        'failed>queued', 'stopped>queued');

CREATE TRIGGER begins BEFORE INSERT ON attempt
    FOR EACH ROW EXECUTE FUNCTION refuse_other_beginning('streaming');
CREATE TRIGGER transitions BEFORE UPDATE OF status ON attempt
    FOR EACH ROW WHEN (OLD.status IS DISTINCT FROM NEW.status)
    EXECUTE FUNCTION refuse_illegal_transition(
        'streaming>done', 'streaming>failed', 'streaming>stopped');

CREATE TRIGGER only_when_ready BEFORE INSERT ON vote
    FOR EACH ROW EXECUTE FUNCTION vote_on_ready_battle_only();
CREATE TRIGGER immutable BEFORE UPDATE OR DELETE ON vote
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER immutable BEFORE UPDATE OR DELETE ON draw
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER immutable BEFORE UPDATE OR DELETE ON configuration
    FOR EACH ROW EXECUTE FUNCTION refuse_change();

-- The application's role -----------------------------------------------------------------------------
-- It owns nothing: it reads and writes rows, and what never changes it may only add.

DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'evenhand_app') THEN
        CREATE ROLE evenhand_app NOLOGIN;
    END IF;
EXCEPTION
    WHEN duplicate_object OR unique_violation THEN NULL;  -- another database of this cluster was quicker
END $$;
DO $$
BEGIN
    -- Whoever has been given the role already need not be allowed to give it.
    IF NOT pg_has_role('evenhand_app', 'MEMBER') THEN
        GRANT evenhand_app TO CURRENT_USER;
    END IF;
END $$;
GRANT USAGE ON SCHEMA public TO evenhand_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO evenhand_app;
GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO evenhand_app;
REVOKE UPDATE, DELETE ON arena, configuration, draw_seed, draw, turn_part, part, vote FROM evenhand_app;
