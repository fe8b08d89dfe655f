-- === insert rows
INSERT INTO t (a, b) VALUES (1, 'it''s');

INSERT INTO t (a, b) VALUES (2, NULL);

-- === insert no rows
-- === insert a row of some columns
INSERT INTO t (a) VALUES (1);

INSERT INTO t (b) VALUES ('x');

-- === insert rows one by one
INSERT INTO t (a, b) VALUES (1, 'x');

INSERT INTO t (a, b) VALUES (2, 'y');

-- === insert inline literals
INSERT INTO t (a, b) VALUES (5, 'it''s');

-- === insert expressions
raises CompileError

-- === insert into a table of a schema
INSERT INTO s.t (a, b) VALUES (1, 'x');

-- === insert values of many types
INSERT INTO t (a, b, c, d, e, f, g) VALUES ('2024-01-02', true, 1.50, '2024-01-02 03:04:05', 1.5, 7, '03:04:05');

-- === insert percent signs, tabs and colons
INSERT INTO t (a, b) VALUES (1, '50%% :x    q \\: 
 new');

-- === insert into a Table with defaults
INSERT INTO t (n) VALUES ('x');

INSERT INTO t (id, n) VALUES (5, 'y');

-- === rows that are not a list
raises TypeError

-- === rows that are not dictionaries
raises TypeError

-- === execute text
UPDATE t SET a = 1;

-- === execute text with a colon
UPDATE t SET b = 'x:y';

-- === execute text with a percent sign
UPDATE t SET b = '50%%' WHERE b LIKE '%%x';

-- === execute text with a tab and lines
UPDATE t
    SET a = 1;;

-- === execute text()
UPDATE t SET a = 1;

-- === execute text() with binds
UPDATE t SET a = %s;

-- === execute text() with literal binds
UPDATE t SET a = 5, b = 'it''s';

-- === execute an update
UPDATE t, t SET t.b=%s WHERE t.a = %s;

-- === execute an update with literal binds
UPDATE t, t SET t.b='it''s %%' WHERE t.a IN (1, 2);

-- === execute an update with inline literals
UPDATE t, t SET t.b='it''s' WHERE t.b = 'x';

-- === inline literals of types
SELECT 5 AS anon_1, 'x' AS anon_2, '2024-01-02' AS anon_3, true AS anon_4;

-- === execute an insert from a select
INSERT INTO t (a) SELECT x 
FROM u;

-- === execute a delete
DELETE FROM t USING t, t WHERE t.a > 5;

-- === execute an insert
INSERT INTO t (a, b) VALUES (5, NULL);

-- === execute DDL
CREATE VIEW v AS SELECT 1;

-- === execute DDL of SQLAlchemy's
CREATE SCHEMA s;

-- === execute a sequence
CREATE SEQUENCE q START WITH 5;

-- === execute with options
SELECT 1;

-- === execute through the bind
UPDATE t SET a = 1;

-- === execute through the bind with parameters
UPDATE t SET a = NULL;

-- === execute through the context
UPDATE t SET a = 1;

-- === execute in an autocommit block
VACUUM;

-- === the name of f
ALTER TABLE t ADD CONSTRAINT `Some name` CHECK (a > 5);

-- === static output
-- words
/* as they are */

