/**
 * @file The order of rows in projections to queries and keys. llama2.c and llama.cpp turn neighbouring numbers of a head by rotary
 * positions, Hugging Face the first half's with the second half's: their rows are those of the same projection in another order.
 */

/** Puts each head's rows 0, 2, 4, ... first and 1, 3, 5, ... after them, in place. values: [heads, headDim, columns] */
export function halvesTogether(values: Float32Array, heads: number, columns: number): void {
  const headSize = values.length / heads;
  const headDim = headSize / columns;
  for (let head = 0; head < heads; head++) {
    const rows = values.subarray(head * headSize, (head + 1) * headSize);
    const before = rows.slice();
    for (let row = 0; row < headDim; row++) {
      const to = row % 2 === 0 ? row / 2 : (headDim + row - 1) / 2;
      rows.set(before.subarray(row * columns, (row + 1) * columns), to * columns);
    }
  }
}
