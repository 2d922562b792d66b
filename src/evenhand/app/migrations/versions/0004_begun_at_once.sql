-- Answers that begin in the transaction of their question are written as what they are at its end.
CREATE OR REPLACE FUNCTION refuse_other_beginning() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT NEW.status = ANY (TG_ARGV) THEN
        RAISE EXCEPTION '% begins as %, not as %', TG_TABLE_NAME, array_to_string(TG_ARGV, ' or '), NEW.status
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;

DROP TRIGGER begins ON battle;
CREATE TRIGGER begins BEFORE INSERT ON battle
    FOR EACH ROW EXECUTE FUNCTION refuse_other_beginning('drawn', 'running');
DROP TRIGGER begins ON response;
CREATE TRIGGER begins BEFORE INSERT ON response
    FOR EACH ROW EXECUTE FUNCTION refuse_other_beginning('queued', 'streaming');

-- A lease runs by the one clock that all processes share.
ALTER TABLE attempt ALTER COLUMN lease_until SET DEFAULT now() + interval '20 seconds';
