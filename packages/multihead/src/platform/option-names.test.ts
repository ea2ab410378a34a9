import { describe, expect, test } from 'vitest';
import { UserError } from './errors.js';
import { checkOptionNames, likelyName, namesOf } from './option-names.js';

const names = namesOf<{ maxNewTokens?: number; temperature?: number; topK?: number; topP?: number }>({
  maxNewTokens: true,
  temperature: true,
  topK: true,
  topP: true,
});

describe('options that there are not', () => {
  test.each([
    ['max_new_tokens', 'maxNewTokens'],
    ['top_k', 'topK'],
    ['temprature', 'temperature'],
    ['Temperature', 'temperature'],
    ['maxNewToken', 'maxNewTokens'],
    ['top-p', 'topP'],
    ['pTop', 'topP'],
    ['badWordsIds', undefined],
    ['k', undefined],
    ['', undefined],
  ])('%s means %s', (given, meant) => {
    expect(likelyName(given, names)).toBe(meant);
  });

  test('are refused, with the likely one named', () => {
    const check = (given: unknown) => () => checkOptionNames(given, names, 'generate');
    expect(check({ top_k: 3 })).toThrow(
      'generate: there is no option "top_k"; there are: maxNewTokens, temperature, topK, topP. Did you mean topK?',
    );
    expect(check({ badWordsIds: [[5]] })).toThrow(/there are: maxNewTokens, temperature, topK, topP$/);
    expect(check({ topK: 3, temperature: undefined, other: undefined })).not.toThrow();
    expect(check({ top_k: 3 })).toThrow(UserError);
  });

  test.each([null, 3, 'topK', [1]])('%j is no object of options', (given) => {
    expect(() => checkOptionNames(given, names, 'generate')).toThrow('generate: the options are');
  });
});
