"""The file of a back-up: a tar whose last member, the manifest, says what the others are.

The manifest is written last, so that a file that was cut off has none and is never taken for a whole one.
Members are `database.pgdump` (pg_dump's custom format) and, once an arena has such, `media/…` and `keys/…`.
A member that must not be left out of a restore raises `FORMAT`.
"""

import hashlib
import tarfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from io import FileIO
from pathlib import Path
from typing import IO

import msgspec

from evenhand.app.version import VERSION
from evenhand.core.errors import InputError, StartError

FORMAT = 1
DATABASE = "database.pgdump"
_MANIFEST = "manifest.json"
_PIECE = 1 << 20


class Member(msgspec.Struct, frozen=True):
    """What a member must be: its bytes, and their SHA-256 in hexadecimal."""

    size: int
    sha256: str


class Origin(msgspec.Struct, frozen=True):
    """Where a back-up comes from.

    `schema` is the database's revision, `postgresql` its server's version and `pg_dump` that of the program
    that wrote it.
    """

    made_at: datetime
    evenhand: str
    schema: str
    postgresql: str
    pg_dump: str


class Manifest(msgspec.Struct, frozen=True):
    """The member that describes all others."""

    format: int
    origin: Origin
    members: dict[str, Member]


class _AnyManifest(msgspec.Struct):
    """What a manifest of every format has."""

    format: int


class BackupWriter:
    """Writes members of which nobody knows the size beforehand; `stream` can be sought."""

    def __init__(self, stream: IO[bytes], made_at: datetime) -> None:
        self._stream = stream
        self._made_at = made_at
        self._members: dict[str, Member] = {}

    def add(self, name: str, pieces: Iterable[bytes]) -> None:
        """Write a member."""
        start = self._stream.tell()
        self._stream.write(bytes(tarfile.BLOCKSIZE))
        digest, size = hashlib.sha256(), 0
        for piece in pieces:
            self._stream.write(piece)
            digest.update(piece)
            size += len(piece)
        self._stream.write(bytes(-size % tarfile.BLOCKSIZE))
        self._stream.seek(start)
        self._stream.write(self._header(name, size))
        self._stream.seek(0, 2)
        self._members[name] = Member(size, digest.hexdigest())

    def finish(self, origin: Origin) -> None:
        """Write the manifest, and with it the end."""
        manifest = msgspec.json.encode(Manifest(FORMAT, origin, dict(self._members)))
        self.add(_MANIFEST, [msgspec.json.format(manifest)])
        self._stream.write(bytes(2 * tarfile.BLOCKSIZE))

    def _header(self, name: str, size: int) -> bytes:
        info = tarfile.TarInfo(name)
        info.size, info.mode, info.mtime = size, 0o600, int(self._made_at.timestamp())
        # One block however large the member is, which the portable form is not.
        return info.tobuf(tarfile.GNU_FORMAT)


class BackupReader:
    """A back-up that is open for reading; `manifest` is what it says of itself."""

    def __init__(self, file: Path, stream: FileIO) -> None:
        self._file = file
        self._stream = stream
        try:
            with tarfile.open(fileobj=stream, mode="r:") as tar:
                self._places = {info.name: (info.offset_data, info.size) for info in tar}
            text = b"".join(self._pieces(_MANIFEST))
            found = msgspec.json.decode(text, type=_AnyManifest).format
            if found > FORMAT:
                raise StartError(
                    f"{file} is a back-up of format {found}, and Evenhand {VERSION} knows no newer one than "
                    f"{FORMAT}: update Evenhand and restore it then."
                )
            self.manifest = msgspec.json.decode(text, type=Manifest)
        except (tarfile.TarError, KeyError, msgspec.MsgspecError, UnicodeDecodeError):
            raise InputError(f"{file}: is no back-up of Evenhand, or only a part of one.") from None

    @property
    def size(self) -> int:
        """The bytes of all members together."""
        return sum(member.size for member in self.manifest.members.values())

    def check(self, progress: Callable[[int], object]) -> None:
        """Read all members; `progress` is told how many bytes are. Raises `InputError` if one is damaged."""
        done = 0
        for name, member in self.manifest.members.items():
            digest = hashlib.sha256()
            for piece in self._pieces(name) if name in self._places else ():
                digest.update(piece)
                done += len(piece)
                progress(done)
            if digest.hexdigest() != member.sha256:
                raise InputError(
                    f"{self._file}: is damaged ({name} is not what was backed up): take another back-up."
                )

    def descriptor(self, name: str) -> int:
        """The file, to be read from its descriptor on where a member begins."""
        self._stream.seek(self._places[name][0])
        return self._stream.fileno()

    def _pieces(self, name: str) -> Iterator[bytes]:
        start, left = self._places[name]
        self._stream.seek(start)
        while left and (piece := self._stream.read(min(left, _PIECE))):
            left -= len(piece)
            yield piece


@contextmanager
def opened(file: Path) -> Iterator[BackupReader]:
    """A back-up, whose members are yet to be checked.

    Raises `InputError` when it cannot be read or is none, `StartError` when its format is too new.
    """
    try:
        stream = FileIO(file)  # without a buffer, so that another program can go on where it stands
    except FileNotFoundError:
        raise InputError(f"{file}: there is no such file.") from None
    except OSError as error:
        raise InputError(f"{file}: cannot be read ({error.strerror}).") from None
    with stream:
        yield BackupReader(file, stream)
