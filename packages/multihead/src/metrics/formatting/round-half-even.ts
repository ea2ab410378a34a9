/** @file Decimal digits as Python, NumPy and C print them. */

/**
 * Writes a number with a fixed number of digits, rounding exact ties to the even digit as Python's `format` does.
 * JavaScript's `toFixed` rounds them up: 0.125 gives 0.13, Python 0.12.
 *
 * @param value  a number from 0, below 2^50 / 10^digits
 * @param digits digits after the decimal point, from 0 to 15
 * @example
 * toFixedHalfEven(0.125, 2)   // '0.12'
 */
export function toFixedHalfEven(value: number, digits: number): string {
  const scaled = value * 10 ** digits;
  // A tie has the form (odd number) / 2 / 10^digits, which a double can hold only as a multiple of 2^-(digits + 1);
  // then the product above is exact.
  const isTie = Number.isInteger(value * 2 ** (digits + 1)) && scaled % 1 === 0.5;
  const even = Math.floor(scaled) % 2 === 0;
  return (isTie && even ? Math.floor(scaled) / 10 ** digits : value).toFixed(digits);
}
