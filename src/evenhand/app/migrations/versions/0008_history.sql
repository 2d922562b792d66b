-- One's own folders, flat. Two of one name are possible after two histories became one.
CREATE TABLE folder (
    id uuid PRIMARY KEY,
    account_id uuid NOT NULL REFERENCES account,
    name text NOT NULL CHECK (name <> ''),
    created_at timestamptz NOT NULL
);
CREATE INDEX folder_by_account ON folder (account_id);
CREATE TRIGGER merged BEFORE INSERT ON folder FOR EACH ROW EXECUTE FUNCTION begin_where_merged();

-- `renamed`: its title is its owner's, no more made from the first question. The place is where its owner left
-- it: the last turn of the branch that was shown, the turn at the top of the view, and how much of that lay
-- above, from 0 to 1.
ALTER TABLE conversation
    ADD renamed boolean NOT NULL DEFAULT false,
    ADD pinned boolean NOT NULL DEFAULT false,
    ADD archived boolean NOT NULL DEFAULT false,
    ADD folder_id uuid REFERENCES folder ON DELETE SET NULL,
    ADD place_end_id uuid,
    ADD place_turn_id uuid,
    ADD place_share double precision CHECK (place_share BETWEEN 0 AND 1),
    ADD CHECK (num_nulls(place_end_id, place_turn_id, place_share) IN (0, 3));
CREATE INDEX conversation_by_folder ON conversation (folder_id, updated_at DESC) WHERE folder_id IS NOT NULL;
CREATE INDEX conversation_pinned ON conversation (account_id, updated_at DESC) WHERE pinned;

-- Why a pair took the place of another in a conversation, where its author did not ask for that.
ALTER TABLE battle ADD instead_because text CHECK (instead_because IN ('retired', 'abandoned'));

-- What conversations are found by: a row for each turn, under the turn's id, and one for the title of a
-- conversation that was renamed, under the conversation's. A sign of the account
-- is one of the words, so that a search reads little of what is others', however many are here.
CREATE TABLE search_document (
    id uuid PRIMARY KEY,
    conversation_id uuid NOT NULL REFERENCES conversation ON DELETE CASCADE,
    words tsvector NOT NULL
);
CREATE INDEX search_document_by_conversation ON search_document (conversation_id);
-- Without a list of what is still to be sorted in: every search would read that whole.
CREATE INDEX search_document_by_words ON search_document USING gin (words) WITH (fastupdate = off);

-- What is to be written there anew, soon, what was noted last first: a turn, or the title of a conversation.
-- Emptied all the time; `aside`: writing it failed, and would again.
CREATE TABLE to_index (
    number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    turn_id uuid,
    conversation_id uuid,
    aside boolean NOT NULL DEFAULT false,
    CHECK ((turn_id IS NULL) <> (conversation_id IS NULL))
);

CREATE FUNCTION note_turn_to_index() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO to_index (turn_id) VALUES (NEW.turn_id);
    RETURN NULL;
END $$;
CREATE TRIGGER to_index AFTER UPDATE OF status ON response FOR EACH ROW
    WHEN (NEW.status IN ('done', 'stopped', 'failed')) EXECUTE FUNCTION note_turn_to_index();

CREATE FUNCTION note_title_to_index() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO to_index (conversation_id) VALUES (NEW.id);
    RETURN NULL;
END $$;
CREATE TRIGGER to_index AFTER UPDATE OF title, renamed ON conversation FOR EACH ROW
    WHEN ((OLD.renamed OR NEW.renamed) AND (OLD.title, OLD.renamed) IS DISTINCT FROM (NEW.title, NEW.renamed))
    EXECUTE FUNCTION note_title_to_index();

-- A conversation that goes to another account is found there, by that one's sign.
CREATE FUNCTION note_conversation_to_index() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO to_index (turn_id) SELECT id FROM turn WHERE conversation_id = NEW.id;
    INSERT INTO to_index (conversation_id) VALUES (NEW.id);
    RETURN NULL;
END $$;
CREATE TRIGGER to_index_whole AFTER UPDATE OF account_id ON conversation FOR EACH ROW
    WHEN (OLD.account_id <> NEW.account_id) EXECUTE FUNCTION note_conversation_to_index();

-- Everything that is there already, a batch at a time while the arena runs.
INSERT INTO to_index (turn_id) SELECT id FROM turn ORDER BY id;

GRANT SELECT, INSERT, UPDATE, DELETE ON folder, search_document, to_index TO evenhand_app;
