"""The local store: tables, the engine, and every statement of SQL. Only this package knows SQL."""
