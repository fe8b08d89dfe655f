# Configuration of gitmig. A percent sign is written %%.

[gitmig]
${settings}

[gitmig.commit]
# What the pre-commit hook does with a change of the models: stage, review, check or off.
autogenerate = stage
# The same for a change that is not purely additive.
unsafe = review

# What an env.py that calls logging.config.fileConfig() reads.
[loggers]
keys = root

[handlers]
keys = console

[formatters]
keys = generic

[logger_root]
level = WARNING
handlers = console

[handler_console]
class = StreamHandler
args = (sys.stderr,)
formatter = generic

[formatter_generic]
format = %(levelname)-5.5s [%(name)s] %(message)s
datefmt = %H:%M:%S
