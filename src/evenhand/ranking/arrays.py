"""What a query finds, as arrays, some at a time: taken from the database's own columns as it makes them.

They come through Arrow's C interface. DuckDB's own conversion to arrays holds all rows twice, and lets no
other thread run meanwhile.
"""

from collections.abc import Generator
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from duckdb import DuckDBPyRelation

Part = dict[str, NDArray[Any]]
"""Columns by name, of equally many rows; masked where some are null."""


def arrays(relation: "DuckDBPyRelation", at_once: int) -> Generator[Part, None, None]:
    """Give the rows of a relation, whose columns are numbers and booleans, in their order.

    at_once: rows of a part, about: a few thousand to 130,000 come from the database together, and stay so.

    Raises:
        duckdb.Error: the query fails.
    """
    import duckdb
    from nanoarrow.c_array_stream import c_array_stream

    names = relation.columns
    batches: list[Any] = []
    try:
        with c_array_stream(relation) as stream:
            for batch in stream:
                batches.append(batch.view())
                if sum(map(len, batches)) + len(batch) > at_once:
                    yield _part(names, batches)
                    batches = []
    except RuntimeError as error:
        raise duckdb.Error(str(error)) from error
    if batches:
        yield _part(names, batches)


def _part(names: list[str], batches: list[Any]) -> Part:
    columns = ([_values(batch.child(number)) for batch in batches] for number in range(len(names)))
    return {name: _joined(parts) for name, parts in zip(names, columns, strict=True)}


def _values(column: Any) -> NDArray[Any]:
    known, data = (np.asarray(buffer) for buffer in column.buffers)
    end = column.offset + len(column)
    values = (_bits(data, end) if column.storage_type == "bool" else data)[column.offset : end]
    if not column.null_count:
        return values
    return np.ma.masked_array(values, ~_bits(known, end)[column.offset :])


def _bits(packed: NDArray[np.uint8], count: int) -> NDArray[np.bool_]:
    return np.unpackbits(packed, count=count, bitorder="little").view(np.bool_)


def _joined(parts: list[NDArray[Any]]) -> NDArray[Any]:
    concatenate = np.ma.concatenate if any(map(np.ma.isMaskedArray, parts)) else np.concatenate
    # A copy also of a single part: what the database handed over does not outlive its batch.
    return np.asanyarray(concatenate(parts))
