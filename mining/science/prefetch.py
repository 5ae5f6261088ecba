"""A hint to the processor, for compiled loops that meet a large table at random: fetch this row, it is needed soon.

Such a loop spends most of its time waiting for memory, since a row is asked for only when its turn comes. The hint
changes no number. It is LLVM's `llvm.prefetch`, for which Numba has no function of its own.
"""

from __future__ import annotations

from typing import Any

from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic

AHEAD = 32  # votes: so much earlier a row is asked for

READ, KEEP, DATA = 0, 3, 1  # llvm.prefetch: for reading, into every cache, no code


def _prefetch(_context: Any, table: Any, row: Any, column: Any) -> Any:
    """Numba asks for the signature, and for what writes the code."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        kind = signature.args[0]
        array = context.make_array(kind)(context, builder, arguments[0])
        cell = [
            context.cast(builder, value, given, types.intp)
            for value, given in zip(arguments[1:], signature.args[1:], strict=True)
        ]
        pointer = cgutils.get_item_pointer(  # type: ignore[no-untyped-call]
            context, builder, kind, array, cell, wraparound=False
        )
        place = builder.bitcast(pointer, cgutils.voidptr_t)
        number = ir.IntType(32)
        shape = ir.FunctionType(ir.VoidType(), [place.type, number, number, number])
        hint = builder.module.declare_intrinsic("llvm.prefetch", [place.type], shape)
        builder.call(hint, [place, *(ir.Constant(number, value) for value in (READ, KEEP, DATA))])
        return context.get_dummy_value()

    return types.void(table, row, column), generate


prefetch: Any = intrinsic(_prefetch)
"""prefetch(table, row, column): the line of memory of that cell; `table` has two axes, and the cell is not checked."""
