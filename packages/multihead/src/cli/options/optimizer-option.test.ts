import { describe, expect, test } from 'vitest';
import { optimizerArguments, optimizerName } from './optimizer-option.js';

describe('--optim', () => {
  test.each([
    ['adamw', 'adamw'],
    ['adamw_torch', 'adamw'],
    ['adamw_torch_fused', 'adamw'],
  ])('%s is %s', (text, name) => expect(optimizerName(text)).toBe(name));

  test('refuses others, and names the likely one', () => {
    expect(() => optimizerName('adamv')).toThrow(/^It must be one of adamw.*\. Did you mean adamw\?\.?$/);
  });
});

describe('--optim-args', () => {
  test.each([
    ['momentum=0.9,nesterov=True', { momentum: 0.9, nesterov: true }],
    [' clip_threshold = 2 , warmup-init=false', { clipThreshold: 2, warmupInit: false }],
    ['epsilon=1e-8', { epsilon: 1e-8 }],
    ['{"decay_rate": -0.5}', { decayRate: -0.5 }],
    ['name=text', { name: 'text' }],
  ])('%s', (text, expected) => expect(optimizerArguments(text)).toEqual(expected));

  test.each([
    ['momentum', '"momentum" is not a setting; name=value was expected'],
    ['momentum=0.9,', '"" is not a setting'],
    ['beta1=0.9,beta_1=1,beta1=0.8', 'beta1 is given twice'],
  ])('%s is refused', (text, message) => expect(() => optimizerArguments(text)).toThrow(message));
});
