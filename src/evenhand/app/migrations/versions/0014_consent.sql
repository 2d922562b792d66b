-- What each version of the terms says, for good: a text that changed is another version.
CREATE TABLE terms (
    version text PRIMARY KEY CHECK (version <> ''),
    digest text NOT NULL,
    document jsonb NOT NULL,
    since timestamptz NOT NULL
);

-- Who agreed to which version, and when: with the first question that named it.
CREATE TABLE agreement (
    account_id uuid NOT NULL REFERENCES account,
    version text NOT NULL REFERENCES terms,
    agreed_at timestamptz NOT NULL,
    PRIMARY KEY (account_id, version)
);

-- Who wants nothing of theirs in a release; no row: nobody said so.
CREATE TABLE release_choice (
    account_id uuid PRIMARY KEY REFERENCES account,
    left_out boolean NOT NULL,
    chosen_at timestamptz NOT NULL
);

-- `left_out`: its owner wants it in no release. `topics` are what a list of words found in its questions,
-- `topics_said` what its owner says of it, which counts more.
ALTER TABLE conversation
    ADD left_out boolean NOT NULL DEFAULT false,
    ADD topics text[] NOT NULL DEFAULT '{}' CHECK (topics <@ ARRAY['health', 'law']),
    ADD topics_said text[] CHECK (topics_said <@ ARRAY['health', 'law']);

-- The terms under which a question was asked (null: before there were any that one agreed to); no foreign key,
-- for every question would lock the one row. And what its tokens count as where there is a quota: the class of
-- price, what was sent by the one declared tokenizer, and the most that all its answers can come to with that.
ALTER TABLE turn
    ADD terms_version text,
    ADD price_class text CHECK (price_class IN ('free', 'low', 'high')),
    ADD sent_tokens integer,
    ADD reserved_tokens integer,
    ADD CHECK (num_nulls(price_class, sent_tokens, reserved_tokens) IN (0, 3));

-- The conversations that a release may hold. It still waits, and leaves out battles without a vote.
CREATE VIEW releasable_conversation AS
SELECT conversation.id AS conversation_id, conversation.account_id, conversation.updated_at AS last_asked_at
FROM conversation
WHERE conversation.mode = 'battle'
    AND NOT conversation.left_out
    AND coalesce(conversation.topics_said, conversation.topics) = '{}'
    AND NOT EXISTS (
        SELECT FROM release_choice
        WHERE release_choice.account_id = conversation.account_id AND release_choice.left_out)
    AND EXISTS (SELECT FROM turn WHERE turn.conversation_id = conversation.id)
    AND NOT EXISTS (
        SELECT FROM turn WHERE turn.conversation_id = conversation.id AND turn.terms_version IS NULL);

GRANT SELECT, INSERT ON terms TO evenhand_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON agreement, release_choice TO evenhand_app;
GRANT SELECT ON releasable_conversation TO evenhand_app;
