-- === alter nothing
-- === alter nothing of what exists
-- === forbid null
ALTER TABLE t MODIFY c INTEGER NOT NULL;

-- === forbid null without the type
raises CommandError

-- === forbid null with what exists
ALTER TABLE t MODIFY c INTEGER NOT NULL DEFAULT '5';

-- === forbid null of a commented column
ALTER TABLE t MODIFY c INTEGER NOT NULL COMMENT 'it''s';

-- === allow null
ALTER TABLE s.t MODIFY c VARCHAR(20) NULL;

-- === allow null, it is
ALTER TABLE t MODIFY c VARCHAR(20) NULL;

-- === change the type
ALTER TABLE t MODIFY c VARCHAR(30) NOT NULL;

-- === change the type without what exists
ALTER TABLE t MODIFY c TEXT NULL;

-- === change the type by its class
ALTER TABLE t MODIFY c BIGINT NULL;

-- === change the type and nullability
ALTER TABLE t MODIFY c TEXT NOT NULL;

-- === change the type with a default that exists
ALTER TABLE t MODIFY c TEXT NULL DEFAULT 'x';

-- === change the type with a function that exists
ALTER TABLE t CHANGE c c DATETIME NULL DEFAULT now();

-- === change the type with no default that exists
ALTER TABLE t MODIFY c TEXT NULL;

-- === change the type of a commented column
ALTER TABLE t MODIFY c TEXT NULL COMMENT 'words';

-- === change the type with an expression
ALTER TABLE t MODIFY c INTEGER NULL;

-- === change the type with an expression that has a colon
ALTER TABLE s.t MODIFY c INTEGER NULL;

-- === an expression without a type
ALTER TABLE t MODIFY c INTEGER NULL;

-- === change the type with a collation
ALTER TABLE t MODIFY c VARCHAR(9) COLLATE C NULL;

-- === change to a type of mysql
ALTER TABLE t MODIFY c LONGTEXT NULL;

-- === set a default
ALTER TABLE t ALTER COLUMN c SET DEFAULT 'x';

-- === set a default without the type
ALTER TABLE t ALTER COLUMN c SET DEFAULT 'it''s 5%%';

-- === set a number as default
ALTER TABLE t ALTER COLUMN c SET DEFAULT 5;

-- === set a function as default
ALTER TABLE t CHANGE c c DATETIME NULL DEFAULT now();

-- === set a function as default of a timestamp
ALTER TABLE t CHANGE c c TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP;

-- === set an expression as default
ALTER TABLE t ALTER COLUMN c SET DEFAULT (1 + 2);

-- === set a boolean as default
ALTER TABLE t ALTER COLUMN c SET DEFAULT false;

-- === replace a default
ALTER TABLE s.t ALTER COLUMN c SET DEFAULT 5;

-- === replace a default, there was none
ALTER TABLE t ALTER COLUMN c SET DEFAULT '5';

-- === replace a default of a given type
ALTER TABLE t ALTER COLUMN c SET DEFAULT '5';

-- === drop a default
ALTER TABLE t ALTER COLUMN c DROP DEFAULT;

-- === drop a default of a given type
ALTER TABLE t ALTER COLUMN c DROP DEFAULT;

-- === drop a default of a time
ALTER TABLE t ALTER COLUMN c DROP DEFAULT;

-- === rename
ALTER TABLE t CHANGE c d INTEGER NULL;

-- === rename without the type
raises CommandError

-- === rename to a quoted name
ALTER TABLE s.t CHANGE `C c` `Order` INTEGER NULL;

-- === rename to its name
ALTER TABLE t CHANGE c c INTEGER NULL;

-- === rename with what exists
ALTER TABLE t CHANGE c d VARCHAR(20) NOT NULL DEFAULT 'x' COMMENT 'words';

-- === rename and change the type
ALTER TABLE t CHANGE c d TEXT NOT NULL;

-- === rename and change the type with an expression
ALTER TABLE t CHANGE c d INTEGER NULL;

-- === rename and forbid null
ALTER TABLE t CHANGE c d VARCHAR(20) NOT NULL;

-- === rename and set a default
ALTER TABLE t CHANGE c d VARCHAR(20) NULL DEFAULT 'x';

-- === change everything
ALTER TABLE s.t CHANGE c d INTEGER NOT NULL DEFAULT '5' COMMENT 'words';

-- === comment
ALTER TABLE s.t MODIFY c INTEGER NULL COMMENT 'it''s';

-- === comment with what exists
ALTER TABLE s.t MODIFY c INTEGER NOT NULL COMMENT 'new';

-- === comment without a schema
ALTER TABLE t MODIFY c INTEGER NULL COMMENT 'new';

-- === comment without the type
raises CommandError

-- === comment with nothing
ALTER TABLE s.t MODIFY c INTEGER NULL COMMENT '';

-- === drop the comment
ALTER TABLE s.t MODIFY c INTEGER NULL;

-- === drop the comment without what exists
ALTER TABLE s.t MODIFY c INTEGER NULL;

-- === count
ALTER TABLE t MODIFY c INTEGER NOT NULL AUTO_INCREMENT;

-- === count without the type
raises CommandError

-- === count no more
ALTER TABLE t MODIFY c INTEGER NOT NULL;

-- === widen a counted column
ALTER TABLE t MODIFY c BIGINT NOT NULL AUTO_INCREMENT;

-- === rename a counted column
ALTER TABLE t CHANGE c d INTEGER NOT NULL AUTO_INCREMENT;

-- === forbid null of a counted column
ALTER TABLE t MODIFY c INTEGER NOT NULL AUTO_INCREMENT;

-- === make it an identity
raises CompileError

-- === make it an identity that had a default
raises CompileError

-- === make it an identity that had text
raises CompileError

-- === change an identity
raises CompileError

-- === change an identity to the same
raises CompileError

-- === change the limits of an identity
raises CompileError

-- === drop an identity
raises CompileError

-- === an identity becomes a default
raises CompileError

-- === make it computed
raises CompileError

-- === change what is computed
raises CompileError

-- === change the type of what is computed
raises NotImplementedError

-- === rename what is computed
raises AssertionError

-- === drop what is computed
raises CompileError

-- === change to an enumerated type
ALTER TABLE t MODIFY c ENUM('x','y') NULL;

-- === change to an enumerated type with a check
ALTER TABLE t MODIFY c VARCHAR(1) NULL;

ALTER TABLE t ADD CONSTRAINT kind CHECK (c IN ('x', 'y'));

-- === change from an enumerated type with a check
ALTER TABLE t MODIFY c VARCHAR(20) NULL;

-- === change an enumerated type with a check
ALTER TABLE t CHANGE c d VARCHAR(1) NULL;

ALTER TABLE t ADD CONSTRAINT new CHECK (c IN ('x', 'y'));

-- === change a boolean with a check to a number
ALTER TABLE t MODIFY c INTEGER NULL;

-- === change a number to a boolean with a check
ALTER TABLE s.t MODIFY c BOOL NULL;

ALTER TABLE s.t ADD CONSTRAINT flag CHECK (c IN (0, 1));

-- === change to a type with a check, nothing exists
ALTER TABLE t MODIFY c BOOL NULL;

ALTER TABLE t ADD CONSTRAINT flag CHECK (c IN (0, 1));

-- === change from a boolean with a check without a name
ALTER TABLE t MODIFY c INTEGER NULL;

-- === keywords of others
ALTER TABLE t MODIFY c INTEGER NOT NULL;

-- === alter by keywords
ALTER TABLE t MODIFY c INTEGER NULL;

