"""The files that a page loads."""

import re

import pytest

from yaat_openapi.assets import ASSETS, Asset


@pytest.mark.parametrize("asset", ASSETS.values(), ids=list(ASSETS))
def test_asset_is_kept_for_ever_under_its_name(asset: Asset) -> None:
    """The name holds a part of the digest, so another content has another name (RFC 8246)."""
    represented = asset.represent()
    assert re.fullmatch(r"[\w-]+\.[0-9a-f]{12}\.(js|css|png)", asset.name)
    assert represented.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert represented.headers["x-content-type-options"] == "nosniff"
    assert represented.content == asset.read()


def test_own_script_is_no_module_of_somebody_elses() -> None:
    """It names no other host, and never the public validator."""
    script = ASSETS["own_script"].read().decode()
    assert "http" not in script
    assert "validatorUrl: null" in script
