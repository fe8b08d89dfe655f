-- === an empty block
-- === add columns in a block
ALTER TABLE t ADD COLUMN y INTEGER;

ALTER TABLE t ADD COLUMN z VARCHAR(5);

-- === add a column with keys in a block
ALTER TABLE t ADD COLUMN z INTEGER;

raises NotImplementedError

-- === add a unique column in a block
ALTER TABLE t ADD COLUMN z INTEGER;

raises NotImplementedError

-- === add a column in a block with all words
ALTER TABLE t ADD COLUMN IF NOT EXISTS z INTEGER REFERENCES u (id);

-- === add a column at a place in a block
raises CommandError

-- === alter columns in a block
ALTER TABLE s.t ALTER COLUMN a SET NOT NULL;

ALTER TABLE s.t RENAME COLUMN b TO c;

ALTER TABLE s.t ALTER COLUMN d TYPE TEXT;

ALTER TABLE s.t ALTER COLUMN e SET DEFAULT '5';

raises UnsupportedCompilationError

-- === alter a column in a block with a place
ALTER TABLE t ALTER COLUMN a SET NOT NULL;

-- === drop columns in a block
ALTER TABLE t DROP COLUMN a;

ALTER TABLE t DROP COLUMN b;

ALTER TABLE t DROP COLUMN c;

-- === constraints in a block
raises NotImplementedError

-- === constraints in a block under a convention
raises NotImplementedError

-- === constraints without names in a block
raises NotImplementedError

-- === a check without a name in a block
raises NotImplementedError

-- === an exclude constraint in a block
raises CommandError

-- === drop constraints in a block
raises NotImplementedError

-- === indexes in a block
CREATE UNIQUE INDEX s.ix ON t (a, lower(b));

CREATE INDEX IF NOT EXISTS s.ix2 ON t (a);

DROP INDEX s.ix3;

DROP INDEX IF EXISTS s.ix4;

-- === comments in a block
COMMENT ON TABLE s.t IS 'new';

COMMENT ON TABLE s.t IS NULL;

-- === never rebuild
ALTER TABLE t ADD COLUMN z INTEGER;

-- === rebuild in another word
raises ValueError

-- === options that only a rebuild reads
ALTER TABLE t ADD COLUMN z INTEGER;

-- === positional arguments
ALTER TABLE s.t ADD COLUMN z INTEGER;

-- === a block that raises
SELECT 1;

-- === blocks in blocks
UPDATE t SET a = 1;

raises AttributeError

-- === rebuild without the table
raises CommandError

