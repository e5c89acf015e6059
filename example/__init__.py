"""The constructs and stacks that app.py puts together."""
