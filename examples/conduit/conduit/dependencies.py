"""This file is what handlers are given beside what clients send: the database, who the client is, the signer of tokens.

Handlers are given what opens sessions, not a session. A session that is open holds a connection, and perhaps the lock
of the database; if it were open before the handler has its thread, or after, all threads could wait for the locks of
requests that wait for a thread.
"""

from typing import Annotated

from sqlalchemy.orm import Session, sessionmaker

from yaat_typed import FromState

from .tokens import Tokens

Database = Annotated[sessionmaker[Session], FromState("database")]
ServerTokens = Annotated[Tokens, FromState("tokens")]
#: Who the client is, if it says so; and on routes that need a token, who it is.
ViewerId = Annotated[int | None, FromState("user_id")]
MemberId = Annotated[int, FromState("user_id")]
