-- Whoever has signed in is a voter. A guest's account becomes theirs or, where they have one already, goes into
-- it: its conversations move, its votes stay as they were cast. Who cast a vote is
-- coalesce(account.merged_into, account.id).
--
-- In the order in which requests come to these tables, so that an arena that runs and this wait for each other
-- one way only.
LOCK TABLE session, account IN ACCESS EXCLUSIVE MODE;
ALTER TABLE account
    DROP CONSTRAINT account_kind_check,
    ADD CHECK (kind IN ('guest', 'voter')),
    ADD COLUMN merged_into uuid REFERENCES account CHECK (merged_into IS NULL OR kind = 'guest');
CREATE INDEX account_merged ON account (merged_into) WHERE merged_into IS NOT NULL;

CREATE FUNCTION refuse_other_owner() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.kind = 'voter' AND NEW.kind <> 'voter' THEN
        RAISE EXCEPTION 'a voter does not become a guest' USING ERRCODE = 'check_violation';
    END IF;
    IF OLD.merged_into IS NOT NULL AND NEW.merged_into IS DISTINCT FROM OLD.merged_into THEN
        RAISE EXCEPTION 'an account goes into one other, once' USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.merged_into IS NOT NULL
       AND NOT EXISTS (SELECT FROM account WHERE id = NEW.merged_into AND kind = 'voter') THEN
        RAISE EXCEPTION 'an account goes into a voter''s' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER owner BEFORE UPDATE ON account FOR EACH ROW EXECUTE FUNCTION refuse_other_owner();

-- What a guest begins in the moment in which their account goes into another is begun in that one. The lock
-- waits for a merging that is on its way; questions, which lock less, do not.
CREATE FUNCTION begin_where_merged() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    into_account uuid;
BEGIN
    SELECT merged_into INTO into_account FROM account WHERE id = NEW.account_id FOR SHARE;
    NEW.account_id := coalesce(into_account, NEW.account_id);
    RETURN NEW;
END $$;
CREATE TRIGGER merged BEFORE INSERT ON conversation
    FOR EACH ROW EXECUTE FUNCTION begin_where_merged();

-- What an account is known by, beside a session. Other kinds than e-mail come with their own migrations.
CREATE TABLE identity (
    id uuid PRIMARY KEY,
    account_id uuid NOT NULL REFERENCES account,
    kind text NOT NULL CHECK (kind IN ('email')),
    subject text NOT NULL,
    created_at timestamptz NOT NULL,
    UNIQUE (kind, subject)
);
CREATE INDEX identity_by_account ON identity (account_id);

-- A link that was sent, by the SHA-256 of its token. `requester` is the keyed hash of a network address, as it
-- is in sign_in_failure, `asked_here` the SHA-256 of what the browser that asked was given. Forgotten after a day.
CREATE TABLE sign_in_link (
    token_hash bytea PRIMARY KEY CHECK (length(token_hash) = 32),
    email text NOT NULL,
    requester bytea NOT NULL CHECK (length(requester) = 32),
    asked_here bytea NOT NULL CHECK (length(asked_here) = 32),
    next text NOT NULL CHECK (next ~ '^/([^/\\]|$)'),
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL CHECK (expires_at > created_at),
    used_at timestamptz
);
CREATE INDEX sign_in_link_by_email ON sign_in_link (email, created_at);
CREATE INDEX sign_in_link_by_requester ON sign_in_link (requester, created_at);
CREATE INDEX sign_in_link_by_age ON sign_in_link (created_at);

CREATE FUNCTION refuse_second_use() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.used_at IS NOT NULL THEN
        RAISE EXCEPTION 'a link is used once' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER once BEFORE UPDATE ON sign_in_link FOR EACH ROW EXECUTE FUNCTION refuse_second_use();

-- Tries with a token that no link has. Forgotten after an hour.
CREATE TABLE sign_in_failure (
    id uuid PRIMARY KEY,
    requester bytea NOT NULL CHECK (length(requester) = 32),
    failed_at timestamptz NOT NULL
);
CREATE INDEX sign_in_failure_by_requester ON sign_in_failure (requester, failed_at);
CREATE INDEX sign_in_failure_by_age ON sign_in_failure (failed_at);

-- What a list of sessions shows: when one began, the hour in which it was last used, the kind of browser.
-- Never an address.
ALTER TABLE session
    ADD COLUMN id uuid NOT NULL UNIQUE DEFAULT gen_random_uuid(),
    ADD COLUMN seen_at timestamptz,
    ADD COLUMN browser text,
    ADD COLUMN system text;
CREATE INDEX session_by_account ON session (account_id);
CREATE INDEX session_by_end ON session (expires_at);

GRANT SELECT, INSERT, UPDATE, DELETE ON identity, sign_in_link, sign_in_failure TO evenhand_app;
