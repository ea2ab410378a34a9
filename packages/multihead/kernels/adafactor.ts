/**
 * @file Adafactor's inner loops. Matrices [rows, width] have a second moment for each row (r) and each column (c); the update of
 * an element is u = g / sqrt(r c / mean(r)).
 */

function squared(g: usize, scale: f32): f32 {
  const gradient = load<f32>(g) * scale;
  return gradient * gradient;
}

/**
 * Updates the second moments of a matrix, in place: r = beta2 r + rest (mean of the row's squares + epsilon), and c + columnRest
 * times the squares of the column; beta2 and epsilon are in c already.
 */
export function adafactorMoments(
  g: usize,
  r: usize,
  c: usize,
  rows: i32,
  width: i32,
  gradientScale: f32,
  beta2: f32,
  rest: f32,
  epsilon: f32,
  columnRest: f32,
): void {
  const scale4 = f32x4.splat(gradientScale);
  const columnRest4 = f32x4.splat(columnRest);
  for (let row = 0; row < rows; row++) {
    let sum4 = f32x4.splat(0);
    let j = 0;
    for (; j + 4 <= width; j += 4) {
      const at: usize = (<usize>j) << 2;
      const gradient = f32x4.mul(v128.load(g + at), scale4);
      const square = f32x4.mul(gradient, gradient);
      sum4 = f32x4.add(sum4, square);
      v128.store(c + at, f32x4.add(v128.load(c + at), f32x4.mul(square, columnRest4)));
    }
    let sum =
      f32x4.extract_lane(sum4, 0) +
      f32x4.extract_lane(sum4, 1) +
      (f32x4.extract_lane(sum4, 2) + f32x4.extract_lane(sum4, 3));
    for (; j < width; j++) {
      const at: usize = (<usize>j) << 2;
      const square = squared(g + at, gradientScale);
      sum += square;
      store<f32>(c + at, load<f32>(c + at) + square * columnRest);
    }
    store<f32>(r, load<f32>(r) * beta2 + rest * (sum / <f32>width + epsilon));
    g += (<usize>width) << 2;
    r += 4;
  }
}

/** The sum of the squares of a matrix's updates. */
export function adafactorSquares(
  g: usize,
  r: usize,
  c: usize,
  rows: i32,
  width: i32,
  gradientScale: f32,
  meanOfRows: f32,
): f64 {
  const scale4 = f32x4.splat(gradientScale);
  let total: f64 = 0;
  for (let row = 0; row < rows; row++) {
    let sum4 = f32x4.splat(0);
    let j = 0;
    for (; j + 4 <= width; j += 4) {
      const at: usize = (<usize>j) << 2;
      const gradient = f32x4.mul(v128.load(g + at), scale4);
      sum4 = f32x4.add(sum4, f32x4.div(f32x4.mul(gradient, gradient), v128.load(c + at)));
    }
    let sum =
      f32x4.extract_lane(sum4, 0) +
      f32x4.extract_lane(sum4, 1) +
      (f32x4.extract_lane(sum4, 2) + f32x4.extract_lane(sum4, 3));
    for (; j < width; j++) {
      const at: usize = (<usize>j) << 2;
      sum += squared(g + at, gradientScale) / load<f32>(c + at);
    }
    total += (<f64>sum * <f64>meanOfRows) / <f64>load<f32>(r);
    g += (<usize>width) << 2;
    r += 4;
  }
  return total;
}

/** The step of a matrix, in place: p = keep p - rate u. */
export function adafactorApply(
  p: usize,
  g: usize,
  r: usize,
  c: usize,
  rows: i32,
  width: i32,
  gradientScale: f32,
  meanOfRows: f32,
  keep: f32,
  rate: f32,
): void {
  const keep4 = f32x4.splat(keep);
  for (let row = 0; row < rows; row++) {
    const factor = (gradientScale * rate) / Mathf.sqrt(load<f32>(r) / meanOfRows);
    const factor4 = f32x4.splat(factor);
    let j = 0;
    for (; j + 4 <= width; j += 4) {
      const at: usize = (<usize>j) << 2;
      const change = f32x4.div(f32x4.mul(v128.load(g + at), factor4), f32x4.sqrt(v128.load(c + at)));
      v128.store(p + at, f32x4.sub(f32x4.mul(v128.load(p + at), keep4), change));
    }
    for (; j < width; j++) {
      const at: usize = (<usize>j) << 2;
      const change = (load<f32>(g + at) * factor) / Mathf.sqrt(load<f32>(c + at));
      store<f32>(p + at, load<f32>(p + at) * keep - change);
    }
    g += (<usize>width) << 2;
    p += (<usize>width) << 2;
    r += 4;
  }
}

