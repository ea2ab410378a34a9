import { describe, expect, test } from 'vitest';
import { overDefaults, parseGenerationConfig } from './generation-config.js';

const parse = (settings: Record<string, unknown>) =>
  parseGenerationConfig({ path: 'generation_config.json', settings });

describe('generation_config.json', () => {
  test('says what is known in our words; the rest has no effect', () => {
    const settings = {
      temperature: 0.6,
      eos_token_id: [2, 3],
      bos_token_id: 1,
      early_stopping: 'never',
      typical_p: 0.3,
    };
    expect(parse({ ...settings, top_p: null })).toEqual({
      options: { doSample: false, temperature: 0.6, eosTokenId: [2, 3], earlyStopping: 'never' },
      bosTokenId: 1,
      path: 'generation_config.json',
    });
  });

  test('values that say nothing to Python say nothing here', () => {
    const { options } = parse({ min_length: -1, min_new_tokens: -3, no_repeat_ngram_size: -1, top_p: 2 });
    expect(options).toEqual({ doSample: false, minLength: 0, minNewTokens: 0, noRepeatNgramSize: 0, topP: 1 });
    expect(parse({ top_p: 0 }).options.topP).toBeGreaterThan(0);
  });

  test('settings that change nothing are no matter', () => {
    const neutral = {
      suppress_tokens: [],
      forced_eos_token_id: null,
      guidance_scale: 1,
      num_beam_groups: 1,
      max_time: null,
    };
    expect(parse({ ...neutral, do_sample: true, typical_p: 1, eta_cutoff: 0 }).options).toEqual({ doSample: true });
    expect(parse({ typical_p: 0.3, epsilon_cutoff: 0.1 }).options).toEqual({ doSample: false });
  });

  test.each([
    [{ suppress_tokens: [547] }, 'suppress_tokens is [547], which Multihead does not support'],
    [{ forced_eos_token_id: 0 }, 'forced_eos_token_id is 0, which'],
    [{ bad_words_ids: [[547, 749]] }, 'bad_words_ids is [[547,749]], which'],
    [{ encoder_repetition_penalty: 1.5 }, 'encoder_repetition_penalty is 1.5, which'],
    [{ do_sample: true, typical_p: 0.3 }, 'typical_p is 0.3, which'],
    [{ do_sample: 'yes' }, 'do_sample is "yes"; expected true or false'],
    [{ eos_token_id: ['</s>'] }, 'eos_token_id is ["</s>"]; expected a token number or a list of them'],
    [{ stop_strings: 3 }, 'stop_strings is 3; expected a string or a list of them'],
    [{ early_stopping: 'soon' }, 'early_stopping is "soon"; expected true, false or "never"'],
  ])('refuses %j', (settings, message) => {
    expect(() => parse(settings)).toThrow(`generation_config.json: ${message}`);
  });
});

describe("a caller's options over the folder's", () => {
  const folder = { doSample: false, temperature: 0.6, maxNewTokens: 100, numBeams: 4 };

  test('a temperature turns sampling on, and beams off', () => {
    expect(overDefaults(folder, { topP: 0.5 })).toMatchObject({
      doSample: true,
      temperature: 0.6,
      topP: 0.5,
      numBeams: 1,
    });
    expect(overDefaults(folder, { topP: 0.5, doSample: false })).toMatchObject({ doSample: false, numBeams: 4 });
  });

  test('beams turn sampling off', () => {
    expect(overDefaults({ doSample: true }, { numBeams: 2 })).toMatchObject({ doSample: false, numBeams: 2 });
    expect(overDefaults({ doSample: true }, {})).toMatchObject({ doSample: true });
  });

  test("without sampling, the folder's temperature and its like are nothing", () => {
    expect(overDefaults({ doSample: false, temperature: 0, topK: -1 }, {})).not.toHaveProperty('temperature');
    expect(overDefaults({ doSample: false, temperature: 0 }, { doSample: true })).toMatchObject({ temperature: 0 });
  });

  test("a caller's minLength counts before the folder's minNewTokens", () => {
    expect(overDefaults({ minNewTokens: 3 }, { minLength: 7 })).toMatchObject({
      minLength: 7,
      minNewTokens: undefined,
    });
    expect(overDefaults({ minNewTokens: 3 }, {})).toMatchObject({ minNewTokens: 3 });
  });

  test("a caller's maxLength counts before the folder's maxNewTokens", () => {
    expect(overDefaults(folder, { maxLength: 7 })).toMatchObject({ maxLength: 7, maxNewTokens: undefined });
    expect(overDefaults(folder, {})).toMatchObject({ maxNewTokens: 100 });
  });
});
