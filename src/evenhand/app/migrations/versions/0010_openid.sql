-- Of kind `oidc`, `subject` is who somebody is to `issuer`, and `label` the name by which they know that account
-- of theirs: shown to them, and compared with nothing.
ALTER TABLE identity
    DROP CONSTRAINT identity_kind_check,
    DROP CONSTRAINT identity_kind_subject_key,
    ADD COLUMN issuer text,
    ADD COLUMN label text,
    ADD CONSTRAINT identity_kind_check CHECK (kind IN ('email', 'passkey', 'oidc')),
    ADD CONSTRAINT identity_issuer_check CHECK ((kind = 'oidc') = (issuer IS NOT NULL)),
    ADD CONSTRAINT identity_known_once UNIQUE NULLS NOT DISTINCT (kind, issuer, subject);

-- Somebody who was sent to a provider, by the SHA-256 of the state that they come back with. Only the browser that
-- began it (`asked_here`, the SHA-256 of what it was given) can end it, once. What else it takes is made from what
-- that browser keeps, and is not here. `account_id`: to whom a way to sign in is to be added. Forgotten after an
-- hour.
CREATE TABLE sign_in_flow (
    state_hash bytea PRIMARY KEY CHECK (length(state_hash) = 32),
    provider text NOT NULL,
    asked_here bytea NOT NULL CHECK (length(asked_here) = 32),
    requester bytea NOT NULL CHECK (length(requester) = 32),
    account_id uuid REFERENCES account ON DELETE CASCADE,
    next text NOT NULL CHECK (next ~ '^/([^/\\]|$)'),
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL CHECK (expires_at > created_at),
    used_at timestamptz
);
CREATE INDEX sign_in_flow_by_requester ON sign_in_flow (requester, created_at);
CREATE INDEX sign_in_flow_by_age ON sign_in_flow (created_at);
CREATE INDEX sign_in_flow_by_account ON sign_in_flow (account_id) WHERE account_id IS NOT NULL;
CREATE TRIGGER once BEFORE UPDATE ON sign_in_flow FOR EACH ROW EXECUTE FUNCTION refuse_second_use();

GRANT SELECT, INSERT, UPDATE, DELETE ON sign_in_flow TO evenhand_app;
