from dataclasses import dataclass
from typing import Annotated

from msgspec import Meta
from sqlalchemy import create_engine, select
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

Text = Annotated[str, Meta(min_length=1, max_length=200)]


@dataclass
class NewBook:
    title: Text
    author: Text


@dataclass
class Book(NewBook):
    id: int


class Table(DeclarativeBase):
    pass


class BookRow(Table):
    __tablename__ = "books"

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str]
    author: Mapped[str]

    def to_book(self):
        return Book(id=self.id, title=self.title, author=self.author)


class Shelf:
    def __init__(self, url):
        self.engine = create_engine(url)
        Table.metadata.create_all(self.engine)

    def close(self):
        self.engine.dispose()

    def add(self, new):
        with Session(self.engine) as session:
            row = BookRow(title=new.title, author=new.author)
            session.add(row)
            session.commit()
            return row.to_book()

    def list(self):
        with Session(self.engine) as session:
            rows = session.scalars(select(BookRow).order_by(BookRow.id))
            return [row.to_book() for row in rows]

    def find(self, book_id):
        with Session(self.engine) as session:
            row = session.get(BookRow, book_id)
            return None if row is None else row.to_book()
