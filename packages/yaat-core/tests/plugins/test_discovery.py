"""What installed distributions say about their plugins."""

import shutil
import subprocess
import sys
from importlib.metadata import DistributionFinder, MetadataPathFinder
from pathlib import Path
from typing import Any

import pytest

from yaat.exceptions import ConfigurationError
from yaat.plugins import PluginErrors
from yaat.plugins.discovery import InstalledPlugin, find_core_version, find_installed
from yaat.provenance import Owner


def test_plugins_are_found_by_their_entry_points(site: Any) -> None:
    """A distribution brings plugins under names; what it requires is known before anything is imported."""
    site.install("yaat-toy", version="1.2", plugins={"toy": "toy:Toy", "doll": "toy:Doll"}, requires=["yaat-core>=0.2"])
    owner = Owner(plugin="doll", distribution="yaat-toy", version="1.2")
    doll, toy = find_installed([str(site.path)])
    assert doll == InstalledPlugin(owner=owner, target="toy:Doll", requirements=("yaat-core>=0.2",))
    assert toy.owner.plugin == "toy"


def test_nothing_is_imported(site: Any) -> None:
    """A module that cannot be imported does not keep its plugin from being found."""
    site.install("yaat-toy", plugins={"toy": "toy_module"}, modules={"toy_module.py": "raise SystemExit"})
    assert len(find_installed([str(site.path)])) == 1
    assert "toy_module" not in sys.modules


def test_other_distributions_do_not_count(site: Any) -> None:
    """Neither entry points of other groups nor their absence is of interest."""
    site.install("plain")
    site.install("other")
    (site.path / "other-1.0.dist-info" / "entry_points.txt").write_text("[pytest11]\na = b\n")
    assert find_installed([str(site.path)]) == []


@pytest.mark.parametrize("name", ["yaat-toy", "Yaat_Toy"])
def test_the_first_of_two_copies_counts(site: Any, name: str) -> None:
    """It is the one that Python imports, however either writes its name (names specification)."""
    (site.path / "earlier").mkdir()
    later, earlier = site, type(site)(site.path / "earlier")
    later.install("yaat-toy", version="1.0", plugins={"toy": "toy"})
    earlier.install(name, version="2.0", plugins={"toy": "toy"})
    (found,) = find_installed([str(earlier.path), str(later.path)])
    assert found.owner.version == "2.0"


def test_what_does_not_count_hides_nothing_behind_it(site: Any) -> None:
    """Neither a distribution without plugins nor a second copy ends the search."""
    for number, names in enumerate((["plain"], ["yaat-toy"], ["yaat-toy"], ["yaat-doll"])):
        (site.path / str(number)).mkdir()
        for name in names:
            type(site)(site.path / str(number)).install(name, plugins=None if name == "plain" else {name[5:]: "x:X"})
    found = find_installed([str(site.path / str(number)) for number in range(4)])
    assert [plugin.owner.plugin for plugin in found] == ["doll", "toy"]


def test_the_path_of_imports_is_searched_by_default(site: Any) -> None:
    """Where Python imports from is where plugins are."""
    site.install("yaat-toy", plugins={"toy-for-this-test": "toy"})
    assert "toy-for-this-test" in {plugin.owner.plugin for plugin in find_installed()}


@pytest.mark.parametrize(
    ("folder", "info"), [(".", "yaat_toy.egg-info"), ("yaat_toy.egg", "EGG-INFO")], ids=["egg-info", "egg"]
)
def test_older_forms_of_distributions_count(site: Any, folder: str, info: str) -> None:
    """What setuptools left in its time is read as well."""
    root = site.path / folder
    (root / info).mkdir(parents=True)
    (root / info / "PKG-INFO").write_text("Metadata-Version: 2.1\nName: yaat-toy\nVersion: 1.0\n")
    (root / info / "entry_points.txt").write_text("[yaat]\ntoy = x:X\n")
    assert [plugin.owner.plugin for plugin in find_installed([str(root)])] == ["toy"]


