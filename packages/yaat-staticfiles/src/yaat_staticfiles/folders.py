"""This file is what an app names as its folders: directories, and folders of installed packages."""

import importlib.util
import os
from collections.abc import Iterable
from pathlib import Path

from yaat.exceptions import ConfigurationError

from .folder import Folder
from .options import AnyPath, Package
from .origin import find_caller

#: Where packages have their files, if they do not say.
PACKAGE_FOLDER = "static"


def find_folders(
    directory: AnyPath | None,
    packages: Iterable[Package] = (),
    *,
    follows_symlinks: bool = False,
    must_exist: bool = True,
) -> list[Folder]:
    """Return the folders that an app names, its own first.

    Raises:
        ConfigurationError: One does not exist, or none is named; the message says where, and what to write.
    """
    if isinstance(packages, str):
        raise ConfigurationError(f"packages= takes a list such as [{packages!r}], not {packages!r}.\n{_where()}")
    roots = [] if directory is None else [_find_directory(directory, must_exist=must_exist)]
    roots += [_find_in_package(package) for package in packages]
    if not roots:
        raise ConfigurationError(
            f"No folder is named whose files are to be served.\n{_where()}\n"
            'Write StaticFiles(directory="static"), or packages=["my_package"] for those of an installed package.'
        )
    return [Folder(root=root, follows_symlinks=follows_symlinks) for root in roots]


def _find_directory(directory: AnyPath, *, must_exist: bool) -> str:
    """Return the absolute path of a folder."""
    path = Path(directory).absolute()
    if path.is_dir() or (must_exist is False and not path.exists()):
        return str(path)
    what = "is no folder but a file" if path.exists() else "does not exist"
    raise ConfigurationError(
        f"The directory {os.fspath(directory)!r} {what}: {path}\n{_where()}\n"
        f"A relative path begins at the working folder, {Path.cwd()}. To begin at the file of the app, write "
        'directory=Path(__file__).parent / "static"; for a folder that is made later, must_exist=False.'
    )


def _find_in_package(package: Package) -> str:
    """Return the absolute path of a folder in an installed package, which is not imported for this."""
    name, folder = (package, PACKAGE_FOLDER) if isinstance(package, str) else package
    try:
        spec = importlib.util.find_spec(name)
    except (ImportError, ValueError):
        spec = None
    places = (spec.submodule_search_locations if spec else None) or ()
    if not places:
        raise ConfigurationError(
            f"There is no package {name!r} whose files could be served.\n{_where()}\nInstall it, or correct packages=."
        )
    for place in places:
        path = Path(place, folder).absolute()
        if path.is_dir():
            return str(path)
    raise ConfigurationError(
        f"The package {name!r} has no folder {folder!r}; it is at {', '.join(places)}.\n{_where()}\n"
        f"Name the folder: packages=[({name!r}, 'folder')]."
    )


def _where() -> str:
    """Return the line of a message that says where the folders were named."""
    return f"    {find_caller()}"
