"""Connected profiles: connect, refresh, reconnect, disconnect."""
