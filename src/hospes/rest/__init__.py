"""How the REST API reads requests and words answers; each room brings its own endpoints.

A room's ``api`` folder declares a ``Route`` for each endpoint and hands them to
``registry.register`` when the room is ready. ``docs/api.md`` is what client developers read.
"""
