import { describe, expect, test } from 'vitest';
import { bertArchitecture } from '../bert/architecture.js';
import type { Architecture } from '../family.js';
import { gpt2Architecture } from '../gpt2/gpt2.js';
import { LlamaForCausalLM } from '../llama/llama.js';
import { matchNames } from './checkpoint-names.js';

describe('names in checkpoints', () => {
  test.each<[string, string, Architecture]>([
    ['transformer.h.0.ln_1.weight', 'h.0.ln_1.weight', gpt2Architecture],
    ['model.norm.weight', 'norm.weight', LlamaForCausalLM.architecture],
    ['encoder.layer.0.output.LayerNorm.bias', 'bert.encoder.layer.0.output.LayerNorm.beta', bertArchitecture],
  ])('%s may be called %s', (parameter, tensor, architecture) => {
    for (const [wanted, there] of [
      [parameter, tensor],
      [parameter, parameter],
    ] as const) {
      const { found, missing, unexpected } = matchNames([wanted], [there], architecture);
      expect([found.get(wanted), missing, unexpected]).toEqual([there, [], []]);
    }
  });

  test('what is computed or written twice is not missed when it is there', () => {
    const tensors = [
      ...['h.0.attn.bias', 'h.0.attn.masked_bias', 'h.0.attn.c_attn.bias', 'lm_head.weight'],
      'other.weight',
    ];
    const { unexpected } = matchNames(['transformer.h.0.attn.c_attn.bias'], tensors, gpt2Architecture);
    expect(unexpected).toEqual(['other.weight']);
  });

  test('a head of its own is read', () => {
    const { found } = matchNames(['lm_head.weight'], ['lm_head.weight'], LlamaForCausalLM.architecture);
    expect(found.get('lm_head.weight')).toBe('lm_head.weight');
  });
});
