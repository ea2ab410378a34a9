/** @file Lion's inner loop. */

/** Lion (Chen et al. 2023), in place: p and m change, g does not. */
export function lion(
  p: usize,
  g: usize,
  m: usize,
  count: usize,
  gradientScale: f32,
  beta1: f32,
  beta2: f32,
  keep: f32,
  rate: f32,
): void {
  const end = count << 2;
  const scale4 = f32x4.splat(gradientScale);
  const beta1x4 = f32x4.splat(beta1);
  const beta2x4 = f32x4.splat(beta2);
  const rest1x4 = f32x4.splat(1 - beta1);
  const rest2x4 = f32x4.splat(1 - beta2);
  const keep4 = f32x4.splat(keep);
  const rate4 = f32x4.splat(rate);
  const sign4 = i32x4.splat(<i32>0x80000000);
  const zero4 = f32x4.splat(0);
  for (let i: usize = 0; i < end; i += 16) {
    const gradient = f32x4.mul(v128.load(g + i), scale4);
    const momentum = v128.load(m + i);
    const direction = f32x4.add(f32x4.mul(momentum, beta1x4), f32x4.mul(gradient, rest1x4));
    // The rate with the direction's sign, and zero where the direction is.
    const signed = v128.or(rate4, v128.and(direction, sign4));
    const change = v128.and(signed, f32x4.ne(direction, zero4));
    v128.store(p + i, f32x4.sub(f32x4.mul(v128.load(p + i), keep4), change));
    v128.store(m + i, f32x4.add(f32x4.mul(momentum, beta2x4), f32x4.mul(gradient, rest2x4)));
  }
}
