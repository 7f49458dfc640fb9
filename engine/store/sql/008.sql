-- Two blind markers. Marks from before are those of an only marker (part 0), and stay valid as they are.
ALTER TABLE human_mark ADD COLUMN part INTEGER NOT NULL DEFAULT 0; -- enum mark_part in exam/markers.h
ALTER TABLE human_mark ADD COLUMN account INTEGER REFERENCES account (id); -- NULL: a name that the operator gave
ALTER TABLE human_mark ADD COLUMN criteria TEXT;        -- the rubric's points by criterion, thousandths, as JSON
ALTER TABLE human_mark ADD COLUMN item_id TEXT;         -- the author's id of the item, and what it is worth: for how well markers agree
ALTER TABLE human_mark ADD COLUMN max_m INTEGER;
ALTER TABLE human_mark ADD COLUMN withdrawn_ms INTEGER; -- taken back by whoever gave it; it counts no more
CREATE INDEX human_mark_blind ON human_mark (attempt, item, id) WHERE part = 1;
