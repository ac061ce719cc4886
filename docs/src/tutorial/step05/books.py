from dataclasses import dataclass
from typing import Annotated

from msgspec import Meta

Text = Annotated[str, Meta(min_length=1, max_length=200)]


@dataclass
class NewBook:
    title: Text
    author: Text


@dataclass
class Book(NewBook):
    id: int


class Shelf:
    def __init__(self):
        self.books = {}

    def add(self, new):
        book = Book(id=len(self.books) + 1, title=new.title, author=new.author)
        self.books[book.id] = book
        return book

    def list(self):
        return list(self.books.values())

    def find(self, book_id):
        return self.books.get(book_id)
