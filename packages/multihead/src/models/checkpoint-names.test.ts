import { describe, expect, test } from 'vitest';
import { matchNames } from './checkpoint-names.js';

describe('names in checkpoints', () => {
  test.each<[string, string, string]>([
    ['transformer.h.0.ln_1.weight', 'h.0.ln_1.weight', 'transformer'],
    ['model.norm.weight', 'norm.weight', 'model'],
    ['encoder.layer.0.output.LayerNorm.bias', 'bert.encoder.layer.0.output.LayerNorm.beta', 'bert'],
  ])('%s may be called %s', (parameter, tensor, prefix) => {
    for (const [wanted, there] of [
      [parameter, tensor],
      [parameter, parameter],
    ] as const) {
      const { found, missing, unexpected } = matchNames([wanted], [there], prefix);
      expect([found.get(wanted), missing, unexpected]).toEqual([there, [], []]);
    }
  });

  test('what is computed or written twice is not missed when it is there', () => {
    const tensors = [
      ...['h.0.attn.bias', 'h.0.attn.masked_bias', 'h.0.attn.c_attn.bias', 'lm_head.weight'],
      ...['model.layers.0.self_attn.rotary_emb.inv_freq', 'other.weight'],
    ];
    const { unexpected } = matchNames(['transformer.h.0.attn.c_attn.bias'], tensors, 'transformer');
    expect(unexpected).toEqual(['other.weight']);
  });

  test('a head of its own is read', () => {
    const { found } = matchNames(['lm_head.weight'], ['lm_head.weight'], 'model');
    expect(found.get('lm_head.weight')).toBe('lm_head.weight');
  });
});
