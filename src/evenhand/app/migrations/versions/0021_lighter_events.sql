-- Pieces of answers are by far the most rows that are written. Each looked for its conversation and its turn, and
-- was entered under its turn and its time: two thirds of what a row cost. That both are there is sure, for neither
-- is ever taken away. Whether the conversation was deleted is not, and a reference does not see it: that is looked
-- at where a batch is written, see storage/streams.py. A turn's pieces are found under its conversation, and the
-- oldest at the front of the table.
ALTER TABLE stream_event
    DROP CONSTRAINT stream_event_conversation_id_fkey,
    DROP CONSTRAINT stream_event_turn_id_fkey;
DROP INDEX stream_event_by_turn;
DROP INDEX stream_event_by_age;
