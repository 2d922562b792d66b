-- How many calls the contestant's endpoint takes at once, and within a minute; null: as many as come.
ALTER TABLE contestant
    ADD COLUMN at_once integer CHECK (at_once > 0),
    ADD COLUMN per_minute integer CHECK (per_minute > 0);

-- How long a call waited for its endpoint before it began. The other times count from there.
ALTER TABLE attempt ADD COLUMN waited_ms integer;
