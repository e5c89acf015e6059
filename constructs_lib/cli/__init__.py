"""The command line: files in, reports out, an exit status that a pipeline can read. It never imports the CDK."""
