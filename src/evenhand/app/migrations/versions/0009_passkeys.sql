-- A passkey is a kind of what an account is known by; its subject is its id in hexadecimal.
ALTER TABLE identity
    DROP CONSTRAINT identity_kind_check,
    ADD CONSTRAINT identity_kind_check CHECK (kind IN ('email', 'passkey'));

-- What is needed to check one. `user_handle` is what its authenticator knows the account by: made by chance, and
-- the same for all passkeys of an account. `refused_at` says that its counter went back: somebody has a copy.
CREATE TABLE passkey (
    id uuid PRIMARY KEY REFERENCES identity ON DELETE CASCADE,
    credential_id bytea NOT NULL UNIQUE CHECK (length(credential_id) BETWEEN 1 AND 1023),
    public_key bytea NOT NULL,
    sign_count bigint NOT NULL CHECK (sign_count >= 0),
    user_handle bytea NOT NULL CHECK (length(user_handle) BETWEEN 1 AND 64),
    aaguid uuid NOT NULL,
    browser text,
    system text,
    created_at timestamptz NOT NULL,
    used_at timestamptz,
    refused_at timestamptz
);

CREATE FUNCTION refuse_other_key() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.sign_count < OLD.sign_count THEN
        RAISE EXCEPTION 'the counter of a passkey does not go back' USING ERRCODE = 'check_violation';
    END IF;
    IF OLD.refused_at IS NOT NULL AND NEW.refused_at IS NULL THEN
        RAISE EXCEPTION 'a refused passkey stays refused' USING ERRCODE = 'check_violation';
    END IF;
    IF (NEW.credential_id, NEW.public_key, NEW.user_handle)
       IS DISTINCT FROM (OLD.credential_id, OLD.public_key, OLD.user_handle) THEN
        RAISE EXCEPTION 'a passkey keeps its key' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER same_key BEFORE UPDATE ON passkey FOR EACH ROW EXECUTE FUNCTION refuse_other_key();

-- What a passkey is to sign, by its SHA-256, and the browser that it was given to, by that of a cookie's secret.
-- Removed when it was used, and forgotten when it is old.
CREATE TABLE passkey_challenge (
    challenge_hash bytea PRIMARY KEY CHECK (length(challenge_hash) = 32),
    browser_hash bytea NOT NULL CHECK (length(browser_hash) = 32),
    purpose text NOT NULL CHECK (purpose IN ('sign_in', 'make')),
    account_id uuid REFERENCES account ON DELETE CASCADE,
    user_handle bytea CHECK (length(user_handle) BETWEEN 1 AND 64),
    requester bytea NOT NULL CHECK (length(requester) = 32),
    expires_at timestamptz NOT NULL
);
CREATE INDEX passkey_challenge_by_requester ON passkey_challenge (requester, expires_at);
CREATE INDEX passkey_challenge_by_age ON passkey_challenge (expires_at);

GRANT SELECT, INSERT, UPDATE, DELETE ON passkey, passkey_challenge TO evenhand_app;
