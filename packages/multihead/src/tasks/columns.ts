/** @file The inputs of a batch whose texts go through the model in several columns: `input_ids` of the first, `input_ids_1` of the second, ... */
import type { TensorValue, Values } from '../engine/engine.js';

const names = ['input_ids', 'attention_mask', 'token_type_ids'] as const;

/** The suffix of a column's inputs. */
export const suffixOf = (column: number): string => (column === 0 ? '' : `_${column}`);

/** The inputs of all columns in one batch: those of each column under their names with its suffix. */
export function joinColumns(columns: readonly Values[]): Values {
  const named = columns.flatMap((inputs, column) =>
    Object.entries(inputs).map(([name, value]) => [`${name}${suffixOf(column)}`, value] as const),
  );
  return Object.fromEntries(named);
}

/** The inputs of one column, by the names that a model has for them. */
export const columnOf = (batch: Values, column: number): Values =>
  Object.fromEntries(names.map((name) => [name, batch[`${name}${suffixOf(column)}`] as TensorValue]));

/** Cuts a column's inputs, [batch, sequence], into parts of some rows, each as long as its longest text. */
export function cutRows(inputs: Values, rows: number): Values[] {
  const { shape, data: mask } = inputs.attention_mask as TensorValue;
  const [batch, sequence] = shape as readonly [number, number];
  const lengthOf = (row: number) =>
    (mask as BigInt64Array).lastIndexOf(1n, (row + 1) * sequence - 1) - row * sequence + 1;
  const parts: Values[] = [];
  for (let start = 0; start < batch; start += rows) {
    const count = Math.min(rows, batch - start);
    const longest = Math.max(...Array.from({ length: count }, (_, i) => lengthOf(start + i)));
    parts.push(
      Object.fromEntries(
        Object.entries(inputs).map(([name, { data }]) => {
          const cut = new BigInt64Array(count * longest);
          for (let i = 0; i < count; i++) {
            const from = (start + i) * sequence;
            cut.set((data as BigInt64Array).subarray(from, from + longest), i * longest);
          }
          return [name, { dtype: 'int64', shape: [count, longest], data: cut }];
        }),
      ),
    );
  }
  return parts;
}
