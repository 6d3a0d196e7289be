"""Compiling to machine code: a typed decorator, and the instructions that Python has no words for.

The instructions are written for LLVM, which knows how to say them on every processor: a comparison of 64 bytes becomes two AVX2
registers here and four NEON registers there. They take addresses, because to hand an array from one compiled function to another
costs more than to read a word, and check no bounds; who uses them does.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import reduce
from hashlib import sha256
from pathlib import Path
from typing import Any, TypeVar, cast

from llvmlite import ir
from numba import njit, types
from numba.core import cgutils
from numba.extending import intrinsic

F = TypeVar("F", bound=Callable[..., Any])
_njit: Any = njit  # its types know only half of its options
_cgutils: Any = cgutils
_OPTIONS: dict[str, Any] = {"nogil": True, "error_model": "numpy"}
_HERE = Path(__file__).parent
_SOURCES = [path.read_bytes() for path in sorted(_HERE.glob("*.py"))]
_STAMP = sha256(
    b"".join(source for source in _SOURCES if b"audit.compiled" in source or b"numba" in source)
).hexdigest()
_WIDE = ir.VectorType(ir.IntType(8), 64)
_64, _0 = ir.IntType(64), ir.Constant(ir.IntType(32), 0)


def compiled(function: F) -> F:
    """Compile at the first call and keep the machine code on the disk, where there is a folder that may be written to."""
    try:
        made: Any = _njit(cache=True, **_OPTIONS)(function)
    except RuntimeError:  # no folder for the cache: a read-only installation of a user without a home
        made = _njit(**_OPTIONS)(function)
    else:  # what is kept holds copies of functions of other files, so it is out of date when any of them changes
        made._cache._cache_file._source_stamp = (made._cache._cache_file._source_stamp, _STAMP)
    return cast(F, made)


def part(function: F) -> F:
    """As `compiled`, for what only compiled functions call: it has no door to Python, which takes long to build."""
    made: F = _njit(**_OPTIONS, no_cpython_wrapper=True, no_cfunc_wrapper=True)(function)
    return made


def inlined(function: F) -> F:
    """As `part`, and always copied into its callers: for what is called once a word."""
    made: F = _njit(**_OPTIONS, no_cpython_wrapper=True, no_cfunc_wrapper=True, forceinline=True)(function)
    return made


def unordered(function: F) -> F:
    """As `part`, for sums and maxima whose terms may be taken in any order: they are then taken several at once."""
    fast = {"nnan", "nsz", "ninf"}
    made: F = _njit(**_OPTIONS, fastmath=fast, no_cpython_wrapper=True, no_cfunc_wrapper=True)(function)
    return made


def _instruction(function: Callable[..., Any]) -> Callable[..., Any]:
    made: Callable[..., Any] = intrinsic(function)
    return made


def _at(builder: Any, address: Any, kind: Any) -> Any:
    return builder.inttoptr(address, kind.as_pointer())


def _load(builder: Any, address: Any, kind: Any) -> Any:
    loaded = builder.load(_at(builder, address, kind))
    loaded.align = 1
    return loaded


def _store(builder: Any, address: Any, value: Any) -> Any:
    stored = builder.store(value, _at(builder, address, value.type))
    stored.align = 1


@_instruction
def address(typing: Any, array: Any) -> Any:
    """`address(array)`: where its first item lies. The array must outlive the number."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        data = context.make_array(signature.args[0])(context, builder, arguments[0]).data
        return builder.ptrtoint(data, _64)

    return types.int64(array), generate


@_instruction
def byte(typing: Any, at: Any) -> Any:
    """`byte(address)`: the byte there."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return builder.zext(_load(builder, arguments[0], ir.IntType(8)), _64)

    return types.int64(types.int64), generate


@_instruction
def four(typing: Any, at: Any) -> Any:
    """`four(address)`: the number in four bytes there."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return builder.zext(_load(builder, arguments[0], ir.IntType(32)), _64)

    return types.int64(types.int64), generate


@_instruction
def eight(typing: Any, at: Any) -> Any:
    """`eight(address)`: the number in eight bytes there, the first byte lowest."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return _load(builder, arguments[0], _64)

    return types.uint64(types.int64), generate


@_instruction
def cell(typing: Any, at: Any, index: Any) -> Any:
    """`cell(address, k)`: the k-th whole number of those that lie there."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return _load(builder, builder.add(arguments[0], builder.shl(arguments[1], ir.Constant(_64, 3))), _64)

    return types.int64(types.int64, types.int64), generate


