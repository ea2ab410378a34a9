/**
 * @file The optimizer's inner loops, in AssemblyScript (TypeScript compiled to WebAssembly), four numbers at a time.
 *
 * One pass over memory instead of one for each operation: 1.2 ns a parameter, where a graph of ONNX Runtime operators
 * took 3.4 to 5.5 and plain JavaScript 11. All arithmetic is IEEE single precision without fused operations, so the
 * result is the same on every machine.
 *
 * Pointers are byte offsets into the memory that the caller shares; counts are multiples of 4.
 */

/** AdamW (Loshchilov and Hutter 2019), in place: p, m, v change, g does not. */
export function adamW(
  p: usize,
  g: usize,
  m: usize,
  v: usize,
  count: usize,
  gradientScale: f32,
  beta1: f32,
  beta2: f32,
  keep: f32,
  rate: f32,
  correction: f32,
  epsilon: f32,
): void {
  const end = count << 2;
  const scale4 = f32x4.splat(gradientScale);
  const beta1x4 = f32x4.splat(beta1);
  const beta2x4 = f32x4.splat(beta2);
  const rest1x4 = f32x4.splat(1 - beta1);
  const rest2x4 = f32x4.splat(1 - beta2);
  const keep4 = f32x4.splat(keep);
  const rate4 = f32x4.splat(rate);
  const correction4 = f32x4.splat(correction);
  const epsilon4 = f32x4.splat(epsilon);
  for (let i: usize = 0; i < end; i += 16) {
    const gradient = f32x4.mul(v128.load(g + i), scale4);
    const first = f32x4.add(f32x4.mul(v128.load(m + i), beta1x4), f32x4.mul(gradient, rest1x4));
    const square = f32x4.mul(f32x4.mul(gradient, gradient), rest2x4);
    const second = f32x4.add(f32x4.mul(v128.load(v + i), beta2x4), square);
    const divisor = f32x4.add(f32x4.mul(f32x4.sqrt(second), correction4), epsilon4);
    const change = f32x4.div(f32x4.mul(first, rate4), divisor);
    v128.store(m + i, first);
    v128.store(v + i, second);
    v128.store(p + i, f32x4.sub(f32x4.mul(v128.load(p + i), keep4), change));
  }
}

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
