[tool.alembic]
# The folder of env.py, of the template of revision files, and of versions/.
script_location = "${script_location}"

# Comes first where Python looks for modules.
prepend_sys_path = ["."]

# file_template = "%%(year)d_%%(month).2d_%%(day).2d_%%(rev)s_%%(slug)s"
# timezone = "UTC"
# version_locations = ["%(here)s/versions", "%(here)s/more"]
# revision_environment = false

# Programs that are run over a new revision file:
# [[tool.alembic.post_write_hooks]]
# name = "ruff"
# type = "exec"
# executable = "ruff"
# options = "check --fix REVISION_SCRIPT_FILENAME"
