import { describe, expect, test } from 'vitest';
import { createEngine } from '../../engine/node/engine.js';
import { tensor } from '../../exports/tensor.js';
import { writeModel } from '../../onnx/model.js';
import { rmsNormalization } from './rms-norm.js';

const x = [
  [3, 4],
  [0, 0],
  [-1, 1e-3],
];
const weight = [1, 0.5];
const epsilon = 1e-5;

/** The definition, in JavaScript's numbers. */
const expected = x.flatMap((row) => {
  const root = Math.sqrt(row.reduce((sum, value) => sum + value * value, 0) / row.length + epsilon);
  return row.map((value, i) => ((weight[i] as number) * value) / root);
});

describe('root-mean-square normalization', () => {
  test.each(['cpu', 'portable'] as const)('for %s: the definition, also of a row of zeros', async (target) => {
    const engine = createEngine();
    const y = rmsNormalization([tensor(x), tensor(weight)], { epsilon });
    await engine.load('y', writeModel({ y }, { target }));
    const found = (await engine.run('y', {})).y?.data as Float32Array;
    await engine.close();
    expect(Array.from(found)).toEqual(expected.map((value) => expect.closeTo(value, 6)));
  });

  test('portable graphs have standard operators only', () => {
    const { bytes } = writeModel(
      { y: rmsNormalization([tensor(x), tensor(weight)], { epsilon }) },
      { target: 'portable' },
    );
    expect(new TextDecoder('latin1').decode(bytes)).not.toContain('SimplifiedLayerNormalization');
  });
});
