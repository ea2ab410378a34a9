/** @file AdamW's inner loop. */

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
