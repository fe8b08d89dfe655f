-- === alter nothing
-- === alter nothing of what exists
-- === forbid null
ALTER TABLE t ALTER COLUMN c SET NOT NULL;

-- === forbid null without the type
ALTER TABLE t ALTER COLUMN c SET NOT NULL;

-- === forbid null with what exists
ALTER TABLE t ALTER COLUMN c SET NOT NULL;

-- === forbid null of a commented column
ALTER TABLE t ALTER COLUMN c SET NOT NULL;

-- === allow null
ALTER TABLE s.t ALTER COLUMN c DROP NOT NULL;

-- === allow null, it is
ALTER TABLE t ALTER COLUMN c DROP NOT NULL;

-- === change the type
ALTER TABLE t ALTER COLUMN c TYPE VARCHAR(30);

-- === change the type without what exists
ALTER TABLE t ALTER COLUMN c TYPE TEXT;

-- === change the type by its class
ALTER TABLE t ALTER COLUMN c TYPE BIGINT;

-- === change the type and nullability
ALTER TABLE t ALTER COLUMN c SET NOT NULL;

ALTER TABLE t ALTER COLUMN c TYPE TEXT;

-- === change the type with a default that exists
ALTER TABLE t ALTER COLUMN c TYPE TEXT;

-- === change the type with a function that exists
ALTER TABLE t ALTER COLUMN c TYPE DATETIME;

-- === change the type with no default that exists
ALTER TABLE t ALTER COLUMN c TYPE TEXT;

-- === change the type of a commented column
ALTER TABLE t ALTER COLUMN c TYPE TEXT;

-- === change the type with an expression
ALTER TABLE t ALTER COLUMN c TYPE INTEGER;

-- === change the type with an expression that has a colon
ALTER TABLE s.t ALTER COLUMN c TYPE INTEGER;

-- === an expression without a type
ALTER TABLE t ALTER COLUMN c DROP NOT NULL;

-- === change the type with a collation
ALTER TABLE t ALTER COLUMN c TYPE VARCHAR(9) COLLATE "C";

-- === change to a type of mysql
ALTER TABLE t ALTER COLUMN c TYPE TEXT;

-- === set a default
ALTER TABLE t ALTER COLUMN c SET DEFAULT 'x';

-- === set a default without the type
ALTER TABLE t ALTER COLUMN c SET DEFAULT 'it''s 5%';

-- === set a number as default
ALTER TABLE t ALTER COLUMN c SET DEFAULT 5;

-- === set a function as default
ALTER TABLE t ALTER COLUMN c SET DEFAULT CURRENT_TIMESTAMP;

-- === set a function as default of a timestamp
ALTER TABLE t ALTER COLUMN c SET DEFAULT CURRENT_TIMESTAMP;

-- === set an expression as default
ALTER TABLE t ALTER COLUMN c SET DEFAULT (1 + 2);

-- === set a boolean as default
ALTER TABLE t ALTER COLUMN c SET DEFAULT 0;

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
ALTER TABLE t RENAME COLUMN c TO d;

-- === rename without the type
ALTER TABLE t RENAME COLUMN c TO d;

-- === rename to a quoted name
ALTER TABLE s.t RENAME COLUMN "C c" TO "Order";

-- === rename to its name
ALTER TABLE t RENAME COLUMN c TO c;

-- === rename with what exists
ALTER TABLE t RENAME COLUMN c TO d;

-- === rename and change the type
ALTER TABLE t ALTER COLUMN c TYPE TEXT;

ALTER TABLE t RENAME COLUMN c TO d;

-- === rename and change the type with an expression
ALTER TABLE t ALTER COLUMN c TYPE INTEGER;

ALTER TABLE t RENAME COLUMN c TO d;

-- === rename and forbid null
ALTER TABLE t ALTER COLUMN c SET NOT NULL;

ALTER TABLE t RENAME COLUMN c TO d;

-- === rename and set a default
ALTER TABLE t ALTER COLUMN c SET DEFAULT 'x';

ALTER TABLE t RENAME COLUMN c TO d;

-- === change everything
ALTER TABLE s.t ALTER COLUMN c SET NOT NULL;

ALTER TABLE s.t ALTER COLUMN c SET DEFAULT '5';

ALTER TABLE s.t ALTER COLUMN c TYPE INTEGER;

raises UnsupportedCompilationError

-- === comment
raises UnsupportedCompilationError

-- === comment with what exists
raises UnsupportedCompilationError

-- === comment without a schema
raises UnsupportedCompilationError

-- === comment without the type
raises UnsupportedCompilationError

-- === comment with nothing
raises UnsupportedCompilationError

-- === drop the comment
raises UnsupportedCompilationError

-- === drop the comment without what exists
raises UnsupportedCompilationError

-- === count
-- === count without the type
-- === count no more
-- === widen a counted column
ALTER TABLE t ALTER COLUMN c TYPE BIGINT;

-- === rename a counted column
ALTER TABLE t RENAME COLUMN c TO d;

-- === forbid null of a counted column
ALTER TABLE t ALTER COLUMN c SET NOT NULL;

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
ALTER TABLE t ALTER COLUMN c TYPE BIGINT;

-- === rename what is computed
ALTER TABLE t RENAME COLUMN c TO d;

-- === drop what is computed
raises CompileError

-- === change to an enumerated type
ALTER TABLE t ALTER COLUMN c TYPE VARCHAR(1);

-- === change to an enumerated type with a check
ALTER TABLE t ALTER COLUMN c TYPE VARCHAR(1);

-- === change from an enumerated type with a check
ALTER TABLE t ALTER COLUMN c TYPE VARCHAR(20);

-- === change an enumerated type with a check
ALTER TABLE t ALTER COLUMN c TYPE VARCHAR(1);

ALTER TABLE t RENAME COLUMN c TO d;

-- === change a boolean with a check to a number
ALTER TABLE t ALTER COLUMN c TYPE INTEGER;

-- === change a number to a boolean with a check
ALTER TABLE s.t ALTER COLUMN c TYPE BOOLEAN;

-- === change to a type with a check, nothing exists
ALTER TABLE t ALTER COLUMN c TYPE BOOLEAN;

-- === change from a boolean with a check without a name
ALTER TABLE t ALTER COLUMN c TYPE INTEGER;

-- === keywords of others
ALTER TABLE t ALTER COLUMN c SET NOT NULL;

-- === alter by keywords
ALTER TABLE t ALTER COLUMN c DROP NOT NULL;

