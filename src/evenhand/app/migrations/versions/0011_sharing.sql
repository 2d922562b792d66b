-- A link to a conversation, or to one of its battles, for whoever has it. Its turns are those that could be
-- shown when it was made: what is asked later is not in it. It belongs to whom the conversation belongs to and
-- goes with it. `left_out` counts the questions whose battle had no final vote; `language` is that of the words
-- beside the conversation where no reader chose one: its picture, and what other sites show of it.
CREATE TABLE share (
    id uuid PRIMARY KEY,
    token text NOT NULL UNIQUE CHECK (token ~ '^[A-Za-z0-9_-]{43}$'),
    conversation_id uuid NOT NULL REFERENCES conversation ON DELETE CASCADE,
    battle_id uuid REFERENCES battle ON DELETE CASCADE,
    turn_ids uuid[] NOT NULL CHECK (cardinality(turn_ids) > 0),
    left_out integer NOT NULL CHECK (left_out >= 0),
    names boolean NOT NULL,
    language text NOT NULL CHECK (language IN ('en', 'zh')),
    created_at timestamptz NOT NULL
);
CREATE INDEX share_by_conversation ON share (conversation_id);
CREATE INDEX share_by_battle ON share (battle_id) WHERE battle_id IS NOT NULL;

-- Pictures that were drawn, by what was drawn. None is left once its link is revoked.
CREATE TABLE share_picture (
    share_id uuid REFERENCES share ON DELETE CASCADE,
    shape text CHECK (shape IN ('wide', 'square')),
    drawn_from bytea NOT NULL CHECK (length(drawn_from) = 32),
    png bytea NOT NULL,
    PRIMARY KEY (share_id, shape)
);

GRANT SELECT, INSERT, UPDATE, DELETE ON share, share_picture TO evenhand_app;
