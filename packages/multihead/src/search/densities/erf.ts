/**
 * @file The error function and its complement, by the approximations of FreeBSD's standard library (s_erf.c, Sun Microsystems
 * 1993), with an error below one unit in the last place in JavaScript's numbers, but for the last digits of very small values.
 */

/** A polynomial, lowest power first. */
type Polynomial = readonly number[];

const valueAt = (polynomial: Polynomial, x: number): number =>
  polynomial.reduceRight((sum, coefficient) => sum * x + coefficient, 0);

const erx = 0.8450629115104675;

/** On [0, 0.84375]. */
const small: readonly [Polynomial, Polynomial] = [
  [0.12837916709551256, -0.3250421072470015, -0.02848174957559851, -0.005770270296489442, -2.3763016656650163e-5],
  [1, 0.39791722395915535, 0.0650222499887673, 0.005081306281875766, 0.00013249473800432164, -3.960228278775368e-6],
];

/** On [0.84375, 1.25], about 1. */
const middle: readonly [Polynomial, Polynomial] = [
  [
    -0.0023621185607526594, 0.41485611868374833, -0.3722078760357013, 0.31834661990116175, -0.11089469428239668,
    0.035478304325618236, -0.002166375594868791,
  ],
  [
    1, 0.10642088040084423, 0.540397917702171, 0.07182865441419627, 0.12617121980876164, 0.01363708391202905,
    0.011984499846799107,
  ],
];

/** On [1.25, 1 / 0.35], in 1 / x². */
const large: readonly [Polynomial, Polynomial] = [
  [
    -0.009864944034847148, -0.6938585727071818, -10.558626225323291, -62.375332450326006, -162.39666946257347,
    -184.60509290671104, -81.2874355063066, -9.814329344169145,
  ],
  [
    1, 19.651271667439257, 137.65775414351904, 434.56587747522923, 645.3872717332679, 429.00814002756783,
    108.63500554177944, 6.570249770319282, -0.0604244152148581,
  ],
];

/** On [1 / 0.35, 28], in 1 / x². */
const tail: readonly [Polynomial, Polynomial] = [
  [
    -0.0098649429247001, -0.799283237680523, -17.757954917754752, -160.63638485582192, -637.5664433683896,
    -1025.0951316110772, -483.5191916086514,
  ],
  [
    1, 30.33806074348246, 325.7925129965739, 1536.729586084437, 3199.8582195085955, 2553.0504064331644,
    474.52854120695537, -22.44095244658582,
  ],
];

const quotient = ([above, below]: readonly [Polynomial, Polynomial], x: number): number =>
  valueAt(above, x) / valueAt(below, x);

/** The complement for numbers from 1.25 on. The square of the number's first digits is exact, so that nothing cancels. */
function complementOfLarge(x: number): number {
  if (x > 28) return 0;
  const z = Math.fround(x);
  const s = 1 / (x * x);
  const correction = (z - x) * (z + x) + quotient(x < 1 / 0.35 ? large : tail, s);
  return (Math.exp(-z * z - 0.5625) * Math.exp(correction)) / x;
}

/** erf(x) = 2 / sqrt(pi) * integral of exp(-t²) from 0 to x. */
export function erf(x: number): number {
  if (Number.isNaN(x)) return x;
  const size = Math.abs(x);
  if (size < 0.84375) return x + x * quotient(small, x * x);
  const value = size < 1.25 ? erx + quotient(middle, size - 1) : 1 - complementOfLarge(size);
  return x < 0 ? -value : value;
}

/** erfc(x) = 1 - erf(x), also where that is very small. */
export function erfc(x: number): number {
  if (Number.isNaN(x)) return x;
  const size = Math.abs(x);
  if (size < 0.84375) {
    const y = quotient(small, x * x);
    return x < 0.25 ? 1 - (x + x * y) : 0.5 - (x - 0.5 + x * y);
  }
  if (size < 1.25) return x < 0 ? 1 + (erx + quotient(middle, size - 1)) : 1 - erx - quotient(middle, size - 1);
  return x < 0 ? 2 - complementOfLarge(size) : complementOfLarge(x);
}
