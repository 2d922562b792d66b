"""The database: engine, unit of work, embedded PostgreSQL."""
