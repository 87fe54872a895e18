"""The read-only API for the ICB's own tools: the tables of the exports, over HTTP, by token."""
