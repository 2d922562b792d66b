-- What was wanted of the answers, and the version of the words in which all who answer were told so
-- (battles/presets.py); null where nothing was. It is part of what was called with, so it never changes.
ALTER TABLE turn ADD preset jsonb CHECK (preset ? 'version');

CREATE FUNCTION keep_preset() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'what was wanted of the answers of turn % does not change', OLD.id;
END $$;
CREATE TRIGGER keep_preset BEFORE UPDATE OF preset ON turn FOR EACH ROW
    WHEN (OLD.preset IS DISTINCT FROM NEW.preset) EXECUTE FUNCTION keep_preset();

-- One's own prompts, kept to be asked again.
CREATE TABLE saved_prompt (
    id uuid PRIMARY KEY,
    account_id uuid NOT NULL REFERENCES account ON DELETE CASCADE,
    name text NOT NULL CHECK (name <> ''),
    text text NOT NULL CHECK (text <> ''),
    created_at timestamptz NOT NULL,
    used_at timestamptz NOT NULL
);
CREATE INDEX saved_prompt_by_account ON saved_prompt (account_id, used_at DESC, id DESC);
CREATE TRIGGER merged BEFORE INSERT ON saved_prompt FOR EACH ROW EXECUTE FUNCTION begin_where_merged();

GRANT SELECT, INSERT, UPDATE, DELETE ON saved_prompt TO evenhand_app;