def test_an_empty_text_on_the_path_is_the_working_folder(site: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """As it is to Python."""
    site.install("yaat-toy", plugins={"toy": "x:X"})
    monkeypatch.chdir(site.path)
    assert [plugin.owner.plugin for plugin in find_installed([""])] == ["toy"]


def test_a_file_that_looks_like_metadata_is_none(site: Any) -> None:
    """Entry points count in the metadata of a distribution alone."""
    (site.path / "toy").mkdir()
    (site.path / "toy" / "entry_points.txt").write_text("[yaat]\ntoy = x:X\n")
    assert find_installed([str(site.path)]) == []


def test_entry_points_that_cannot_be_read_are_an_error(site: Any) -> None:
    """The message names the distribution, and how to mend it."""
    site.install("yaat-toy", plugins={})
    (site.path / "yaat_toy-1.0.dist-info" / "entry_points.txt").write_text("[yaat]\nno equals sign\n")
    with pytest.raises(PluginErrors) as caught:
        find_installed([str(site.path)])
    (error,) = caught.value.errors
    assert isinstance(error, ConfigurationError)
    assert str(error).startswith("The entry points of yaat-toy 1.0 cannot be read: ")
    assert str(error).endswith("Install it anew: pip install --force-reinstall yaat-toy")
    assert isinstance(error.__cause__, Exception)
    assert f"cannot be read: {error.__cause__}.\n" in str(error)


@pytest.mark.parametrize(
    ("target", "module", "attribute"),
    [
        ("yaat_toy.plugin:Toy", "yaat_toy.plugin", "Toy"),
        ("yaat_toy", "yaat_toy", ""),
        ("yaat_toy : Toys.Bear [extra]", "yaat_toy", "Toys.Bear"),
    ],
)
def test_a_target_is_a_module_and_a_name_in_it(target: str, module: str, attribute: str) -> None:
    """The name may be dotted, or left out; extras are ignored."""
    plugin = InstalledPlugin(owner=Owner(plugin="toy"), target=target)
    assert (plugin.module, plugin.attribute) == (module, attribute)


def test_the_version_of_the_core_is_that_of_its_distribution(site: Any) -> None:
    """It is the version that requirements are written against."""
    site.install("yaat-core", version="0.7")
    assert find_core_version([str(site.path)]) == "0.7"


def test_the_core_is_looked_for_in_the_folders_that_are_named(site: Any) -> None:
    """Another one, on the path of imports, does not count."""
    (site.path / "other").mkdir()
    site.install("yaat-core", version="0.7")
    type(site)(site.path / "other").install("yaat-core", version="0.9")
    assert find_core_version([str(site.path / "other")]) == "0.9"


def test_a_core_that_is_not_installed_has_no_version(site: Any) -> None:
    """It runs from a bare folder."""
    assert find_core_version([str(site.path)]) is None


def test_importing_the_plugins_does_not_import_the_metadata_reader() -> None:
    """An app that asks for no installed plugin does not pay for the search."""
    code = "import sys, yaat.plugins; assert 'importlib.metadata' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True)


def test_folders_that_are_not_there_do_not_count(site: Any) -> None:
    """The path of imports may name some."""
    site.install("yaat-toy", plugins={"toy": "toy"})
    assert len(find_installed([str(site.path / "nowhere"), str(site.path)])) == 1


def test_plugins_in_archives_are_found(site: Any, tmp_path: Path) -> None:
    """Python imports from them too."""
    site.install("yaat-toy", version="1.2", plugins={"toy": "toy"})
    archive = shutil.make_archive(str(tmp_path / "toys"), "zip", site.path)
    (toy,) = find_installed([archive])
    assert toy.owner == Owner(plugin="toy", distribution="yaat-toy", version="1.2")


def test_other_finders_are_asked(site: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """What brings modules in its own way may know of distributions as well."""
    site.install("yaat-toy", plugins={"toy-elsewhere": "toy"})

    class Finder(MetadataPathFinder):
        @classmethod
        def find_spec(cls, *_: Any) -> None:
            return None

        @classmethod
        def find_distributions(cls, context: Any = None) -> Any:
            return MetadataPathFinder.find_distributions(DistributionFinder.Context(path=[str(site.path)]))

    monkeypatch.setattr(sys, "meta_path", [*sys.meta_path, Finder])
    assert "toy-elsewhere" in {plugin.owner.plugin for plugin in find_installed([])}


def test_looking_where_no_plugin_is_loads_nothing(tmp_path: Path) -> None:
    """To read metadata takes a part of the standard library that takes long to import."""
    code = (
        "import sys; from yaat.plugins.discovery import find_installed; "
        f"assert find_installed([{str(tmp_path)!r}]) == []; assert 'importlib.metadata' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
