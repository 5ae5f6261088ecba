"""Catalogue tables of four forms, read into one shape. Loads astropy and scipy: for commands, never a web process."""
