-- A battle has one vote of whoever asked, whatever account it is cast by.
CREATE UNIQUE INDEX vote_of_author ON vote (battle_id) WHERE role = 'author';
