-- A conversation that its owner deleted belongs to nobody, from that moment and for ever, so that everything
-- that asks whose it is finds it no more. Its row stays, without a word in it, for its battles and their votes.
-- A turn says who asked for as long as limits count it.
--
-- In the order in which requests come to these tables; see 0007.
LOCK TABLE session, account, conversation, turn IN ACCESS EXCLUSIVE MODE;
ALTER TABLE conversation ALTER account_id DROP NOT NULL;
ALTER TABLE turn ALTER account_id DROP NOT NULL;

-- PostgreSQL keeps samples of what stands in a column, for its plans, longer than the rows they are of. Of what
-- people write it shall keep none, here and at the end; giving a column its type again forgets those that it has.
DROP TRIGGER to_index ON conversation;  -- it names the title
ALTER TABLE conversation ALTER title TYPE text, ALTER title SET STATISTICS 0,
    ALTER terms_version TYPE text, ALTER terms_version SET STATISTICS 0;
CREATE TRIGGER to_index AFTER UPDATE OF title, renamed ON conversation FOR EACH ROW
    WHEN ((OLD.renamed OR NEW.renamed) AND (OLD.title, OLD.renamed) IS DISTINCT FROM (NEW.title, NEW.renamed))
    EXECUTE FUNCTION note_title_to_index();

CREATE FUNCTION refuse_return() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a deleted conversation does not come back' USING ERRCODE = 'check_violation';
END $$;
CREATE TRIGGER gone BEFORE UPDATE ON conversation FOR EACH ROW
    WHEN (OLD.account_id IS NULL AND (NEW.account_id IS NOT NULL OR NEW.title <> ''))
    EXECUTE FUNCTION refuse_return();

-- An account that was deleted is a number for its votes: without identities, sessions or anything else.
ALTER TABLE account ADD erased_at timestamptz;

CREATE FUNCTION refuse_revival() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a deleted account does not come back' USING ERRCODE = 'check_violation';
END $$;
CREATE TRIGGER gone BEFORE UPDATE ON account FOR EACH ROW WHEN (OLD.erased_at IS NOT NULL)
    EXECUTE FUNCTION refuse_revival();

-- What somebody begins in the moment in which their account goes into another is begun in that one, and in the
-- moment in which it is deleted not at all. The lock waits for what is on its way; questions, which lock less,
-- do not.
CREATE OR REPLACE FUNCTION begin_where_merged() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    into_account uuid;
    erased timestamptz;
BEGIN
    SELECT merged_into, erased_at INTO into_account, erased
    FROM account WHERE id = NEW.account_id FOR SHARE;
    IF erased IS NOT NULL THEN
        RETURN NULL;
    END IF;
    NEW.account_id := coalesce(into_account, NEW.account_id);
    RETURN NEW;
END $$;

-- Deleted conversations, until nothing is left to be done: their words are erased soon (`emptied_at`), and who
-- asked is when no limit counts it any more. Then the row goes.
CREATE TABLE to_erase (
    conversation_id uuid PRIMARY KEY REFERENCES conversation,
    deleted_at timestamptz NOT NULL,
    emptied_at timestamptz
);
CREATE INDEX to_erase_full ON to_erase (deleted_at) WHERE emptied_at IS NULL;
CREATE INDEX to_erase_empty ON to_erase (deleted_at) WHERE emptied_at IS NOT NULL;

-- Every word of a deleted conversation that nobody writes in any more. It runs as the owner, because the
-- application may not take words out of any other.
CREATE FUNCTION erase_words(erased uuid) RETURNS void LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    -- Whoever writes about it at this moment, the index say, is waited for, and finds it nobody's afterwards.
    PERFORM FROM conversation WHERE id = erased AND account_id IS NULL FOR UPDATE;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'conversation % is somebody''s', erased USING ERRCODE = 'check_violation';
    END IF;
    IF EXISTS (SELECT FROM turn JOIN response ON response.turn_id = turn.id
               WHERE turn.conversation_id = erased AND response.status IN ('queued', 'streaming')) THEN
        RAISE EXCEPTION 'conversation % is being answered', erased USING ERRCODE = 'check_violation';
    END IF;
    DELETE FROM turn_part USING turn
    WHERE turn.id = turn_part.turn_id AND turn.conversation_id = erased;
    DELETE FROM part USING turn, response, attempt
    WHERE turn.conversation_id = erased AND response.turn_id = turn.id
        AND attempt.response_id = response.id AND part.attempt_id = attempt.id;
    UPDATE attempt SET cause = NULL, timeline = NULL FROM turn, response
    WHERE turn.conversation_id = erased AND response.turn_id = turn.id
        AND attempt.response_id = response.id AND num_nonnulls(attempt.cause, attempt.timeline) > 0;
    DELETE FROM stream_event WHERE conversation_id = erased;
    DELETE FROM search_document WHERE conversation_id = erased;
    DELETE FROM to_index WHERE conversation_id = erased
        OR turn_id IN (SELECT id FROM turn WHERE turn.conversation_id = erased);
END $$;
REVOKE EXECUTE ON FUNCTION erase_words FROM PUBLIC;
GRANT EXECUTE ON FUNCTION erase_words TO evenhand_app;

GRANT SELECT, INSERT, UPDATE, DELETE ON to_erase TO evenhand_app;

ALTER TABLE turn_part ALTER text TYPE text, ALTER text SET STATISTICS 0;
ALTER TABLE part ALTER text TYPE text, ALTER text SET STATISTICS 0;
ALTER TABLE attempt ALTER cause TYPE text, ALTER cause SET STATISTICS 0;
ALTER TABLE stream_event ALTER data TYPE text, ALTER data SET STATISTICS 0;
ALTER TABLE search_document ALTER words TYPE tsvector, ALTER words SET STATISTICS 0;
ALTER TABLE folder ALTER name TYPE text, ALTER name SET STATISTICS 0;
ALTER TABLE idempotency ALTER answer TYPE text, ALTER answer SET STATISTICS 0,
    ALTER key TYPE text, ALTER key SET STATISTICS 0;
ALTER TABLE identity ALTER subject TYPE text, ALTER subject SET STATISTICS 0;
ALTER TABLE sign_in_link ALTER email TYPE text, ALTER email SET STATISTICS 0,
    ALTER next TYPE text, ALTER next SET STATISTICS 0;
