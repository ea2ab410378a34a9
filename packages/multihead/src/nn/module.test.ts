/** @file Traversal of modules, and modules in the place of others. */
import { expect, test } from 'vitest';
import { LoraLinear } from './adapters/lora-linear.js';
import { Dropout } from './layers/dropout.js';
import { FeedForward } from './layers/feed-forward.js';
import { Linear } from './layers/linear.js';
import { Module, Parameter } from './module.js';

class Layers extends Module {
  readonly layer: readonly FeedForward[] = [new FeedForward(4, 8), new FeedForward(4, 8)];
  readonly head = new Linear(4, 2);
  readonly headAgain = this.head;
}

test('modules have the names of the properties that hold them, and one that is held twice has the first', () => {
  const model = new Layers();
  expect([...model.modules().keys()]).toEqual([
    'layer.0',
    'layer.0.up',
    'layer.0.down',
    'layer.1',
    'layer.1.up',
    'layer.1.down',
    'head',
  ]);
  expect(model.modules().get('layer.1.down')).toBe(model.layer[1]?.down);
});

test('a wrapped layer leaves its parameters their names, and the adapter has those of PEFT', () => {
  const model = new Layers();
  const before = model.namedParameters();
  const replaced = model.replaceModules(
    (module, name) => module instanceof Linear && /(up|head)$/.test(name),
    (module) => {
      const layer = new LoraLinear(module as Linear);
      layer.add('default', { rank: 2, scaling: 1, dropout: 0, useDora: true });
      return layer;
    },
  );
  expect(replaced).toEqual(['layer.0.up', 'layer.1.up', 'head']);
  const after = model.namedParameters();
  for (const [name, parameter] of before) expect(after.get(name)).toBe(parameter);
  expect([...after.keys()].filter((name) => !before.has(name) && name.startsWith('head'))).toEqual([
    'head.lora_A.default.weight',
    'head.lora_B.default.weight',
    'head.lora_magnitude_vector.default.weight',
  ]);
  // Both properties hold the one new module.
  expect(model.headAgain).toBe(model.head);
  expect(model.head).toBeInstanceOf(LoraLinear);
});

test('what is inside of a replaced module is left alone', () => {
  const model = new Layers();
  const seen: string[] = [];
  model.replaceModules(
    (_, name) => {
      seen.push(name);
      return name === 'layer.0';
    },
    () => new Dropout(0),
  );
  expect(seen).toEqual(['layer.0', 'layer.1', 'layer.1.up', 'layer.1.down', 'head']);
});

test('a parameter is trainable unless it is said not to be', () => {
  expect(new Parameter([2, 3], 'zeros').trainable).toBe(true);
});
