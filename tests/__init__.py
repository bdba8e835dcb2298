"""The tests of losscope; one folder a room."""
