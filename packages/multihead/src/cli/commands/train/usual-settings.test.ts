/** @file Rates and epochs that suit small models and few examples; what was given is never changed. */
import { describe, expect, test } from 'vitest';
import { usualSettings } from './usual-settings.js';

test.each([
  ['a small model and few examples', {}, 7.8e6, 384, { learningRate: 3e-4, epochs: 6 }],
  ['a small model and many examples', {}, 7.8e6, 67_000, { learningRate: 3e-4 }],
  ['MiniLM', {}, 22.7e6, 10_000, { learningRate: 1e-4 }],
  ['LoRA of MiniLM', { method: 'lora' }, 22.7e6, 10_000, { learningRate: 1e-3 }],
  ['BERT and few examples', {}, 110e6, 384, { epochs: 6 }],
  ['BERT and many examples', {}, 110e6, 10_000, {}],
  ['a handful of examples', {}, 110e6, 10, { epochs: 10 }],
  ['larger batches make fewer steps', { batchSize: 32 }, 110e6, 1600, { epochs: 5 }],
  ['so does accumulation', { batchSize: 8, gradientAccumulationSteps: 4 }, 110e6, 1600, { epochs: 5 }],
  ['LoRA', { method: 'lora' }, 110e6, 10_000, { learningRate: 5e-4 }],
  ['LoRA of a small model', { method: 'lora' }, 7.8e6, 10_000, { learningRate: 3e-3 }],
  ['a rate for LoRA that is given', { method: 'lora', learningRate: 1e-4 }, 7.8e6, 10_000, {}],
  ['what is given', { learningRate: 1e-5, epochs: 1 }, 7.8e6, 384, {}],
  ['no training', { epochs: 0 }, 7.8e6, 384, {}],
  ['steps that are given', { maxSteps: 10 }, 110e6, 384, {}],
])('%s', (_, given, parameters, examples, settings) => {
  const found = usualSettings(given, parameters, examples);
  expect(found.settings).toEqual(settings);
  expect(found.notes).toHaveLength(Object.keys(settings).length);
});

describe('what the options of a task imply', () => {
  const implied = { of: 'few-shot training', settings: { learningRate: 5e-5, epochs: 1, lengthBucketing: false } };

  test('comes before what suits the model, and is said as flags', () => {
    expect(usualSettings({}, 7.8e6, 384, implied)).toEqual({
      settings: implied.settings,
      notes: ['usual for few-shot training: --learning-rate 5e-5 --epochs 1 --no-length-bucketing'],
    });
  });

  test('leaves the rest to what suits the model', () => {
    const { settings, notes } = usualSettings({}, 7.8e6, 384, { of: 'probes', settings: { labelSmoothing: 0.1 } });
    expect(settings).toEqual({ labelSmoothing: 0.1, learningRate: 3e-4, epochs: 6 });
    expect(notes).toHaveLength(3);
    expect(notes[0]).toBe('usual for probes: --label-smoothing 0.1');
  });

  test('gives way to what is given', () => {
    const given = { learningRate: 1e-4, maxSteps: 10, lengthBucketing: true };
    expect(usualSettings(given, 7.8e6, 384, implied)).toEqual({ settings: {}, notes: [] });
  });
});
