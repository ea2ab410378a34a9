/**
 * @file CMA-ES, the evolution strategy that adapts its covariance matrix (Hansen, The CMA Evolution Strategy: A Tutorial, 2016,
 * whose numbers of equations these are). Weights, rates and updates are those of the Python package `cmaes`.
 */
import type { Random } from '../../../platform/random.js';
import { type Eigen, type Matrix, symmetricEigen } from './symmetric-eigen.js';

/** A point and its loss. */
export interface Solution {
  readonly point: readonly number[];
  readonly loss: number;
}

/** Lowest and highest value of each coordinate. */
export type PointBounds = readonly { readonly low: number; readonly high: number }[];

const epsilon = 1e-8;
const mostResampling = 100;
const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);
const norm = (vector: readonly number[]): number => Math.sqrt(sum(vector.map((x) => x * x)));
const times = (matrix: Matrix, vector: readonly number[]): number[] =>
  matrix.map((row) => sum(row.map((x, i) => x * (vector[i] as number))));

/** Constants of the strategy, for a number of dimensions. */
function settingsOf(dimensions: number, populationSize: number) {
  const n = dimensions;
  const parents = Math.floor(populationSize / 2);
  const raw = Array.from({ length: populationSize }, (_, i) => Math.log((populationSize + 1) / 2) - Math.log(i + 1)); // 49
  const effective = (weights: readonly number[]) => sum(weights) ** 2 / sum(weights.map((w) => w * w));
  const muEff = effective(raw.slice(0, parents));
  const muEffMinus = effective(raw.slice(parents));
  const c1 = 2 / ((n + 1.3) ** 2 + muEff);
  const cMu = Math.min(1 - c1 - 1e-8, (2 * (muEff - 2 + 1 / muEff)) / ((n + 2) ** 2 + muEff));
  const smallest = Math.min(1 + c1 / cMu, 1 + (2 * muEffMinus) / (muEff + 2), (1 - c1 - cMu) / (n * cMu)); // 50 to 52
  const positive = sum(raw.filter((w) => w > 0));
  const negative = -sum(raw.filter((w) => w < 0));
  const weights = raw.map((w) => (w >= 0 ? w / positive : (w * smallest) / negative)); // 53
  const cSigma = (muEff + 2) / (n + muEff + 5); // 55
  const dSigma = 1 + 2 * Math.max(0, Math.sqrt((muEff - 1) / (n + 1)) - 1) + cSigma;
  const cc = (4 + muEff / n) / (n + 4 + (2 * muEff) / n); // 56
  const chi = Math.sqrt(n) * (1 - 1 / (4 * n) + 1 / (21 * n * n));
  return { parents, muEff, c1, cMu, weights, cSigma, dSigma, cc, chi };
}

/** The strategy's state: tell it the losses of a generation, and ask it for points of the next. */
export class Cma {
  readonly populationSize: number;
  generation = 0;
  mean: readonly number[];
  covariance: Matrix;
  private readonly settings: ReturnType<typeof settingsOf>;
  private pathSigma: readonly number[];
  private path: readonly number[];
  private decomposed: Eigen | undefined;

  constructor(
    mean: readonly number[],
    public sigma: number,
    private readonly bounds: PointBounds,
    populationSize?: number,
  ) {
    const n = mean.length;
    this.mean = mean;
    this.populationSize = populationSize ?? 4 + Math.floor(3 * Math.log(n)); // 48
    this.settings = settingsOf(n, this.populationSize);
    this.covariance = mean.map((_, i) => mean.map((_, j) => (i === j ? 1 : 0)));
    this.pathSigma = mean.map(() => 0);
    this.path = mean.map(() => 0);
  }

  /** Draws a point within the bounds. */
  ask(random: Random): number[] {
    for (let i = 0; i < mostResampling; i++) {
      const point = this.sample(random);
      if (point.every((x, j) => x >= this.bound(j).low && x <= this.bound(j).high)) return point;
    }
    return this.sample(random).map((x, j) => Math.min(this.bound(j).high, Math.max(this.bound(j).low, x)));
  }

  private bound(i: number): PointBounds[number] {
    return this.bounds[i] as PointBounds[number];
  }

  private sample(random: Random): number[] {
    const { values, vectors } = this.eigen();
    const z = new Float32Array(this.mean.length);
    random.fillNormal(z, 1);
    const scaled = values.map((d, i) => d * (z[i] as number));
    const y = times(vectors, scaled);
    return this.mean.map((m, i) => m + this.sigma * (y[i] as number));
  }

  /** Square roots of the covariance's eigenvalues, and its eigenvectors. */
  private eigen(): Eigen {
    if (this.decomposed) return this.decomposed;
    const symmetric = this.covariance.map((row, i) => row.map((x, j) => (x + (this.covariance[j]?.[i] as number)) / 2));
    const { values, vectors } = symmetricEigen(symmetric);
    const roots = values.map((value) => Math.sqrt(value < 0 ? epsilon : value));
    this.covariance = vectors.map((a) =>
      vectors.map((b) => sum(roots.map((d, k) => d * d * (a[k] as number) * (b[k] as number)))),
    );
    this.decomposed = { values: roots, vectors };
    return this.decomposed;
  }

  /** Learns from a generation: as many solutions as the population has. */
  tell(solutions: readonly Solution[]): void {
    const { parents, muEff, c1, cMu, weights, cSigma, dSigma, cc, chi } = this.settings;
    const n = this.mean.length;
    this.generation++;
    const sorted = solutions.toSorted((a, b) => a.loss - b.loss);
    const { values, vectors } = this.eigen();
    this.decomposed = undefined;
    const ys = sorted.map(({ point }) => point.map((x, i) => (x - (this.mean[i] as number)) / this.sigma));
    const inverseRoot = vectors.map((a) =>
      vectors.map((b) => sum(values.map((d, k) => ((a[k] as number) * (b[k] as number)) / d))),
    );
    const step = this.mean.map((_, i) =>
      sum(ys.slice(0, parents).map((y, k) => (weights[k] as number) * (y[i] as number))),
    ); // 41
    this.mean = this.mean.map((m, i) => m + this.sigma * (step[i] as number));

    const pull = Math.sqrt(cSigma * (2 - cSigma) * muEff);
    const whitened = times(inverseRoot, step);
    this.pathSigma = this.pathSigma.map((p, i) => (1 - cSigma) * p + pull * (whitened[i] as number));
    const length = norm(this.pathSigma);
    this.sigma = Math.min(1e32, this.sigma * Math.exp((cSigma / dSigma) * (length / chi - 1)));

    const left = length / Math.sqrt(1 - (1 - cSigma) ** (2 * (this.generation + 1)));
    const isShort = left < (1.4 + 2 / (n + 1)) * chi ? 1 : 0;
    const drag = isShort * Math.sqrt(cc * (2 - cc) * muEff);
    this.path = this.path.map((p, i) => (1 - cc) * p + drag * (step[i] as number)); // 45
    const scaled = weights.map(
      (w, k) => (w >= 0 ? w : (w * n) / (norm(times(inverseRoot, ys[k] as number[])) ** 2 + epsilon)), // 46
    );
    const keep = 1 + c1 * (1 - isShort) * cc * (2 - cc) - c1 - cMu * sum(weights);
    this.covariance = this.covariance.map((row, i) =>
      row.map((x, j) => {
        const rankMu = sum(scaled.map((w, k) => w * (ys[k]?.[i] as number) * (ys[k]?.[j] as number)));
        return keep * x + c1 * (this.path[i] as number) * (this.path[j] as number) + cMu * rankMu; // 47
      }),
    );
  }
}