@_instruction
def put_cell(typing: Any, at: Any, index: Any, value: Any) -> Any:
    """`put_cell(address, k, value)`: write the k-th number of those that lie there."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        _store(builder, builder.add(arguments[0], builder.shl(arguments[1], ir.Constant(_64, 3))), arguments[2])
        return context.get_dummy_value()

    kind = types.uint64 if value == types.uint64 else types.int64
    return types.none(types.int64, types.int64, kind), generate


@_instruction
def put_byte(typing: Any, at: Any, value: Any) -> Any:
    """`put_byte(address, value)`: write one byte."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        _store(builder, arguments[0], builder.trunc(arguments[1], ir.IntType(8)))
        return context.get_dummy_value()

    return types.none(types.int64, types.int64), generate


@_instruction
def lowest(typing: Any, bits: Any) -> Any:
    """`lowest(bits)`: the place of the lowest bit that is set."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return builder.cttz(arguments[0], ir.Constant(ir.IntType(1), 0))

    return types.int64(types.uint64), generate


@_instruction
def word_bits(typing: Any, at: Any) -> Any:
    """`word_bits(address)`: for each of 64 bytes a bit, set where it is an ASCII letter, a digit or not ASCII."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        text = _load(builder, arguments[0], _WIDE)

        def every(value: int) -> Any:
            return ir.Constant(_WIDE, [value] * 64)

        def among(first: int, count: int, of: Any) -> Any:
            return builder.icmp_unsigned("<", builder.sub(of, every(first)), every(count))

        letters = among(ord("a"), 26, builder.or_(text, every(0x20)))
        wide = builder.icmp_signed("<", text, every(0))
        return builder.bitcast(builder.or_(builder.or_(letters, among(ord("0"), 10, text)), wide), _64)

    return types.uint64(types.int64), generate


@_instruction
def ones(typing: Any, bits: Any) -> Any:
    """`ones(bits)`: how many bits are set."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return builder.ctpop(arguments[0])

    return types.int64(types.uint64), generate


def finder(characters: bytes) -> Callable[..., Any]:
    """An instruction: `found(address)`, for each of 64 bytes a bit, set where it is one of the characters."""

    def found(typing: Any, at: Any) -> Any:
        def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
            text = _load(builder, arguments[0], _WIDE)
            each = [builder.icmp_unsigned("==", text, ir.Constant(_WIDE, [value] * 64)) for value in characters]
            return builder.bitcast(reduce(builder.or_, each), _64)

        return types.uint64(types.int64), generate

    return _instruction(found)


def _equal(builder: Any, at: Any, value: Any, kind: Any) -> Any:
    """For each of 64 numbers a bit, set where it is the value."""
    one = builder.insert_element(ir.Constant(kind, ir.Undefined), builder.trunc(value, kind.element), _0)
    each = builder.shuffle_vector(one, one, ir.Constant(ir.VectorType(ir.IntType(32), 64), [0] * 64))
    return builder.bitcast(builder.icmp_unsigned("==", _load(builder, at, kind), each), _64)


@_instruction
def equal_bits(typing: Any, at: Any, value: Any) -> Any:
    """`equal_bits(address, value)`: for each of 64 bytes a bit, set where it has the value."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return _equal(builder, arguments[0], arguments[1], _WIDE)

    return types.uint64(types.int64, types.int64), generate


@_instruction
def equal_words(typing: Any, at: Any, value: Any) -> Any:
    """`equal_words(address, value)`: for each of 64 numbers of 32 bits a bit, set where it has the value."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return _equal(builder, arguments[0], arguments[1], ir.VectorType(ir.IntType(32), 64))

    return types.uint64(types.int64, types.int64), generate


@_instruction
def fetch(typing: Any, at: Any) -> Any:
    """`fetch(address)`: have the bytes there brought near, without waiting for them."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        pointer, number = ir.IntType(8).as_pointer(), ir.IntType(32)
        kind = ir.FunctionType(ir.VoidType(), [pointer, number, number, number])
        function = _cgutils.get_or_insert_function(builder.module, kind, "llvm.prefetch.p0")
        builder.call(function, [builder.inttoptr(arguments[0], pointer), number(0), number(3), number(1)])
        return context.get_dummy_value()

    return types.none(types.int64), generate
