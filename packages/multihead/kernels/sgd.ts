/** @file The inner loops of stochastic gradient descent, PyTorch's: weight decay is added to the gradient. */

/** Without momentum, in place: p changes. */
export function sgd(p: usize, g: usize, count: usize, gradientScale: f32, weightDecay: f32, rate: f32): void {
  const end = count << 2;
  const scale4 = f32x4.splat(gradientScale);
  const decay4 = f32x4.splat(weightDecay);
  const rate4 = f32x4.splat(rate);
  for (let i: usize = 0; i < end; i += 16) {
    const parameter = v128.load(p + i);
    const gradient = f32x4.add(f32x4.mul(v128.load(g + i), scale4), f32x4.mul(parameter, decay4));
    v128.store(p + i, f32x4.sub(parameter, f32x4.mul(gradient, rate4)));
  }
}

/**
 * With momentum, in place: p and b (the momentum buffer) change.
 *
 * @param share    of the gradient in the buffer: 1 - dampening, 1 at the first step
 * @param nesterov 1 for Nesterov's momentum, else 0
 */
export function sgdMomentum(
  p: usize,
  g: usize,
  b: usize,
  count: usize,
  gradientScale: f32,
  weightDecay: f32,
  momentum: f32,
  share: f32,
  nesterov: i32,
  rate: f32,
): void {
  const end = count << 2;
  const scale4 = f32x4.splat(gradientScale);
  const decay4 = f32x4.splat(weightDecay);
  const momentum4 = f32x4.splat(momentum);
  const share4 = f32x4.splat(share);
  const rate4 = f32x4.splat(rate);
  for (let i: usize = 0; i < end; i += 16) {
    const parameter = v128.load(p + i);
    const gradient = f32x4.add(f32x4.mul(v128.load(g + i), scale4), f32x4.mul(parameter, decay4));
    const buffer = f32x4.add(f32x4.mul(v128.load(b + i), momentum4), f32x4.mul(gradient, share4));
    const direction = nesterov ? f32x4.add(gradient, f32x4.mul(buffer, momentum4)) : buffer;
    v128.store(b + i, buffer);
    v128.store(p + i, f32x4.sub(parameter, f32x4.mul(direction, rate4)));
  }
}
