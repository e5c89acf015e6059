"""What live servers accept: read from AWS or from the server itself, and kept in the facts file. Reads only."""
