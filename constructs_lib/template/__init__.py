"""Reads a synthesized CloudFormation template, a mapping, into the budget's types."""