/** The same with a first moment, in place: m = beta1 m + (1 - beta1) rate u, p = keep p - m. */
export function adafactorMomentum(
  p: usize,
  g: usize,
  m: usize,
  r: usize,
  c: usize,
  rows: i32,
  width: i32,
  gradientScale: f32,
  meanOfRows: f32,
  keep: f32,
  rate: f32,
  beta1: f32,
): void {
  const rest1: f32 = 1 - beta1;
  const keep4 = f32x4.splat(keep);
  const beta1x4 = f32x4.splat(beta1);
  const rest1x4 = f32x4.splat(rest1);
  for (let row = 0; row < rows; row++) {
    const factor = (gradientScale * rate) / Mathf.sqrt(load<f32>(r) / meanOfRows);
    const factor4 = f32x4.splat(factor);
    let j = 0;
    for (; j + 4 <= width; j += 4) {
      const at: usize = (<usize>j) << 2;
      const change = f32x4.div(f32x4.mul(v128.load(g + at), factor4), f32x4.sqrt(v128.load(c + at)));
      const first = f32x4.add(f32x4.mul(v128.load(m + at), beta1x4), f32x4.mul(change, rest1x4));
      v128.store(m + at, first);
      v128.store(p + at, f32x4.sub(f32x4.mul(v128.load(p + at), keep4), first));
    }
    for (; j < width; j++) {
      const at: usize = (<usize>j) << 2;
      const change = (load<f32>(g + at) * factor) / Mathf.sqrt(load<f32>(c + at));
      const first = load<f32>(m + at) * beta1 + change * rest1;
      store<f32>(m + at, first);
      store<f32>(p + at, load<f32>(p + at) * keep - first);
    }
    g += (<usize>width) << 2;
    p += (<usize>width) << 2;
    m += (<usize>width) << 2;
    r += 4;
  }
}

/** Updates the second moment of a vector, in place, and gives the sum of the squares of its updates. */
export function adafactorVector(
  g: usize,
  v: usize,
  count: usize,
  gradientScale: f32,
  beta2: f32,
  rest: f32,
  epsilon: f32,
): f64 {
  let total: f64 = 0;
  for (let i: usize = 0; i < count << 2; i += 4) {
    const square = squared(g + i, gradientScale);
    const second = load<f32>(v + i) * beta2 + rest * (square + epsilon);
    store<f32>(v + i, second);
    total += <f64>(square / second);
  }
  return total;
}

/** The step of a vector, in place: p = keep p - rate g / sqrt(v). */
export function adafactorVectorApply(
  p: usize,
  g: usize,
  v: usize,
  count: usize,
  gradientScale: f32,
  keep: f32,
  rate: f32,
): void {
  for (let i: usize = 0; i < count << 2; i += 4) {
    const change = (load<f32>(g + i) * gradientScale * rate) / Mathf.sqrt(load<f32>(v + i));
    store<f32>(p + i, load<f32>(p + i) * keep - change);
  }
}

/** The same with a first moment, in place. */
export function adafactorVectorMomentum(
  p: usize,
  g: usize,
  v: usize,
  m: usize,
  count: usize,
  gradientScale: f32,
  keep: f32,
  rate: f32,
  beta1: f32,
): void {
  for (let i: usize = 0; i < count << 2; i += 4) {
    const change = (load<f32>(g + i) * gradientScale * rate) / Mathf.sqrt(load<f32>(v + i));
    const first = load<f32>(m + i) * beta1 + change * (1 - beta1);
    store<f32>(m + i, first);
    store<f32>(p + i, load<f32>(p + i) * keep - first);
  }
}
