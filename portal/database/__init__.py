"""Django's PostgreSQL backend, with lasting connections that notice a server which went away (the setting ENGINE)."""
