/** @file Eigenvalues and eigenvectors of a symmetric matrix, by Jacobi's rotations. */

/** A matrix by rows. */
export type Matrix = readonly (readonly number[])[];

/** `matrix = vectors · diag(values) · vectorsᵀ`; vectors are the columns. */
export interface Eigen {
  readonly values: readonly number[];
  readonly vectors: Matrix;
}

const mostSweeps = 60;

/** Decomposes a symmetric matrix. */
export function symmetricEigen(matrix: Matrix): Eigen {
  const size = matrix.length;
  const a = matrix.map((row) => [...row]);
  const v = matrix.map((_, i) => matrix.map((_, j) => (i === j ? 1 : 0)));
  const at = (rows: number[][], i: number, j: number) => (rows[i] as number[])[j] as number;
  for (let sweep = 0; sweep < mostSweeps; sweep++) {
    let outside = 0;
    for (let p = 0; p < size; p++) for (let q = p + 1; q < size; q++) outside += Math.abs(at(a, p, q));
    if (outside === 0) break;
    for (let p = 0; p < size; p++) for (let q = p + 1; q < size; q++) rotate(a, v, p, q);
  }
  return { values: a.map((row, i) => row[i] as number), vectors: v };
}

/** Makes the element at (p, q) zero. */
function rotate(a: number[][], v: number[][], p: number, q: number): void {
  const rowP = a[p] as number[];
  const rowQ = a[q] as number[];
  const apq = rowP[q] as number;
  const [app, aqq] = [rowP[p] as number, rowQ[q] as number];
  // What is too small to change a digit of the diagonal is zero.
  if (Math.abs(apq) <= Number.EPSILON * 1e-3 * Math.sqrt(Math.abs(app * aqq))) {
    rowP[q] = 0;
    rowQ[p] = 0;
    return;
  }
  const theta = (aqq - app) / (2 * apq);
  const t = Math.sign(theta || 1) / (Math.abs(theta) + Math.hypot(theta, 1));
  const c = 1 / Math.hypot(t, 1);
  const s = t * c;
  for (const row of [...a, ...v]) {
    const [x, y] = [row[p] as number, row[q] as number];
    row[p] = c * x - s * y;
    row[q] = s * x + c * y;
  }
  for (let k = 0; k < a.length; k++) {
    const [x, y] = [rowP[k] as number, rowQ[k] as number];
    rowP[k] = c * x - s * y;
    rowQ[k] = s * x + c * y;
  }
  rowP[q] = 0;
  rowQ[p] = 0;
}
