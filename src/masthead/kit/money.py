"""Money: whole micros (millionths) of a currency, never float."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

MICROS = 1_000_000


@dataclass(frozen=True, slots=True, order=True)
class Money:
    """An amount in millionths of a currency's main unit; `currency` is an ISO 4217 code."""

    micros: int
    currency: str

    @classmethod
    def of(cls, amount: str, currency: str) -> Money:
        """The amount of a decimal text such as "0.015". Raises ValueError where it is no number or finer than a micro."""
        try:
            micros = Decimal(amount) * MICROS
        except InvalidOperation:
            raise ValueError(f"{amount!r} is not a decimal number") from None
        if not micros.is_finite() or micros != micros.to_integral_value():
            raise ValueError(f"{amount!r} is not a whole number of millionths")
        return cls(int(micros), currency)

    def __add__(self, other: Money) -> Money:
        """The sum. Raises ValueError where the currencies differ."""
        if other.currency != self.currency:
            raise ValueError(f"{self.currency} and {other.currency} cannot be added")
        return Money(self.micros + other.micros, self.currency)

    def __sub__(self, other: Money) -> Money:
        """The difference. Raises ValueError where the currencies differ."""
        return self + Money(-other.micros, other.currency)

    def __mul__(self, times: int) -> Money:
        """So many times the amount."""
        return Money(self.micros * times, self.currency)

    def __bool__(self) -> bool:
        """False for nothing."""
        return self.micros != 0

    @property
    def decimal(self) -> Decimal:
        """The amount in main units, exact."""
        return Decimal(self.micros) / MICROS

    def rounded(self, places: int = 2) -> Decimal:
        """The amount in main units, half a cent going up."""
        return self.decimal.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)

    def __str__(self) -> str:
        """Such as "USD 0.015": at least two places, more where they are needed."""
        shown = self.rounded()
        return f"{self.currency} {shown if shown == self.decimal else self.decimal.normalize():f}"
