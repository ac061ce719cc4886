import os
from typing import Annotated

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from yaat import Request, Yaat
from yaat_typed import Use


class Table(DeclarativeBase):
    pass


class Note(Table):
    __tablename__ = "notes"

    id: Mapped[int] = mapped_column(primary_key=True)
    text: Mapped[str]


async def lifespan(app):
    engine = create_async_engine(os.environ["DATABASE_URL"])
    async with engine.begin() as connection:
        await connection.run_sync(Table.metadata.create_all)
    yield {"sessions": async_sessionmaker(engine)}
    await engine.dispose()


async def open_session(request: Request):
    async with request.state.sessions.begin() as session:
        yield session


Session = Annotated[AsyncSession, Use(open_session)]
app = Yaat(lifespan=lifespan)


@app.get("/notes")
async def list_notes(session: Session):
    return [note.text for note in await session.scalars(select(Note))]


@app.post("/notes/{text}", status_code=201)
async def add_note(text: str, session: Session) -> dict[str, str]:
    if text == "bad":
        raise ValueError("This is rolled back.")
    session.add(Note(text=text))
    return {"text": text}
