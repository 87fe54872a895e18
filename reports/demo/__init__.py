"""The demo: made-up people and scores on St Helens' real case, loaded through the services like anybody's own."""
