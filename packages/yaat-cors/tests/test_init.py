"""What is imported from the package."""

import yaat_cors


def test_name_of_0_1_still_works() -> None:
    """What 0.1 called `CORSMiddleware` takes the same options."""
    policy = yaat_cors.CORSMiddleware(allow_origins=["http://testserver.com"], max_age=60).policy
    assert (policy.allow_origins, policy.max_age) == (("http://testserver.com",), 60)


def test_every_public_name_is_there() -> None:
    """`__all__` promises nothing that does not exist."""
    assert all(hasattr(yaat_cors, name) for name in yaat_cors.__all__)
