/** @file L-BFGS (Nocedal 1980): the minimum of a smooth function, by its gradients and the last few steps. */

/** A function's value and gradient at a point. */
export interface Slope {
  readonly value: number;
  readonly gradient: Float64Array;
}

/** Where a minimum was looked for, and how. */
export interface LbfgsOptions {
  /** Ends where no element of the gradient is larger. */
  readonly tolerance: number;
  readonly maxIterations: number;
}

/** What was found. */
export interface LbfgsResult {
  readonly point: Float64Array;
  readonly iterations: number;
  /** Whether the gradient is within the tolerance, or promises no decrease that float32 shows. */
  readonly hasConverged: boolean;
}

/** Steps that are remembered. */
const memory = 10;
/** Share of the decrease that the slope promises which a step must bring (Armijo). */
const sufficient = 1e-4;
/** By how much two values may differ that are the same but for float32's digits, as a share of them. */
const roundOff = 1e-6;
/** Halvings of a step before it counts as none. */
const mostHalvings = 30;

/** Minimizes a function from a starting point on. */
export async function lbfgs(
  at: (point: Float64Array) => Promise<Slope>,
  start: Float64Array,
  { tolerance, maxIterations }: LbfgsOptions,
): Promise<LbfgsResult> {
  let point = start;
  let here = await at(point);
  const history: { readonly step: Float64Array; readonly change: Float64Array; readonly scale: number }[] = [];
  for (let iteration = 0; iteration < maxIterations; iteration++) {
    if (largest(here.gradient) <= tolerance) return { point, iterations: iteration, hasConverged: true };
    const direction = directionOf(here.gradient, history);
    const slope = dot(direction, here.gradient);
    const next = await search(at, { point, here, direction, slope, first: history.length === 0 });
    // Where no step lowers the value, it is a minimum only if the slope promised less than the value's digits show.
    if (!next)
      return { point, iterations: iteration, hasConverged: Math.abs(slope) <= roundOff * Math.abs(here.value) };
    const step = next.point.map((x, i) => x - (point[i] as number));
    const change = next.slope.gradient.map((x, i) => x - (here.gradient[i] as number));
    const curvature = dot(step, change);
    if (curvature > 1e-12 * dot(change, change)) history.push({ step, change, scale: 1 / curvature });
    if (history.length > memory) history.shift();
    point = next.point;
    here = next.slope;
  }
  return { point, iterations: maxIterations, hasConverged: false };
}

/** A step down that brings enough; undefined where none does. */
async function search(
  at: (point: Float64Array) => Promise<Slope>,
  from: {
    readonly point: Float64Array;
    readonly here: Slope;
    readonly direction: Float64Array;
    readonly slope: number;
    readonly first: boolean;
  },
): Promise<{ readonly point: Float64Array; readonly slope: Slope } | undefined> {
  const { point, here, direction } = from;
  let length = from.first ? Math.min(1, 1 / Math.sqrt(dot(here.gradient, here.gradient))) : 1;
  for (let i = 0; i < mostHalvings; i++, length /= 2) {
    const next = point.map((x, k) => x + length * (direction[k] as number));
    const slope = await at(next);
    if (slope.value <= here.value + sufficient * length * from.slope) return { point: next, slope };
    // Near the minimum the value's digits do not show a decrease that the gradient still does (Hager and Zhang 2005).
    const isFlat = slope.value <= here.value + roundOff * Math.abs(here.value);
    if (isFlat && Math.abs(dot(direction, slope.gradient)) <= 0.9 * Math.abs(from.slope)) return { point: next, slope };
  }
  return undefined;
}

/** Minus the gradient times the inverse Hessian that the last steps suggest (two-loop recursion). */
function directionOf(
  gradient: Float64Array,
  history: readonly { readonly step: Float64Array; readonly change: Float64Array; readonly scale: number }[],
): Float64Array {
  const direction = gradient.map((x) => -x);
  const weights: number[] = [];
  for (const { step, change, scale } of [...history].reverse()) {
    const weight = scale * dot(step, direction);
    weights.unshift(weight);
    addScaled(direction, change, -weight);
  }
  const last = history.at(-1);
  if (last) {
    const factor = 1 / (last.scale * dot(last.change, last.change));
    for (let i = 0; i < direction.length; i++) direction[i] = (direction[i] as number) * factor;
  }
  for (const [i, { step, change, scale }] of history.entries()) {
    addScaled(direction, step, (weights[i] as number) - scale * dot(change, direction));
  }
  return direction;
}

function addScaled(to: Float64Array, values: Float64Array, factor: number): void {
  for (let i = 0; i < to.length; i++) to[i] = (to[i] as number) + factor * (values[i] as number);
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] as number) * (b[i] as number);
  return sum;
}

const largest = (values: Float64Array): number => values.reduce((most, x) => Math.max(most, Math.abs(x)), 0);
