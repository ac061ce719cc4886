"""This file opens the database."""

from typing import Any

from sqlalchemy import Engine, create_engine, event

from .models import Table


def open_database(url: str) -> Engine:
    """Return an engine for the database at *url*, with all tables in it."""
    engine = create_engine(url)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", set_up_sqlite)
    Table.metadata.create_all(engine)
    return engine


def set_up_sqlite(connection: Any, record: Any) -> None:
    """Let SQLite heed foreign keys, which it does not by itself, and let readers not wait for writers."""
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA journal_mode = WAL")
