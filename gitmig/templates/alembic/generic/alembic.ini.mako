[alembic]
# The folder of env.py, of the template of revision files, and of versions/.
script_location = ${script_location}

# Comes first where Python looks for modules.
prepend_sys_path = .
path_separator = os

# file_template = %%(year)d_%%(month).2d_%%(day).2d_%%(rev)s_%%(slug)s
# timezone = UTC
# truncate_slug_length = 40
# version_locations = %(here)s/versions:%(here)s/more
# recursive_version_locations = false
# sourceless = false
# output_encoding = utf-8
# revision_environment = false

sqlalchemy.url = driver://user:pass@localhost/dbname

[post_write_hooks]
# Programs that are run over a new revision file:
# hooks = ruff
# ruff.type = exec
# ruff.executable = ruff
# ruff.options = check --fix REVISION_SCRIPT_FILENAME

# Logging, as env.py sets it up.
[loggers]
keys = root,sqlalchemy,alembic

[handlers]
keys = console

[formatters]
keys = generic

[logger_root]
level = WARNING
handlers = console
qualname =

[logger_sqlalchemy]
level = WARNING
handlers =
qualname = sqlalchemy.engine

[logger_alembic]
level = INFO
handlers =
qualname = alembic

[handler_console]
class = StreamHandler
args = (sys.stderr,)
level = NOTSET
formatter = generic

[formatter_generic]
format = %(levelname)-5.5s [%(name)s] %(message)s
datefmt = %H:%M:%S
