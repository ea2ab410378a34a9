/**
 * @file The directions in which vectors differ most (principal components, Pearson 1901), by which a teacher's vectors are
 * brought to a student's smaller size.
 *
 * Directions are not centred: what is kept are angles between vectors as they are, which is what cosines compare.
 */

/** Rows of equal width, one after the other. */
export interface Rows {
  readonly data: Float32Array;
  readonly width: number;
}

/**
 * The leading directions of rows: orthonormal, the most important first.
 *
 * By subspace iteration on the rows' second moments (Golub and Van Loan, section 8.2.4): multiply, orthonormalize, repeat.
 *
 * @returns [kept, width], row by row
 */
export function principalComponents({ data, width }: Rows, kept: number, iterations = 60): Float32Array {
  const moments = secondMoments({ data, width });
  // Begin with unit vectors, turned a little so that none stands at right angles to all that matters.
  let basis: Float64Array[] = Array.from({ length: kept }, (_, i) =>
    Float64Array.from({ length: width }, (_, j) => (i === j ? 1 : 0.01 * Math.sin(1 + i * width + j))),
  );
  orthonormalize(basis);
  for (let iteration = 0; iteration < iterations; iteration++) {
    basis = basis.map((vector) => times(moments, vector, width));
    orthonormalize(basis);
  }
  const components = new Float32Array(kept * width);
  for (const [i, vector] of basis.entries()) components.set(vector, i * width);
  return components;
}

/** Rows in the coordinates of components [kept, width]: [rows, kept]. */
export function project({ data, width }: Rows, components: Float32Array): Float32Array {
  const kept = components.length / width;
  const rows = data.length / width;
  const projected = new Float32Array(rows * kept);
  for (let row = 0; row < rows; row++) {
    for (let k = 0; k < kept; k++) {
      let sum = 0;
      for (let i = 0; i < width; i++) sum += (data[row * width + i] as number) * (components[k * width + i] as number);
      projected[row * kept + k] = sum;
    }
  }
  return projected;
}

function secondMoments({ data, width }: Rows): Float64Array {
  const moments = new Float64Array(width * width);
  for (let start = 0; start < data.length; start += width) {
    for (let i = 0; i < width; i++) {
      const x = data[start + i] as number;
      for (let j = i; j < width; j++) {
        const place = i * width + j;
        moments[place] = (moments[place] as number) + x * (data[start + j] as number);
      }
    }
  }
  for (let i = 0; i < width; i++) {
    for (let j = 0; j < i; j++) moments[i * width + j] = moments[j * width + i] as number;
  }
  return moments;
}

function times(matrix: Float64Array, vector: Float64Array, width: number): Float64Array {
  return Float64Array.from({ length: width }, (_, i) => {
    let sum = 0;
    for (let j = 0; j < width; j++) sum += (matrix[i * width + j] as number) * (vector[j] as number);
    return sum;
  });
}

/** Gram and Schmidt's method, the modified form, in place. */
function orthonormalize(basis: readonly Float64Array[]): void {
  const dot = (a: Float64Array, b: Float64Array) => a.reduce((sum, x, i) => sum + x * (b[i] as number), 0);
  for (const [i, vector] of basis.entries()) {
    for (const earlier of basis.slice(0, i)) {
      const share = dot(vector, earlier);
      for (let j = 0; j < vector.length; j++) vector[j] = (vector[j] as number) - share * (earlier[j] as number);
    }
    const norm = Math.sqrt(dot(vector, vector));
    for (let j = 0; j < vector.length; j++) vector[j] = (vector[j] as number) / norm;
  }
}
