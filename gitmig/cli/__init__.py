"""The command line: parse, call one command, show its result."""
