"""The archive in open form: lines of JSON, ActivityStreams, files, and a site to read it without Masthead."""
