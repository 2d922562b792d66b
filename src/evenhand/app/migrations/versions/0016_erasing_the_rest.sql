-- What people write in these is not to be kept as samples either; see 0012.
ALTER TABLE saved_prompt ALTER name TYPE text, ALTER name SET STATISTICS 0,
    ALTER text TYPE text, ALTER text SET STATISTICS 0;
ALTER TABLE identity ALTER label TYPE text, ALTER label SET STATISTICS 0;
ALTER TABLE sign_in_flow ALTER next TYPE text, ALTER next SET STATISTICS 0;
ALTER TABLE share_picture ALTER png TYPE bytea, ALTER png SET STATISTICS 0;

-- Of an account that is deleted, or goes into another, at the moment of the choice.
CREATE TRIGGER merged BEFORE INSERT ON release_choice FOR EACH ROW EXECUTE FUNCTION begin_where_merged();

-- A conversation that was deleted has no words, and is nobody's to release.
CREATE OR REPLACE VIEW releasable_conversation AS
SELECT conversation.id AS conversation_id, conversation.account_id, conversation.updated_at AS last_asked_at
FROM conversation
WHERE conversation.mode = 'battle'
    AND conversation.account_id IS NOT NULL
    AND NOT conversation.left_out
    AND coalesce(conversation.topics_said, conversation.topics) = '{}'
    AND NOT EXISTS (
        SELECT FROM release_choice
        WHERE release_choice.account_id = conversation.account_id AND release_choice.left_out)
    AND EXISTS (SELECT FROM turn WHERE turn.conversation_id = conversation.id)
    AND NOT EXISTS (
        SELECT FROM turn WHERE turn.conversation_id = conversation.id AND turn.terms_version IS NULL);
