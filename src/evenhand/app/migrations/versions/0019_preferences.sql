-- How somebody likes the page, in whichever browser; null: what they did not choose. Choices from lists, no words.
CREATE TABLE preferences (
    account_id uuid PRIMARY KEY REFERENCES account ON DELETE CASCADE,
    theme text CHECK (theme IN ('system', 'light', 'dark')),
    language text CHECK (language IN ('en', 'zh')),
    single_keys boolean,
    guess_first boolean,
    since_you_left boolean,
    rail boolean,
    linked_scroll boolean,
    preset jsonb
);
CREATE TRIGGER merged BEFORE INSERT ON preferences FOR EACH ROW EXECUTE FUNCTION begin_where_merged();

GRANT SELECT, INSERT, UPDATE, DELETE ON preferences TO evenhand_app;
