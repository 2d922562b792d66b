-- Tables, and the log of writes, as they were when they were last written anew, see storage/rewriting.py; not
-- before `due_at` they are again. The owner writes them and this: the application's role needs to know nothing.
CREATE TABLE written_anew (
    name text PRIMARY KEY,
    state text NOT NULL,
    due_at timestamptz NOT NULL
);
