/** @file Loops that every optimizer may use. */

/** Sum of squares, added up in double precision. */
export function sumOfSquares(x: usize, count: usize): f64 {
  const end = count << 2;
  let low = f64x2.splat(0);
  let high = f64x2.splat(0);
  for (let i: usize = 0; i < end; i += 16) {
    const four = v128.load(x + i);
    const first = f64x2.promote_low_f32x4(four);
    const last = f64x2.promote_low_f32x4(v128.shuffle<u32>(four, four, 2, 3, 2, 3));
    low = f64x2.add(low, f64x2.mul(first, first));
    high = f64x2.add(high, f64x2.mul(last, last));
  }
  const sum = f64x2.add(low, high);
  return f64x2.extract_lane(sum, 0) + f64x2.extract_lane(sum, 1);
}

/** y += x */
export function add(y: usize, x: usize, count: usize): void {
  const end = count << 2;
  for (let i: usize = 0; i < end; i += 16) {
    v128.store(y + i, f32x4.add(v128.load(y + i), v128.load(x + i)));
  }
}

/** x *= factor */
export function scale(x: usize, count: usize, factor: f32): void {
  const end = count << 2;
  const factor4 = f32x4.splat(factor);
  for (let i: usize = 0; i < end; i += 16) v128.store(x + i, f32x4.mul(v128.load(x + i), factor4));
}
