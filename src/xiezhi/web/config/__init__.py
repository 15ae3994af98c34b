"""How the web half is put together: settings from the environment, routes, the WSGI door."""
