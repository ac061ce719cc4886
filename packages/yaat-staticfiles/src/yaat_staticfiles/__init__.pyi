from .file_response import FileResponse as FileResponse
from .large_file import FileBroken as FileBroken
from .manifest import Manifest as Manifest
from .manifest import UnknownFile as UnknownFile
from .plugin import StaticFilesPlugin as StaticFilesPlugin
from .staticfiles import StaticFiles as StaticFiles

__all__: list[str]
